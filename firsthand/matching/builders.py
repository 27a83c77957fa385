"""Needs, for tests."""

from dataclasses import replace
from datetime import date
from typing import Any

from firsthand.core.words_key import key
from firsthand.matching.need import Need
from firsthand.program.builders import make_activity_type
from firsthand.program.models import Facet, FacetValue

TODAY = date(2026, 3, 10)


def make_need(needed_by: date = date(2026, 3, 20), **changes: Any) -> Need:
    """A wish for one reference call, judged on 10 March 2026."""
    return replace(Need(make_activity_type(), needed_by, TODAY), **changes)


def make_value(name: str = "Banking", *, facet: str = "industry", parent: FacetValue | None = None) -> FacetValue:
    """The facet value of that name, made with its facet when it is missing."""
    of, _ = Facet.objects.get_or_create(code=facet, defaults={"name": facet.capitalize(), "kind": Facet.Kind.TREE})
    value, made = FacetValue.objects.get_or_create(facet=of, key=key(name), defaults={"name": name, "parent": parent})
    if made:
        value.path = f"{parent.path if parent else '/'}{value.pk}/"
        value.save(update_fields=["path"])
    return value
