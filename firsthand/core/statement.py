"""Statements that Django words once: a rule asks the same again and again, with another day or another id.

Wording one takes half a millisecond, asking it of an index a tenth. Only the text is kept, never an answer.
"""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, BooleanField, Expression, Field, Func, QuerySet

from firsthand.core.fetched import pack, unpacked
from firsthand.core.numbers import Array

Worded = tuple[str, tuple[Any, ...]] | None


class Given(Expression):
    """A value that is handed in when the statement is asked: stands in a filter as a plain value would."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A place for the value, and this as the mark of which value goes there."""
        del compiler, connection
        return "%s", [self]

    def value(self, given: dict[str, Any], connection: Any) -> Any:
        """The value as the engine takes it. Raises `KeyError` where it was not handed in."""
        return self.output_field.get_db_prep_value(given[self.name], connection)


class GivenIds(Given):
    """Ids that are handed in, however many: for `OneOf`."""

    def __init__(self, name: str) -> None:
        super().__init__(name, BigIntegerField())

    def value(self, given: dict[str, Any], connection: Any) -> Any:
        """One value for all of them, so that the statement's text stays: an array, or JSON where the engine has none."""
        ids = [int(each) for each in given[self.name]]
        return ids if connection.vendor == "postgresql" else json.dumps(ids)


class OneOf(Func):
    """Whether a field's value is one of `GivenIds`, served by the field's index: to filter by."""

    output_field = BooleanField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite reads JSON as rows."""
        rows = {"template": "%(expressions)s))", "arg_joiner": " IN (SELECT value FROM JSON_EACH("}
        return self.as_sql(compiler, connection, **rows, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL has arrays."""
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(", **context)


class Statement:
    """A `values_list` of whole numbers, or of those `of` another type, built when first asked.

    The shape of the queryset may not depend on what is given.
    """

    def __init__(self, rows: Callable[[], "QuerySet[Any, Any]"], width: int, of: str = "int64") -> None:
        self.rows, self.width, self.of = rows, width, of
        self.worded: dict[str, Worded] = {}

    def columns(self, **given: Any) -> Array:
        """One array per column, in no order; nulls are not allowed."""
        connection = connections["default"]
        if connection.vendor not in self.worded:
            self.worded[connection.vendor] = self._word(connection.vendor)
        worded = self.worded[connection.vendor]
        if worded is None:
            return unpacked(("",) * self.width, self.of)
        sql, params = worded
        with connection.cursor() as cursor:
            cursor.execute(sql, [each.value(given, connection) if isinstance(each, Given) else each for each in params])
            return unpacked(cursor.fetchone(), self.of)

    def _word(self, vendor: str) -> Worded:
        try:
            sql, params = self.rows().order_by().query.sql_with_params()
        except EmptyResultSet:
            return None
        return pack(sql, self.width, vendor), params
