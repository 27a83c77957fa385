"""Slots are taken, moved and freed here and nowhere else."""

from datetime import date, datetime
from decimal import Decimal

from firsthand.core.clock import today as today_in
from firsthand.core.locks import locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Person
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.references.capacity import Promise, Slot, why_no_slot
from firsthand.references.models import Engagement, Reference, ReferenceAccount

NOTHING: frozenset[str] = frozenset()
NOBODY: frozenset[int] = frozenset()


def take_slot(
    reference: Reference,
    *,
    activity_type: ActivityType,
    day: date,
    reserved_until: datetime | None,
    lifted: frozenset[str] = NOTHING,
    touch_of: int | None = None,
    promise: Promise | None = None,
) -> Engagement:
    """Reserve a slot on `day`. `lifted` are codes of program rules excepted for this ask, `promise` that ask if it is out.

    Must run in a transaction; locks the reference account, the person and the reference, then counts.
    Raises `Refused` (409) with the sentence when no slot is free.
    """
    policy = in_force()
    lock_for_slots(reference)
    slot = Slot(activity_type, day, today_in(policy.time_zone), touch_of=_only(touch_of), promise=promise)
    _refuse_without_slot(reference, slot, policy, lifted)
    return Engagement.objects.create(reference=reference, activity_type=activity_type, day=day, reserved_until=reserved_until)


def log_slot(reference: Reference, *, activity_type: ActivityType, day: date) -> Engagement:
    """A slot that was used without asking the program: held at once. No rule is asked, since it is so; it counts like any other.

    Must run in a transaction; locks as `take_slot` does.
    """
    lock_for_slots(reference)
    outside, held = Engagement.Source.OUTSIDE, Engagement.State.HELD
    return Engagement.objects.create(reference=reference, activity_type=activity_type, day=day, source=outside, state=held)


def move_slot(
    engagement: Engagement,
    *,
    day: date,
    starts_at: datetime | None,
    lifted: frozenset[str] = NOTHING,
    touch_of: int | None = None,
    promise: Promise | None = None,
) -> None:
    """Move a reserved slot to another day. Every slot rule is asked for the new day first; if one bars it, the old day stands.

    Must run in a transaction. Raises `Refused` (409).
    """
    policy = in_force()
    lock_for_slots(engagement.reference)
    today, besides = today_in(policy.time_zone), _only(engagement.pk)
    slot = Slot(engagement.activity_type, day, today, besides=besides, touch_of=_only(touch_of), promise=promise)
    if day != engagement.day:
        _refuse_without_slot(engagement.reference, slot, policy, lifted)
    engagement.day, engagement.starts_at, engagement.reserved_until = day, starts_at, None
    _write(engagement, "day", "starts_at", "reserved_until")


def _only(pk: int | None) -> frozenset[int]:
    return NOBODY if pk is None else frozenset({pk})


def keep_slot(engagement: Engagement, *, until: datetime | None = None) -> None:
    """The reservation runs until then; without a time (the reference accepted) it no longer runs out by itself."""
    engagement.reserved_until = until
    _write(engagement, "reserved_until")


def free_slot(engagement: Engagement) -> None:
    """Give a reserved slot back."""
    engagement.state = Engagement.State.RELEASED
    _write(engagement, "state")


def hold_slot(engagement: Engagement, *, hours: Decimal | None = None, day: date | None = None) -> None:
    """The engagement happened, on `day` where that was not known before."""
    engagement.day = day or engagement.day
    engagement.state, engagement.hours, engagement.reserved_until = Engagement.State.HELD, hours, None
    engagement.missed_by = ""  # one side missed it, and it happened for another
    _write(engagement, "state", "day", "hours", "reserved_until", "missed_by")


def miss_slot(engagement: Engagement, *, by: str) -> None:
    """It did not happen, because of `by` (`Engagement.MissedBy`); missed by the prospect, it counts as used all the same."""
    engagement.state, engagement.missed_by, engagement.reserved_until = Engagement.State.MISSED, by, None
    engagement.hours = None  # it may have been held by mistake
    _write(engagement, "state", "missed_by", "reserved_until", "hours")


def grade_slot(engagement: Engagement, *, grade: Decimal | None) -> None:
    """Keep the grade (1 to 5) that the debriefs gave an engagement; None where they gave none."""
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
