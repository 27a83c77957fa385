"""What was agreed and is not settled: since when somebody should say when it is, or whether it happened."""

from datetime import datetime, timedelta

from django.db.models import Q

from firsthand.core.clock import add_working_days
from firsthand.program.models import ActivityType
from firsthand.requests.models import Ask

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


def unsettled(before: datetime) -> tuple[Q, ...]:
    """Asks that were agreed and of which nobody has said since that moment when it is, or whether it happened: one part per state."""
    return (
        Q(status=A.ACCEPTED, waiting_since__lt=before) & ~IN_TENDER,
        Q(status=A.INTRODUCED, waiting_since__lt=before - A_WEEK),
        Q(status=A.SCHEDULED, occasion__starts_at__lt=before),
    )
