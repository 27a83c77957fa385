"""The mails about references arranged outside, rendered at send time from ids."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from firsthand.core.mail import Button, Mail, Part
from firsthand.core.words import day_year
from firsthand.deals.naming import shown_prospect
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.requests.envelope import greeting, letter, receiver, why_not_colleague
from firsthand.requests.models import ArrangedOutside
from firsthand.requests.outside import WHOM, uses_slot, whom_with

MAIL = Message.Channel.MAIL
LEFT_THE_HOUSE = (Message.State.CLAIMED, Message.State.SENT)


def outside(message: Message, now: datetime) -> Mail:
    """To the customer's owner: it took place without the program, and counts."""
    row, to = _row(message), receiver(message)
    reader = to if isinstance(to, Colleague) else None
    whom = whom_with(row, reader)
    prospect = f" with {shown_prospect(row.opportunity, reader)}" if row.opportunity else ""
    counts = " It counts against their limit like any other." if uses_slot(row, reader) else ""
    parts: tuple[Part, ...] = (
        greeting(to),
        (f"{row.colleague.name} logged {row.activity_type.a_noun} of {whom}{prospect}, {day_year(row.day)}, arranged without us.{counts}"),
        "You need not do anything; a word of thanks to them is never wrong.",
        Button("Look at it", settings.BASE_URL + _url(row)),
    )
    return letter(to, f"Arranged outside: {row.activity_type.noun} of {whom}", parts, url=_url(row))


def why_not_outside(message: Message, now: datetime) -> Unsent | None:
    return _why_retracted(message) or why_not_colleague(receiver(message))


def _why_retracted(message: Message) -> Unsent | None:
    return Unsent("retracted") if _row(message).retracted_at else None


def retracted(message: Message, now: datetime) -> Mail:
    """To the customer's owner: what was logged did not take place, and counts no more."""
    row, to = _row(message), receiver(message)
    reader = to if isinstance(to, Colleague) else None
    whom = whom_with(row, reader)
    counts = " It counts against their limit no more." if uses_slot(row, reader) else ""
    parts: tuple[Part, ...] = (
        greeting(to),
        f"the {row.activity_type.noun} of {whom}, {day_year(row.day)}, that {row.colleague.name} logged was taken back.{counts}",
        Button("Look at it", settings.BASE_URL + _url(row)),
    )
    return letter(to, f"Taken back: {row.activity_type.noun} of {whom}", parts, url=_url(row))


def why_not_retracted(message: Message, now: datetime) -> Unsent | None:
    """Nobody is mailed that something was taken back which no mail had told them; the notice stands beside the one that did."""
    told = Message.objects.filter(kind="outside", channel=MAIL, subject_kind=message.subject_kind, subject_id=message.subject_id)
    reached = told.filter(recipient_kind=message.recipient_kind, recipient_id=message.recipient_id, state__in=LEFT_THE_HOUSE)
    if message.channel == MAIL and not reached.exists():
        return Unsent("never_told")
    return why_not_colleague(receiver(message))


def debrief_outside(message: Message, now: datetime) -> Mail:
    """To whoever logged it, once the day is over."""
    row, to = _row(message), receiver(message)
    whom = whom_with(row, to if isinstance(to, Colleague) else None)
    parts: tuple[Part, ...] = (
        greeting(to),
        f"how did the {row.activity_type.noun} with {whom} go? One tap is enough.",
        Button("Say how it went", settings.BASE_URL + _url(row)),
    )
    return letter(to, "How did it go?", parts, url=_url(row))


def reminder(message: Message, now: datetime) -> Mail:
    """To whoever logged it and has not said how it went."""
    row, to = _row(message), receiver(message)
    whom = whom_with(row, to if isinstance(to, Colleague) else None)
    words = f"how did the {row.activity_type.noun} with {whom} go? One tap is enough, and it helps whoever asks next."
    parts = (greeting(to), words, Button("Say how it went", settings.BASE_URL + _url(row)))
    return letter(to, f"How did it go with {whom}?", parts, url=_url(row))


def why_not_debrief_outside(message: Message, now: datetime) -> Unsent | None:
    if _row(message).debriefs.exists():
        return Unsent("told")
    return _why_retracted(message) or why_not_colleague(receiver(message))


def _row(message: Message) -> ArrangedOutside:
    related = (*WHOM, "opportunity__account", "activity_type", "colleague")
    return ArrangedOutside.objects.select_related(*related).get(pk=message.subject_id)


def _url(row: ArrangedOutside) -> str:
    return reverse("requests:outside", args=[row.pk])
