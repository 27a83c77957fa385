"""What the program returned lately, for the sponsor: each figure with its definition and n, and nothing below a least n."""

from datetime import datetime, timedelta
from statistics import median

from django.db.models import Min, Q

from firsthand.core.ui.parts import Figure
from firsthand.core.words import number, percent
from firsthand.requests.models import BarException, ReferenceRequest
from firsthand.requests.outside import share_outside

DAYS = 90
LEAST = 5
R = ReferenceRequest.Status


def of_program(now: datetime) -> list[Figure]:
    """The last 90 days, by the day a request ended or an exception was granted."""
    since = now - timedelta(days=DAYS)
    ended = ReferenceRequest.objects.filter(ended_at__gte=since, status__in=[R.FULFILLED, R.UNFULFILLED])
    total, fulfilled = ended.count(), ended.filter(status=R.FULFILLED).count()
    return [_share(fulfilled, total), _time_to_yes(since), _exceptions(since), share_outside(now)]


def _share(fulfilled: int, total: int) -> Figure:
    if total < LEAST:
        return _not_shown("Requests fulfilled", total, "ended requests")
    basis = f"{fulfilled} of {total} that ended in {DAYS} days, withdrawn ones aside"
    return Figure("Requests fulfilled", percent(fulfilled / total), basis=basis)


def _time_to_yes(since: datetime) -> Figure:
    """Days from submission to the first reference who said yes."""
    said_yes = Q(asks__status__in=["accepted", "introduced", "scheduled", "held", "missed"])
    asked = ReferenceRequest.objects.filter(submitted_at__gte=since).annotate(yes=Min("asks__answered_at", filter=said_yes))
    rows = asked.filter(yes__isnull=False).values_list("submitted_at", "yes")
    days = [(yes - start).total_seconds() / 86400 for start, yes in rows if start]
    if len(days) < LEAST:
        return _not_shown("Time to first yes", len(days), "requests with a yes")
    return Figure("Time to first yes", number(median(days), 1), unit="d", basis=f"median from submission, n = {len(days)}, {DAYS} days")


def _exceptions(since: datetime) -> Figure:
    count = BarException.objects.filter(granted_at__gte=since).count()
    return Figure("Exceptions granted", number(count), basis=f"program rules lifted for one ask, {DAYS} days")


def _not_shown(label: str, n: int, what: str) -> Figure:
    return Figure(label, "–", basis=f"Not shown: {n} {what}, and {LEAST} are needed.")
