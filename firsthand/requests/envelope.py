"""What every mail of this room needs: whom it is for, how far they may know, and how days and links are put."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.urls import reverse

from firsthand.core.links import address
from firsthand.core.mail import Button, File, Mail, Part
from firsthand.core.models import Link
from firsthand.core.words import counted, day_year, listed
from firsthand.customers.models import Contact
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.matching.rules import Bar
from firsthand.people.models import Colleague
from firsthand.program.policy import day_here, in_force
from firsthand.references.disclosure import LISTENERS, Reader, may_know, shown_company, shown_name
from firsthand.requests.beside import time_to_come
from firsthand.requests.calendar_file import Invited, calendar_file
from firsthand.requests.checks import why_day_over
from firsthand.requests.guests import is_taken_off
from firsthand.requests.models import Ask, Attendee, Occasion, ReferenceRequest
from firsthand.requests.permissions import withdrawn_bar
from firsthand.requests.prospects import prospect_for

Receiver = Colleague | Contact | Attendee
OF_SPEAKER = ("reference__contact__person", "reference__contact__account", "reference_request")
MODELS = {"colleague": Colleague, "contact": Contact, "attendee": Attendee}


def greeting(to: Receiver) -> str:
    """By first name."""
    if isinstance(to, Contact):
        return f"Hello {to.person.first_name or to.person.name},"
    return f"Hello {to.name.split(maxsplit=1)[0]},"


def ask_of(message: Message) -> Ask:
    """The ask a message is about."""
    related = ("reference__contact__person", "reference__contact__account__owner", "reference_request__activity_type", "occasion")
    return Ask.objects.select_related(*related).get(pk=message.subject_id)


def receiver(message: Message) -> Receiver:
    """Who gets the message. Raises LookupError when they are gone."""
    found: Receiver | None = MODELS[message.recipient_kind].objects.filter(pk=message.recipient_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise LookupError("Whoever this was for is gone.")
    return found


def zone_of(to: Receiver) -> str:
    """The receiver's time zone, else the program's."""
    own = to.person.time_zone if isinstance(to, Contact) else to.time_zone
    return own or in_force().time_zone


def about(message: Message) -> tuple[ReferenceRequest, list[Ask]]:
    if message.subject_kind == "ask":
        row = ask_of(message)
        return row.reference_request, [row]
    return ReferenceRequest.objects.select_related("activity_type", "opportunity__account").get(pk=message.subject_id), []


def letter(to: Receiver, subject: str, parts: tuple[Part, ...] | list[Part], *, files: tuple[File, ...] = (), url: str = "") -> Mail:
    name = to.person.name if isinstance(to, Contact) else to.name
    return Mail(name, to.email or "", subject, tuple(parts), files, url)


def link_of(message: Message, name: str = "link") -> str:
    """The address of one of the message's links."""
    return address(Link.objects.get(pk=message.facts[name]))


def own_page(message: Message) -> Button:
    """The link of the reference's own page."""
    return Button("Your own page: what you agreed to, a pause, leaving", link_of(message, "portal"))


def reader_of(to: Receiver) -> Reader:
    """Who reads it: somebody of the other side knows as much as the audience of their request may."""
    if isinstance(to, Attendee):
        return LISTENERS[to.reference_request.hears[0]]
    return to if isinstance(to, Colleague) else None


def took_back(row: Ask, to: Receiver) -> bool:
    """Whether it is for somebody of the other side who reads no name any more: taken off, or the reference wants no more of it."""
    return isinstance(to, Attendee) and (is_taken_off(to, row) or withdrawn_bar(row) is not None)


def whom_met(row: Ask, to: Attendee) -> str:
    """Whom they talked to, once it is over: by name as far as they may know it, and as long as the reference lets it stand."""
    return "the person you talked to" if took_back(row, to) else shown_name(row.reference, reader_of(to))


def activity(row: Ask) -> str:
    return row.reference_request.activity_type.noun


def an_activity(row: Ask) -> str:
    return row.reference_request.activity_type.a_noun


def window_words(reference_request: ReferenceRequest) -> str:
    """When evaluators of a tender may call, or until when anything else is needed."""
    first, last = reference_request.window_from, reference_request.window_until
    return f"between {day_year(first)} and {day_year(last)}" if first and last else by_when(reference_request)


def by_when(reference_request: ReferenceRequest, late: str = "as soon as you can") -> str:
    """Until when it is needed, or the words for once that day is past: nobody is asked for one that is gone."""
    day = reference_request.needed_by
    return late if why_day_over(day) else f"by {day_year(day)}"


def answer_day(row: Ask) -> str:
    """Until when the answer to an ask is waited for."""
    return day_year(day_here(row.answer_by) if row.answer_by else None)


def told_along(message: Message) -> list[Ask]:
    """The others of a panel whose end the message tells as well."""
    ended = message.facts.get("along", [])
    return list(Ask.objects.filter(pk__in=ended).select_related(*OF_SPEAKER)) if ended else []


def summary(row: Ask, to: Receiver, along: Sequence[Ask] = ()) -> str:
    """What is in the receiver's calendar: with whom, those who ended `along` included."""
    name = row.reference_request.activity_type.name
    if isinstance(to, Contact):
        others = Ask.objects.on_slot(row.slot).filter(status=Ask.Status.SCHEDULED).exclude(pk=row.pk).order_by("pk")
        return f"{name} with {listed(list(dict.fromkeys([prospect_for(row), *map(prospect_for, others)])))}"
    return f"{name} with {speakers(row, to, along)}"


def speakers(row: Ask, to: Colleague | Attendee, along: Sequence[Ask] = ()) -> str:
    """Who speaks at the time of an ask, as far as the reader may know each of them: "Rae Reference, Ostvik Bank"; of a panel, all.

    Of one that is over, those who ended `along` with it.
    """
    if isinstance(to, Attendee) and is_taken_off(to, row):
        return "a customer"
    names = [_named(each, to) for each in sorted({*who_speak(row), *along}, key=lambda each: each.pk)]
    between = " of " if len(names) > 1 else ", "
    return listed([between.join(filter(None, pair)) for pair in names])


def who_speak(row: Ask) -> list[Ask]:
    """Everybody who comes to the time of an ask for its request, itself among them, always in one order."""
    others = Ask.objects.beside(row).select_related(*OF_SPEAKER)
    return sorted([row, *others], key=lambda each: each.pk)


def also_speak(row: Ask) -> str:
    """What a reference reads of the others of a panel: how many they are, and not who."""
    others = Ask.objects.beside(row, row.occasion or (row.comes_to.occasion if row.comes_to else None)).count()
    return f"{counted(others, 'other customer')} of ours" if others else ""


def why_that_time(row: Ask) -> str:
    """That a time is fixed before somebody was asked, and why: the end of a sentence that begins with the time."""
    others = also_speak(row)
    return f"the time is fixed already, and {f'{others} will speak as well' if others else 'somebody else cannot come'}"


def _named(row: Ask, to: Colleague | Attendee) -> tuple[str, str]:
    if took_back(row, to):
        return "a customer", ""
    reader = reader_of(to)
    return shown_name(row.reference, reader), shown_company(row.reference, reader) if may_know(row.reference, reader) else ""


def moment(row: Ask, to: Receiver) -> str:
    """When, on the receiver's clock; of an ask that would join a fixed time, that time."""
    return wall_time(row.occasion or (row.joins.occasion if row.joins else None), to)


def moment_to_come(row: Ask, to: Receiver) -> str:
    """The time somebody is asked to come to, as their clocks show it, or empty."""
    return wall_time(time_to_come(row), to)


def wall_time(occasion: Occasion | None, to: Receiver) -> str:
    """A time as the receiver's clocks show it; empty where there is none."""
    zone = zone_of(to)
    at = occasion.starts_at.astimezone(ZoneInfo(zone)) if occasion else None
    return f"{at:%a %-d %B %Y, %H:%M} ({zone})" if at else ""


def calendar(row: Ask, to: Receiver, message: Message) -> File:
    """The receiver's file, with the message's number as its version.

    So what is written later replaces what was before it, also where a request left and comes again while the time stood still.
    """
    occasion = row.occasion
    if occasion is None:
        raise LookupError("There is no time to tell.")
    name = to.person.name if isinstance(to, Contact) else to.name
    is_left_out = is_taken_off(to, row) if isinstance(to, Attendee) else _was_requester(row, to)
    is_off = row.status == Ask.Status.CANCELED or occasion.canceled_at is not None or is_left_out
    return calendar_file(
        occasion,
        Invited(name, to.email or "", zone_of(to), is_canceled=is_off),
        summary=summary(row, to, told_along(message)),
        description="" if is_left_out else _description(row, to),
        sequence=message.pk,
    )


def _was_requester(row: Ask, to: Receiver) -> bool:
    """Whether it is a colleague's who asks for it no more."""
    return isinstance(to, Colleague) and to.pk != row.reference_request.requester_id


def _description(row: Ask, to: Receiver) -> str:
    """What is asked; of a panel also who comes, to each side as far as it may know."""
    if isinstance(to, Contact):
        others = also_speak(row)
        return "\n\n".join([row.reference_request.wish, *([f"{others} will speak as well."] if others else [])])
    is_panel = len(who_speak(row)) > 1
    return "\n\n".join([row.reference_request.wish, *([f"Who speaks: {speakers(row, to)}."] if is_panel else [])])


def why_not_attendee(row: Ask, to: Receiver) -> Unsent | None:
    return Unsent("taken_off") if isinstance(to, Attendee) and is_taken_off(to, row) else None


def why_not_colleague(to: Receiver) -> Unsent | None:
    return Unsent("not_here") if isinstance(to, Colleague) and not to.is_active else None


def why_not_seen(message: Message) -> Unsent | None:
    """What is told to a colleague of a request is judged as it is sent: not for one who sees it no more, nor works here."""
    to = receiver(message)
    row, _ = about(message)
    if isinstance(to, Colleague) and not ReferenceRequest.objects.visible_to(to).filter(pk=row.pk).exists():
        return Unsent("unseen")
    return why_not_colleague(to)


def request_url(row: Ask) -> str:
    return reverse("desk:request", args=[row.reference_request_id])


def debrief_url(row: Ask) -> str:
    return reverse("requests:debrief", args=[row.pk])


def brief_url(row: Ask) -> str:
    return reverse("requests:brief", args=[row.pk])


def note_url(row: Ask, kind: str) -> str:
    """Where a thank-you, or what came of it, is written."""
    return reverse("requests:thanks" if kind == "thanks" else "requests:came_of_it", args=[row.pk])


def why_not_withdrawn(row: Ask) -> Unsent | None:
    """What leaves the house names the reference or writes to them, so what they agreed to is read once more."""
    bar = withdrawn_bar(row)
    return why_barred([bar] if bar else [])


def why_barred(bars: Sequence[Bar]) -> Unsent | None:
    """The first of the rules that stand against it."""
    return Unsent("barred", {"rule": bars[0].rule.code}) if bars else None
