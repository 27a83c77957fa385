"""The outbox: rows are claimed, judged once more, rendered, sent and marked. Bodies are never stored."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.core.mail import Button, Mail, Quote
from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.upkeep.messages import KINDS

State = Message.State
LEASE = timedelta(seconds=60)  # longer than the mail server's time-out
MOST_ATTEMPTS = 6
GONE = Unsent("gone")
NO_ADDRESS = Unsent("no_address")
PATIENCE = timedelta(minutes=2)  # doubled after each attempt


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
    except (Refused, OperationalError):
        raise
    except Exception as error:
        raise Unjudged(message) from error
    if reason is not None:
        return message
    if message.attempts >= MOST_ATTEMPTS:
        _write(message, state=State.FAILED, claimed_until=None)
    else:
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
    """Try again later, twice as late each time, and give up after some hours. `error` is what went wrong; its attempt is counted."""
    why: dict[str, object] = {"reason": "error", "reason_facts": {"words": error[:300]}, "attempts": message.attempts}
    if message.attempts >= MOST_ATTEMPTS:
        _write(message, state=State.FAILED, claimed_until=None, **why)
        return
    later = now + PATIENCE * 2 ** (message.attempts - 1)
    _write(message, state=State.DUE, claimed_until=None, due_at=later, **why)


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
