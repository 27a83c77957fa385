"""Who of the other side comes, or came, to the time of an ask."""

from datetime import datetime

from django.db.models import QuerySet

from firsthand.core.words import listed
from firsthand.deals.naming import shown_prospect
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, Attendance, Attendee


def is_taken_off(attendee: Attendee, ask: Ask) -> bool:
    """Whether they take part in the call of this ask no more."""
    theirs = Attendance.objects.of_call(ask).filter(attendee=attendee).values_list("taken_off_at", flat=True)
    return bool(theirs) and None not in theirs


def invited(ask: Ask) -> tuple[Attendee, datetime] | None:
    """Who was last sent the times that were offered, and when; None once they were taken off."""
    released = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb="release_times").order_by("-pk").first()
    guest = Attendee.objects.coming_to(ask).filter(pk=released.facts["attendee"]).first() if released else None
    return (guest, released.at) if released and guest else None


def said_cannot(ask: Ask, guest: Attendee) -> Event | None:
    """What they last said of not coming, or of no time that suits; nothing once the times are others."""
    said = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb="say_cannot", actor_kind="prospect", actor_id=guest.pk)
    changed = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb__in=["offer", "schedule", "reschedule"])
    since = changed.order_by("-pk").values_list("pk", flat=True).first() or 0
    return said.filter(pk__gt=since).select_related("words").order_by("-pk").first()


def reads_addresses(ask: Ask, reader: Colleague) -> bool:
    """An address tells the company it is of: where the prospect is not disclosed to the reader, they read who comes by name only."""
    deal = ask.reference_request.opportunity
    is_theirs = reader.runs_program or reader.pk == ask.reference_request.requester_id
    return is_theirs or deal is None or shown_prospect(deal, reader) == deal.prospect


def coming(ask: Ask, reader: Colleague) -> list[tuple[int, str]]:
    """Those who take part, to choose from: the id, and the name with the address, where it is theirs to know."""
    rows, is_whole = taking_part(ask).order_by("pk"), reads_addresses(ask, reader)
    return [(each.pk, ", ".join(filter(None, [each.name, each.email if is_whole else ""]))) for each in rows]


def taking_part(ask: Ask) -> "QuerySet[Attendee]":
    """Who comes to the call of this ask, or was asked how it was."""
    asked = Message.objects.filter(kind="prospect_debrief", subject_kind="ask", subject_id=ask.pk).values("recipient_id")
    off = Attendance.objects.of_call(ask).exclude(taken_off_at=None).values("attendee")
    return Attendee.objects.coming_to(ask) | Attendee.objects.filter(pk__in=asked).exclude(pk__in=off)


def gone(ask: Ask) -> list[tuple[int, str]]:
    """Who was taken off already: the id and the name."""
    off = Attendance.objects.of_call(ask).exclude(taken_off_at=None).values("attendee")
    rows = Attendee.objects.filter(pk__in=off).exclude(pk__in=Attendee.objects.coming_to(ask))
    return list(rows.order_by("pk").values_list("pk", "name"))


def names_of(ask: Ask) -> str:
    """Who takes part, as one line of names."""
    return listed(list(Attendee.objects.coming_to(ask).order_by("pk").values_list("name", flat=True)))
