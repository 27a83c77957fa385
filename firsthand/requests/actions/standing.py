"""A reference is kept from being asked: what is fixed stands, what is under way waits, and whoever looks after either is told."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.locks import deed
from firsthand.core.words import day_year
from firsthand.history.actions import Actor, record
from firsthand.history.models import Event
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.models import Hold, Reference
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, AskQuerySet
from firsthand.requests.moving import lock

RESTS = (Hold.Kind.OWN, Hold.Kind.OWNER)  # a legal hold is nobody's rest, and told to no more people than before
STILL_NEWS = timedelta(days=7)
RELATED = (
    *("approver", "occasion", "reference__contact__account__owner"),
    *("reference_request__activity_type", "reference_request__manager", "reference_request__requester"),
)


@deed
def tell_what_stands(
    reference: Reference, *, by: Actor, activity_types: Iterable[ActivityType] | None = None, from_day: date | None = None
) -> list[Ask]:
    """The times fixed with this reference that are still to come (of these activities only), the soonest first.

    They stand: a pause and a no keep from asking and take nothing back. The owner and the manager in charge read so by mail, the
    requester as a notice. What waits is told, too; `from_day` is the first day they may be asked again, where it is known.
    """
    kinds = {} if activity_types is None else {"reference_request__activity_type__in": list(activity_types)}
    theirs = Ask.objects.filter(reference=reference, **kinds).select_related(*RELATED)
    fixed = theirs.filter(status=Ask.Status.SCHEDULED, occasion__starts_at__gt=timezone.now())
    asks = list(fixed.order_by("occasion__starts_at", "pk"))
    for ask in asks:
        event = record("stands", ask, by=by, context=ask.reference_request)
        tell(event, ask, [ask.reference.account.owner, *managers_of(ask.reference_request)], by_mail=True)
        tell(event, ask, [ask.reference_request.requester])
    for ask in waiting(theirs):
        _tell_of_waiting(ask, by=by, from_day=from_day)
    return asks


def tell_of_holds(now: datetime) -> int:
    """Tell whoever looks after an ask that waits since a colleague set a hold on the record of its reference. Says how many were told.

    The room where a hold is set knows no asks, so time does this, and whoever sets one wakes the worker.
    """
    today = today_in(in_force().time_zone)
    recent = Hold.objects.filter(kind__in=RESTS, set_by__isnull=False, lifted_at=None, created_at__gt=now - STILL_NEWS)
    standing = recent.filter(Q(until=None) | Q(until__gte=today), starts_on__lte=today).select_related("set_by").order_by("pk")
    return sum(_tell_once(ask, hold) for hold in standing for ask in _untold(hold))


def _untold(hold: Hold) -> list[Ask]:
    """The asks that wait since this hold, and of which nobody was told since."""
    whose = {"reference": hold.reference_id} if hold.reference_id else {"reference__reference_account": hold.reference_account_id}
    told = Event.objects.filter(verb="waits", subject_kind="ask", at__gte=hold.created_at)
    return waiting(Ask.objects.filter(sent_at__lte=hold.created_at, **whose).exclude(pk__in=told.values("subject_id")))


@deed
def _tell_once(ask: Ask, hold: Hold) -> int:
    lock(ask.reference_request)
    fresh = next((each for each in _untold(hold) if each.pk == ask.pk), None)
    if fresh is None or hold.set_by is None:
        return 0
    _tell_of_waiting(fresh, by=hold.set_by.actor, from_day=hold.until + timedelta(days=1) if hold.until else None)
    return 1


def _tell_of_waiting(ask: Ask, *, by: Actor, from_day: date | None) -> None:
    words = f"Not before {day_year(from_day)}." if from_day else ""
    event = record("waits", ask, by=by, context=ask.reference_request, words=words)
    ours = [ask.reference_request.requester, *managers_of(ask.reference_request), ask.reference.account.owner, ask.approver]
    tell(event, ask, ours, by_mail=True)


def waiting(asks: AskQuerySet) -> list[Ask]:
    """Those of which no yes counts, or no time can be fixed, while the reference is kept from being asked."""
    under_way = asks.filter(status__in=[Ask.Status.SENT, Ask.Status.ACCEPTED]).select_related(*RELATED).order_by("pk")
    return [ask for ask in under_way if ask.status == Ask.Status.SENT or ask.reference_request.activity_type.has_time]
