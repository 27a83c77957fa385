"""Many rows at once, as arrays."""

from itertools import chain
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import CharField, Expression, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Replace, Substr
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


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
    """The `width` columns of numbers of a `values_list`, one array each; 0 rows give empty columns."""
    found = fetched(rows)
    numbers = np.fromiter(chain.from_iterable(found), dtype=np.float64, count=len(found) * width)
    return numbers.reshape(-1, width).T


def whole_columns(rows: "QuerySet[Any, Any]", width: int) -> Ints:
    """The same for whole numbers, such as ids."""
    found = fetched(rows)
    numbers = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=len(found) * width)
    return numbers.reshape(-1, width).T


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
