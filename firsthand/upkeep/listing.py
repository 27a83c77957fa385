"""The list of messages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.core.ui.parts import Mark
from firsthand.core.words import ago
from firsthand.history.models import Message
from firsthand.upkeep.messages import KINDS
from firsthand.upkeep.reasons import reason_words

State = Message.State
MARKS = {
    State.DUE: Mark(State.DUE.label, "hourglass", "wait"),
    State.CLAIMED: Mark(State.CLAIMED.label, "send", "info"),
    State.SENT: Mark(State.SENT.label, "mail-check", "good"),
    State.DROPPED: Mark(State.DROPPED.label, "circle-slash"),
    State.FAILED: Mark(State.FAILED.label, "mail-x", "bad"),
}


@dataclass(frozen=True)
class Item:
    message: Message
    kind: str
    now: datetime


def messages() -> "Listing[Message, Item]":
    """Mails, the newest first."""
    return Listing(
        name="messages",
        one="message",
        many="messages",
        rows=Message.objects.filter(channel=Message.Channel.MAIL),
        items=_items,
        columns=(
            Column("kind", "Message", lambda item: item.kind, cell=_linked, is_head=True),
            Column("to", "To", lambda item: item.message.recipient_kind),
            Column("state", "State", lambda item: item.message.get_state_display(), cell=lambda item: markup.status(mark(item.message))),
            Column("why", "Why not", lambda item: reason_words(item.message)),
            Column("id", "Written", lambda item: ago(item.message.created_at, item.now), sort="id"),
        ),
        order="-id",
        choices=(
            Choice("state", "State", tuple((str(value), str(label)) for value, label in State.choices), _in_state),
            Choice("kind", "Kind", tuple((code, kind.label) for code, kind in KINDS.items()), _of_kind),
        ),
    )


def mark(message: Message) -> Mark:
    """The state, as pages show it."""
    return MARKS[State(message.state)]


def _items(rows: list[Message]) -> list[Item]:
    now = timezone.now()
    return [Item(row, KINDS[row.kind].label if row.kind in KINDS else row.kind, now) for row in rows]


def _linked(item: Item) -> str:
    return format_html('<a href="{}">{}</a>', reverse("upkeep:message", args=[item.message.pk]), item.kind)


def _in_state(rows: QuerySet[Message], state: str) -> QuerySet[Message]:
    return rows.filter(state=state)


def _of_kind(rows: QuerySet[Message], kind: str) -> QuerySet[Message]:
    return rows.filter(kind=kind)
