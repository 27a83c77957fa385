"""Reminders, rendered at send time from ids: one function per kind. What is answered meanwhile is not sent."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.core.words import day_year, span
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.policy import day_here, in_force
from firsthand.references.disclosure import shown_company, shown_name
from firsthand.requests.asking_mail import time_asked_for, why_not_ask, words_of_ask
from firsthand.requests.envelope import (
    about,
    activity,
    an_activity,
    answer_day,
    ask_of,
    debrief_url,
    greeting,
    letter,
    link_of,
    own_page,
    reader_of,
    receiver,
    request_url,
    why_not_seen,
)
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.queue_mail import reader_of_colleague
from firsthand.requests.silence import events, silence_of_ask, silence_of_request
from firsthand.requests.wording import heading, whom
from firsthand.requests.workflow import RequestMove

R = ReferenceRequest.Status
# What a silent colleague has not done, by the kind of their reminders.
UNDONE = {
    "remind_time": "has fixed no time for",
    "remind_outcome": "has not said whether it happened for",
    "remind_send": "has not sent what was approved for",
    "remind_manager": "has proposed nobody for",
}


def approval(message: Message, now: datetime) -> Mail:
    """To whoever answers for the customer."""
    row, to = ask_of(message), receiver(message)
    name, reader = shown_name(row.reference, reader_of(to)), reader_of_colleague(to)
    company = shown_company(row.reference, reader_of(to))
    parts: tuple[Part, ...] = (
        greeting(to),
        f"We would like to ask {name} of {company} for {an_activity(row)}, for {whom(row.reference_request, reader)}. It waits for you.",
        Button("Answer now", link_of(message)),
        "Without an answer the question goes on to whoever stands in for you.",
    )
    return letter(to, f"Still waiting: may we ask {name}?", parts, url=request_url(row))


def in_person(message: Message, now: datetime) -> Mail:
    """To the owner who asks in person."""
    row, to = ask_of(message), receiver(message)
    name = shown_name(row.reference, reader_of(to))
    url = reverse("requests:ask", args=[row.pk])
    parts: tuple[Part, ...] = (
        greeting(to),
        f"you ask {name} yourself for {an_activity(row)}. What did they say? The slot is kept until {answer_day(row)}.",
        Button("Record the answer", f"{settings.BASE_URL}{url}#answer"),
    )
    return letter(to, f"What did {name} answer?", parts, url=url)


def reference(message: Message, now: datetime) -> Mail:
    """To the reference, once more and no more than the policy allows."""
    row, to = ask_of(message), receiver(message)
    subject, opening, _ = words_of_ask(row, to)
    parts: tuple[Part, ...] = (
        greeting(to),
        "we asked you some days ago and write once more, in case you missed it.",
        opening,
        Quote(row.reference_request.wish),
        *time_asked_for(row, to),
        Button("Answer", link_of(message)),
        f"Saying no is fine. If we hear nothing, we stop waiting on {answer_day(row)}.",
        f"{(row.reference.account.owner or row.reference_request.requester).name}, {in_force().company}",
        own_page(message),
    )
    return letter(to, f"A reminder: {subject[0].lower()}{subject[1:]}", parts)


def why_not_reference(message: Message, now: datetime) -> Unsent | None:
    """Judged as the ask itself is, in the transaction that sends it; and nobody is reminded of what never reached them."""
    asked = Message.objects.filter(kind="ask", subject_kind="ask", subject_id=message.subject_id, state=Message.State.SENT)
    return why_not_ask(message, now) or (None if asked.exists() else Unsent("never_asked"))


def info(message: Message, now: datetime) -> Mail:
    """To the requester who was asked something."""
    to = receiver(message)
    row, _ = about(message)
    words = events(row.pk, RequestMove.ASK_INFO).first()
    title = heading(row, reader_of_colleague(to))
    parts: tuple[Part, ...] = (
        greeting(to),
        f"your request, {title}, waits for your answer. Nobody is asked before it comes:",
        Quote(words.said if words else ""),
        Button("Answer now", link_of(message)),
    )
    return letter(to, f"Still waiting for your answer: {title}", parts, url=reverse("desk:request", args=[row.pk]))


def content(message: Message, now: datetime) -> Mail:
    """To the requester who was offered stories."""
    to = receiver(message)
    row, _ = about(message)
    title, url = heading(row, reader_of_colleague(to)), reverse("desk:request", args=[row.pk])
    words = f"your request, {title}, was answered with stories. Did that do it, or do you still need a person?"
    return letter(to, f"Did that do it? {title}", (greeting(to), words, Button("Say so", settings.BASE_URL + url)), url=url)


def why_not_content(message: Message, now: datetime) -> Unsent | None:
    return _why_not_in(message, R.ANSWERED_WITH_CONTENT)


def debrief(message: Message, now: datetime) -> Mail:
    """To the requester who has not said how it went."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), debrief_url(row)
    words = f"how did the {activity(row)} with {name} go? One tap is enough, and it helps whoever asks next."
    return letter(to, f"How did it go with {name}?", (greeting(to), words, Button("Say how it went", settings.BASE_URL + url)), url=url)


def manager(message: Message, now: datetime) -> Mail:
    """To the manager in charge of a request that nobody has begun."""
    to = receiver(message)
    row, _ = about(message)
    title, url = heading(row, reader_of_colleague(to)), reverse("requests:matches", args=[row.pk])
    found = silence_of_request(row, in_force())
    since = found.since if found else row.submitted_at or now
    waited = f"since {day_year(day_here(since))} ({span(now - since)})"
    words = f"{row}, {title}, has waited for you {waited}, and nobody is asked. It is needed by {day_year(row.needed_by)}."
    return letter(to, f"Nobody is asked yet: {title}", (greeting(to), words, Button("See matches", settings.BASE_URL + url)), url=url)


def why_not_manager(message: Message, now: datetime) -> Unsent | None:
    row, _ = about(message)
    if row.manager_id != message.recipient_id:
        return Unsent("in_charge")
    return _why_not_silent(message, message.recipient_id)


def time(message: Message, now: datetime) -> Mail:
    """To the requester: the reference said yes, and no time is fixed."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), f"{reverse('requests:ask', args=[row.pk])}#time"
    words = f"{name} said yes to {an_activity(row)}, and no time is fixed yet. Fix one, let the prospect pick, or introduce them by mail."
    return letter(to, f"Still without a time: {name}", (greeting(to), words, Button("Fix a time", settings.BASE_URL + url)), url=url)


def outcome(message: Message, now: datetime) -> Mail:
    """To the requester: nobody has said whether it happened."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), f"{reverse('requests:ask', args=[row.pk])}#outcome"
    words = f"did the {activity(row)} with {name} happen? Nobody has said so yet, and the deal has no credit before."
    return letter(to, f"Did it happen with {name}?", (greeting(to), words, Button("Say so", settings.BASE_URL + url)), url=url)


def send(message: Message, now: datetime) -> Mail:
    """To the manager in charge: the owner approved, and nothing was sent."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), f"{reverse('requests:ask', args=[row.pk])}#sending"
    words = (
        f"asking {name} was approved {span(now - row.waiting_since)} ago and is not sent. Its slot comes back when the reservation ends."
    )
    return letter(to, f"Not sent yet: {name}", (greeting(to), words, Button("Send the ask", settings.BASE_URL + url)), url=url)


def why_not_of_ask(message: Message, now: datetime) -> Unsent | None:
    """Somebody answered meanwhile, or it is somebody else's to answer."""
    return _why_not_silent(message, message.recipient_id)


def silence(message: Message, now: datetime) -> Mail:
    """To a manager: somebody stays silent, reminders and all."""
    to = receiver(message)
    row, _ = about(message)
    title, url = heading(row, reader_of_colleague(to)), reverse("desk:request", args=[row.pk])
    silent = Colleague.objects.get(pk=message.facts["silent"])
    length = span(now - datetime.fromisoformat(message.facts["since"]))
    what = UNDONE.get(message.facts.get("kind", ""), "has not answered about")
    words = f"{silent.name} {what} {row}, {title}, for {length}, reminders and all."
    way_out = "Take it over, or hand it to somebody." if silent.pk == row.manager_id else "Ask in another way, or close the request."
    return letter(
        to, f"{silent.name} stays silent: {title}", (greeting(to), words, way_out, Button(title, settings.BASE_URL + url)), url=url
    )


def why_not_silence(message: Message, now: datetime) -> Unsent | None:
    return _why_not_silent(message, message.facts["silent"])


def _why_not_silent(message: Message, silent: int) -> Unsent | None:
    """Whether that colleague is still the one who is silent on what the message is about."""
    row, asks = about(message)
    found = silence_of_ask(asks[0], in_force()) if asks else silence_of_request(row, in_force())
    if found is None or found.whom.pk != silent:
        return Unsent("ask", {"status": asks[0].status}) if asks else Unsent("request", {"status": row.status})
    return why_not_seen(message)


def _why_not_in(message: Message, status: str) -> Unsent | None:
    row, _ = about(message)
    if row.status != status:
        return Unsent("request", {"status": row.status})
    return why_not_seen(message)
