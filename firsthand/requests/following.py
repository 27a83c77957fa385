"""What follows from the asks: the status of their request, and the end of asks that are not needed any more."""

from django.utils import timezone

from firsthand.core.links import revoke_links
from firsthand.history.actions import PROGRAM
from firsthand.history.models import Event
from firsthand.references.actions import free_slot
from firsthand.references.models import Engagement
from firsthand.requests.letters import APPROVAL, tell, write, write_to_reference
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import Locked, move_ask, move_request
from firsthand.requests.permissions import Mover
from firsthand.requests.workflow import REQUEST_MOVES, AskMove, RequestMove

A, R = Ask.Status, ReferenceRequest.Status
TOLD = frozenset({A.SENT, A.ACCEPTED, A.INTRODUCED, A.SCHEDULED})
AGREED = frozenset({A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD})


def follow(scene: Locked) -> None:
    """Bring the request's status up to its asks. Every ask move ends here.

    Enough agreed: asks still waiting for an answer end. Enough held: all others end, and the request is fulfilled.
    """
    reference_request = scene.reference_request
    held = sum(ask.status == A.HELD for ask in scene.asks)
    agreed = sum(ask.status in AGREED for ask in scene.asks)
    if reference_request.status == R.SUBMITTED and scene.asks:
        move_request(reference_request, RequestMove.ASK, by=PROGRAM)
    if agreed >= reference_request.n_wanted:
        keep = AGREED if held < reference_request.n_wanted else frozenset({A.HELD})
        for ask in scene.open_asks():
            if ask.status not in keep:
                end_ask(ask, by=PROGRAM, reason="Enough others agreed.")
    if held >= reference_request.n_wanted:
        fulfill(reference_request)
    elif held and RequestMove.ADVANCE in REQUEST_MOVES[reference_request.status]:
        event = move_request(reference_request, RequestMove.ADVANCE, by=PROGRAM)
        tell(event, reference_request, [reference_request.requester])


def fulfill(reference_request: ReferenceRequest) -> None:
    """The last reference wanted has happened."""
    now = timezone.now()
    event = move_request(reference_request, RequestMove.FULFILL, by=PROGRAM, fulfilled_at=now, ended_at=now)
    tell(event, reference_request, [reference_request.requester, reference_request.manager], by_mail=True)


def end_ask(ask: Ask, *, by: Mover, reason: str, seen: str = "", tells_reference: bool = True) -> Event:
    """Take an ask back: free its slot, tell the reference if they were asked and whoever agreed if they were told."""
    was = ask.status
    event = move_ask(ask, AskMove.CANCEL, by=by, seen=seen, canceled_reason=reason, facts={"was": str(was)})
    release(ask)
    revoke_links([APPROVAL], ask.pk, now=timezone.now())
    if was in TOLD and (tells_reference or ask.occasion is not None):
        tell_the_reference(ask, was)
    tell(event, ask, [ask.approver, ask.reference.account.owner if was != A.PROPOSED else None])
    return event


def tell_the_reference(ask: Ask, was: str) -> None:
    """By the door they were asked through: a mail, or the owner who asked in person. A fixed time is taken out of calendars."""
    if ask.occasion is not None:
        ask.occasion.canceled_at = timezone.now()
        ask.occasion.sequence += 1
        ask.occasion.save(update_fields=["canceled_at", "sequence"])
        write("unfixed", ask.reference_request.requester, ask, sequence=ask.occasion.sequence)
        for attendee in ask.reference_request.attendees.exclude(email=""):
            write("unfixed", attendee, ask, sequence=ask.occasion.sequence)
        write_to_reference("unfixed", ask, sequence=ask.occasion.sequence)
    elif ask.door == Ask.Door.PROGRAM:
        write_to_reference("no_longer", ask)
    owner = ask.reference.account.owner
    if ask.door == Ask.Door.OWNER and owner is not None:
        write("no_longer_in_person", owner, ask)


def release(ask: Ask) -> None:
    """Give the ask's slot back, if it still holds one."""
    if ask.engagement is not None and ask.engagement.state == Engagement.State.RESERVED:
        free_slot(ask.engagement)
