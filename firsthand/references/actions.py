"""Deeds on references. Slots are taken, moved and freed here and nowhere else."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.locks import locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact, Person
from firsthand.history.actions import Actor, record
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.references.capacity import Slot, why_no_slot
from firsthand.references.models import (
    Consent,
    ConsentScope,
    Engagement,
    Hold,
    Reference,
    ReferenceAccount,
    Willingness,
)

NOTHING: frozenset[str] = frozenset()


def take_slot(
    reference: Reference,
    *,
    activity_type: ActivityType,
    day: date,
    reserved_until: datetime | None,
    lifted: frozenset[str] = NOTHING,
    touch_of: int | None = None,
) -> Engagement:
    """Reserve a slot on `day`. `lifted` are codes of program rules excepted for this ask.

    Must run in a transaction; locks the reference account, the person and the reference, then counts.
    Raises `Refused` (409) with the sentence when no slot is free.
    """
    policy = in_force()
    lock_for_slots(reference)
    slot = Slot(activity_type, day, today_in(policy.time_zone), touch_of=touch_of)
    _refuse_without_slot(reference, slot, policy, lifted)
    return Engagement.objects.create(reference=reference, activity_type=activity_type, day=day, reserved_until=reserved_until)


def move_slot(
    engagement: Engagement,
    *,
    day: date,
    starts_at: datetime | None,
    lifted: frozenset[str] = NOTHING,
    touch_of: int | None = None,
) -> None:
    """Move a reserved slot to another day. Every slot rule is asked for the new day first; if one bars it, the old day stands.

    Must run in a transaction. Raises `Refused` (409).
    """
    policy = in_force()
    lock_for_slots(engagement.reference)
    slot = Slot(engagement.activity_type, day, today_in(policy.time_zone), besides=engagement.pk, touch_of=touch_of)
    if day != engagement.day:
        _refuse_without_slot(engagement.reference, slot, policy, lifted)
    engagement.day, engagement.starts_at, engagement.reserved_until = day, starts_at, None
    _write(engagement, "day", "starts_at", "reserved_until")


def keep_slot(engagement: Engagement) -> None:
    """The reference accepted: the reservation no longer runs out by itself."""
    engagement.reserved_until = None
    _write(engagement, "reserved_until")


def free_slot(engagement: Engagement) -> None:
    """Give a reserved slot back."""
    engagement.state = Engagement.State.RELEASED
    _write(engagement, "state")


def hold_slot(engagement: Engagement, *, hours: Decimal | None = None) -> None:
    """The engagement happened."""
    engagement.state, engagement.hours, engagement.reserved_until = Engagement.State.HELD, hours, None
    _write(engagement, "state", "hours", "reserved_until")


def miss_slot(engagement: Engagement, *, by: str) -> None:
    """It did not happen, because of `by` (`Engagement.MissedBy`); missed by the prospect, it counts as used all the same."""
    engagement.state, engagement.missed_by, engagement.reserved_until = Engagement.State.MISSED, by, None
    _write(engagement, "state", "missed_by", "reserved_until")


def grade_slot(engagement: Engagement, *, grade: Decimal) -> None:
    """Keep the grade (1 to 5) that the debriefs gave an engagement."""
    engagement.grade = grade
    _write(engagement, "grade")


def lock_for_slots(reference: Reference) -> None:
    """Lock whatever a slot of this reference is counted under, in the one order: reference account, person, reference."""
    list(locked(ReferenceAccount.objects.filter(pk=reference.reference_account_id)))
    list(locked(Person.objects.filter(contacts=reference.contact_id)))
    list(locked(Reference.objects.filter(pk=reference.pk)))


def _refuse_without_slot(reference: Reference, slot: Slot, policy: Policy, lifted: frozenset[str]) -> None:
    for rule, words in why_no_slot(reference, slot, policy):
        if rule.is_absolute or rule.code not in lifted:
            name = reference.contact.person.name
            raise Refused(f"{name} cannot be asked: {words}")


def _write(engagement: Engagement, *fields: str) -> None:
    engagement.revision += 1
    engagement.save(update_fields=[*fields, "revision"])


@transaction.atomic
def enroll(contact: Contact, *, by: Colleague) -> Reference:
    """Make a contact a reference, with what they agreed to still to be recorded (`record_consent`).

    Raises `Refused` (409) when the contact is enrolled already or has left the company.
    """
    locked(Contact.objects.filter(pk=contact.pk)).get()
    if Reference.objects.filter(contact=contact).exists():
        raise Refused(f"{contact.person.name} is a reference already. Open the reference to change it.")
    if contact.left_on is not None:
        raise Refused(f"{contact.person.name} left {contact.account.name}. Enroll their contact at the new company.")
    standing, _ = ReferenceAccount.objects.get_or_create(account=contact.account)
    reference = Reference.objects.create(contact=contact, reference_account=standing, enrolled_on=today_in(in_force().time_zone))
    record("enrolled", reference, by=by.actor)
    return reference


@transaction.atomic
def record_consent(
    contact: Contact,
    *,
    kind: str,
    by: Actor,
    activity_types: list[ActivityType] | None = None,
    wording: str = "",
    method: str = "",
    evidence: str = "",
    given_on: date | None = None,
    until: date | None = None,
    recheck_on: date | None = None,
) -> Consent:
    """Add one entry to a contact's consent ledger; `activity_types` None covers all.

    Raises `Refused` (400) when consent is said to be given without method and evidence, or covers nothing.
    """
    gives = kind in {Consent.Kind.GIVEN, Consent.Kind.NARROWED}
    if gives and not method:
        raise Refused("Say how the consent was given, such as by mail or in person on a date.", status=400)
    if gives and activity_types is not None and not activity_types:
        raise Refused("Choose at least one activity the consent covers.", status=400)
    covers_all = activity_types is None and kind not in {Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED}
    consent = Consent.objects.create(
        contact=contact,
        kind=kind,
        covers_all=covers_all,
        wording=wording,
        method=method,
        evidence=evidence,
        given_on=given_on or timezone.now().date(),
        until=until,
        recheck_on=recheck_on,
        recorded_by_kind=by.kind,
        recorded_by_id=by.id,
    )
    ConsentScope.objects.bulk_create([ConsentScope(consent=consent, activity_type=each) for each in activity_types or []])
    record("consent_recorded", contact, by=by, consent=consent.pk, kind=str(kind))
    return consent


@transaction.atomic
def set_willingness(reference: Reference, activity_type: ActivityType, *, by: Actor, answer: str, **audience: bool) -> Willingness:
    """Keep what a reference says about one activity type. `audience` may name to_prospects, to_analysts, to_press, to_public."""
    willingness, _ = Willingness.objects.update_or_create(
        reference=reference, activity_type=activity_type, defaults={"answer": answer, **audience}
    )
    record("willingness_set", reference, by=by, activity_type=activity_type.pk, answer=str(answer))
    return willingness


@transaction.atomic
def set_hold(
    target: Reference | ReferenceAccount,
    *,
    kind: str,
    by: Colleague | None,
    reason: str,
    until: date | None = None,
    starts_on: date | None = None,
    note: str = "",
) -> Hold:
    """Keep a reference, or all of a customer's people, from being asked until a day (or until lifted).

    Raises `Refused` (400) without a reason or when it would end before it starts.
    """
    start = starts_on or today_in(in_force().time_zone)
    if not reason.strip():
        raise Refused("Say why nobody may ask, in a few words.", status=400)
    if until is not None and until < start:
        raise Refused(f"The hold would end on {until:%-d %B %Y}, before it starts. Choose a later day.", status=400)
    where = {"reference": target} if isinstance(target, Reference) else {"reference_account": target}
    hold = Hold.objects.create(kind=kind, starts_on=start, until=until, reason=reason.strip(), note=note, set_by=by, **where)
    record("hold_set", target, by=by.actor if by else Actor("program"), hold=hold.pk)
    return hold


@transaction.atomic
def lift_hold(hold: Hold, *, by: Colleague) -> None:
    """End a hold now. Lifting it twice changes nothing."""
    if Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=timezone.now()):
        target = hold.reference or hold.reference_account
        if target is not None:
            record("hold_lifted", target, by=by.actor, hold=hold.pk)
