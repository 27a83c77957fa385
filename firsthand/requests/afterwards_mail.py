"""The mails once it happened: how it went, thanks, and what came of it."""

from datetime import datetime

from django.conf import settings

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.customers.models import Contact
from firsthand.deals.models import Stage
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_name
from firsthand.requests.actions.thanking import standing_note
from firsthand.requests.envelope import (
    activity,
    an_activity,
    ask_of,
    debrief_url,
    greeting,
    letter,
    link_of,
    note_url,
    own_page,
    reader_of,
    receiver,
    why_not_attendee,
    why_not_colleague,
    why_not_seen,
    why_not_withdrawn,
)
from firsthand.requests.models import Ask, Debrief, PersonalNote
from firsthand.requests.notes_drafted import draft
from firsthand.requests.prospects import prospect_for
from firsthand.requests.wording import whom


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
    if row.status != Ask.Status.HELD:
        return Unsent("ask", {"status": row.status})
    side = Debrief.Side.REFERENCE if isinstance(to, Contact) else Debrief.Side.REQUESTER
    if row.debriefs.filter(side=side).exists():
        return Unsent("told")
    if isinstance(to, Contact):
        return why_not_withdrawn(row)
    if isinstance(to, Colleague) and to.pk != row.reference_request.requester_id:
        return Unsent("new_requester")
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
    if row.status != Ask.Status.HELD:
        return Unsent("ask", {"status": row.status})
    if row.debriefs.filter(side=Debrief.Side.PROSPECT).exists():
        return Unsent("told")
    return why_not_withdrawn(row) or why_not_attendee(row, receiver(message))


def personal_note(message: Message, now: datetime) -> Mail:
    """The words a colleague wrote to the reference, as they wrote them; the prospect is named only where they agreed."""
    row, to = ask_of(message), receiver(message)
    note = row.personal_notes.get(pk=message.facts["note"])
    deal = row.reference_request.opportunity
    named = note.prospect_agreed and note.kind == PersonalNote.Kind.CAME_OF_IT and deal is not None and deal.prospect not in note.words
    parts: list[Part] = [*note.words.split("\n\n")]
    if named and deal is not None:
        parts.append(f"It was {deal.prospect}; they agreed that we tell you.")
    subject = "Thank you" if note.kind == PersonalNote.Kind.THANKS else f"What came of your {activity(row)}"
    return letter(to, subject, [*parts, own_page(message)])


def why_not_personal_note(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    return why_not_withdrawn(row) if row.status == Ask.Status.HELD else Unsent("ask", {"status": row.status})


def thanks_draft(message: Message, now: datetime) -> Mail:
    """It happened: the owner's side reads the thank-you as it is drafted."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), note_url(row, PersonalNote.Kind.THANKS)
    words = draft(row, PersonalNote.Kind.THANKS, to) if isinstance(to, Colleague) else ""
    parts: tuple[Part, ...] = (
        greeting(to),
        f"the {activity(row)} with {name} took place. Nothing is worth more to them than a word from you. A draft is ready:",
        Quote(words),
        Button("Change it and send it", settings.BASE_URL + url),
    )
    return letter(to, f"Thank {name}", parts, url=url)


def why_not_thanks_draft(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    if row.status != Ask.Status.HELD:
        return Unsent("ask", {"status": row.status})
    sharing = Ask.objects.on_slot(row.slot) | Ask.objects.filter(pk=row.pk)
    if PersonalNote.objects.filter(kind=PersonalNote.Kind.THANKS, ask__in=sharing).exists():
        return Unsent("told")
    return why_not_withdrawn(row) or why_not_seen(message)


def came_of_it_draft(message: Message, now: datetime) -> Mail:
    """A deal closed: its owner is asked to tell the reference what came of it."""
    row, to = ask_of(message), receiver(message)
    name, url = shown_name(row.reference, reader_of(to)), note_url(row, PersonalNote.Kind.CAME_OF_IT)
    deal = whom(row.reference_request, to if isinstance(to, Colleague) else None)
    words = f"the deal with {deal} has closed. {name} gave {an_activity(row)} for it and has not heard what came of it. A draft is ready."
    return letter(to, f"Tell {name} what came of it", (greeting(to), words, Button("Read the draft", settings.BASE_URL + url)), url=url)


def why_not_came_of_it_draft(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    deal = row.reference_request.opportunity
    if deal is not None and deal.outcome == Stage.Outcome.OPEN:
        return Unsent("reopened")
    return Unsent("told") if standing_note(row, PersonalNote.Kind.CAME_OF_IT) else why_not_colleague(receiver(message))
