"""What one person may do with an ask or a request now, as buttons."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_ended, why_not, why_not_request
from firsthand.requests.routing import answers_for_owner
from firsthand.requests.unsettled import stands, wants_time
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import ASK_MOVES, REQUEST_MOVES, AskMove, RequestMove

A, R, AM, RM = Ask.Status, ReferenceRequest.Status, AskMove, RequestMove


@dataclass(frozen=True)
class Act:
    """A button: a POST to `url` with the status that was seen, or a link where it leads to a form."""

    label: str
    url: str
    is_post: bool = False
    why_not: str = ""
    seen: str = ""
    icon: str = ""


def ask_url(ask: Ask) -> str:
    return reverse("requests:ask", args=[ask.pk])


def first_act(ask: Ask, user: Colleague, now: datetime) -> Act | None:
    """The one thing this person would do with the ask now, if there is one. Nothing before a time that is fixed has come."""
    if stands(ask, now):
        return None
    if ask.status == A.PROPOSED:
        if why_ended(ask.reference_request):
            return None
        return Act("Answer", reverse("requests:approval", args=[ask.pk])) if answers_for_owner(user, ask) else None
    if ask.status == A.HELD:
        owes = user.pk == ask.reference_request.requester_id and not ask.debriefs.filter(side="requester").exists()
        return Act("Say how it went", reverse("requests:debrief", args=[ask.pk])) if owes else None
    never = never_made(ask) | (frozenset({AM.HOLD}) if ask.reference_request.activity_type.is_tender else frozenset())
    never |= {AM.SCHEDULE} if ask.status == A.ACCEPTED and not wants_time(ask) else set()
    for move, label in FIRST.get(ask.status, ()):
        if move not in never and who_may_not(user, move, ask) is None:
            return _act(ask, move, label, user)
    return None


FIRST: dict[str, tuple[tuple[AskMove, str], ...]] = {
    A.APPROVED: ((AM.SEND, "Send ask"),),
    A.SENT: ((AM.ACCEPT, "Record answer"),),
    A.ACCEPTED: ((AM.SCHEDULE, "Fix time"), (AM.HOLD, "It happened")),
    A.INTRODUCED: ((AM.HOLD, "It happened"),),
    A.SCHEDULED: ((AM.HOLD, "It happened"), (AM.RESCHEDULE, "Move time")),
}


NO_TIME = frozenset({AM.SCHEDULE, AM.INTRODUCE})  # in a tender, evaluators call when they like
POSTS = {AM.SEND: "requests:sending"}
ANCHORS = {AM.ACCEPT: "answer", AM.SCHEDULE: "time", AM.RESCHEDULE: "time", AM.HOLD: "outcome"}


def _act(ask: Ask, move: AskMove, label: str, user: Colleague) -> Act:
    if move in POSTS:
        sentence = why_not(user, move, ask) or ""
        return Act(label, reverse(POSTS[move], args=[ask.pk]), is_post=True, why_not=sentence, seen=ask.status, icon="send")
    return Act(label, f"{ask_url(ask)}#{ANCHORS[move]}")


def request_acts(reference_request: ReferenceRequest, user: Colleague) -> list[Act]:
    urls = {
        RM.SUBMIT: "requests:submission",
        RM.CONFIRM_CONTENT: "requests:content_confirmation",
        RM.REOPEN: "requests:reopening",
    }
    possible = REQUEST_MOVES[reference_request.status]
    return [
        Act(str(move.label), reverse(name, args=[reference_request.pk]), is_post=True, seen=reference_request.status)
        for move, name in urls.items()
        if move in possible and why_not_request(user, move, reference_request) is None
    ]


def moves_for(ask: Ask, user: Colleague) -> set[str]:
    """The moves this person may make with this ask in its present state, whatever rules bar it."""
    never = never_made(ask)
    return {move for move in ASK_MOVES[ask.status] if move not in never and who_may_not(user, move, ask) is None}


def never_made(ask: Ask) -> frozenset[AskMove]:
    """The moves that this activity has no use for in the ask's present state."""
    activity_type = ask.reference_request.activity_type
    if activity_type.is_tender:
        return NO_TIME
    if not activity_type.has_time:
        return frozenset({AM.SCHEDULE})
    return frozenset({AM.HOLD}) if ask.status == A.ACCEPTED and activity_type.needs_time else frozenset()
