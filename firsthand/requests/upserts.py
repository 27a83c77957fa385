"""The plural deed for requests and asks of the past, as imports call it. Nothing in here starts a workflow or tells anybody."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast

from firsthand.core import bulk
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow
from firsthand.history.upserts import CHANGE_ROW, Answer, Done, Row, State, Table, created_by, upsert, whole
from firsthand.references.upserts import EngagementRow, upsert_engagements
from firsthand.requests.models import Ask, Criterion, ReferenceRequest, Use

REQUESTS = Table(model=ReferenceRequest)
ASKS = Table(model=Ask)


class AskRow(TypedDict, total=False):
    """An ask that has ended. `engagement` where something was held; `facts`: fields of Ask."""

    reference_id: int
    facts: dict[str, Any]
    engagement: EngagementRow


class RequestRow(TypedDict, total=False):
    """A request by its external id; rows of the same request carry one ask each. `criteria`: facet value ids."""

    external_id: str
    facts: dict[str, Any]
    criteria: Sequence[int]
    ask: AskRow | None


def upsert_past_requests(rows: Sequence[RequestRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make or change past requests with their asks. Runs inside the caller's transaction; the answers stand in order."""
    merged: dict[str, dict[str, Any]] = {}
    for row in rows:
        merged.setdefault(row["external_id"], {}).update({"external_id": row["external_id"], **row["facts"]})
    there = dict(ReferenceRequest.objects.filter(external_id__in=merged).values_list("external_id", "id"))
    given = [Row(there.get(external), fields) for external, fields in merged.items()]
    done = created_by(change, REQUESTS, upsert(REQUESTS, given, by=by, change=change))
    requests = dict(zip(merged, done, strict=True))
    criteria = [
        Criterion(reference_request_id=requests[row["external_id"]].id, value_id=value) for row in rows for value in row.get("criteria", ())
    ]
    Criterion.objects.bulk_create(criteria, ignore_conflicts=True)
    asks = upsert_asks([(requests[row["external_id"]].id, row.get("ask")) for row in rows], by=by, change=change)
    return [whole(requests[row["external_id"]], ask) for row, ask in zip(rows, asks, strict=True)]


def upsert_asks(pairs: Sequence[tuple[int, AskRow | None]], *, by: Actor, change: Change | None) -> list[Done | None]:
    """The asks of these requests, one for each reference, with what was held.

    Of those that one engagement served, the first holds it and the others join that one; each request is credited.
    """
    asked = [(request, ask) for request, ask in pairs if ask is not None]
    slots = slots_of(asked, by=by, change=change)
    holders = holders_of(slots)
    rows = Ask.objects.filter(reference_request__in=[request for request, _ in asked])
    there = {(request, reference): pk for pk, request, reference in rows.values_list("id", "reference_request_id", "reference_id")}
    done: dict[int, Done] = {}
    for joins in (False, True):
        held_by = dict(Ask.objects.filter(engagement__in=slots.values()).values_list("engagement_id", "id")) if joins else {}
        given = {}
        for at, (request, ask) in enumerate(asked):
            place = request, ask["reference_id"]
            slot = slots.get(place)
            if (slot is not None and holders[slot] != place) == joins:
                tie = {} if slot is None else {"engagement_id": None if joins else slot, "joins_id": held_by.get(slot)}
                fields = {"reference_request_id": request, "reference_id": ask["reference_id"], **ask.get("facts", {})}
                given[at] = Row(there.get(place), fields | tie)
        done |= zip(given, created_by(change, ASKS, upsert(ASKS, list(given.values()), by=by, change=change)), strict=True)
    credited = credit(slots, change=change)
    answers = iter([whole(done[at], credited.get((request, ask["reference_id"]))) for at, (request, ask) in enumerate(asked)])
    return [None if ask is None else cast("Done", next(answers)) for _, ask in pairs]


Place = tuple[int, int]  # request and reference


def slots_of(asked: Sequence[tuple[int, AskRow]], *, by: Actor, change: Change | None) -> dict[Place, int]:
    """The engagement of each ask that was held."""
    held = [((request, ask["reference_id"]), ask["engagement"]) for request, ask in asked if "engagement" in ask]
    done = upsert_engagements([engagement for _, engagement in held], by=by, change=change)
    return {place: each.id for (place, _), each in zip(held, done, strict=True) if isinstance(each, Done)}


def holders_of(slots: Mapping[Place, int]) -> dict[int, Place]:
    """The ask that holds each engagement: the one that does already, else the first of these."""
    rows = Ask.objects.filter(engagement__in=slots.values()).values_list("engagement_id", "reference_request_id", "reference_id")
    holders: dict[int, Place] = {
        slot: (request, reference) for slot, request, reference in rows if slot and slots.get((request, reference), slot) == slot
    }
    for place, slot in slots.items():
        holders.setdefault(slot, place)
    return holders


def credit(slots: Mapping[Place, int], *, change: Change | None) -> dict[Place, Done]:
    """Credit each request, and through it its deal, with what served it; what became of those that were not yet."""
    there = set(Use.objects.filter(engagement__in=slots.values()).values_list("engagement_id", "reference_request_id"))
    new = {place: slot for place, slot in slots.items() if (slot, place[0]) not in there}
    deals = dict(ReferenceRequest.objects.filter(pk__in=[request for request, _ in new]).values_list("id", "opportunity_id"))
    made = Use.objects.bulk_create(
        Use(engagement_id=slot, reference_request_id=request, opportunity_id=deals[request]) for (request, _), slot in new.items()
    )
    if change is not None:
        bulk.insert(ChangeRow, CHANGE_ROW, [(change.pk, Use._meta.label_lower, each.pk, None, 0) for each in made])
    return {place: Done(each.pk, State.CHANGED) for place, each in zip(new, made, strict=True)}
