"""The calendar file of an occasion, one for each side in their own time zone. The same UID and a rising SEQUENCE keep it one event."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from firsthand.core.mail import File
from firsthand.requests.models import Occasion

if TYPE_CHECKING:
    from icalendar import vCalAddress


@dataclass(frozen=True)
class Invited:
    """Whom a file is for: how they are called, and the zone their calendar shows. `is_canceled`: they do not take part any more."""

    name: str
    address: str
    zone: str
    is_canceled: bool = False


def calendar_file(occasion: Occasion, to: Invited, *, summary: str, description: str, sequence: int) -> File:
    """An invitation, an update or, where it is off for the receiver, a cancellation. Only its receiver is named as attendee."""
    from icalendar import Calendar, Event  # noqa: PLC0415  (loaded by the first that sends one)

    event = Event()
    event.add("uid", f"{occasion.public_id}@firsthand")
    event.add("sequence", sequence)
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", on_their_clock(occasion.starts_at, to.zone))
    event.add("dtend", on_their_clock(occasion.starts_at + timedelta(minutes=occasion.minutes), to.zone))
    event.add("summary", summary)
    event.add("description", description)
    if occasion.place:
        event.add("location", occasion.place)
    event.add("status", "CANCELLED" if to.is_canceled else "CONFIRMED")
    event.add("organizer", organizer())
    event.add("attendee", attendee(to.name, to.address))
    whole = Calendar()
    whole.add("prodid", "-//Firsthand//Customer references//EN")
    whole.add("version", "2.0")
    method = "CANCEL" if to.is_canceled else "REQUEST"
    whole.add("method", method)
    whole.add_component(event)
    day = occasion.starts_at.date()
    whole.add_missing_timezones(first_date=day - timedelta(days=365), last_date=day + timedelta(days=365))
    return File("invitation.ics", whole.to_ical(), f'text/calendar; method={method}; charset="utf-8"')


def on_their_clock(moment: datetime, zone: str) -> datetime:
    """The moment in a zone; in UTC within the hour that the clock there goes through twice, since a file cannot say which it means."""
    local = moment.astimezone(ZoneInfo(zone))
    is_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return moment.astimezone(UTC) if is_twice else local


def organizer() -> "vCalAddress":
    """The program, by the address its mails come from."""
    from icalendar import vCalAddress, vText  # noqa: PLC0415

    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    who = vCalAddress(f"mailto:{address}")
    who.params["cn"] = vText(name or "References")
    return who


def attendee(name: str, address: str) -> "vCalAddress":
    from icalendar import vCalAddress, vText  # noqa: PLC0415

    who = vCalAddress(f"mailto:{address}")
    who.params["cn"] = vText(name)
    who.params["partstat"] = vText("ACCEPTED")
    return who
