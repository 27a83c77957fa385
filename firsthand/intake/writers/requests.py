"""Requests and asks of the past: what was wanted, who was asked, what was held."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from firsthand.core.words_key import key
from firsthand.deals.crm_ids import deals_by_id
from firsthand.history.upserts import Answer, Refusal
from firsthand.intake.writers.context import Context, Row
from firsthand.intake.writers.people import find_contacts
from firsthand.intake.writers.references import NO_CASH, SOURCES, is_cash, who
from firsthand.references.upserts import EngagementRow, references_of
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.upserts import AskRow, RequestRow, upsert_past_requests

PURPOSES = {"pr": "press", "ar": "analyst", "events": "event"}
Status, Reason = ReferenceRequest.Status, ReferenceRequest.UnfulfilledReason
STATUSES = {
    "fulfilled": Status.FULFILLED, "closed": Status.FULFILLED, "done": Status.FULFILLED, "completed": Status.FULFILLED,
    "partly fulfilled": Status.FULFILLED, "unfulfilled": Status.UNFULFILLED, "unfilled": Status.UNFULFILLED,
    "withdrawn": Status.WITHDRAWN, "canceled": Status.WITHDRAWN, "cancelled": Status.WITHDRAWN,
}  # fmt: skip
ASKS = {
    "held": Ask.Status.HELD, "done": Ask.Status.HELD, "completed": Ask.Status.HELD, "declined": Ask.Status.DECLINED,
    "refused": Ask.Status.REFUSED, "expired": Ask.Status.EXPIRED, "lapsed": Ask.Status.LAPSED, "missed": Ask.Status.CANCELED,
    "canceled": Ask.Status.CANCELED, "cancelled": Ask.Status.CANCELED, "no answer": Ask.Status.LAPSED,
}  # fmt: skip

NOTED = {
    "scheduled_for": "Scheduled for", "prospect_feedback": "The prospect said", "reference_feedback": "The reference said",
    "thanked_on": "Thanked on", "benefit_type": "Given back", "outcome_told_on": "Told what came of it on",
}  # fmt: skip


def write_requests(rows: Sequence[Row], context: Context) -> list[Answer]:
    contacts = find_contacts(rows)
    references = references_of(contacts)
    deals = deals_of(rows)
    given: list[RequestRow | Refusal] = []
    for row, contact in zip(rows, contacts, strict=True):
        reference = references.get(contact) if contact else None
        given.append(request_row(row, reference, deals, context))
    done = iter(upsert_past_requests([each for each in given if not isinstance(each, Refusal)], by=context.by, change=context.change))
    return [each if isinstance(each, Refusal) else next(done) for each in given]


def deals_of(rows: Sequence[Row]) -> dict[str, int]:
    return deals_by_id({row["opportunity_id"] for row in rows if "opportunity_id" in row})


def request_row(row: Row, reference: int | None, deals: dict[str, int], context: Context) -> RequestRow | Refusal:
    requester = context.colleagues.find("", row.get("requester_email", ""), row.get("requester_email", ""))
    kind = context.values.activity_types.get(key(row["activity_type"]))
    status = STATUSES.get(key(str(row.get("request_status", "fulfilled" if "held_on" in row else "unfulfilled"))))
    if not isinstance(requester, int):
        return Refusal(f"No colleague is known as {row.get('requester_email', 'the requester')}. Import colleagues first.")
    if kind is None:
        return Refusal(f"No activity type is called {row['activity_type']}.")
    if status is None:
        return Refusal(f"A request that is {row['request_status']} is still open. File it in the program; only ended ones are imported.")
    ask = Refusal(NO_CASH) if is_cash(row.get("benefit_type", "")) else ask_row(row, reference, kind, context)
    if isinstance(ask, Refusal):
        return ask
    ended = moment(row.get("held_on") or row.get("needed_by") or row["submitted_on"])
    facts: dict[str, Any] = {
        "requester_id": requester,
        "activity_type_id": kind,
        "purpose": PURPOSES.get(row.get("requester_team", "sales"), "deal"),
        "status": status,
        "needed_by": row.get("needed_by") or row.get("held_on") or row["submitted_on"],
        "submitted_at": moment(row["submitted_on"]),
        "ended_at": ended,
        "questions": row.get("question_to_answer", ""),
        "unfulfilled_reason": reason_of(row) if status == Status.UNFULFILLED else "",
    }
    if status == Status.FULFILLED:
        facts["fulfilled_at"] = ended
    if "stage_at_request" in row:
        facts["closing_note"] = f"Stage at the request: {row['stage_at_request']}"
    if row.get("opportunity_id", "") in deals:
        facts["opportunity_id"] = deals[row["opportunity_id"]]
    criteria = [value for values in context.facet_values(row).values() for value in values]
    return {"external_id": row["request_id"], "facts": facts, "criteria": criteria, "ask": ask}


def ask_row(row: Row, reference: int | None, kind: int, context: Context) -> AskRow | Refusal | None:
    """The row's ask, None where the row names nobody."""
    if "contact_id" not in row and "contact_email" not in row:
        return None
    if reference is None:
        return Refusal(f"No reference is known as {who(row)}. Import references first.")
    status = Ask.Status.HELD if "held_on" in row else ASKS.get(key(str(row.get("ask_status", ""))))
    if status is None:
        return Refusal("The ask has not ended. File it in the program; only ended ones are imported.")
    if status == Ask.Status.HELD and "held_on" not in row:
        return Refusal("The ask was held, and the row has no held on.")
    ask: AskRow = {"reference_id": reference, "facts": ask_facts(row, status)}
    if "owner_approved_by" in row and (approver := context.colleague(row["owner_approved_by"])):
        ask["facts"]["approver_id"] = approver
    if status == Ask.Status.HELD:
        ask["engagement"] = held_engagement(row, reference, kind)
    return ask


def ask_facts(row: Row, status: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"status": status, "waiting_since": moment(row.get("asked_on") or row["submitted_on"])}
    for ours, theirs in (("asked_on", "sent_at"), ("answered_on", "answered_at"), ("held_on", "held_at")):
        if ours in row:
            facts[theirs] = moment(row[ours])
    if "decline_reason" in row:
        facts["declined_reason"] = row["decline_reason"]
    if 1 <= row.get("expected_grade", 0) <= 5:
        facts["expected_grade"] = row["expected_grade"]
    if note := ask_note(row):
        facts["note"] = note
    return facts


def ask_note(row: Row) -> str:
    """What a file tells of an ask of the past that has no place of its own, a line each."""
    lines = [f"{label}: {row[name]}" for name, label in NOTED.items() if name in row]
    if "benefit_value" in row:
        amount, currency = row["benefit_value"]
        lines.append(f"Value of the benefit: {amount} {currency or ''}".rstrip())
    return "\n".join(lines)


def held_engagement(row: Row, reference: int, kind: int) -> EngagementRow:
    held: EngagementRow = {
        "reference_id": reference,
        "activity_type_id": kind,
        "day": row["held_on"],
        "source": SOURCES[row.get("sourcing", "program")],
    }
    if 1 <= row.get("actual_grade", 0) <= 5:
        held["grade"] = row["actual_grade"]
    if "reference_hours" in row:
        held["hours"] = row["reference_hours"]
    elif "duration_min" in row:
        held["hours"] = (Decimal(row["duration_min"]) / 60).quantize(Decimal("0.01"))
    return held


def reason_of(row: Row) -> str:
    """One of the program's reasons; what is written otherwise counts as no match."""
    written = key(str(row.get("unfilled_reason", "")))
    return next((reason.value for reason in Reason if key(reason.label) == written or key(reason.value) == written), Reason.NO_MATCH.value)


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
