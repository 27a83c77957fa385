"""The outbox: rows are claimed, judged once more, rendered, sent and marked. Bodies are never stored."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from firsthand.core.locks import locked
from firsthand.core.mail import Button, Mail, Quote
from firsthand.customers.models import Person
from firsthand.history.models import Message
from firsthand.upkeep.messages import KINDS

State = Message.State
LEASE = timedelta(seconds=60)  # longer than the mail server's time-out
MOST_ATTEMPTS = 6
GONE = "What it was about is gone."
PATIENCE = timedelta(minutes=2)  # doubled after each attempt


def claim(now: datetime) -> Message | None:
    """The next message that is due, claimed under a lease, or dropped because a rule now stands against it.

    The commit of the claim is the point of no return: what was withdrawn before it stops the message.
    """
    with transaction.atomic():
        message = waiting(now).select_for_update(skip_locked=True, of=("self",)).first()
        if message is None:
            return None
        if message.recipient_kind == "contact":
            list(locked(Person.objects.filter(contacts=message.recipient_id)))
        reason = why_not(message, now)
        if reason is not None:
            _write(message, state=State.DROPPED, reason=reason[:300])
        elif message.attempts >= MOST_ATTEMPTS:
            _write(message, state=State.FAILED, claimed_until=None)
        else:
            _write(message, state=State.CLAIMED, claimed_until=now + LEASE, attempts=message.attempts + 1)
    if message.state == State.DROPPED:
        KINDS[message.kind].after_drop(message, message.reason)
    return message


def waiting(now: datetime) -> "QuerySet[Message]":
    """Mails that are due, and those whose sender has not come back within its lease."""
    lost = Q(state=State.CLAIMED, claimed_until__lte=now)
    return Message.objects.filter(Q(state=State.DUE) | lost, channel=Message.Channel.MAIL, due_at__lte=now).order_by("due_at", "pk")


def why_not(message: Message, now: datetime) -> str | None:
    """Why the message is not to be sent now."""
    kind = KINDS.get(message.kind)
    if kind is None:
        return "This version does not know this kind of message."
    try:
        return kind.why_not_send(message, now)
    except (LookupError, ObjectDoesNotExist):
        return GONE


def render(message: Message, now: datetime) -> Mail:
    """The mail, made afresh from ids. Raises LookupError when what it is about is gone."""
    try:
        return KINDS[message.kind].render(message, now)
    except ObjectDoesNotExist as gone:
        raise LookupError(GONE) from gone


def mark_sent(message: Message) -> None:
    _write(message, state=State.SENT, sent_at=timezone.now(), claimed_until=None, reason="")


def put_back(message: Message, now: datetime, reason: str) -> None:
    """Try again later, twice as late each time, and give up after some hours."""
    if message.attempts >= MOST_ATTEMPTS:
        _write(message, state=State.FAILED, claimed_until=None, reason=reason[:300])
        return
    later = now + PATIENCE * 2 ** (message.attempts - 1)
    _write(message, state=State.DUE, claimed_until=None, due_at=later, reason=reason[:300])


def drop(message: Message, reason: str) -> None:
    """It will not be sent: what it was about is gone."""
    _write(message, state=State.DROPPED, claimed_until=None, reason=reason[:300])
    KINDS[message.kind].after_drop(message, reason)


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
