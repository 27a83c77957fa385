"""The times that one reader may choose among for an ask, as their clocks show them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.deals.naming import sees_deal
from firsthand.people.models import Colleague
from firsthand.requests.beside import time_to_come
from firsthand.requests.forms import zone_of
from firsthand.requests.models import Ask, Occasion, ReferenceRequest

A = Ask.Status


def time_fixed_already(ask: Ask) -> Occasion | None:
    """The time they are asked to come to, if one is fixed and they said yes without it."""
    return time_to_come(ask) if ask.status in {A.ACCEPTED, A.INTRODUCED} else None


def times_to_choose(ask: Ask, user: Colleague, fixed: Occasion | None) -> list[tuple[str, str]]:
    """The time that is `fixed` already, and `offered_times`."""
    at = fixed.starts_at.astimezone(ZoneInfo(zone_of(user))) if fixed else None
    return [*([(at.isoformat(), f"{at:%a %-d %b, %H:%M}, the time that is fixed")] if at else []), *offered_times(ask, user)]


def offered_times(ask: Ask, user: Colleague) -> list[tuple[str, str]]:
    """Times the reference offered that are still to come: the moment, and how the reader's wall clock shows it.

    One that comes after the day it is needed by says so, and one after the deal closes to those who see the deal.
    """
    soon, zone = timezone.now() + timedelta(minutes=5), ZoneInfo(zone_of(user))
    times = [each.astimezone(zone) for each in ask.offered_times.filter(starts_at__gt=soon).values_list("starts_at", flat=True)]
    closes = _closes_on(ask.reference_request, user) if times else None
    return [(each.isoformat(), f"{each:%a %-d %b, %H:%M}{_too_late(ask.reference_request, closes, each.date())}") for each in times]


def _closes_on(reference_request: ReferenceRequest, user: Colleague) -> date | None:
    deal = reference_request.opportunity
    return deal.close_date if deal is not None and deal.close_date and sees_deal(user, deal) else None


def _too_late(reference_request: ReferenceRequest, closes: date | None, on: date) -> str:
    if closes is not None and on > closes:
        return f", after the deal closes on {closes:%-d %b}"
    return f", after {reference_request.needed_by:%-d %b}, the day it is needed by" if on > reference_request.needed_by else ""
