"""Who may make which move, and what stands in the way. One sentence for page, button, API, agent tool and test."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.customers.models import Contact
from firsthand.history.actions import Actor
from firsthand.matching.rules import Bar, why_barred
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_name
from firsthand.references.models import Engagement, Reference
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.needs import need_of
from firsthand.requests.routing import answers_for_owner, is_on_owner_side
from firsthand.requests.workflow import ASK_MOVES, BY_ITSELF, REQUEST_MOVES, AskMove, RequestMove

# A colleague (signed in or by a mailed link), the reference by their own link, or the program itself.
Mover = Colleague | Contact | Actor

AM, RM = AskMove, RequestMove

# Moves that need a reference who may be asked at that very moment.
JUDGED = frozenset({AM.APPROVE, AM.SEND, AM.ACCEPT, AM.SCHEDULE, AM.RESCHEDULE, AM.INTRODUCE})
# Rules by which a reference takes back what they agreed to. Other rules keep from asking and leave a fixed time as it is.
WITHDRAWN = ("left", "consent", "unsubscribed")
# What somebody outside the house reads in place of a rule's sentence, which tells facts of the reference.
CHANGED = "This has changed since we wrote, and nothing is asked of you any more. Write to us if you would have liked to."
OUTSIDE = {"contact": CHANGED, "prospect": "This time cannot be fixed any more. Choose another one, or ask whoever sent you the link."}
OPEN_FOR_ASKS = frozenset({ReferenceRequest.Status.SUBMITTED, ReferenceRequest.Status.ASKING, ReferenceRequest.Status.PARTLY_FULFILLED})


def why_not(mover: Mover, move: str, ask: Ask, *, day: date | None = None) -> str | None:
    """None when this mover may make this move on this ask now, else the sentence that says why not.

    `day` is the day it would be moved to; without one the day of its slot is judged.
    """
    return who_may_not(mover, move, ask) or why_not_now(mover, move, ask, day=day)


def who_may_not(mover: Mover, move: str, ask: Ask) -> str | None:
    """The sentence for somebody whose move this is not, whatever the state of the ask."""
    if mover_may(mover, move, ask):
        return None
    return WHOSE[move](ask)


def why_not_now(mover: Mover, move: str, ask: Ask, *, day: date | None = None) -> str | None:
    """The sentence for a move that its own mover cannot make in the present state, or because a rule bars the reference."""
    if move not in ASK_MOVES[ask.status]:
        return f"“{AskMove(move).label}” is not possible any more: this ask is {ask.get_status_display().lower()}."
    if move in JUDGED and ask.reference_request.status not in OPEN_FOR_ASKS:
        return f"Nobody is needed any more: the request is {ask.reference_request.get_status_display().lower()}."
    return BESIDES.get(move, no_more)(ask, viewer(mover)) or (barring_sentence(mover, ask, day=day) if move in JUDGED else None)


def why_not_request(mover: Mover, move: str, reference_request: ReferenceRequest) -> str | None:
    """The same for a move of the request."""
    return who_may_not_request(mover, move, reference_request) or why_not_request_now(move, reference_request)


def who_may_not_request(mover: Mover, move: str, reference_request: ReferenceRequest) -> str | None:
    if isinstance(mover, Actor) or (move not in BY_ITSELF and MAY_REQUEST[move](mover, reference_request)):
        return None
    return WHOSE_REQUEST[move]


def why_not_request_now(move: str, reference_request: ReferenceRequest) -> str | None:
    if move == RM.ASK:
        if reference_request.status in OPEN_FOR_ASKS:
            return _why_no_window(reference_request)
    elif move in REQUEST_MOVES[reference_request.status]:
        if move == RM.ANSWER_WITH_CONTENT and reference_request.asks.open().exists():
            return "Somebody is being asked already. Cancel the open asks first, then answer with content."
        return None
    return f"“{RequestMove(move).label}” is not possible now: the request is {reference_request.get_status_display().lower()}."


def _why_no_window(reference_request: ReferenceRequest) -> str | None:
    if not reference_request.activity_type.is_tender or reference_request.window_from:
        return None
    return "Say first on the request from when until when evaluators may call: the slots are held for that window."


def why_not_propose(mover: Mover, reference: Reference, reference_request: ReferenceRequest) -> str | None:
    """None when an ask of this reference may be proposed for this request now; the rules' sentence where one bars it."""
    sentence = why_not_request(mover, RM.ASK, reference_request)
    if sentence is not None:
        return sentence
    if reference_request.asks.open().filter(reference=reference).exists():
        return f"{shown_name(reference, viewer(mover))} is proposed for this request already."
    bars = bars_of(reference_request, reference, viewer=viewer(mover))
    return bars[0].sentence if bars else None


def why_full(reference_request: ReferenceRequest, more: int = 1) -> str | None:
    """The sentence when `more` reservations would be more than a request may hold: n wanted and a few beyond."""
    most = reference_request.n_wanted + in_force().reservations_beyond_wanted
    open_asks = reference_request.asks.open().count()
    if open_asks + more <= most:
        return None
    return f"A request for {reference_request.n_wanted} holds at most {most} reservations, and {open_asks} are open. Cancel one first."


def bars_of(
    reference_request: ReferenceRequest,
    reference: Reference,
    *,
    ask: Ask | None = None,
    viewer: Colleague | None = None,
    day: date | None = None,
    joins: Engagement | None = None,
) -> list[Bar]:
    """Every bar that no recorded exception lifts, absolute ones first. `joins` is an engagement that would be shared."""
    lifted = lifted_for(ask) if ask else frozenset()
    bars = why_barred(need_of(reference_request, ask, day=day, joins=joins), reference, viewer=viewer)
    return [bar for bar in bars if bar.is_absolute or bar.rule.code not in lifted]


def withdrawn_bar(ask: Ask, *, viewer: Colleague | None = None) -> Bar | None:
    """The bar that says the reference wants no more of it, judged for this ask; it ends even what was agreed."""
    bars = bars_of(ask.reference_request, ask.reference, ask=ask, viewer=viewer)
    return next((bar for bar in bars if bar.rule.code in WITHDRAWN), None)


def barring_sentence(mover: Mover, ask: Ask, *, day: date | None = None) -> str | None:
    bars = bars_of(ask.reference_request, ask.reference, ask=ask, viewer=viewer(mover), day=day)
    if bars and isinstance(mover, Contact):
        return CHANGED
    if bars and isinstance(mover, Actor) and mover.kind in OUTSIDE:
        return OUTSIDE[mover.kind]
    return bars[0].sentence if bars else None


def lifted_for(ask: Ask) -> frozenset[str]:
    """Codes of the program rules a manager lifted for this ask."""
    return frozenset(ask.exceptions.values_list("rule", flat=True)) if ask.pk else frozenset()


def viewer(mover: Mover) -> Colleague | None:
    """Whose eyes a sentence is for; the reference and the program see the facts."""
    return mover if isinstance(mover, Colleague) else None


def mover_may(mover: Mover, move: str, ask: Ask) -> bool:
    """Whether this move is theirs to make at all."""
    if isinstance(mover, Actor):
        return True
    if isinstance(mover, Contact):
        return move in {AM.ACCEPT, AM.DECLINE} and mover.pk == ask.reference.contact_id
    return move not in BY_ITSELF and any(may(mover, ask) for may in MAY[move])


def manages(colleague: Colleague, ask: Ask) -> bool:
    return colleague.runs_program


def requested(colleague: Colleague, ask: Ask) -> bool:
    return colleague.pk == ask.reference_request.requester_id


def serves_themselves(colleague: Colleague, ask: Ask) -> bool:
    """The requester, where the policy lets requesters ask for this activity type without a manager."""
    return requested(colleague, ask) and is_self_service(ask.reference_request)


def asks_in_person(colleague: Colleague, ask: Ask) -> bool:
    """Somebody who can say what the reference answered: the owner's side, and managers."""
    return colleague.runs_program or is_on_owner_side(colleague, ask)


def is_self_service(reference_request: ReferenceRequest) -> bool:
    return in_force().for_activity(reference_request.activity_type.code).routing == "self_service"


Ground = Callable[[Colleague, Ask], bool]

MAY: Mapping[str, Iterable[Ground]] = {
    AM.APPROVE: (answers_for_owner,),
    AM.REFUSE: (answers_for_owner,),
    AM.SEND: (manages, serves_themselves, answers_for_owner),
    AM.ACCEPT: (asks_in_person,),
    AM.DECLINE: (asks_in_person,),
    AM.SCHEDULE: (manages, requested, is_on_owner_side),
    AM.RESCHEDULE: (manages, requested, is_on_owner_side),
    AM.INTRODUCE: (manages, requested, is_on_owner_side),
    AM.HOLD: (manages, requested, is_on_owner_side),
    AM.MISS: (manages, requested, is_on_owner_side),
    AM.CANCEL: (manages, requested, is_on_owner_side),
}


def _waits_for(ask: Ask) -> str:
    if ask.approver is not None:
        return f"This answer is {ask.approver.name}’s to give, or of whoever stands in."
    return "A program manager gives this answer."


def _both_sides(ask: Ask) -> str:
    return "The requester, the account owner or a program manager does this."


WHOSE: Mapping[str, Callable[[Ask], str]] = {
    AM.APPROVE: _waits_for,
    AM.REFUSE: _waits_for,
    AM.SEND: lambda ask: "A program manager sends this ask.",
    AM.ACCEPT: lambda ask: "Only the reference answers, or whoever asked them in person.",
    AM.DECLINE: lambda ask: "Only the reference answers, or whoever asked them in person.",
    AM.SCHEDULE: _both_sides,
    AM.RESCHEDULE: _both_sides,
    AM.INTRODUCE: _both_sides,
    AM.HOLD: _both_sides,
    AM.MISS: _both_sides,
    AM.CANCEL: _both_sides,
    AM.EXPIRE: lambda ask: "A reservation expires by itself.",
    AM.LAPSE: lambda ask: "An ask lapses by itself.",
}


def no_more(ask: Ask, reader: Colleague | None) -> str | None:
    return None


def why_in_person(ask: Ask, reader: Colleague | None) -> str | None:
    """The sentence when the owner has to ask in person first; None where that is done, or consent stands confirmed."""
    if ask.door == Ask.Door.OWNER or is_confirmed(ask.reference):
        return None
    name = shown_name(ask.reference, reader)
    return f"{name} is unconfirmed: the account owner asks in person first and records the answer, which counts as the consent."


def _no_time(ask: Ask, reader: Colleague | None) -> str | None:
    if not ask.reference_request.activity_type.is_tender:
        return None
    return "Evaluators call when they like within the window, so no time is fixed."


def _not_yet(ask: Ask, reader: Colleague | None) -> str | None:
    if ask.status == Ask.Status.ACCEPTED:
        return _window_ahead(ask)
    if ask.occasion is None or ask.occasion.starts_at <= timezone.now():
        return None
    return f"It is fixed for {ask.occasion.starts_at:%-d %B %Y}, which has not come yet."


def _window_ahead(ask: Ask) -> str | None:
    first = ask.reference_request.window_from
    if not ask.reference_request.activity_type.is_tender or first is None:
        return "No time was fixed yet. Fix it first, or introduce them by mail."
    if first > today_in(in_force().time_zone):
        return f"Evaluators may call from {first:%-d %B %Y} on, which has not come yet."
    return None


def _shared(ask: Ask, reader: Colleague | None) -> str | None:
    if ask.joins_id is None:
        return None
    return "This time is shared with other requests. It is moved where it was first fixed; ask a program manager."


BESIDES: Mapping[str, Callable[[Ask, Colleague | None], str | None]] = {
    AM.SEND: why_in_person,
    AM.SCHEDULE: _no_time,
    AM.INTRODUCE: _no_time,
    AM.RESCHEDULE: _shared,
    AM.HOLD: _not_yet,
    AM.MISS: _not_yet,
}


def _requester(colleague: Mover, reference_request: ReferenceRequest) -> bool:
    return isinstance(colleague, Colleague) and colleague.pk == reference_request.requester_id


def _manager(colleague: Mover, reference_request: ReferenceRequest) -> bool:
    return isinstance(colleague, Colleague) and colleague.runs_program


def _either(colleague: Mover, reference_request: ReferenceRequest) -> bool:
    return _requester(colleague, reference_request) or _manager(colleague, reference_request)


def _closer(colleague: Mover, reference_request: ReferenceRequest) -> bool:
    """Once something happened, the requester can say that fewer are enough."""
    is_short = reference_request.status == ReferenceRequest.Status.PARTLY_FULFILLED
    return _manager(colleague, reference_request) or (is_short and _requester(colleague, reference_request))


def _proposer(colleague: Mover, reference_request: ReferenceRequest) -> bool:
    return _manager(colleague, reference_request) or (_requester(colleague, reference_request) and is_self_service(reference_request))


MAY_REQUEST: Mapping[str, Callable[[Mover, ReferenceRequest], bool]] = {
    RM.SUBMIT: _requester,
    RM.ASK_INFO: _manager,
    RM.GIVE_INFO: _either,
    RM.ASK: _proposer,
    RM.ANSWER_WITH_CONTENT: _manager,
    RM.CONFIRM_CONTENT: _either,
    RM.REOPEN: _either,
    RM.WITHDRAW: _either,
    RM.CLOSE: _closer,
}

WHOSE_REQUEST: Mapping[str, str] = {
    RM.SUBMIT: "Only the requester submits this request.",
    RM.ASK_INFO: "A program manager asks for information.",
    RM.GIVE_INFO: "The requester answers this question.",
    RM.ASK: "A program manager proposes asks for this activity.",
    RM.ADVANCE: "This follows from the asks by itself.",
    RM.FULFILL: "This follows from the asks by itself.",
    RM.ANSWER_WITH_CONTENT: "A program manager answers with content.",
    RM.CONFIRM_CONTENT: "The requester says whether the content did it.",
    RM.REOPEN: "The requester says whether a person is still needed.",
    RM.WITHDRAW: "The requester or a program manager withdraws this request.",
    RM.CLOSE: "A program manager closes this request; the requester may once one of its references has happened.",
}
