"""Many rows at once, as arrays."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import CharField, Expression, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Replace, Substr

from firsthand.core.numbers import Days, Floats, Ints, np


def fetched(rows: "QuerySet[Any, Any]") -> list[tuple[Any, ...]]:
    """The rows of a `values_list` without Django's conversions: three times as fast where ten thousand go into arrays.

    Whole numbers and text come alike from both engines; dates, moments and decimals do not, so cast those first.
    """
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def columns(rows: "QuerySet[Any, Any]", width: int) -> Floats:
    """The `width` columns of numbers of a `values_list`, one array each, in no order; none may be null. 0 rows give empty columns."""
    return np.array([np.fromstring(text, dtype=np.float64, sep=",") for text in _packed(rows, width)])


def whole_columns(rows: "QuerySet[Any, Any]", width: int) -> Ints:
    """The same for whole numbers, such as ids."""
    return np.array([np.fromstring(text, dtype=np.int64, sep=",") for text in _packed(rows, width)])


def _packed(rows: "QuerySet[Any, Any]", width: int) -> tuple[str, ...]:
    """Each column as one text `7,12,9`: parsing it costs a tenth of what a Python row for every few numbers would."""
    try:
        sql, params = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return ("",) * width
    names = [f"c{place}" for place in range(width)]
    pack = "STRING_AGG({}::text, ',')" if connections[rows.db].vendor == "postgresql" else "GROUP_CONCAT({})"
    columns = ", ".join(pack.format(name) for name in names)
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"WITH packed ({', '.join(names)}) AS ({sql}) SELECT {columns} FROM packed", params)  # noqa: S608 - our own names
        return tuple(text or "" for text in cursor.fetchone())


def day_number(day: str | Expression) -> Coalesce:
    """A date or moment (UTC) as the number 20261127, 0 for none: a whole number on both engines."""
    text = Substr(Cast(day, CharField()), 1, 10)
    return Coalesce(Cast(Replace(text, Value("-"), Value("")), IntegerField()), Value(0))


def days(numbers: Ints) -> Days:
    """Numbers of `day_number` as days, NaT for 0."""
    year, month, day = numbers // 10000, numbers // 100 % 100, numbers % 100
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1).astype("timedelta64[M]")
    found: Days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    return np.where(numbers == 0, np.datetime64("NaT", "D"), found)
