"""Filters of lists by facet values: one way for accounts, references, stories and deals."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from firsthand.core.lists import Choice
from firsthand.program.models import Facet, FacetUse, FacetValue

Row = TypeVar("Row", bound=models.Model)

DEEPER = "\N{EM SPACE}"


def facet_choices(codes: Sequence[str], uses: type[FacetUse], owner: str) -> "tuple[Choice[Any], ...]":
    """One filter per facet, of the values that rows of `uses` hold and of those above them in a tree.

    `owner` is the field of `uses` that points at the list's row. A value takes in everything below it. Three statements,
    however many facets.
    """
    facets = {facet.pk: facet for facet in Facet.objects.filter(code__in=codes, retired_at=None)}
    values = {value.pk: value for value in FacetValue.objects.filter(facet__in=facets)}
    held = FacetValue.objects.filter(Exists(_all(uses).filter(value=OuterRef("pk"))), facet__in=facets)
    options: dict[int, list[FacetValue]] = defaultdict(list)
    for pk in {above for path in held.values_list("path", flat=True) for above in _ids(path)} & values.keys():
        options[values[pk].facet_id].append(values[pk])
    return tuple(_choice(facet, options[facet.pk], values, uses, owner) for facet in facets.values() if options[facet.pk])


def narrow_by_value(rows: QuerySet[Row], uses: type[FacetUse], owner: str, value: FacetValue) -> QuerySet[Row]:
    """Rows that have the value, or one below it."""
    within = FacetValue.objects.filter(path__startswith=value.path) if value.path else FacetValue.objects.filter(pk=value.pk)
    return rows.filter(pk__in=_all(uses).filter(value__in=within).values(owner))


def _choice(facet: Facet, options: list[FacetValue], values: dict[int, FacetValue], uses: type[FacetUse], owner: str) -> "Choice[Any]":
    def order(value: FacetValue) -> list[tuple[int, str]]:
        return [(values[pk].position, values[pk].name) for pk in _ids(value.path) if pk in values]

    def narrow(rows: QuerySet[Any], pk: str) -> QuerySet[Any]:
        return narrow_by_value(rows, uses, owner, values[int(pk)])

    shown = tuple((str(value.pk), DEEPER * (len(_ids(value.path)) - 1) + value.name) for value in sorted(options, key=order))
    return Choice(facet.code, facet.name, shown, narrow)


def _all(uses: type[FacetUse]) -> QuerySet[Any]:
    """Every row of one of the tables that say a record has a value."""
    return QuerySet(uses)


def _ids(path: str) -> list[int]:
    """The ids of a path as `/1/7/12/`, from the top down."""
    return [int(step) for step in path.strip("/").split("/") if step]
