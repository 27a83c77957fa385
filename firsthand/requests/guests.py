"""Who of the other side was written to about an ask."""

from datetime import datetime

from firsthand.core.words import listed
from firsthand.history.models import Event
from firsthand.requests.models import Ask, Attendee


def invited(ask: Ask) -> tuple[Attendee, datetime] | None:
    """Who was last sent the times that were offered, and when; None once they were taken off."""
    released = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb="release_times").order_by("-pk").first()
    guest = Attendee.objects.coming().filter(pk=released.facts["attendee"]).first() if released else None
    return (guest, released.at) if released and guest else None


def coming(ask: Ask) -> list[tuple[int, str]]:
    """Who takes part for the request of this ask, to choose from: the id, and the name with the address."""
    return [(each.pk, ", ".join(filter(None, [each.name, each.email]))) for each in ask.reference_request.attendees.coming().order_by("pk")]


def names_of(ask: Ask) -> str:
    """The same as one line of names."""
    return listed(list(ask.reference_request.attendees.coming().order_by("pk").values_list("name", flat=True)))
