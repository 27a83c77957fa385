"""Write what happened and what must reach somebody. Always inside the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from firsthand.core.wake import wake
from firsthand.history.models import Event, Message, Words, new_message_id


@dataclass(frozen=True)
class Actor:
    """Who did it: kind is colleague, contact, prospect, import or program (then without an id)."""

    kind: str
    id: int | None = None


PROGRAM = Actor("program")


def kind_of(row: models.Model) -> str:
    """The short lowercase name under which history points at a row's model, such as `account` or `referencerequest`."""
    return str(row._meta.model_name)[:20]


@dataclass(frozen=True)
class Unsent:
    """Why a message is not sent: a code that `upkeep.reasons` words when it is shown. `facts` are codes and ids, never names."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def record(verb: str, subject: models.Model, *, by: Actor, context: models.Model | None = None, words: str = "", **facts: Any) -> Event:
    """Keep that `by` did `verb` to `subject`. `facts` are ids and values that JSON can hold, never names.

    `words` are what somebody wrote; they stand in a row of their own, which erasure clears.
    """
    whole = context or subject
    event = Event.objects.create(
        verb=verb,
        subject_kind=kind_of(subject),
        subject_id=subject.pk,
        context_kind=kind_of(whole),
        context_id=whole.pk,
        actor_kind=by.kind,
        actor_id=by.id,
        facts=facts,
    )
    if words:
        Words.objects.create(event=event, text=words)
    return event


@dataclass(frozen=True)
class Letter:
    """One message to write: `key` makes it unique, so that the same deed can never send it twice."""

    kind: str
    recipient: models.Model
    subject: models.Model
    key: str
    due_at: datetime | None = None
    channel: str = Message.Channel.MAIL
    facts: dict[str, Any] = field(default_factory=dict)


def post(letters: Iterable[Letter]) -> None:
    """Put letters into the outbox. One whose key is there already is left as it is; an in-app notice has arrived with its row."""
    now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(
                kind=letter.kind,
                channel=letter.channel,
                recipient_kind=kind_of(letter.recipient),
                recipient_id=letter.recipient.pk,
                subject_kind=kind_of(letter.subject),
                subject_id=letter.subject.pk,
                facts=letter.facts,
                unique_key=f"{letter.key}:{letter.channel}",
                message_id=new_message_id(),
                due_at=letter.due_at or now,
                **({"state": Message.State.SENT, "sent_at": now} if letter.channel == Message.Channel.NOTICE else {}),
            )
            for letter in letters
        ],
        ignore_conflicts=True,
    )
    wake("drain")
