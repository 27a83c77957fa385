"""Merges that were made: of accounts, persons and typed deals, which can be taken back, and of facet values, which cannot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from firsthand.customers.models import Account, Person
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_title
from firsthand.history.models import Change, Event
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue

SHOWN = 20
WHAT = {"merge_account": "Two accounts", "merge_person": "Two entries of a person", "merge_deal": "A deal that was typed"}
GONE = "an entry that is gone"


@dataclass(frozen=True)
class PastMerge:
    """One line: what became what, by whom; `change_id` where it may be taken back."""

    what: str
    who: str
    at: datetime
    undone_at: datetime | None = None
    change_id: int | None = None


def past_merges() -> list[PastMerge]:
    """The newest of each kind, newest first. For program managers, who see every name."""
    return sorted([*_of_records(), *_of_values()], key=lambda merge: merge.at, reverse=True)


def _of_records() -> list[PastMerge]:
    changes = list(Change.objects.filter(kind__in=WHAT).order_by("-pk")[:SHOWN])
    subjects = [change.subject_id for change in changes if change.subject_id]
    names = {
        "merge_account": {row.pk: row.name for row in Account.objects.filter(pk__in=subjects)},
        "merge_deal": {row.pk: shown_title(row, None) for row in Opportunity.objects.filter(pk__in=subjects).select_related("account")},
        "merge_person": {row.pk: row.name for row in Person.objects.filter(pk__in=subjects)},
    }
    who = _names(change.actor_id for change in changes)
    return [
        PastMerge(
            what=f"{WHAT[change.kind]} became {names[change.kind].get(change.subject_id or 0, GONE)}",
            who=who.get(change.actor_id or 0, "A colleague"),
            at=change.at,
            undone_at=change.undone_at,
            change_id=None if change.undone_at else change.pk,
        )
        for change in changes
    ]


def _of_values() -> list[PastMerge]:
    events = list(Event.objects.filter(verb="facet_value_merged").order_by("-pk")[:SHOWN])
    names = dict(FacetValue.objects.filter(pk__in=[event.subject_id for event in events]).values_list("pk", "name"))
    who = _names(event.actor_id for event in events)
    return [
        PastMerge(
            f"{event.facts['name']} became {names.get(event.subject_id, GONE)}", who.get(event.actor_id or 0, "A colleague"), event.at
        )
        for event in events
    ]


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    return dict(Colleague.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "name"))
