"""References, consents and past engagements."""

from collections.abc import Sequence
from typing import Any, cast

from firsthand.core.words_key import key
from firsthand.customers.people_upserts import upsert_contacts
from firsthand.history.upserts import Answer, Done, Refusal, whole
from firsthand.intake.writers.context import Context, Row, taken
from firsthand.intake.writers.people import contact_row, find_contacts
from firsthand.references.models import Consent, Engagement
from firsthand.references.upserts import (
    ENDS,
    ConsentRow,
    EngagementRow,
    ReferenceRow,
    accounts_of,
    add_consents,
    references_of,
    upsert_engagements,
    upsert_references,
)

FACTS = {
    "driver": "driver", "motivation": "motivation", "limit_count": "limit_count", "limit_period": "limit_period",
    "min_gap_days": "min_gap_days", "tier": "tier", "nominated_on": "nominated_on", "last_verified": "last_verified_on",
    "owner_approval": "owner_approval", "preferred_benefit": "preferred_benefit", "no_benefit": "no_benefit", "notes": "notes",
    "status": "status",
}  # fmt: skip
TOPICS = {"topics_ok": True, "topics_no": False}
NO_VALUES = frozenset({"persona", *TOPICS})
NO_CASH = "Benefits are never cash or vouchers."
SOURCES = {
    "program": Engagement.Source.IMPORTED,
    "self": Engagement.Source.UNASKED,
    "backchannel": Engagement.Source.OUTSIDE,
}


def write_references(rows: Sequence[Row], context: Context) -> list[Answer]:
    """The contact first, then the reference. Without evidence of consent it comes in as unconfirmed, never refused."""
    contacts = upsert_contacts([contact_row(row, context) for row in rows], by=context.by, change=context.change)
    accounts = accounts_of(each.id for each in contacts if isinstance(each, Done))
    given: list[ReferenceRow | Refusal] = []
    for row, contact in zip(rows, contacts, strict=True):
        if isinstance(contact, Refusal):
            given.append(contact)
            continue
        if is_cash(row.get("preferred_benefit", "")):
            given.append(Refusal(NO_CASH))
            continue
        consent = consent_row(row, context)
        if isinstance(consent, Refusal):
            given.append(consent)
            continue
        found: ReferenceRow = {
            "contact_id": contact.id,
            "account_id": accounts[contact.id],
            "facts": reference_facts(row, context),
            "values": context.facet_values({name: value for name, value in row.items() if name not in NO_VALUES}),
            "activities": activity_types(row.get("activities", ()), context),
            "topics": topics(row, context),
            "consent": consent,
        }
        if "last_activity_on" in row:
            found["last_used_on"] = row["last_activity_on"]
        given.append(found)
    done = iter(upsert_references([each for each in given if not isinstance(each, Refusal)], by=context.by, change=context.change))
    answers: list[Answer] = [each if isinstance(each, Refusal) else next(done) for each in given]
    return [whole(answer, contact) for answer, contact in zip(answers, contacts, strict=True)]


def is_cash(benefit: str) -> bool:
    words = key(benefit)
    return "gift card" in words or any(word in words.split() for word in ("cash", "voucher", "vouchers"))


def reference_facts(row: Row, context: Context) -> dict[str, Any]:
    facts = taken(row, FACTS)
    if "nominated_by" in row and (found := context.colleague(row["nominated_by"])):
        facts["nominated_by_id"] = found
    return facts


def topics(row: Row, context: Context) -> dict[int, bool]:
    """Facet value ids, each with whether they like to speak about it; one that stands in both columns is refused."""
    named = ((column, is_welcome) for column, is_welcome in TOPICS.items() if column in row)
    return {value: is_welcome for column, is_welcome in named for value in context.read_facet("topic", str(row[column]), many=True)}


def activity_types(names: Sequence[str], context: Context) -> list[int]:
    """Ids of the activity types named; a name nobody knows is told."""
    found = []
    for name in names:
        known = context.values.activity_types.get(key(name))
        if known is None:
            context.told[f"No activity type is called {name}; it was left out."] += 1
        else:
            found.append(known)
    return list(dict.fromkeys(found))


def consent_row(row: Row, context: Context) -> ConsentRow | Refusal:
    status = row.get("consent_status", "unknown")
    kinds = {"given": Consent.Kind.GIVEN, "withdrawn": Consent.Kind.WITHDRAWN, "refused": Consent.Kind.REFUSED}
    kind = kinds.get(status, Consent.Kind.CLAIMED)
    scope = consent_scope(row.get("consent_scope"), kind, context)
    if isinstance(scope, Refusal):
        return scope
    return {
        "kind": kind,
        "given_on": row.get("consent_on"),
        "scope": scope,
        "method": row.get("consent_method", ""),
        "evidence": row.get("consent_evidence_url", ""),
        "until": row.get("consent_expires"),
    }


def consent_scope(names: Sequence[str] | None, kind: str, context: Context) -> list[int] | Refusal | None:
    """The activity types a consent covers, None for all. One that names only unknown ones covers none; a no ends all of them."""
    if names is None or kind in ENDS:
        return None
    return activity_types(names, context) or Refusal("No activity type of this consent is known.")


def write_consents(rows: Sequence[Row], context: Context) -> list[Answer]:
    contacts = find_contacts(rows, email="email", name="name")
    given: list[ConsentRow | Refusal] = []
    for row, contact in zip(rows, contacts, strict=True):
        if contact is None:
            given.append(Refusal(f"No contact is known as {who(row)}. Import contacts or references first."))
            continue
        scope = consent_scope(row.get("scope"), row["status"], context)
        if isinstance(scope, Refusal):
            given.append(scope)
            continue
        facts = taken(row, {"status": "kind", "given_on": "given_on", "wording": "wording", "method": "method",
                            "evidence_url": "evidence", "until": "until"})  # fmt: skip
        given.append(cast("ConsentRow", facts | {"contact_id": contact, "scope": scope}))
    done = iter(add_consents([each for each in given if not isinstance(each, Refusal)], by=context.by, change=context.change))
    return [each if isinstance(each, Refusal) else next(done) for each in given]


def who(row: Row) -> str:
    return str(row.get("name") or row.get("email") or row.get("contact_email") or row.get("contact_id"))


def write_engagements(rows: Sequence[Row], context: Context) -> list[Answer]:
    contacts = find_contacts(rows, email="email", name="name")
    references = references_of(contacts)
    given: list[EngagementRow | Refusal] = []
    for row, contact in zip(rows, contacts, strict=True):
        kind = context.values.activity_types.get(key(row["activity_type"]))
        if contact not in references:
            given.append(Refusal(f"No reference is known as {who(row)}. Import references first."))
        elif kind is None:
            given.append(Refusal(f"No activity type is called {row['activity_type']}."))
        elif not 1 <= row.get("grade", 1) <= 5:
            given.append(Refusal("A grade is 1 to 5."))
        else:
            facts = taken(row, {"engagement_id": "external_id", "held_on": "day", "hours": "hours", "grade": "grade"})
            facts["source"] = SOURCES[row.get("sourcing", "program")]
            given.append(cast("EngagementRow", facts | {"reference_id": references[contact], "activity_type_id": kind}))
    done = iter(upsert_engagements([each for each in given if not isinstance(each, Refusal)], by=context.by, change=context.change))
    return [each if isinstance(each, Refusal) else next(done) for each in given]
