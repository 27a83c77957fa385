"""The mails of this room, rendered at send time from ids: one function per kind, and one that says why it is not to be sent."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.core.words import day_year
from firsthand.customers.models import Contact
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.matching.rules import Bar
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_company, shown_name
from firsthand.requests.brief import brief_for
from firsthand.requests.contents import answered_with
from firsthand.requests.envelope import (
    Receiver,
    about,
    activity,
    ask_of,
    brief_url,
    calendar,
    debrief_url,
    due_day,
    greeting,
    letter,
    link_of,
    moment,
    moment_to_take_over,
    note_url,
    own_page,
    reader_of,
    receiver,
    request_url,
    summary,
    why_not_colleague,
    window_words,
)
from firsthand.requests.lifted import lifted_on
from firsthand.requests.models import Ask, Debrief, PersonalNote, ReferenceRequest
from firsthand.requests.page import asks_of, whose_turn
from firsthand.requests.permissions import bars_of, why_in_person, withdrawn_bar
from firsthand.requests.prospects import prospect_for
from firsthand.requests.wording import Teller, heading, length, whom

A = Ask.Status


def approval(message: Message, now: datetime) -> Mail:
    """The question to the owner, answered by a link that needs no sign-in."""
    ask, to = ask_of(message), receiver(message)
    reference_request, name = ask.reference_request, shown_name(ask.reference, reader_of(to))
    prospect = whom(reference_request, to if isinstance(to, Colleague) else None)
    parts: tuple[Part, ...] = (
        greeting(to),
        (
            f"{reference_request.requester.name} needs a {activity(ask)} for {prospect} by {due_day(reference_request)}. "
            f"We would like to ask {name} of {shown_company(ask.reference, reader_of(to))}."
        ),
        Quote(reference_request.wish),
        *([f"A note for you: {ask.note}"] if ask.note else []),
        *_lifted(ask, to),
        Button("Answer now", link_of(message)),
        f"{_answers(ask, name)} A slot is reserved until you answer, for at most three working days.",
    )
    return letter(to, f"May we ask {name}?", parts, url=request_url(ask))


def _answers(ask: Ask, name: str) -> str:
    """What the owner may answer: only they can ask somebody unconfirmed."""
    if why_in_person(ask, None):
        return f"{name} is unconfirmed: you can ask them yourself and record the answer, say not before a date, or refuse."
    return f"You can let the program ask, ask {name} yourself, say not before a date, or refuse."


def _lifted(ask: Ask, to: Receiver) -> list[Part]:
    """The owner reads what was lifted before they answer."""
    rows = lifted_on(ask, to if isinstance(to, Colleague) else None)
    return [f"{each.who} lifted a rule of the program for this ask ({each.title}: {each.meaning}): “{each.reason}”" for each in rows]


def why_not_approval(message: Message, now: datetime) -> Unsent | None:
    ask, to = ask_of(message), receiver(message)
    if ask.status != A.PROPOSED:
        return Unsent("answered", {"status": ask.status})
    if ask.approver is not None and to != ask.approver:
        return Unsent("passed_on")
    return why_not_colleague(to)


def ask_in_person(message: Message, now: datetime) -> Mail:
    """The text an owner may use when asking in person."""
    ask, to = ask_of(message), receiver(message)
    parts: tuple[Part, ...] = (
        greeting(to),
        f"You ask {shown_name(ask.reference, reader_of(to))} yourself. Here is a text you may use:",
        Quote(in_person_text(ask)),
        Button("Record the answer", link_of(message)),
        f"It takes no sign-in. The slot is reserved until {day_year(ask.answer_by)}.",
    )
    return letter(to, f"Your text for asking {shown_name(ask.reference, reader_of(to))}", parts, url=request_url(ask))


def in_person_text(ask: Ask) -> str:
    """Ready words for asking in person."""
    reference_request, person = ask.reference_request, ask.reference.contact.person
    if reference_request.activity_type.is_tender:
        return (
            f"Hello {person.first_name or person.name}, may we name you as a reference in a tender of {prospect_for(ask)}? Evaluators may "
            f"call {window_words(reference_request)}. They look for: {reference_request.wish} Saying no is fine."
        )
    return (
        f"Hello {person.first_name or person.name}, would you be willing to give a {activity(ask)} to {prospect_for(ask)}, "
        f"by {due_day(reference_request)}? It takes {length(reference_request.activity_type)}. They would like to hear: "
        f"{reference_request.wish} Saying no is fine."
    )


def ask(message: Message, now: datetime) -> Mail:
    """The ask itself, to the reference."""
    row, to = ask_of(message), receiver(message)
    reference_request = row.reference_request
    asker = row.reference.account.owner or reference_request.requester
    taken_over = moment_to_take_over(row, to)
    subject, opening, closing = _words_of_ask(row, to)
    parts: tuple[Part, ...] = (
        greeting(to),
        opening,
        Quote(reference_request.wish),
        *([f"It would be on {taken_over}: the time is fixed already, and somebody else cannot come."] if taken_over else []),
        Button("Answer", link_of(message)),
        closing,
        f"{asker.name}, {in_force().company}",
        own_page(message),
    )
    return letter(to, subject, parts)


def _words_of_ask(row: Ask, to: Receiver) -> tuple[str, str, str]:
    """Subject, opening and closing."""
    if row.reference_request.activity_type.is_tender:
        return _tendering(row)
    return _joining(row, to) if row.joins else _asking(row)


def _tendering(row: Ask) -> tuple[str, str, str]:
    prospect, window = prospect_for(row), window_words(row.reference_request)
    return (
        "May we name you in a tender?",
        f"We answer a tender of {prospect} and would like to name you as a reference. Evaluators may call you {window}. They look for:",
        "You decide, and then choose what we may show of you: nothing that you did not tick. Saying no has no effect on your contract.",
    )


def what_to_show(message: Message, now: datetime) -> Mail:
    """To a reference whose yes to a tender was told in person: the question what the sheet may show."""
    row, to = ask_of(message), receiver(message)
    parts: tuple[Part, ...] = (
        greeting(to),
        f"thank you for letting us name you in the tender of {prospect_for(row)}. They may call {window_words(row.reference_request)}.",
        Button("Choose what we may show", link_of(message)),
        "Nothing is shown of you that you did not tick, and you can take it back there at any time.",
        own_page(message),
    )
    return letter(to, "What may we show of you?", parts)


def why_not_what_to_show(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    return why_not_withdrawn(row) if row.status == A.ACCEPTED else Unsent("ask", {"status": row.status})


def _asking(row: Ask) -> tuple[str, str, str]:
    day, prospect = due_day(row.reference_request), prospect_for(row)
    return (
        f"Would you talk to a peer by {day}?",
        (
            f"{prospect[0].upper()}{prospect[1:]} would like to hear from somebody who knows us at first hand. Would you give them a "
            f"{activity(row)} ({length(row.reference_request.activity_type)}), by {day}? They ask:"
        ),
        "You decide every time. Saying no has no effect on your contract or your support. They get your address only when you accept.",
    )


def _joining(row: Ask, to: Receiver) -> tuple[str, str, str]:
    prospect = prospect_for(row)
    return (
        f"May one more join on {moment(row, to)}?",
        (
            f"{prospect[0].upper()}{prospect[1:]} would like to come to the {activity(row)} you give on {moment(row, to)}. "
            "It takes no more of your time. They ask:"
        ),
        "You decide. If you say no, it stands as it is for the others. They get your address only when you accept.",
    )


def why_not_ask(message: Message, now: datetime) -> Unsent | None:
    """What leaves the house is judged once more, in the transaction that sends it."""
    row = ask_of(message)
    if row.status != A.SENT:
        return Unsent("ask", {"status": row.status})
    return why_barred(bars_of(row.reference_request, row.reference, ask=row))


def fixed(message: Message, now: datetime) -> Mail:
    """The time, with a calendar file in the receiver's own zone."""
    row, to = ask_of(message), receiver(message)
    if row.occasion is None:
        raise LookupError("There is no time to tell.")
    is_new = row.occasion.sequence == 0 or (isinstance(to, Contact) and row.takes_over_id is not None)
    verb = "fixed for" if is_new else "now set for" if row.takes_over_id else "moved to"
    parts: list[Part] = [
        greeting(to),
        f"{summary(row, to)} is {verb} {moment(row, to)}, for {row.occasion.minutes} minutes.",
    ]
    if row.takes_over_id and not isinstance(to, Contact):
        parts.append("Whoever was to talk to you before cannot; this entry in your calendar takes the place of the old one.")
    if row.occasion.place:
        parts.append(f"Where: {row.occasion.place}")
    parts.append(Quote(row.reference_request.wish))
    if "link" in message.facts:
        parts.append(Button("Open your page", link_of(message)))
    subject = f"{'Fixed' if is_new else 'Changed'}: {summary(row, to)}, {moment(row, to)}"
    return letter(to, subject, parts, files=(calendar(row, to),), url=request_url(row))


def pick_time(message: Message, now: datetime) -> Mail:
    """The times a reference offered, for the other side to pick one behind the link."""
    row, to = ask_of(message), receiver(message)
    asker = row.reference_request.requester
    parts: tuple[Part, ...] = (
        greeting(to),
        f"{asker.name} of {in_force().company} has arranged a {activity(row)} for you: {summary(row, to)}. Pick the time that suits you.",
        Button("Pick a time", link_of(message)),
        "The page shows the times in your own time zone, and you can bring colleagues. The link is for you.",
    )
    return letter(to, f"Pick a time: {summary(row, to)}", parts)


def why_not_pick_time(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    return why_not_withdrawn(row) if row.status == A.ACCEPTED else Unsent("ask", {"status": row.status})


def reminder(message: Message, now: datetime) -> Mail:
    """The working day before: the time, the place, and the brief of the receiver's side."""
    row, to = ask_of(message), receiver(message)
    brief = brief_for(row, to)
    parts: list[Part] = [greeting(to), f"{brief.title} is on {brief.when} ({brief.zone})."]
    if brief.where:
        parts.append(f"Where: {brief.where}")
    parts += brief.as_lines()
    parts.append(Button("Open the brief", settings.BASE_URL + brief_url(row) if isinstance(to, Colleague) else link_of(message)))
    return letter(to, f"Soon: {brief.title}, {moment(row, to)}", parts, url=brief_url(row))


def why_not_fixed(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    if row.status != A.SCHEDULED or row.occasion is None or row.occasion.canceled_at:
        return Unsent("ask", {"status": row.status})
    if message.facts.get("sequence", row.occasion.sequence) != row.occasion.sequence:
        return Unsent("moved")
    return why_not_withdrawn(row) or why_not_colleague(receiver(message))


def why_not_withdrawn(row: Ask) -> Unsent | None:
    """What leaves the house names the reference or writes to them, so what they agreed to is read once more."""
    bar = withdrawn_bar(row)
    return why_barred([bar] if bar else [])


def why_barred(bars: Sequence[Bar]) -> Unsent | None:
    """The first of the rules that stand against it."""
    return Unsent("barred", {"rule": bars[0].rule.code}) if bars else None


def unfixed(message: Message, now: datetime) -> Mail:
    """A fixed time is canceled; the file takes it out of the calendar."""
    row, to = ask_of(message), receiver(message)
    if row.occasion is None:
        raise LookupError("There was no time to cancel.")
    parts: tuple[Part, ...] = (
        greeting(to),
        f"{summary(row, to)} on {moment(row, to)} does not take place. The attached file takes it out of your calendar.",
        *(["Thank you for having been ready for it. Nothing is asked of you now."] if isinstance(to, Contact) else []),
    )
    files = (calendar(row, to, message.facts.get("sequence")),)
    return letter(to, f"Canceled: {summary(row, to)}", parts, files=files, url=request_url(row))


def fewer(message: Message, now: datetime) -> Mail:
    """To a reference: one of those who share a fixed time does not come any more; the file brings the entry up to date."""
    row, to = ask_of(message), receiver(message)
    left = Ask.objects.filter(occasion=row.occasion, reference=row.reference, status=A.SCHEDULED).order_by("pk").first()
    if left is None:
        raise LookupError("Nobody comes any more.")
    words = f"{prospect_for(row)} does not take part on {moment(row, to)} any more. The {activity(row)} stands for the others."
    return letter(to, f"One less: {summary(left, to)}", (greeting(to), words), files=(calendar(left, to),))


def introduction(message: Message, now: datetime) -> Mail:
    """Each side gets the other's name and address, once the reference accepted."""
    row, to = ask_of(message), receiver(message)
    requester, contact = row.reference_request.requester, row.reference.contact
    other = requester if isinstance(to, Contact) else contact
    other_name = requester.name if isinstance(to, Contact) else shown_name(row.reference, reader_of(to))
    parts: list[Part] = [
        greeting(to),
        (
            f"this is to introduce you to {other_name}, {other.email}. You find a time for the {activity(row)} for "
            f"{prospect_for(row)} among yourselves; it should be by {due_day(row.reference_request)}."
        ),
        Quote(row.reference_request.wish),
    ]
    if isinstance(to, Contact):
        parts.append(Button("Open your page", link_of(message)))
    return letter(to, f"Introduction: {other_name}", parts, url=request_url(row))


def why_not_introduction(message: Message, now: datetime) -> Unsent | None:
    """It tells an address, so that what nobody lifts is asked once more, in the transaction that sends it."""
    row = ask_of(message)
    if row.status not in {A.INTRODUCED, A.SCHEDULED}:
        return Unsent("ask", {"status": row.status})
    return why_barred([bar for bar in bars_of(row.reference_request, row.reference, ask=row) if bar.is_absolute])


def no_longer(message: Message, now: datetime) -> Mail:
    """To a reference who was asked and is not needed any more."""
    row, to = ask_of(message), receiver(message)
    parts: tuple[Part, ...] = (
        greeting(to),
        f"the {activity(row)} we asked you for is not needed any more. Nothing is asked of you, and it does not count as a favor used.",
        f"Thank you. {in_force().company}",
    )
    return letter(to, "No longer needed, thank you", parts)


def why_not_no_longer(message: Message, now: datetime) -> Unsent | None:
    asked = Message.objects.filter(kind="ask", subject_kind="ask", subject_id=message.subject_id, state=Message.State.SENT)
    return None if asked.exists() else Unsent("never_asked")


def no_longer_in_person(message: Message, now: datetime) -> Mail:
    """To the owner who asks in person: it is not needed any more."""
    row, to = ask_of(message), receiver(message)
    name = shown_name(row.reference, reader_of(to))
    parts: tuple[Part, ...] = (greeting(to), f"{name} is not needed any more: {row.canceled_reason} Tell them if you have asked already.")
    return letter(to, f"{name} is not needed any more", parts, url=request_url(row))


def debrief(message: Message, now: datetime) -> Mail:
    """How did it go, in one tap."""
    row, to = ask_of(message), receiver(message)
    if isinstance(to, Contact):
        words = f"thank you for the {activity(row)} with {prospect_for(row)}. How was it for you? One tap is enough."
        button = Button("Say how it was", link_of(message))
        more: list[Part] = [own_page(message)]
    else:
        words = f"how did the {activity(row)} with {shown_name(row.reference, reader_of(to))} go? One tap is enough."
        button, more = Button("Say how it went", settings.BASE_URL + debrief_url(row)), []
    url = debrief_url(row)
    return letter(to, "How did it go?", [greeting(to), words, button, *more], url=url)


def why_not_debrief(message: Message, now: datetime) -> Unsent | None:
    row, to = ask_of(message), receiver(message)
    side = Debrief.Side.REFERENCE if isinstance(to, Contact) else Debrief.Side.REQUESTER
    if row.debriefs.filter(side=side).exists():
        return Unsent("told")
    if isinstance(to, Contact):
        return why_not_withdrawn(row)
    return why_not_colleague(to)


def prospect_debrief(message: Message, now: datetime) -> Mail:
    """How was it, to somebody of the other side; the seller released the question."""
    row, to = ask_of(message), receiver(message)
    words = f"how was the {activity(row)} with {shown_name(row.reference, reader_of(to))}? One tap is enough, and they do not see it."
    asker = row.reference_request.requester
    return letter(
        to, "How was it?", (greeting(to), words, Button("Say how it was", link_of(message)), f"{asker.name}, {in_force().company}")
    )


def why_not_prospect_debrief(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    return Unsent("told") if row.debriefs.filter(side=Debrief.Side.PROSPECT).exists() else None


def personal_note(message: Message, now: datetime) -> Mail:
    """The words a colleague wrote to the reference, as they wrote them; the prospect is named only where they agreed."""
    row, to = ask_of(message), receiver(message)
    note = row.personal_notes.get(kind=message.kind)
    deal = row.reference_request.opportunity
    named = note.prospect_agreed and note.kind == PersonalNote.Kind.CAME_OF_IT and deal is not None and deal.prospect not in note.words
    parts: list[Part] = [*note.words.split("\n\n")]
    if named and deal is not None:
        parts.append(f"It was {deal.prospect}; they agreed that we tell you.")
    subject = "Thank you" if note.kind == PersonalNote.Kind.THANKS else f"What came of your {activity(row)}"
    return letter(to, subject, [*parts, own_page(message)])


def why_not_personal_note(message: Message, now: datetime) -> Unsent | None:
    return why_not_withdrawn(ask_of(message))


def came_of_it_draft(message: Message, now: datetime) -> Mail:
    """A deal closed: its owner is asked to tell the reference what came of it."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), note_url(row, PersonalNote.Kind.CAME_OF_IT)
    deal = whom(row.reference_request, to if isinstance(to, Colleague) else None)
    words = f"the deal with {deal} has closed. {name} gave a {activity(row)} for it and has not heard what came of it. A draft is ready."
    return letter(to, f"Tell {name} what came of it", (greeting(to), words, Button("Read the draft", settings.BASE_URL + url)), url=url)


def why_not_came_of_it_draft(message: Message, now: datetime) -> Unsent | None:
    told = ask_of(message).personal_notes.filter(kind=PersonalNote.Kind.CAME_OF_IT)
    return Unsent("told") if told.exists() else why_not_colleague(receiver(message))


def did_it_happen(message: Message, now: datetime) -> Mail:
    """Asked once the time is over, or some days after an introduction."""
    row, to = ask_of(message), receiver(message)
    if isinstance(to, Contact):
        words, button = f"did the {activity(row)} with {prospect_for(row)} take place?", Button("Say so", link_of(message))
    else:
        words = f"did the {activity(row)} with {shown_name(row.reference, reader_of(to))} take place?"
        button = Button("Say so", settings.BASE_URL + request_url(row))
    return letter(to, "Did it happen?", (greeting(to), words, button), url=request_url(row))


def why_not_did_it_happen(message: Message, now: datetime) -> Unsent | None:
    row, to = ask_of(message), receiver(message)
    if row.status not in {A.SCHEDULED, A.INTRODUCED}:
        return Unsent("ask", {"status": row.status})
    return why_not_withdrawn(row) if isinstance(to, Contact) else why_not_colleague(to)


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
