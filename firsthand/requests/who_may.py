"""Whose move it is, whatever the state: who may make which move of an ask and of a request."""

from collections.abc import Callable, Iterable, Mapping

from firsthand.customers.models import Contact
from firsthand.history.actions import Actor
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.routing import answers_for_owner, is_on_owner_side
from firsthand.requests.workflow import BY_ITSELF, AskMove, RequestMove

# A colleague (signed in or by a mailed link), the reference by their own link, or the program itself.
Mover = Colleague | Contact | Actor
AM, RM = AskMove, RequestMove


def who_may_not(mover: Mover, move: str, ask: Ask) -> str | None:
    """The sentence for somebody whose move this is not, whatever the state of the ask."""
    if mover_may(mover, move, ask):
        return None
    return WHOSE[move](ask)


def who_may_not_request(mover: Mover, move: str, reference_request: ReferenceRequest) -> str | None:
    if isinstance(mover, Actor) or (move not in BY_ITSELF and MAY_REQUEST[move](mover, reference_request)):
        return None
    return WHOSE_REQUEST[move]


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
    AM.HELD_AFTER_ALL: (manages,),
    AM.NOT_HELD: (manages,),
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
    AM.HELD_AFTER_ALL: lambda ask: "A program manager corrects what was settled.",
    AM.NOT_HELD: lambda ask: "A program manager corrects what was settled.",
    AM.EXPIRE: lambda ask: "A reservation expires by itself.",
    AM.LAPSE: lambda ask: "An ask lapses by itself.",
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
    RM.COUNT_BACK: "This follows from the asks by itself.",
    RM.ANSWER_WITH_CONTENT: "A program manager answers with content.",
    RM.CONFIRM_CONTENT: "The requester says whether the content did it.",
    RM.REOPEN: "The requester says whether a person is still needed.",
    RM.WITHDRAW: "The requester or a program manager withdraws this request.",
    RM.CLOSE: "A program manager closes this request; the requester may once one of its references has happened.",
}
