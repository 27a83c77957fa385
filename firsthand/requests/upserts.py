"""The plural deed for requests and asks of the past, as imports call it. Nothing in here starts a workflow or tells anybody."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Done, Row, Table, created_by, upsert, whole
from firsthand.references.upserts import EngagementRow, upsert_engagements
from firsthand.requests.models import Ask, Criterion, ReferenceRequest

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
    """The asks of these requests, one for each reference, with what was held."""
    asked = [(request, ask) for request, ask in pairs if ask is not None]
    held = [ask["engagement"] for _, ask in asked if "engagement" in ask]
    engagements = iter(upsert_engagements(held, by=by, change=change))
    rows = Ask.objects.filter(reference_request__in=[request for request, _ in asked])
    there: Mapping[tuple[int, int], int] = {
        (request, reference): pk for pk, request, reference in rows.values_list("id", "reference_request_id", "reference_id")
    }
    given = []
    for request, ask in asked:
        fields = {"reference_request_id": request, "reference_id": ask["reference_id"], **ask.get("facts", {})}
        if "engagement" in ask:
            engagement = next(engagements)
            fields["engagement_id"] = engagement.id if isinstance(engagement, Done) else None
        given.append(Row(there.get((request, ask["reference_id"])), fields))
    done = iter(created_by(change, ASKS, upsert(ASKS, given, by=by, change=change)))
    return [None if ask is None else next(done) for _, ask in pairs]
