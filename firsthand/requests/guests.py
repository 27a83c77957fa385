"""Who of the other side comes, or came, to the time of an ask."""

from datetime import datetime

from firsthand.core.words import listed
from firsthand.deals.naming import shown_prospect
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, Attendee


def invited(ask: Ask) -> tuple[Attendee, datetime] | None:
    """Who was last sent the times that were offered, and when; None once they were taken off."""
    released = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb="release_times").order_by("-pk").first()
    guest = Attendee.objects.coming().filter(pk=released.facts["attendee"]).first() if released else None
    return (guest, released.at) if released and guest else None


def reads_addresses(ask: Ask, reader: Colleague) -> bool:
    """An address tells the company it is of: where the prospect is not disclosed to the reader, they read who comes by name only."""
    deal = ask.reference_request.opportunity
    is_theirs = reader.runs_program or reader.pk == ask.reference_request.requester_id
    return is_theirs or deal is None or shown_prospect(deal, reader) == deal.prospect


def coming(ask: Ask, reader: Colleague) -> list[tuple[int, str]]:
    """Who takes part for the request of this ask, to choose from: the id, and the name with the address, where it is theirs to know."""
    rows, is_whole = ask.reference_request.attendees.coming().order_by("pk"), reads_addresses(ask, reader)
    return [(each.pk, ", ".join(filter(None, [each.name, each.email if is_whole else ""]))) for each in rows]


def gone(ask: Ask) -> list[tuple[int, str]]:
    """Who was taken off already: the id and the name."""
    return list(ask.reference_request.attendees.exclude(taken_off_at=None).order_by("pk").values_list("pk", "name"))


def names_of(ask: Ask) -> str:
    """Who takes part, as one line of names."""
    return listed(list(ask.reference_request.attendees.coming().order_by("pk").values_list("name", flat=True)))
