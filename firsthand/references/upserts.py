"""The plural deeds for customers' standing, references, consents and past engagements, as imports call them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, TypedDict

from django.utils import timezone

from firsthand.core import bulk
from firsthand.customers.models import Contact, Touch
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow, Event
from firsthand.history.upserts import CHANGE_ROW, EVENT, Answer, Done, Refusal, Row, State, Table, created_by, upsert, whole
from firsthand.references.capacity import ASK_DOOR
from firsthand.references.models import (
    Consent,
    ConsentScope,
    Engagement,
    Obligation,
    Reference,
    ReferenceAccount,
    ReferenceValue,
    Willingness,
)
from firsthand.references.topics import upsert_topics

STANDINGS = Table(model=ReferenceAccount)
REFERENCES = Table(model=Reference, uses=ReferenceValue, owner="reference_id")
WILLINGNESS = Table(model=Willingness)
ENGAGEMENTS = Table(model=Engagement)
OBLIGATIONS = Table(model=Obligation)
LAST_USED = "last_used"  # what a touch is about that a file knows no more of than its day


class StandingRow(TypedDict, total=False):
    """A customer's own standing; nothing but the account is needed."""

    account_id: int
    manager_id: int
    logo_right: str
    logo_right_until: Any
    source: str


def upsert_standings(rows: Sequence[StandingRow], *, by: Actor, change: Change | None = None) -> dict[int, Done]:
    """By account, the standing it has now."""
    merged: dict[int, dict[str, Any]] = {}
    for row in rows:
        merged.setdefault(row["account_id"], {}).update(row)
    there = dict(ReferenceAccount.objects.filter(account__in=merged).values_list("account_id", "id"))
    done = upsert(STANDINGS, [Row(there.get(account), fields) for account, fields in merged.items()], by=by, change=change)
    return dict(zip(merged, done, strict=True))


def upsert_obligations(owed: Sequence[tuple[int, int]], *, by: Actor, change: Change | None = None) -> dict[int, Done]:
    """By standing, the references its contract owes: one obligation without an end for each, none where it owes none."""
    there = dict(
        Obligation.objects.filter(reference_account__in=[each[0] for each in owed], until=None).values_list("reference_account_id", "id")
    )
    owed = [(standing, count) for standing, count in owed if count or standing in there]
    rows = [Row(there.get(standing), {"reference_account_id": standing, "owed": count}) for standing, count in owed]
    return {standing: done for (standing, _), done in zip(owed, upsert(OBLIGATIONS, rows, by=by, change=change), strict=True)}


class ConsentRow(TypedDict, total=False):
    """One entry of the ledger. `scope`: activity type ids, None for all. Without `given_on` it is a claim made today."""

    contact_id: int
    kind: str
    given_on: date | None
    scope: Sequence[int] | None
    wording: str
    method: str
    evidence: str
    until: Any


class ReferenceRow(TypedDict, total=False):
    """`facts`: fields of Reference; `activities`: activity type ids they said yes to; `consent` without its contact.

    `topics`: facet value ids, each with whether they like to speak about it; `last_used_on`: the day they were last approached.
    """

    contact_id: int
    account_id: int
    facts: dict[str, Any]
    values: Mapping[int, Sequence[int]]
    activities: Sequence[int]
    topics: Mapping[int, bool]
    last_used_on: date
    consent: ConsentRow


def upsert_references(rows: Sequence[ReferenceRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Enroll contacts and write what they wish. Runs inside the caller's transaction; the answers stand in order."""
    standings = upsert_standings([{"account_id": row["account_id"]} for row in rows], by=by, change=change)
    there = dict(Reference.objects.filter(contact__in=[row["contact_id"] for row in rows]).values_list("contact_id", "id"))
    today = timezone.localdate()
    given = [
        Row(
            there.get(row["contact_id"]),
            {"contact_id": row["contact_id"], "reference_account_id": standings[row["account_id"]].id, **row.get("facts", {})},
            first={"enrolled_on": today},
            values=row.get("values", {}),
        )
        for row in rows
    ]
    done = created_by(change, REFERENCES, upsert(REFERENCES, given, by=by, change=change))
    yes = upsert_willingness([(each.id, row.get("activities", ())) for row, each in zip(rows, done, strict=True)], by=by, change=change)
    topics = upsert_topics([(each.id, row.get("topics", {})) for row, each in zip(rows, done, strict=True)], by=by, change=change)
    used = touch_last_used([(each.id, row["last_used_on"]) for row, each in zip(rows, done, strict=True) if "last_used_on" in row], change)
    consents = add_consents([{**row["consent"], "contact_id": row["contact_id"]} for row in rows], by=by, change=change)
    return [
        whole(each, yes.get(each.id), topics.get(each.id), used.get(each.id), None if isinstance(consent, Refusal) else consent)
        for each, consent in zip(done, consents, strict=True)
    ]


def upsert_willingness(pairs: Sequence[tuple[int, Sequence[int]]], *, by: Actor, change: Change | None) -> dict[int, Done]:
    """What they said yes to. A no that is recorded is not overwritten by a file."""
    rows = Willingness.objects.filter(reference__in=[reference for reference, _ in pairs])
    there = {(reference, kind) for reference, kind in rows.values_list("reference_id", "activity_type_id")}
    wanted = [(reference, kind) for reference, kinds in pairs for kind in dict.fromkeys(kinds) if (reference, kind) not in there]
    done = upsert(
        WILLINGNESS, [Row(None, {"reference_id": reference, "activity_type_id": kind}) for reference, kind in wanted], by=by, change=change
    )
    return {reference: each for (reference, _), each in zip(wanted, done, strict=True)}


def touch_last_used(pairs: Sequence[tuple[int, date]], change: Change | None) -> dict[int, Done]:
    """By reference, the approach of the day a file says they were last used on: the gap runs from it as from any other."""
    people = dict(Reference.objects.filter(pk__in=[pk for pk, _ in pairs]).values_list("id", "contact__person_id"))
    touches = Touch.objects.filter(door=ASK_DOOR, about_kind=LAST_USED, person__in=people.values())
    there = {(person, sent_at.date()) for person, sent_at in touches.values_list("person_id", "sent_at") if sent_at}
    new = {pk: day for pk, day in pairs if (people[pk], day) not in there}
    sent = {pk: datetime.combine(day, time(12), tzinfo=UTC) for pk, day in new.items()}
    made = Touch.objects.bulk_create(
        Touch(person_id=people[pk], door=ASK_DOOR, about_kind=LAST_USED, about_id=0, planned_at=at, sent_at=at) for pk, at in sent.items()
    )
    if change is not None:
        bulk.insert(ChangeRow, CHANGE_ROW, [(change.pk, Touch._meta.label_lower, each.pk, None, 0) for each in made])
    return {pk: Done(each.pk, State.CHANGED) for pk, each in zip(new, made, strict=True)}


class Entry(NamedTuple):
    """An entry as it is compared with those of the ledger."""

    kind: str
    given_on: date
    method: str
    evidence: str
    until: date | None
    scope: frozenset[int] | None


ENDS = (Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED)


def add_consents(rows: Sequence[ConsentRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Add entries that the ledger does not hold yet. One that is older than the newest is refused: the newest holds.

    One without a day adds nothing to a ledger that has entries, unless it ends what stands there: a no counts from today.
    Consent said to be given without method or evidence is a claim: it comes in as unconfirmed.
    """
    ledgers = read_ledgers({row["contact_id"] for row in rows})
    answers: list[Answer | None] = [None] * len(rows)
    order = sorted(range(len(rows)), key=lambda place: rows[place].get("given_on") or date.max)
    for place in order:
        row = rows[place]
        ledger = ledgers[row["contact_id"]]
        entry = entry_of(row)
        if row.get("given_on") is None and ledger and (entry.kind not in ENDS or ledger[-1][1].kind in ENDS):
            answers[place] = Done(ledger[-1][0], State.UNCHANGED)
        elif same := next((pk for pk, held in ledger if held == entry), None):
            answers[place] = Done(same, State.UNCHANGED)
        elif ledger and overrides(entry, ledger[-1][1]):
            newest = ledger[-1][1].given_on
            answers[place] = Refusal(f"The ledger holds an entry of {newest.isoformat()} already; an older one would hide it.")
        else:
            pk = add_entry(row, entry, by=by, change=change)
            ledger.append((pk, entry))
            answers[place] = Done(pk, State.NEW)
    return [answer for answer in answers if answer is not None]


def overrides(entry: Entry, newest: Entry) -> bool:
    """Whether adding the entry would hide a newer one; on the same day a withdrawal stands."""
    same_day = entry.given_on == newest.given_on and newest.kind in ENDS and entry.kind not in ENDS
    return entry.given_on < newest.given_on or same_day


def entry_of(row: ConsentRow) -> Entry:
    kind, method, evidence = row["kind"], row.get("method", ""), row.get("evidence", "")
    if kind == Consent.Kind.GIVEN and not (method and evidence):
        kind = Consent.Kind.CLAIMED
    scope = row.get("scope")
    given_on = row.get("given_on") or timezone.localdate()
    return Entry(str(kind), given_on, method, evidence, row.get("until"), None if scope is None or kind in ENDS else frozenset(scope))


def read_ledgers(contacts: Iterable[int]) -> dict[int, list[tuple[int, Entry]]]:
    """By contact, the entries that are neither void nor voided, oldest first."""
    ledgers: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    consents = Consent.objects.filter(contact__in=list(contacts)).exclude(kind=Consent.Kind.VOID).filter(voided_by=None).order_by("id")
    for consent in consents.prefetch_related("scope"):
        scope = None if consent.covers_all or consent.kind in ENDS else frozenset(each.activity_type_id for each in consent.scope.all())
        entry = Entry(consent.kind, consent.given_on, consent.method, consent.evidence, consent.until, scope)
        ledgers[consent.contact_id].append((consent.pk, entry))
    return ledgers


def add_entry(row: ConsentRow, entry: Entry, *, by: Actor, change: Change | None) -> int:
    consent = Consent.objects.create(
        contact_id=row["contact_id"],
        kind=entry.kind,
        covers_all=entry.scope is None and entry.kind not in ENDS,
        wording=row.get("wording", ""),
        method=entry.method,
        evidence=entry.evidence,
        given_on=entry.given_on,
        until=entry.until,
        recorded_by_kind=by.kind,
        recorded_by_id=by.id,
    )
    ConsentScope.objects.bulk_create(ConsentScope(consent=consent, activity_type_id=each) for each in entry.scope or ())
    contact = row["contact_id"]
    facts = {"consent": consent.pk, "kind": entry.kind}
    bulk.insert(Event, EVENT, [(timezone.now(), "consent_recorded", "contact", contact, "contact", contact, by.kind, by.id, facts)])
    if change is not None:
        bulk.insert(ChangeRow, CHANGE_ROW, [(change.pk, Consent._meta.label_lower, consent.pk, None, 0)])
    return consent.pk


def void_consents(ids: Sequence[int], *, by: Actor) -> None:
    """Take imported entries back: the ledger is only ever added to, so each gets an entry that voids it."""
    for consent in Consent.objects.filter(pk__in=ids, voided_by=None).order_by("id"):
        Consent.objects.create(
            contact_id=consent.contact_id,
            kind=Consent.Kind.VOID,
            given_on=timezone.localdate(),
            voids=consent,
            recorded_by_kind=by.kind,
            recorded_by_id=by.id,
        )


class EngagementRow(TypedDict, total=False):
    """Something that was held. Known by its external id, else by reference, activity type and day."""

    external_id: str
    reference_id: int
    activity_type_id: int
    day: date
    hours: Any
    grade: Any
    source: str


def upsert_engagements(rows: Sequence[EngagementRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Past engagements. They count against limits of their period as any other; none is taken from anybody.

    Rows that mean the same one, by id or else by reference, activity type and day, share it.
    """
    there: dict[Any, int] = {}
    unnamed: dict[Any, int] = {}
    fields = ("id", "external_id", "reference_id", "activity_type_id", "day")
    held = Engagement.objects.filter(reference__in={row["reference_id"] for row in rows}).exclude(state="released")
    for pk, external, *place in held.values_list(*fields):
        there[tuple(place)] = pk
        (there if external else unnamed)[external or tuple(place)] = pk
    shared: dict[Any, Row] = {}
    meant = []
    for row in rows:
        external, place = row.get("external_id", ""), place_of(row)
        known = there.get(external or place) or (unnamed.pop(place, None) if external else None)
        plain: Mapping[str, Any] = {name: value for name, value in row.items() if name != "source"}
        meant.append(known or external or place)
        first = {"state": Engagement.State.HELD, "source": row.get("source", Engagement.Source.IMPORTED)}
        before = shared.get(meant[-1])
        shared[meant[-1]] = Row(known, {**before.fields, **plain} if before else dict(plain), first=before.first if before else first)
    done = created_by(change, ENGAGEMENTS, upsert(ENGAGEMENTS, list(shared.values()), by=by, change=change))
    found = dict(zip(shared, done, strict=True))
    return [found[each] for each in meant]


def place_of(row: EngagementRow) -> tuple[int, int, date]:
    return row["reference_id"], row["activity_type_id"], row["day"]


def references_of(contacts: Iterable[int | None]) -> dict[int, int]:
    """Contact -> reference, for those who are enrolled."""
    return dict(Reference.objects.filter(contact__in=[each for each in contacts if each]).values_list("contact_id", "id"))


def accounts_of(contacts: Iterable[int]) -> dict[int, int]:
    return dict(Contact.objects.filter(pk__in=list(contacts)).values_list("id", "account_id"))
