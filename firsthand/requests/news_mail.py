"""What happened on a request, told to colleagues."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.requests.ask_rows import asks_of
from firsthand.requests.contents import answered_with
from firsthand.requests.envelope import (
    about,
    greeting,
    letter,
    link_of,
    receiver,
    why_not_colleague,
)
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.page import whose_turn
from firsthand.requests.wording import Teller, heading


def news(message: Message, now: datetime) -> Mail:
    """To a colleague: what happened on a request, whose turn it is now, with one link. The requester's needs no sign-in."""
    to = receiver(message)
    ids = [message.facts["event"], *message.facts.get("also", [])]
    events = list(Event.objects.select_related("words").filter(pk__in=ids).order_by("pk"))
    reference_request, _ = about(message)
    reader = to if isinstance(to, Colleague) else None
    told = Teller(reader, events, asks_of(reference_request)).tell()
    sentence = told[0].sentence if told else "Something changed"
    details: list[Part] = [Quote(each.detail) for each in told if each.detail]
    others = [f"{each.sentence}." for each in told[1:]]
    if reader and any(event.verb == "answer_with_content" for event in events):
        others += [f"“{each.story.headline}”" for each in answered_with(reference_request, reader)]
    turn = [f"Now: {whose_turn(reference_request, reader)}"] if reader else []
    url = reverse("desk:request", args=[reference_request.pk])
    title = heading(reference_request, reader)
    button = Button("See how it stands", link_of(message)) if "link" in message.facts else Button(title, settings.BASE_URL + url)
    parts: tuple[Part, ...] = (greeting(to), f"{title}: {sentence}.", *others, *details, *turn, button)
    return letter(to, f"{sentence}: {title}", parts, url=url)


def why_not_news(message: Message, now: datetime) -> Unsent | None:
    to = receiver(message)
    reference_request, _ = about(message)
    if isinstance(to, Colleague) and not ReferenceRequest.objects.visible_to(to).filter(pk=reference_request.pk).exists():
        return Unsent("unseen")
    return why_not_colleague(to)
