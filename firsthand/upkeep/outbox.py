"""The outbox: rows are claimed, judged once more, rendered, sent and marked. Bodies are never stored."""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.core.mail import Button, Mail, Quote
from firsthand.core.refused import Refused
from firsthand.core.wake import wake
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.upkeep.messages import KINDS
from firsthand.upkeep.reasons import reason_words

State = Message.State
LEASE = timedelta(seconds=60)  # longer than the mail server's time-out
MOST_ATTEMPTS = 30  # two days of them
GONE = Unsent("gone")
NO_ADDRESS = Unsent("no_address")
PATIENCE = timedelta(minutes=2)  # doubled after each attempt, up to
LONGEST = timedelta(hours=2)

log = logging.getLogger(__name__)


class Unjudged(Exception):  # noqa: N818  (a state of a message, as `Refused` is one of a deed)
    """A message could not be judged, and nothing of it was changed. Raised from what went wrong."""

    def __init__(self, message: Message) -> None:
        super().__init__(f"Message {message.pk} could not be judged")
        message.attempts += 1
        self.message = message


@deed
def claim(now: datetime) -> Message | None:
    """The next message that is due, claimed under a lease, or dropped because a rule now stands against it, with what follows.

    The commit of the claim is the point of no return: what was withdrawn before it stops the message. Raises `Refused` (409) when
    somebody else is at what it is about, and it is claimed again later; `Unjudged` where the row itself is broken, to be put back.
    """
    message = waiting(now).select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return None
    try:
        reason = _judge(message, now)
        if reason is None and message.attempts >= MOST_ATTEMPTS:
            _fail(message)
    except (Refused, OperationalError):
        raise
    except Exception as error:
        raise Unjudged(message) from error
    if reason is None and message.attempts < MOST_ATTEMPTS:
        _write(message, state=State.CLAIMED, claimed_until=now + LEASE, attempts=message.attempts + 1)
    return message


def _judge(message: Message, now: datetime) -> Unsent | None:
    """Drop it where something stands against it, with what follows, and say what."""
    kind = KINDS.get(message.kind)
    if kind is not None:
        kind.lock(message)
    reason = why_not(message, now)
    if reason is not None:
        _drop(message, reason)
    return reason


def waiting(now: datetime) -> "QuerySet[Message]":
    """Mails that are due, and those whose sender has not come back within its lease."""
    lost = Q(state=State.CLAIMED, claimed_until__lte=now)
    return Message.objects.filter(Q(state=State.DUE) | lost, channel=Message.Channel.MAIL, due_at__lte=now).order_by("due_at", "pk")


def why_not(message: Message, now: datetime) -> Unsent | None:
    """Why the message is not to be sent now."""
    kind = KINDS.get(message.kind)
    if kind is None:
        return Unsent("unknown_kind")
    try:
        return kind.why_not_send(message, now)
    except (LookupError, ObjectDoesNotExist):
        return GONE


def render(message: Message, now: datetime) -> Mail:
    """The mail, made afresh from ids. Raises LookupError when what it is about is gone."""
    try:
        return KINDS[message.kind].render(message, now)
    except ObjectDoesNotExist as gone:
        raise LookupError(GONE.code) from gone


def mark_sent(message: Message) -> None:
    _write(message, state=State.SENT, sent_at=timezone.now(), claimed_until=None, reason="", reason_facts={})


def put_back(message: Message, now: datetime, error: str) -> None:
    """Try again later, twice as late each time up to two hours, and give up after two days. `error` is what went wrong."""
    later = now + min(PATIENCE * 2 ** min(message.attempts - 1, 10), LONGEST)
    why = {"reason": "error", "reason_facts": {"words": error[:300]}, "attempts": message.attempts}
    if message.attempts >= MOST_ATTEMPTS:
        try:
            give_up(message, **why)
        except (Refused, OperationalError):  # somebody is at what it is about: whoever claims it next gives up
            log.info("Message %s is given up later", message.pk)
        except Exception:
            log.exception("Message %s failed, and so did what follows", message.pk)
            _write(message, state=State.FAILED, claimed_until=None, **why)
            return
        else:
            return
    _write(message, state=State.DUE, claimed_until=None, due_at=later, **why)


@deed
def give_up(message: Message, **why: object) -> None:
    """It could not be sent, and what follows from that happens with it."""
    if message.kind in KINDS:
        KINDS[message.kind].lock(message)
    _fail(message, **why)


def _fail(message: Message, **why: object) -> None:
    _write(message, state=State.FAILED, claimed_until=None, **why)
    if message.kind in KINDS:
        KINDS[message.kind].after_drop(message)


@deed
def send_again(message: Message, *, by: Colleague) -> None:
    """Put a mail that failed back into the outbox, with all its attempts; pressed twice, it is put back once.

    Raises `Refused`: 403 for all but managers, 409 where it did not fail, where something followed from that, or where it would
    not be sent any more.
    """
    if not by.runs_program:
        raise Refused("A program manager sends it again.", status=403)
    fresh = locked(Message.objects.filter(pk=message.pk)).get()
    if fresh.state in {State.DUE, State.CLAIMED}:
        return
    sentence = why_not_again(fresh)
    if sentence is not None:
        raise Refused(sentence)
    now = timezone.now()
    if fresh.kind in KINDS:
        KINDS[fresh.kind].lock(fresh)
    reason = why_not(fresh, now)
    if reason is not None:
        words = reason_words(Message(reason=reason.code, reason_facts=reason.facts))
        raise Refused(f"It would not be sent any more. {words}")
    _write(fresh, state=State.DUE, due_at=now, attempts=0, reason="", reason_facts={})
    wake("drain")


def why_not_again(message: Message) -> str | None:
    """None where a mail failed and nothing followed from that, so that it can be sent again; else the sentence."""
    if message.state != State.FAILED:
        return f"There is nothing to send again: this message is {message.get_state_display().lower()}."
    return (KINDS[message.kind].instead or None) if message.kind in KINDS else None


@deed
def drop(message: Message, reason: Unsent) -> None:
    """It will not be sent, and what follows from that happens with it."""
    if message.kind in KINDS:
        KINDS[message.kind].lock(message)
    _drop(message, reason)


def _drop(message: Message, reason: Unsent) -> None:
    _write(message, state=State.DROPPED, claimed_until=None, reason=reason.code, reason_facts=reason.facts)
    if message.kind in KINDS:
        KINDS[message.kind].after_drop(message)


def html(mail: Mail, *, live: bool = True) -> str:
    """The same words for mail programs that show HTML. With `live` off, links are replaced by their label."""
    parts = [{"is_button": isinstance(part, Button), "is_quote": isinstance(part, Quote), "part": part} for part in mail.parts]
    return render_to_string("upkeep/mail.html", {"mail": mail, "parts": parts, "live": live})


def domain() -> str:
    """Whose Message-IDs they are."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "firsthand"


def _write(message: Message, **fields: object) -> None:
    for name, value in fields.items():
        setattr(message, name, value)
    message.save(update_fields=list(fields))
