"""Who comes from the other side to a time that is fixed: brought along later, or taken off."""

from datetime import datetime

from django.utils import timezone

from firsthand.core.links import revoke_links
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.requests.actions.attending import attendee_told
from firsthand.requests.guests import is_taken_off, said_cannot, taking_part
from firsthand.requests.invitations import send_time
from firsthand.requests.letters import LOST, PICK, PROSPECT_DEBRIEF, TELL_TIME, managers_of, tell, write, written
from firsthand.requests.models import Ask, Attendance, Attendee
from firsthand.requests.moving import actor_of, lock, refuse_with
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import AskMove

STRANGER = "This link is for another meeting."
NOT_YOURS = "You take off whom you brought along. For anybody else, ask whoever invited you."
MOST_BROUGHT = f"You have named {Attendee.MOST} people already. Ask whoever invited you to bring somebody else."
NOBODY = "Choose one of those who come."
NOT_FIXED = "Somebody is brought along to a time that is fixed and still to come. Fix it first."


@deed
def bring(ask: Ask, *, by: Colleague | Attendee, name: str, email: str) -> Attendee:
    """Somebody more of the other side comes to the time that is fixed, and gets its calendar file and the brief.

    Somebody who comes brings others, too, so many at most however often they are taken off again; whoever asked hears of it.
    Whoever's mail was lost, such as one that failed for good, is sent it anew.
    Raises `Refused`: 403 for who may not fix the time, 409 while none is fixed and where they come already, 400 without name and address.
    """
    fresh = lock(ask.reference_request).ask(ask)
    refuse_with(_who_may_not(by, fresh), status=403)
    if not fresh.is_ahead:
        raise Refused(NOT_FIXED)
    host = by if isinstance(by, Attendee) else None
    if host is not None and Attendee.objects.filter(invited_by=host).count() >= Attendee.MOST:
        raise Refused(MOST_BROUGHT, status=400)
    attendee = attendee_told(fresh, name=name, email=email, otherwise="Say who comes, too.", invited_by=host)
    if _is_told(attendee, fresh):
        raise Refused(f"{attendee.name} comes already.")
    send_time(attendee, fresh)
    event = record("bring", fresh, by=actor_of(by), context=fresh.reference_request, attendee=attendee.pk)
    tell(event, fresh, [fresh.reference_request.requester] if host is not None else [])
    return attendee


def _who_may_not(by: Colleague | Attendee, ask: Ask) -> str | None:
    if isinstance(by, Colleague):
        return who_may_not(by, AskMove.SCHEDULE, ask)
    return None if Attendee.objects.coming_to(ask).filter(pk=by.pk).exists() else STRANGER


def tell_time(attendee: Attendee, ask: Ask) -> None:
    """The time that is fixed, to somebody who has an address and was not told of it."""
    if ask.occasion is not None and attendee.email and not _is_told(attendee, ask):
        send_time(attendee, ask)


def _is_told(attendee: Attendee, ask: Ask) -> bool:
    """Whether they were written to of this time: of a panel one mail tells all, and another who comes to it. A lost mail told nothing."""
    coming = [ask, *Ask.objects.beside(ask)]
    return any(written(kind, attendee, each).exclude(state__in=LOST).exists() for each in coming for kind in TELL_TIME)


@deed
def say_cannot(ask: Ask, *, by: Attendee, words: str = "") -> Ask:
    """Somebody of the other side says that none of the times suits, or that they cannot come to the one that is fixed.

    The requester reads it by mail, or whoever runs the program where they have left; nothing else changes. Said twice, it is told once.
    Raises `Refused`: 403 for somebody of another request or taken off, 409 where they are expected at nothing.
    """
    fresh = lock(ask.reference_request).ask(ask)
    if not Attendee.objects.coming_to(fresh).filter(pk=by.pk).exists():
        raise Refused("This link is for another meeting.", status=403)
    if fresh.status != Ask.Status.ACCEPTED and not fresh.is_ahead:
        raise Refused("You are expected at nothing here, so there is nothing to tell.")
    text, asker = words.strip()[:300], fresh.reference_request.requester
    told = said_cannot(fresh, by)
    if told is None or told.said != text:
        event = record("say_cannot", fresh, by=actor_of(by), context=fresh.reference_request, words=text, is_fixed=fresh.is_ahead)
        tell(event, fresh, [asker] if asker.is_active else managers_of(fresh.reference_request), by_mail=True)
    return fresh


@deed
def take_off(ask: Ask, attendee: Attendee, *, by: Colleague | Attendee) -> Attendee:
    """They do not come to this call, or the address was wrong: their links to it end, and nothing more of it is sent to them.

    A time they were told leaves their calendar without a name. Taken off twice, they are taken off once.
    Raises `Refused`: 403 for who may not fix the time, nor brought them along, 400 for somebody of another request, 409 for who has told
    how it was.
    """
    fresh = lock(ask.reference_request).ask(ask)
    refuse_with(_who_may_not(by, fresh), status=403)
    row = fresh.reference_request.attendees.filter(pk=attendee.pk).first()
    if row is None:
        raise Refused(NOBODY, status=400)
    refuse_with(NOT_YOURS if isinstance(by, Attendee) and row.invited_by_id != by.pk else None, status=403)
    if is_taken_off(row, fresh):
        return row
    if not taking_part(fresh).filter(pk=row.pk).exists():
        raise Refused(NOBODY, status=400)
    call, now = list(Ask.objects.of_call(fresh)), timezone.now()
    if Event.objects.filter(verb="debrief", actor_kind="prospect", actor_id=row.pk, subject_id__in=[each.pk for each in call]).exists():
        raise Refused(f"{row.name} has told how it was, so they stay among those who came.")
    Attendance.objects.get_or_create(ask=fresh, attendee=row)
    Attendance.objects.filter(ask__in=call, attendee=row).update(taken_off_at=now)
    for each in call:
        revoke_links([PICK, PROSPECT_DEBRIEF], each.pk, now=now, holder_id=row.pk)
    for each in _in_their_calendar(row, fresh, now):
        write("unfixed", row, each)
    event = record("take_off", fresh, by=actor_of(by), context=fresh.reference_request, attendee=row.pk)
    tell(event, fresh, [fresh.reference_request.requester])
    return row


def _in_their_calendar(attendee: Attendee, ask: Ask, now: datetime) -> list[Ask]:
    """The ask by which the time of this call stands in their calendar, unless they come to it with another request; or none."""
    mails = Message.objects.filter(channel=Message.Channel.MAIL, recipient_kind="attendee", recipient_id=attendee.pk, subject_kind="ask")
    gone = mails.filter(kind="unfixed").values("subject_id")
    told = mails.filter(kind__in=TELL_TIME).exclude(state__in=[Message.State.DUE, *LOST]).exclude(subject_id__in=gone)
    asks = Ask.objects.of_call(ask).filter(pk__in=told.values("subject_id"), occasion__starts_at__gt=now, occasion__canceled_at=None)
    same = Attendance.objects.filter(attendee__email=attendee.email, taken_off_at=None, ask__status=Ask.Status.SCHEDULED)
    found = asks.exclude(occasion__in=same.values("ask__occasion")).select_related("occasion").order_by("pk").last()
    return [found] if found else []
