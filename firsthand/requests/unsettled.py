"""What was agreed and is not settled: since when somebody should say when it is, or whether it happened."""

from datetime import datetime, timedelta

from django.db.models import Q

from firsthand.core.clock import add_working_days
from firsthand.program.models import ActivityType
from firsthand.requests.models import Ask, Debrief, Outcome

A = Ask.Status
SETTLING = (A.ACCEPTED, A.INTRODUCED, A.SCHEDULED)
INTRODUCED_FOR = 5  # working days in which both sides find a time, before anybody asks whether it happened
A_WEEK = timedelta(days=7)  # the same in days of the calendar, where a statement counts them
IN_TENDER = Q(reference_request__activity_type__code=ActivityType.TENDER)  # they stand by until evaluators call


def since_of(ask: Ask, now: datetime) -> datetime | None:
    """Since when an open ask waits for somebody; None while a time, a window or an introduction is still under way."""
    if ask.status == A.SCHEDULED:
        over = ask.occasion.starts_at + timedelta(minutes=ask.occasion.minutes) if ask.occasion else None
        return over if over is not None and over <= now else None
    if ask.status == A.INTRODUCED:
        due = add_working_days(ask.waiting_since, INTRODUCED_FOR)
        return due if due <= now else None
    if ask.status == A.ACCEPTED and ask.reference_request.activity_type.is_tender:
        return None
    return ask.waiting_since


def may_have_happened(ask: Ask, now: datetime) -> bool:
    """Whether it is settled and no more taken back: its fixed time has come, or one side has said whether it happened."""
    has_come = ask.status == A.SCHEDULED and ask.occasion is not None and ask.occasion.starts_at <= now
    return has_come or (ask.status in SETTLING and ask.outcomes.exists())


def to_be_settled(now: datetime) -> Q:
    """The same as a part of a statement."""
    said = Q(status__in=SETTLING, pk__in=Outcome.objects.values("ask"))
    return Q(status=A.SCHEDULED, occasion__starts_at__lte=now) | said


def wants_time(ask: Ask) -> bool:
    """Whether a yes waits for a time: always where it happens at one, and where the reference offered some for what needs none."""
    activity_type = ask.reference_request.activity_type
    return activity_type.needs_time or (activity_type.has_time and ask.offered_times.exists())


def is_due(ask: Ask, now: datetime) -> bool:
    """Whether an agreed ask waits for somebody: for a time, or for the word whether it happened, which one side may say early."""
    return since_of(ask, now) is not None or any(each.side == Debrief.Side.REFERENCE for each in ask.outcomes.all())


def stands(ask: Ask, now: datetime) -> bool:
    """Whether a time is fixed, or both are introduced, and nothing is to be done before it has come."""
    return ask.status in {A.INTRODUCED, A.SCHEDULED} and not is_due(ask, now)


def unsettled(before: datetime) -> tuple[Q, ...]:
    """Asks that were agreed and of which nobody has said since that moment when it is, or whether it happened: one part per state."""
    return (
        Q(status=A.ACCEPTED, waiting_since__lt=before) & ~IN_TENDER,
        Q(status=A.INTRODUCED, waiting_since__lt=before - A_WEEK),
        Q(status=A.SCHEDULED, occasion__starts_at__lt=before),
    )
