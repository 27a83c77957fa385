"""A colleague's own notices: what each says and where it leads. What is over by now has no line and is not counted."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.upkeep import outbox
from firsthand.upkeep.messages import KINDS

SHOWN = 30


@dataclass(frozen=True)
class Notice:
    """One line of the bell."""

    message: Message
    text: str
    url: str


@dataclass(frozen=True)
class Notices:
    """The newest lines, how many are unread, and whether any row is: one that is over has no line, and the bell counts it."""

    lines: list[Notice]
    unread: int
    has_unread: bool


def notices_of(user: Colleague) -> "QuerySet[Message]":
    return Message.objects.filter(recipient_kind="colleague", recipient_id=user.pk, channel=Message.Channel.NOTICE)


def notices_for(user: Colleague, now: datetime) -> Notices:
    """The newest of one's notices as they read now."""
    own = notices_of(user)
    newest = list(own.order_by("-pk")[:SHOWN])
    told = _told(newest, user, now)
    over = sum(each.read_at is None and each.pk not in told for each in newest)
    unread = own.filter(read_at=None).count()
    return Notices([Notice(each, *told[each.pk]) for each in newest if each.pk in told], unread - over, unread > 0)


def _told(messages: list[Message], user: Colleague, now: datetime) -> dict[int, tuple[str, str]]:
    told: dict[int, tuple[str, str]] = {}
    for kind, of_kind in groupby(sorted(messages, key=lambda each: each.kind), lambda each: each.kind):
        rows = list(of_kind)
        headlines = KINDS[kind].headlines if kind in KINDS else None
        told |= headlines(rows, user) if headlines else _rendered(rows, now)
    return told


def _rendered(messages: list[Message], now: datetime) -> dict[int, tuple[str, str]]:
    told = {}
    for each in messages:
        if outbox.why_not(each, now) is not None:
            continue
        try:
            mail = outbox.render(each, now)
        except LookupError:
            continue
        told[each.pk] = (mail.subject, mail.url)
    return told
