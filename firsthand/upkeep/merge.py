"""Merge two facet values: what has the one gets the other, in every room, by an explicit list."""

from dataclasses import dataclass

from django.db import models

from firsthand.core.follow import follow
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import AccountValue, Contact
from firsthand.deals.models import OpportunityValue
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.actions.values import move_below
from firsthand.program.models import Facet, FacetAlias, FacetValue
from firsthand.program.permissions import demand
from firsthand.references.models import ReferenceTopic, ReferenceValue
from firsthand.requests.models import Criterion
from firsthand.stories.models import Asset, StoryValue


@dataclass(frozen=True)
class Use:
    """A column that points at a facet value. With `owner`, a row says that its owner has the value, and says so once."""

    model: type[models.Model]
    field: str
    label: str
    owner: str = ""


USES = (
    Use(AccountValue, "value", "accounts", owner="account"),
    Use(OpportunityValue, "value", "deals", owner="opportunity"),
    Use(ReferenceValue, "value", "references", owner="reference"),
    Use(ReferenceTopic, "value", "topics of references", owner="reference"),
    Use(StoryValue, "value", "stories", owner="story"),
    Use(Criterion, "value", "criteria of requests", owner="reference_request"),
    Use(Contact, "persona", "personas of contacts"),
    Use(Asset, "language", "languages of assets"),
)


@dataclass(frozen=True)
class Count:
    """How many rows of a kind would change."""

    label: str
    count: int


def preview(value: FacetValue) -> list[Count]:
    """What has the value now, by kind; kinds that have none are left out."""
    counts = [Count(use.label, _rows(use, value).count()) for use in USES]
    counts.append(Count("values below it", value.children.count()))
    counts.append(Count("other names", value.aliases.count()))
    return [count for count in counts if count.count]


def why_not_merge(value: FacetValue, into: FacetValue) -> str | None:
    """Why the one may not become the other."""
    if value.pk == into.pk:
        return "A value cannot be merged into itself."
    if value.facet_id != into.facet_id:
        return f"{into.name} belongs to another facet."
    if value.pk in into.line:
        return f"{into.name} stands below {value.name}. Move it away first, or merge it the other way round."
    if into.retired_at is not None:
        return f"{into.name} is retired. Bring it back first."
    return None


@deed
def merge_values(value: FacetValue, into: FacetValue, *, by: Colleague) -> None:
    """Give `into` to whatever has `value`, and all that stands below it; its name and other names mean `into` from now on."""
    demand(by)
    list(locked(Facet.objects.filter(pk=value.facet_id)))
    rows = {row.pk: row for row in locked(FacetValue.objects.filter(pk__in=[value.pk, into.pk]))}
    if len(rows) < 2 and value.pk != into.pk:
        raise Refused("One of the two is gone meanwhile. Nothing was changed.")
    value, into = rows[value.pk], rows[into.pk]
    if sentence := why_not_merge(value, into):
        raise Refused(sentence)
    moved = {count.label: count.count for count in preview(value)}
    for use in USES:
        _move(use, value, into)
    for child in list(value.children.all()):
        FacetValue.objects.filter(pk=child.pk).update(parent=into)
        move_below(child, into)
    value.aliases.update(value=into)
    FacetAlias.objects.create(facet_id=into.facet_id, value=into, text=value.name, key=value.key)
    record("facet_value_merged", into, by=by.actor, context=into.facet, merged=value.pk, name=value.name, moved=moved)
    value.delete()
    follow("facet_value", [into.pk])


def _rows(use: Use, value: FacetValue) -> "models.QuerySet[models.Model]":
    return use.model._meta.base_manager.filter(**{use.field: value})


def _move(use: Use, value: FacetValue, into: FacetValue) -> None:
    if use.owner:
        have_both = _rows(use, into).values(use.owner)
        _rows(use, value).filter(**{f"{use.owner}__in": have_both}).delete()
    _rows(use, value).update(**{use.field: into})
