"""The mails around a meeting: picking a time, the time with its file, the brief before it, an introduction, and whether it happened."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.customers.models import Contact
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_name
from firsthand.requests.brief import brief_for
from firsthand.requests.envelope import (
    Receiver,
    activity,
    also_speak,
    an_activity,
    ask_of,
    brief_url,
    by_when,
    calendar,
    greeting,
    letter,
    link_of,
    moment,
    reader_of,
    receiver,
    request_url,
    speakers,
    summary,
    told_along,
    why_barred,
    why_not_attendee,
    why_not_colleague,
    why_not_withdrawn,
)
from firsthand.requests.guests import is_taken_off
from firsthand.requests.invitations import comes_for_another
from firsthand.requests.letters import LOST, TELL_TIME
from firsthand.requests.models import Ask, Attendee
from firsthand.requests.page import whose_turn
from firsthand.requests.permissions import bars_of
from firsthand.requests.prospects import prospect_for
from firsthand.requests.routing import can_be_reached
from firsthand.requests.wording import unreached

A = Ask.Status


def fixed(message: Message, now: datetime) -> Mail:
    """The time, with a calendar file in the receiver's own zone."""
    row, to = ask_of(message), receiver(message)
    if row.occasion is None:
        raise LookupError("There is no time to tell.")
    was_told, before = _was_told(message), row.comes_to
    is_successor = before is not None and before.status == A.CANCELED and before.occasion_id == row.occasion_id
    in_place = is_successor and not (was_told or isinstance(to, Contact))
    is_new = not (was_told or in_place)
    verb = "fixed for" if is_new else "now set for" if in_place else "moved to"
    parts: list[Part] = [
        greeting(to),
        f"{summary(row, to)} is {verb} {moment(row, to)}, for {row.occasion.minutes} minutes.",
    ]
    if in_place:
        parts.append("Whoever was to talk to you before cannot; this entry in your calendar takes the place of the old one.")
    if row.occasion.place:
        parts.append(f"Where: {row.occasion.place}")
    if isinstance(to, Colleague) and (untold := unreached(row, to)):
        parts.append(untold)
    parts.append(Quote(row.reference_request.wish))
    parts += _page(message, row, to)
    subject = f"{'Fixed' if is_new else 'Changed'}: {summary(row, to)}, {moment(row, to)}"
    return letter(to, subject, parts, files=(calendar(row, to, message),), url=request_url(row))


def _page(message: Message, row: Ask, to: Receiver) -> list[Part]:
    """The way to the receiver's page; to the requester, who reads there how it stands without signing in, also whose turn it is."""
    if "link" not in message.facts:
        return []
    if isinstance(to, Colleague):
        return [f"Now: {whose_turn(row.reference_request, to)}", Button("See how it stands", link_of(message))]
    return [Button("Open your page", link_of(message))]


def company(message: Message, now: datetime) -> Mail:
    """Who comes to a time that stands: to the other side and the requester by name, to a reference how many others they are."""
    row, to = ask_of(message), receiver(message)
    if row.occasion is None:
        raise LookupError("There is no time to tell.")
    if not _was_told(message, at=row):  # what told the time first came to nothing
        return fixed(message, now)
    others, at = also_speak(row), f"the {activity(row)} on {moment(row, to)}"
    if isinstance(to, Contact):
        words = f"{others} will speak at {at} as well." if others else f"you are the only customer of ours who speaks at {at} now."
        words += " Nothing changes for you; the attached file brings your calendar up to date."
        subject = f"{others.capitalize()} as well: {summary(row, to)}" if others else f"You speak alone: {summary(row, to)}"
    else:
        words = f"at {at} you hear {speakers(row, to)}. This entry in your calendar takes the place of the one you have."
        subject = f"Who speaks: {summary(row, to)}, {moment(row, to)}"
    where = [f"Where: {row.occasion.place}"] if row.occasion.place else []
    return letter(
        to, subject, [greeting(to), words, *where, *_page(message, row, to)], files=(calendar(row, to, message),), url=request_url(row)
    )


def _was_told(message: Message, *, at: Ask | None = None) -> bool:
    """Whether they have an earlier time of this ask in their calendar, or who comes to it; `at`: of any ask at its time for the request."""
    same = Ask.objects.filter(occasion=at.occasion_id, reference_request=at.reference_request_id).values("pk") if at else None
    asks = [message.subject_id] if same is None else same
    about = {"kind__in": [*TELL_TIME, "passed_on"], "subject_kind": message.subject_kind, "subject_id__in": asks}
    to = {"recipient_kind": message.recipient_kind, "recipient_id": message.recipient_id}
    before = Message.objects.filter(pk__lt=message.pk, **about, **to).exclude(state__in=LOST)
    last = before.order_by("pk").last()
    return last is not None and last.kind != "passed_on"


def pick_time(message: Message, now: datetime) -> Mail:
    """The times a reference offered, for the other side to pick one behind the link."""
    row, to = ask_of(message), receiver(message)
    asker = row.reference_request.requester
    parts: tuple[Part, ...] = (
        greeting(to),
        f"{asker.name} of {in_force().company} has arranged {an_activity(row)} for you: {summary(row, to)}. Pick the time that suits you.",
        Button("Pick a time", link_of(message)),
        "The page shows the times in your own time zone, and you can bring colleagues. The link is for you.",
    )
    return letter(to, f"Pick a time: {summary(row, to)}", parts)


def why_not_pick_time(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    if row.status != A.ACCEPTED:
        return Unsent("ask", {"status": row.status})
    return why_not_withdrawn(row) or why_not_attendee(row, receiver(message))


def pick_off(message: Message, now: datetime) -> Mail:
    """To whoever had a link to pick a time: there is none to pick any more."""
    row, to = ask_of(message), receiver(message)
    asker, what = row.reference_request.requester.name, summary(row, to)
    words = f"you had a link to pick a time: {what}. It does not come about, so nothing is asked of you any more."
    then = f"{asker} of {in_force().company} knows what comes instead."
    return letter(to, f"No time to pick any more: {what}", (greeting(to), words, then))


def why_not_pick_off(message: Message, now: datetime) -> Unsent | None:
    about = {"subject_kind": "ask", "subject_id": message.subject_id, "recipient_kind": "attendee", "recipient_id": message.recipient_id}
    had_link = Message.objects.filter(kind="pick_time", state=Message.State.SENT, **about)
    return why_not_attendee(ask_of(message), receiver(message)) or (None if had_link.exists() else Unsent("never_told"))


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
    if row.occasion.starts_at <= now:
        return Unsent("past")  # it was tried for days, or is sent again by hand
    to = receiver(message)
    if isinstance(to, Colleague) and to.pk != row.reference_request.requester_id:
        return Unsent("new_requester")
    if isinstance(to, Colleague) and _told_anew(message, row):
        return Unsent("moved")
    return why_not_withdrawn(row) or why_not_colleague(to) or why_not_attendee(row, to)


def _told_anew(message: Message, row: Ask) -> bool:
    """Whether a newer mail tells a requester the same, who was replaced in between and is back."""
    asks = Ask.objects.filter(occasion=row.occasion_id, reference_request=row.reference_request_id).values("pk")
    to = {"recipient_kind": message.recipient_kind, "recipient_id": message.recipient_id}
    same = Message.objects.filter(kind=message.kind, subject_kind="ask", subject_id__in=asks, **to)
    return same.filter(pk__gt=message.pk, facts__sequence=message.facts.get("sequence")).exists()


def passed_on(message: Message, now: datetime) -> Mail:
    """To whoever asked for it before: somebody else does now, and the file takes the time out of their calendar."""
    row, to = ask_of(message), receiver(message)
    words = f"{row.reference_request.requester.name} asks for it now, so you are not expected any more at the {activity(row)} on"
    parts: tuple[Part, ...] = (greeting(to), f"{words} {moment(row, to)}. The attached file takes it out of your calendar.")
    return letter(to, f"Not yours any more: {summary(row, to)}", parts, files=(calendar(row, to, message),))


def why_not_passed_on(message: Message, now: datetime) -> Unsent | None:
    row, to = ask_of(message), receiver(message)
    if row.occasion is None or row.occasion.starts_at <= now:
        return Unsent("past")
    if isinstance(to, Colleague) and (to.pk == row.reference_request.requester_id or comes_for_another(row, to)):
        return Unsent("theirs")
    asks = Ask.objects.filter(occasion=row.occasion_id, reference_request=row.reference_request_id).values("pk")
    mails = Message.objects.filter(kind__in=TELL_TIME, subject_kind="ask", subject_id__in=asks, state=Message.State.SENT)
    if not mails.filter(recipient_kind=message.recipient_kind, recipient_id=message.recipient_id).exists():
        return Unsent("never_told")
    return why_not_colleague(to)


def unfixed(message: Message, now: datetime) -> Mail:
    """A fixed time is canceled; the file takes it out of the calendar."""
    row, to = ask_of(message), receiver(message)
    if row.occasion is None:
        raise LookupError("There was no time to cancel.")
    parts: list[Part] = [
        greeting(to),
        f"{_off(message, row, to)} The attached file takes it out of your calendar.",
        *(["Thank you for having been ready for it. Nothing is asked of you now."] if isinstance(to, Contact) else []),
        *_page(message, row, to),
    ]
    files = (calendar(row, to, message),)
    return letter(to, f"Canceled: {summary(row, to, told_along(message))}", parts, files=files, url=request_url(row))


def _off(message: Message, row: Ask, to: Receiver) -> str:
    if isinstance(to, Attendee) and is_taken_off(to, row):
        return f"You are not expected any more at the {activity(row)} on {moment(row, to)}."
    return f"{summary(row, to, told_along(message))} on {moment(row, to)} does not take place."


def why_not_unfixed(message: Message, now: datetime) -> Unsent | None:
    occasion = ask_of(message).occasion
    if occasion is not None and occasion.starts_at <= now:
        return Unsent("past")  # nobody has to be told that what is over does not take place
    return why_not_colleague(receiver(message))


def fewer(message: Message, now: datetime) -> Mail:
    """To a reference: one of those who share a fixed time does not come any more; the file brings the entry up to date."""
    row, to = ask_of(message), receiver(message)
    left = Ask.objects.filter(occasion=row.occasion, reference=row.reference, status=A.SCHEDULED).order_by("pk").first()
    if left is None:
        raise LookupError("Nobody comes any more.")
    words = f"{prospect_for(row)} does not take part on {moment(row, to)} any more. The {activity(row)} stands for the others."
    return letter(to, f"One less: {summary(left, to)}", (greeting(to), words), files=(calendar(left, to, message),))


def introduction(message: Message, now: datetime) -> Mail:
    """Each side gets the other's name and address, once the reference accepted."""
    row, to = ask_of(message), receiver(message)
    requester, contact = row.reference_request.requester, row.reference.contact
    other = requester if isinstance(to, Contact) else contact
    is_anew = isinstance(to, Contact) and _introductions(message).filter(pk__lt=message.pk, state=Message.State.SENT).exists()
    other_name = requester.name if isinstance(to, Contact) else shown_name(row.reference, reader_of(to))
    parts: list[Part] = [
        greeting(to),
        *(["Whoever we introduced you to before does not ask for it any more; this takes its place."] if is_anew else []),
        (
            f"this is to introduce you to {other_name}, {other.email}. You {_settle(row)} the {activity(row)} for "
            f"{prospect_for(row)} among yourselves; it should be {by_when(row.reference_request)}."
        ),
        *([Quote(row.reference_request.wish)] if row.reference_request.questions else []),  # else the wish is what they ask
        *brief_for(row, to).as_lines(),
    ]
    parts += _page(message, row, to)
    return letter(to, f"Introduction: {other_name}", parts, url=request_url(row))


def _introductions(message: Message) -> "QuerySet[Message]":
    """All of this ask to the same receiver: one for each requester it has had."""
    about = {"kind": message.kind, "subject_kind": message.subject_kind, "subject_id": message.subject_id}
    return Message.objects.filter(**about, recipient_kind=message.recipient_kind, recipient_id=message.recipient_id)


def _settle(row: Ask) -> str:
    return "find a time for" if row.reference_request.activity_type.has_time else "settle"


def why_not_introduction(message: Message, now: datetime) -> Unsent | None:
    """It tells an address, so that what nobody lifts is asked once more, in the transaction that sends it."""
    row, to = ask_of(message), receiver(message)
    if row.status not in {A.INTRODUCED, A.SCHEDULED}:
        return Unsent("ask", {"status": row.status})
    is_other = isinstance(to, Colleague) and to.pk != row.reference_request.requester_id
    if is_other or _introductions(message).filter(pk__gt=message.pk).exists():
        return Unsent("new_requester")
    if not row.reference_request.requester.is_active:
        return Unsent("not_here")
    if not can_be_reached(row.reference_request.requester):
        return Unsent("no_address")
    return why_barred([bar for bar in bars_of(row.reference_request, row.reference, ask=row) if bar.is_absolute])


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
    if isinstance(to, Colleague) and to.pk != row.reference_request.requester_id:
        return Unsent("new_requester")
    if message.facts.get("sequence") != (row.occasion.sequence if row.occasion else None):
        return Unsent("moved")
    return why_not_withdrawn(row) if isinstance(to, Contact) else why_not_colleague(to)
