"""Page by key: every page costs the same, however far down it is.

Rows without a value of the sort field always come last, in either direction. They are read as a stretch of their own,
because no index of ours holds them at the end on both engines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Order:
    """Sort by a field of the list's own table, or by one that its rows are annotated with, then by id the same way."""

    field: str
    descending: bool = False

    def is_by_id(self, model: type[models.Model]) -> bool:
        return self.field in {"id", "pk", getattr(model._meta.pk, "name", "id")}


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Some rows in order, and whether there are more on either side."""

    rows: list[Row]
    has_before: bool
    has_after: bool


def first(rows: QuerySet[Row], order: Order, size: int) -> Slice[Row]:
    """The first `size` rows."""
    found = _take(_stretches(rows, order, None, backwards=False), size + 1)
    return Slice(found[:size], has_before=False, has_after=len(found) > size)


def after(rows: QuerySet[Row], order: Order, mark: models.Model, size: int) -> Slice[Row]:
    """The `size` rows that follow `mark`, which need not be among `rows` any more."""
    found = _take(_stretches(rows, order, mark, backwards=False), size + 1)
    return Slice(found[:size], has_before=True, has_after=len(found) > size)


def before(rows: QuerySet[Row], order: Order, mark: models.Model, size: int) -> Slice[Row]:
    """The `size` rows that come right before `mark`; the first page when there are not as many."""
    found = _take(_stretches(rows, order, mark, backwards=True), size + 1)
    if len(found) < size:
        return first(rows, order, size)
    return Slice(found[:size][::-1], has_before=len(found) > size, has_after=True)


def batches(rows: QuerySet[Row], order: Order, size: int) -> Iterator[list[Row]]:
    """All rows in order, `size` at a time, each batch by a statement of its own: memory stays flat, no cursor is held."""
    part = first(rows, order, size)
    while part.rows:
        yield part.rows
        if not part.has_after:
            return
        part = after(rows, order, part.rows[-1], size)


def _take(stretches: list[QuerySet[Row]], size: int) -> list[Row]:
    found: list[Row] = []
    for stretch in stretches:
        if len(found) < size:
            found += _joined(stretch, size - len(found))
    return found


def _joined(stretch: QuerySet[Row], most: int) -> QuerySet[Row]:
    """The first rows of a stretch, which are found before anything is joined to them.

    PostgreSQL else joins all that fit: five tables to 10,000 references took 44 ms where the 51 to be shown take 13.
    """
    joined = stretch.query.select_related
    if not joined or stretch.query.annotations:
        return stretch[:most]
    found: QuerySet[Row] = QuerySet(stretch.model).filter(pk__in=stretch.select_related(None).values("pk")[:most])
    found.query.select_related = joined
    return found.order_by(*stretch.query.order_by)


def _stretches(rows: QuerySet[Row], order: Order, mark: models.Model | None, *, backwards: bool) -> list[QuerySet[Row]]:
    """What is left to read from `mark` on, in reading order: the rows with a value, the rows without, or the other way round."""
    upwards = order.descending == backwards
    if order.is_by_id(rows.model):
        return [_by_id(rows, mark, upwards=upwards)]
    value = getattr(mark, order.field) if mark else None
    if order.field not in rows.query.annotations and not getattr(rows.model._meta.get_field(order.field), "null", False):
        return [_by_value(rows, order.field, mark, value, upwards=upwards)]
    with_value = rows.filter(**{f"{order.field}__isnull": False})
    valued = _by_value(with_value, order.field, mark if value is not None else None, value, upwards=upwards)
    bare = _by_id(rows.filter(**{f"{order.field}__isnull": True}), mark if value is None else None, upwards=upwards)
    return _left_over(valued, bare, backwards=backwards, has_mark=mark is not None, mark_is_bare=value is None)


def _left_over(valued: QuerySet[Row], bare: QuerySet[Row], *, backwards: bool, has_mark: bool, mark_is_bare: bool) -> list[QuerySet[Row]]:
    if not has_mark:
        return [bare, valued] if backwards else [valued, bare]
    if backwards:
        return [bare, valued] if mark_is_bare else [valued]
    return [bare] if mark_is_bare else [valued, bare]


def _by_id(rows: QuerySet[Row], mark: models.Model | None, *, upwards: bool) -> QuerySet[Row]:
    if mark is not None:
        rows = rows.filter(pk__gt=mark.pk) if upwards else rows.filter(pk__lt=mark.pk)
    return rows.order_by("pk" if upwards else "-pk")


def _by_value(rows: QuerySet[Row], field: str, mark: models.Model | None, value: Any, *, upwards: bool) -> QuerySet[Row]:
    if mark is not None:
        beyond, towards = ("gt", "gte") if upwards else ("lt", "lte")
        tie = Q(**{field: value, f"pk__{beyond}": mark.pk})
        # The first condition lets the index start at the mark; the second cuts the ties.
        rows = rows.filter(**{f"{field}__{towards}": value}).filter(Q(**{f"{field}__{beyond}": value}) | tie)
    return rows.order_by(field, "pk") if upwards else rows.order_by(f"-{field}", "-pk")
