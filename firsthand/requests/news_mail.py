"""What happened on a request, told to colleagues."""

from collections.abc import Sequence
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
    why_not_seen,
)
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.page import whose_turn
from firsthand.requests.wording import Teller, heading

CHANGED = "Something changed"


def news(message: Message, now: datetime) -> Mail:
    """To a colleague: what happened on a request, whose turn it is now, with one link. The requester's needs no sign-in."""
    to = receiver(message)
    ids = [message.facts["event"], *message.facts.get("also", [])]
    events = list(Event.objects.select_related("words").filter(pk__in=ids).order_by("pk"))
    reference_request, _ = about(message)
    reader = to if isinstance(to, Colleague) else None
    told = Teller(reader, events, asks_of(reference_request)).tell()
    sentence = told[0].sentence if told else CHANGED
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


def headlines(messages: Sequence[Message], reader: Colleague) -> dict[int, tuple[str, str]]:
    """What pieces of news are called and where they lead, by the message's id; what the reader does not see any more is left out.

    However many they are, it takes as many queries.
    """
    events = Event.objects.select_related("words").in_bulk([each.facts["event"] for each in messages])
    related = ("reference__reference_account", "reference__contact__person", "reference__contact__account__owner")
    about_asks = {each.subject_id for each in messages if each.subject_kind == "ask"}
    known = about_asks | {event.subject_id for event in events.values() if event.subject_kind == "ask"}
    asks = Ask.objects.select_related(*related).in_bulk(known)
    by_ask = {ask.pk: ask.reference_request_id for ask in asks.values()}
    ids = {each.pk: by_ask.get(each.subject_id, 0) if each.subject_kind == "ask" else each.subject_id for each in messages}
    visible = ReferenceRequest.objects.visible_to(reader).select_related("activity_type", "opportunity__account__owner")
    requests = visible.in_bulk(set(ids.values()))
    teller = Teller(reader, events.values(), asks.values())
    sentences = {event.pk: teller.line(event).sentence for event in teller.events}
    return {
        each.pk: (
            f"{sentences.get(each.facts['event'], CHANGED)}: {heading(requests[ids[each.pk]], reader)}",
            reverse("desk:request", args=[ids[each.pk]]),
        )
        for each in messages
        if ids[each.pk] in requests
    }


def why_not_news(message: Message, now: datetime) -> Unsent | None:
    return why_not_seen(message)
