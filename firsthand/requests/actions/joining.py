"""A second request asks to come to a time that is fixed already, and follows it while nobody has answered."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.history.actions import PROGRAM, record
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.policy import newest
from firsthand.requests.actions.answering import put_out
from firsthand.requests.actions.lifting import lift_for_day, who_may_not_lift
from firsthand.requests.actions.meeting import day_of
from firsthand.requests.following import end_ask, follow
from firsthand.requests.letters import managers_of, owner_side, tell, write_to_reference
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.requests.moving import lock, move_ask, refuse_with
from firsthand.requests.permissions import why_no_address, why_nobody_more, why_not_request_now
from firsthand.requests.places import why_not_join, why_over
from firsthand.requests.routing import chain
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.workflow import AskMove, RequestMove

OFF = "The time it was to share does not stand any more."
BEGUN = "The time it was to share came before there was an answer."
AT_ONCE = 200


@deed
def join(reference_request: ReferenceRequest, host: Ask, *, by: Colleague, exception: str = "") -> Ask:
    """Ask the reference whether this request may share the time fixed for another. No slot is taken; a place is, until they answer.

    `exception` is a manager's reason to lift the program rules that stand against it, for this ask alone.
    The owner has approved of the time already and is told. Raises `Refused`: 403 for who may not, 409 with the sentence.
    """
    scene = lock(reference_request, and_references=[host.reference])
    fresh = scene.reference_request
    refuse_with(who_may_not_request(by, RequestMove.ASK, fresh), status=403)
    refuse_with(why_not_request_now(RequestMove.ASK, fresh) or why_nobody_more(fresh))
    shared = Ask.objects.select_related("engagement", "occasion", "reference__contact__person").get(pk=host.pk)
    if shared.occasion is not None:
        list(locked(Occasion.objects.filter(pk=shared.occasion.pk)))
    refuse_with(who_may_not_lift(by) if exception.strip() else None, status=403)
    refuse_with(why_not_join(fresh, shared, viewer=by, lifts=bool(exception.strip())))
    refuse_with(why_no_address(shared.reference))
    ask = Ask.objects.create(
        reference_request=fresh,
        reference=shared.reference,
        joins=shared,
        policy=newest(),
        proposed_by=by,
        approver=next(iter(chain(shared.reference, fresh)), None),
        waiting_since=timezone.now(),
    )
    scene.asks.append(ask)
    if shared.occasion is not None:
        lift_for_day(ask, day_of(shared.occasion.starts_at), by=by, reason=exception)
    event = record("join", ask, by=by.actor, context=fresh, joins=shared.pk)
    move_ask(ask, AskMove.APPROVE, by=PROGRAM, facts={"joins": shared.pk})
    put_out(ask, by=PROGRAM)
    write_to_reference("ask", ask)
    follow(scene)
    tell(event, ask, owner_side(ask), by_mail=True)
    tell(event, ask, [fresh.requester, *managers_of(fresh)])
    return ask


def end_joined(now: datetime) -> int:
    """End asks that wait to share a time which is off by now, or has come: by whatever door, each in its own transaction. Says how many.

    Time does this and not whoever calls the time off: it is a move of another request, whose locks are taken before theirs.
    """
    waiting = Ask.objects.filter(status=Ask.Status.SENT, joins__isnull=False).select_related("reference_request")
    over = waiting.filter(
        ~Q(joins__status=Ask.Status.SCHEDULED) | Q(joins__occasion__canceled_at__lte=now) | Q(joins__occasion__starts_at__lte=now)
    )
    return sum(_end_joined(ask) for ask in over.order_by("pk")[:AT_ONCE])


@deed
def _end_joined(ask: Ask) -> int:
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    host = fresh.joins
    occasion = host.occasion if host else None
    if fresh.status != Ask.Status.SENT or host is None or (occasion and why_over(host, occasion) is None):
        return 0
    begun = occasion is not None and occasion.canceled_at is None and host.status != Ask.Status.CANCELED
    event = end_ask(fresh, by=PROGRAM, reason=BEGUN if begun else OFF, tells_reference=not (begun or _called_off(host)))
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester, *managers_of(fresh.reference_request)], by_mail=True)
    return 1


def _called_off(host: Ask) -> bool:
    """Whether the reference took the time back themselves: they know that nothing comes of it."""
    ends = Event.objects.filter(subject_kind="ask", subject_id=host.pk, verb=AskMove.CANCEL).order_by("-pk")
    return ends.values_list("actor_kind", flat=True).first() == "contact"
