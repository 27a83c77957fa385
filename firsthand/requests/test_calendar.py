"""The calendar file each side gets: right on their wall clock across a clock change, and one event from first to last."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from icalendar import Calendar

from firsthand.history.models import Message
from firsthand.requests import actions, meeting_mail
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.calendar_file import on_their_clock
from firsthand.requests.models import Ask

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Shown(NamedTuple):
    """What a calendar makes of a file: the wall time by the file's own VTIMEZONE, and what keeps it one event."""

    wall: str
    method: str
    uid: str
    sequence: int


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def shown(message: Message) -> Shown:
    [file] = (meeting_mail.unfixed if message.kind == "unfixed" else meeting_mail.fixed)(message, NOW).files
    whole: Any = Calendar.from_ical(file.content)
    [event] = whole.events
    zones = {str(zone["tzid"]): zone.to_tz() for zone in whole.walk("VTIMEZONE")}
    start = event["dtstart"]
    zone = zones[start.params["TZID"]] if "TZID" in start.params else UTC
    wall = start.dt.astimezone(UTC).astimezone(zone)
    assert wall.replace(tzinfo=None) == start.dt.replace(tzinfo=None), "the VTIMEZONE disagrees with the time written"
    return Shown(f"{wall:%a %-d %b %H:%M}", str(whole["method"]), str(event["uid"]), int(event["sequence"]))


def newest(kind: str, recipient: str, ask: Ask) -> Shown:
    return shown(Message.objects.filter(kind=kind, recipient_kind=recipient, subject_id=ask.pk).latest("pk"))


def in_zones(colleague: str, contact: str, attendee: str) -> Ask:
    """An accepted ask whose three sides live in these zones."""
    sam, _, _ = make_cast()
    sam.time_zone = colleague
    sam.save(update_fields=["time_zone"])
    ask = make_ask("accepted")
    ask.reference.contact.person.time_zone = contact
    ask.reference.contact.person.save(update_fields=["time_zone"])
    add_attendee(ask, name="Pia", email="pia@prospect.example", time_zone=attendee)
    return ask


# Los Angeles goes forward on 8 March, Auckland back on 5 April, Kolkata never.
@pytest.mark.parametrize(
    ("at", "angeles", "auckland", "kolkata"),
    [
        (datetime(2026, 3, 6, 20, tzinfo=UTC), "Fri 6 Mar 12:00", "Sat 7 Mar 09:00", "Sat 7 Mar 01:30"),
        (datetime(2026, 3, 9, 20, tzinfo=UTC), "Mon 9 Mar 13:00", "Tue 10 Mar 09:00", "Tue 10 Mar 01:30"),
        (datetime(2026, 4, 3, 20, tzinfo=UTC), "Fri 3 Apr 13:00", "Sat 4 Apr 09:00", "Sat 4 Apr 01:30"),
        (datetime(2026, 4, 6, 20, tzinfo=UTC), "Mon 6 Apr 13:00", "Tue 7 Apr 08:00", "Tue 7 Apr 01:30"),
    ],
)
def test_every_side_reads_the_time_on_its_own_wall_clock(at: datetime, angeles: str, auckland: str, kolkata: str) -> None:
    sam, _, _ = make_cast()
    ask = in_zones("America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")
    actions.schedule(ask, by=sam, starts_at=at)
    walls = {side: newest("fixed", side, ask).wall for side in ("colleague", "contact", "attendee")}
    assert walls == {"colleague": angeles, "contact": auckland, "attendee": kolkata}


def test_moving_across_a_clock_change_and_canceling_are_the_same_event() -> None:
    sam, _, _ = make_cast()
    ask = in_zones("America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")
    actions.schedule(ask, by=sam, starts_at=datetime(2026, 4, 3, 20, tzinfo=UTC))
    first = {side: newest("fixed", side, ask) for side in ("colleague", "contact", "attendee")}
    actions.schedule(ask, by=sam, starts_at=datetime(2026, 4, 6, 20, tzinfo=UTC))
    moved = {side: newest("fixed", side, ask) for side in first}
    actions.cancel(ask, by=sam, reason="They need no call")
    ended = {side: newest("unfixed", side, ask) for side in first}
    uid = first["contact"].uid
    assert {each.uid for each in (*first.values(), *moved.values(), *ended.values())} == {uid}
    for side in first:
        files = [each[side] for each in (first, moved, ended)]
        assert [file.method for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
        assert files[0].sequence < files[1].sequence < files[2].sequence
    assert {side: each.wall for side, each in ended.items()} == {side: each.wall for side, each in moved.items()}


def test_a_file_names_the_program_as_organizer_and_its_receiver_alone() -> None:
    sam, _, _ = make_cast()
    ask = in_zones("UTC", "UTC", "UTC")
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=3))
    message = Message.objects.get(kind="fixed", recipient_kind="attendee")
    [event] = Calendar.from_ical(meeting_mail.fixed(message, NOW).files[0].content).events
    assert str(event["attendee"]) == "mailto:pia@prospect.example"
    assert str(event["organizer"]).startswith("mailto:")
    assert "rae" not in str(event["attendee"]) + str(event["organizer"])


@pytest.mark.parametrize(
    ("zone", "at"),
    [("Pacific/Auckland", "2026-04-04T13:30"), ("Pacific/Auckland", "2026-04-04T14:30"), ("America/Los_Angeles", "2026-11-01T09:30")],
)
def test_the_hour_that_comes_twice_is_told_apart(zone: str, at: str) -> None:
    """Clocks there show half past two, or half past one, twice that night."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert on_their_clock(moment, zone).tzinfo is UTC
    ask = in_zones(zone, zone, zone)
    ask = actions.schedule(ask, by=make_cast()[2], starts_at=moment)
    for message in Message.objects.filter(kind="fixed"):
        [file] = meeting_mail.fixed(message, NOW).files
        [event] = Calendar.from_ical(file.content).walk("VEVENT")
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (moment, moment + timedelta(minutes=30))
