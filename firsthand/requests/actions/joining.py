"""A second request asks to come to a time that is fixed already."""

from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.history.actions import PROGRAM, record
from firsthand.people.models import Colleague
from firsthand.program.policy import newest
from firsthand.requests.actions.answering import put_out, why_no_address
from firsthand.requests.following import follow
from firsthand.requests.letters import managers_of, tell, write_to_reference
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.requests.moving import lock, move_ask, refuse_with
from firsthand.requests.permissions import why_not_request_now
from firsthand.requests.places import why_not_join
from firsthand.requests.routing import chain
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.workflow import AskMove, RequestMove


@deed
def join(reference_request: ReferenceRequest, host: Ask, *, by: Colleague) -> Ask:
    """Ask the reference whether this request may share the time fixed for another. No slot is taken; a place is, until they answer.

    The owner has approved of the time already and is told. Raises `Refused`: 403 for who may not, 409 with the sentence.
    """
    scene = lock(reference_request, and_references=[host.reference])
    fresh = scene.reference_request
    refuse_with(who_may_not_request(by, RequestMove.ASK, fresh), status=403)
    refuse_with(why_not_request_now(RequestMove.ASK, fresh))
    shared = Ask.objects.select_related("engagement", "occasion", "reference__contact__person").get(pk=host.pk)
    if shared.occasion is not None:
        list(locked(Occasion.objects.filter(pk=shared.occasion.pk)))
    refuse_with(why_not_join(fresh, shared, viewer=by))
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
    event = record("join", ask, by=by.actor, context=fresh, joins=shared.pk)
    move_ask(ask, AskMove.APPROVE, by=PROGRAM, facts={"joins": shared.pk})
    put_out(ask, by=PROGRAM)
    write_to_reference("ask", ask)
    follow(scene)
    tell(event, ask, [ask.reference.account.owner], by_mail=True)
    tell(event, ask, [fresh.requester, *managers_of(fresh)])
    return ask
