"""The two workflows as tables: from which status which move leads where. The table is the process; the manual is printed from it."""

from collections.abc import Mapping

from django.db import models

from firsthand.requests.models import Ask, ReferenceRequest


class RequestMove(models.TextChoices):
    SUBMIT = "submit", "Submit request"
    ASK_INFO = "ask_info", "Ask for information"
    GIVE_INFO = "give_info", "Answer the question"
    ASK = "ask", "Propose ask"
    ADVANCE = "advance", "Count a reference"
    FULFILL = "fulfill", "Count the last reference"
    ANSWER_WITH_CONTENT = "answer_with_content", "Answer with content"
    CONFIRM_CONTENT = "confirm_content", "That did it"
    REOPEN = "reopen", "I still need a person"
    WITHDRAW = "withdraw", "Withdraw request"
    CLOSE = "close", "Close request short"
    COUNT_BACK = "count_back", "Count again"


class AskMove(models.TextChoices):
    APPROVE = "approve", "Approve ask"
    REFUSE = "refuse", "Refuse ask"
    EXPIRE = "expire", "Let reservation expire"
    SEND = "send", "Send ask"
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    LAPSE = "lapse", "Let ask lapse"
    SCHEDULE = "schedule", "Fix time"
    RESCHEDULE = "reschedule", "Move time"
    INTRODUCE = "introduce", "Introduce by mail"
    HOLD = "hold", "It happened"
    MISS = "miss", "It did not happen"
    CANCEL = "cancel", "Cancel ask"
    HELD_AFTER_ALL = "held_after_all", "It happened after all"
    NOT_HELD = "not_held", "It did not happen after all"


R, RM = ReferenceRequest.Status, RequestMove
A, AM = Ask.Status, AskMove

REQUEST_MOVES: Mapping[str, Mapping[str, str]] = {
    R.DRAFT: {RM.SUBMIT: R.SUBMITTED, RM.WITHDRAW: R.WITHDRAWN},
    R.SUBMITTED: {
        RM.ASK: R.ASKING,
        RM.ASK_INFO: R.NEEDS_INFO,
        RM.ANSWER_WITH_CONTENT: R.ANSWERED_WITH_CONTENT,
        RM.WITHDRAW: R.WITHDRAWN,
        RM.CLOSE: R.UNFULFILLED,
    },
    R.NEEDS_INFO: {RM.GIVE_INFO: R.SUBMITTED, RM.WITHDRAW: R.WITHDRAWN, RM.CLOSE: R.UNFULFILLED},
    R.ASKING: {
        RM.ASK_INFO: R.NEEDS_INFO,
        RM.ADVANCE: R.PARTLY_FULFILLED,
        RM.FULFILL: R.FULFILLED,
        RM.ANSWER_WITH_CONTENT: R.ANSWERED_WITH_CONTENT,
        RM.WITHDRAW: R.WITHDRAWN,
        RM.CLOSE: R.UNFULFILLED,
    },
    R.PARTLY_FULFILLED: {RM.FULFILL: R.FULFILLED, RM.WITHDRAW: R.WITHDRAWN, RM.CLOSE: R.FULFILLED, RM.COUNT_BACK: R.ASKING},
    R.ANSWERED_WITH_CONTENT: {
        RM.CONFIRM_CONTENT: R.FULFILLED,
        RM.REOPEN: R.SUBMITTED,
        RM.WITHDRAW: R.WITHDRAWN,
        RM.CLOSE: R.UNFULFILLED,
    },
    R.FULFILLED: {RM.COUNT_BACK: R.ASKING},
    R.WITHDRAWN: {},
    R.UNFULFILLED: {},
}

ASK_MOVES: Mapping[str, Mapping[str, str]] = {
    A.PROPOSED: {AM.APPROVE: A.APPROVED, AM.REFUSE: A.REFUSED, AM.EXPIRE: A.EXPIRED, AM.CANCEL: A.CANCELED},
    A.APPROVED: {AM.SEND: A.SENT, AM.EXPIRE: A.EXPIRED, AM.CANCEL: A.CANCELED},
    A.SENT: {AM.ACCEPT: A.ACCEPTED, AM.DECLINE: A.DECLINED, AM.LAPSE: A.LAPSED, AM.CANCEL: A.CANCELED},
    A.LAPSED: {AM.ACCEPT: A.ACCEPTED, AM.DECLINE: A.DECLINED},
    A.ACCEPTED: {AM.SCHEDULE: A.SCHEDULED, AM.INTRODUCE: A.INTRODUCED, AM.HOLD: A.HELD, AM.CANCEL: A.CANCELED},
    A.INTRODUCED: {AM.SCHEDULE: A.SCHEDULED, AM.HOLD: A.HELD, AM.MISS: A.MISSED, AM.CANCEL: A.CANCELED},
    A.SCHEDULED: {AM.RESCHEDULE: A.SCHEDULED, AM.HOLD: A.HELD, AM.MISS: A.MISSED, AM.CANCEL: A.CANCELED},
    A.HELD: {AM.NOT_HELD: A.MISSED},
    A.REFUSED: {},
    A.DECLINED: {},
    A.MISSED: {AM.HELD_AFTER_ALL: A.HELD, AM.NOT_HELD: A.MISSED},
    A.EXPIRED: {},
    A.CANCELED: {},
}

# What follows from the asks or from the clock; no person makes these moves.
BY_ITSELF: frozenset[str] = frozenset({RM.ADVANCE, RM.FULFILL, RM.COUNT_BACK, AM.EXPIRE, AM.LAPSE})


# What each status means: the manual's glossary is this.
REQUEST_GLOSSARY: Mapping[str, str] = {
    R.DRAFT: "Being written; only the requester sees it.",
    R.SUBMITTED: "Waiting for the program to propose somebody. The clock runs from here.",
    R.NEEDS_INFO: "Waiting for the requester to answer a question.",
    R.ASKING: "Somebody was proposed; no reference has happened yet.",
    R.PARTLY_FULFILLED: "Some of the references wanted have happened.",
    R.FULFILLED: "As many references as wanted have happened, or content did it, or fewer were enough, with the reason.",
    R.ANSWERED_WITH_CONTENT: "Answered with a story; waiting for the requester to say whether that did it.",
    R.WITHDRAWN: "Taken back by the requester.",
    R.UNFULFILLED: "Closed without the references wanted, with the reason.",
}
ASK_GLOSSARY: Mapping[str, str] = {
    A.PROPOSED: "Waiting for the account owner's answer. A slot is reserved for at most three working days.",
    A.APPROVED: "The owner lets the program ask; waiting to be sent.",
    A.SENT: "The reference was approached; waiting for the answer. From here on it is a touch.",
    A.ACCEPTED: (
        "The reference said yes; a time is to be fixed, in a tender evaluators may call within the window, "
        "and what takes no meeting is simply done."
    ),
    A.INTRODUCED: "Both sides were introduced by mail and find a time themselves.",
    A.SCHEDULED: "A time is fixed and calendar files are out.",
    A.HELD: "It happened.",
    A.REFUSED: "The owner said no.",
    A.DECLINED: "The reference said no.",
    A.LAPSED: "No answer in time; the slot is free again. The link still accepts while the request is open.",
    A.MISSED: "It was fixed and did not happen.",
    A.EXPIRED: "The reservation ran out before the ask was sent.",
    A.CANCELED: "Taken back by us.",
}
