"""Why a message was not sent, in words: rows hold a code and ids, and what they say is made for whoever reads it."""

from collections.abc import Mapping

from firsthand.history.models import Message
from firsthand.matching.rules import BY_CODE
from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import bars_of

REASONS: Mapping[str, str] = {
    "answered": "It is answered already: the ask is {status}.",
    "ask": "The ask is {status}.",
    "barred": "A rule stood against it: {rule}.",
    "ended": "What it was asked for has ended.",
    "error": "{words}",
    "gone": "What it was about is gone.",
    "in_charge": "Somebody else is in charge now.",
    "link_ended": "The link was used, replaced or has ended.",
    "moved": "The time was moved since; the newer mail tells it.",
    "never_asked": "They were never asked.",
    "never_told": "They were never told of it.",
    "new_requester": "Somebody else is the requester now.",
    "no_address": "There is no e-mail address to send it to.",
    "not_here": "They do not work here any more.",
    "passed_on": "The question went on to somebody else.",
    "past": "The time it tells of has come and gone.",
    "reopened": "The deal was opened again.",
    "request": "The request is {status}.",
    "retracted": "It was taken back since.",
    "taken_off": "They were taken off the list of those who come.",
    "theirs": "They come to that time after all.",
    "told": "They have told it already.",
    "unknown_kind": "This version does not know this kind of message.",
    "unseen": "They do not see this request any more.",
    "window_over": "The days on which evaluators could call were over.",
}

STATUSES = {value: str(label).lower() for value, label in (*Ask.Status.choices, *ReferenceRequest.Status.choices)}


def reason_words(message: Message) -> str:
    """The reason as one sentence without a name; empty where there is none."""
    facts = message.reason_facts
    rule = BY_CODE.get(facts.get("rule", ""))
    status = facts.get("status", "")
    known = {
        "rule": rule.meaning if rule else "a rule of an earlier version",
        "status": STATUSES.get(status, "in another state"),
        "words": facts.get("words", ""),
    }
    return REASONS.get(message.reason, message.reason).format_map(known)


def reason_for(message: Message, reader: Colleague) -> str:
    """The same with the rule's own sentence where the rule still stands, as far as this reader may have it."""
    if message.reason == "barred" and message.subject_kind == "ask":
        ask = Ask.objects.filter(pk=message.subject_id).first()
        bars = bars_of(ask.reference_request, ask.reference, ask=ask, viewer=reader) if ask else []
        sentence = next((bar.sentence for bar in bars if bar.rule.code == message.reason_facts.get("rule")), None)
        if sentence is not None:
            return sentence
    return reason_words(message)
