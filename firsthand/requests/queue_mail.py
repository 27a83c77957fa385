"""Mails about the queue: what came into somebody's hands or went out of them. Rendered at send time from ids, as in `mail`."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.core.words import counted, day_year
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.requests.envelope import about, greeting, letter, link_of, receiver, why_not_colleague
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.wording import heading

MOST_LISTED = 25


def handed_over(message: Message, now: datetime) -> Mail:
    """All that came to this manager in one go, or went from them, with the reason."""
    to = receiver(message)
    events = _events_seen(message, to)
    came = [event for event in events if event.facts["to"] == message.recipient_id]
    parts: list[Part] = [
        greeting(to),
        *_told(came, to, "You are in charge of"),
        *_told([e for e in events if e not in came], to, "Somebody else is in charge of"),
    ]
    subject = f"{counted(len(events), 'request')} handed to you" if came else f"{counted(len(events), 'request')} handed on"
    url = f"{reverse('requests:list')}?view=open&manager=mine"
    parts.append(Button("Your requests", settings.BASE_URL + url))
    return letter(to, subject, parts, url=url)


def _events_seen(message: Message, to: object) -> list[Event]:
    """What was handed over, of requests that the receiver sees now."""
    events = Event.objects.filter(pk__in=message.facts["events"]).select_related("words").order_by("pk")
    reader = reader_of_colleague(to)
    seen = ReferenceRequest.objects.visible_to(reader) if reader else ReferenceRequest.objects.none()
    ids = set(seen.filter(pk__in=[event.subject_id for event in events]).values_list("pk", flat=True))
    return [event for event in events if event.subject_id in ids]


def _told(events: list[Event], to: object, words: str) -> list[Part]:
    if not events:
        return []
    reader = reader_of_colleague(to)
    rows = ReferenceRequest.objects.select_related("activity_type", "opportunity__account").in_bulk([e.subject_id for e in events])
    lines = [f"{row}, {heading(row, reader)}, needed by {day_year(row.needed_by)}" for row in rows.values()]
    more = [f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else []
    taken = Colleague.objects.filter(pk__in={event.facts["to"] for event in events}).values_list("name", flat=True)
    said = f"{words} {'this' if len(lines) == 1 else 'these'} now" + (":" if words.startswith("You") else f" ({', '.join(taken)}):")
    return [said, *lines[:MOST_LISTED], *more, Quote(events[0].said)]


def why_not_handed_over(message: Message, now: datetime) -> Unsent | None:
    to = receiver(message)
    return why_not_colleague(to) or (None if _events_seen(message, to) else Unsent("unseen"))


def question(message: Message, now: datetime) -> Mail:
    """What the program asks the requester, answered by a link that needs no sign-in."""
    to = receiver(message)
    row, _ = about(message)
    asked = Event.objects.get(pk=message.facts["event"])
    asker = row.manager.name if row.manager else "The program"
    parts: list[Part] = [
        greeting(to),
        f"{asker} needs to know more about your request, {heading(row, reader_of_colleague(to))}, before anybody can be asked:",
        Quote(asked.said),
        Button("Answer now", link_of(message)),
        "Your request waits until you answer.",
    ]
    return letter(to, f"A question about {row}: {heading(row, reader_of_colleague(to))}", parts, url=reverse("desk:request", args=[row.pk]))


def reader_of_colleague(to: object) -> Colleague | None:
    return to if isinstance(to, Colleague) else None


def why_not_question(message: Message, now: datetime) -> Unsent | None:
    """A question is not sent once the request does not wait for its answer any more."""
    row, _ = about(message)
    if row.status != ReferenceRequest.Status.NEEDS_INFO:
        return Unsent("request", {"status": row.status})
    return why_not_colleague(receiver(message))
