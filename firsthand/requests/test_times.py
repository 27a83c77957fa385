"""A time is fixed, moved and called off: what it takes, and what calendars get."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.references.builders import make_engagement
from firsthand.requests import actions, meeting_mail
from firsthand.requests.ask_page import ask_page
from firsthand.requests.builders import fresh, make_ask, make_cast, make_rae, slot_of
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_time_that_is_moved_stays_as_long_as_it_was() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("accepted")
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=2), minutes=90)
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=3))
    occasion = fresh(ask).occasion
    assert occasion is not None
    assert (occasion.minutes, occasion.starts_at) == (90, NOW + timedelta(days=3))
    [task] = [each for each in ask_page(fresh(ask), mia).tasks if each.id == "time"]
    assert task.form is not None
    assert task.form.initial["minutes"] == 90


def test_fixing_a_time_sends_one_event_in_each_sides_zone() -> None:
    sam, _, _ = make_cast()
    sam.time_zone = "America/Los_Angeles"
    sam.save(update_fields=["time_zone"])
    ask = make_ask("accepted")
    ask.reference.contact.person.time_zone = "Pacific/Auckland"
    ask.reference.contact.person.save(update_fields=["time_zone"])
    at = datetime(2026, 4, 6, 1, 30, tzinfo=UTC)  # the day after New Zealand's clocks went back
    actions.schedule(ask, by=sam, starts_at=at, attendee="Pia Prospect", attendee_email="pia@prospect.example")
    files = {m.recipient_kind: meeting_mail.fixed(m, NOW).files[0] for m in Message.objects.filter(kind="fixed")}
    events: dict[str, Any] = {kind: Calendar.from_ical(file.content).events[0] for kind, file in files.items()}
    assert {event["dtstart"].dt for event in events.values()} == {at}
    assert len({str(event["uid"]) for event in events.values()}) == 1
    assert {kind: event["dtstart"].params["TZID"] for kind, event in events.items() if "TZID" in event["dtstart"].params} == {
        "contact": "Pacific/Auckland",
        "colleague": "America/Los_Angeles",
    }
    assert b"METHOD:REQUEST" in files["attendee"].content


def test_moving_a_time_updates_the_same_event() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled")
    uid = fresh(ask).occasion.public_id  # type: ignore[union-attr]
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=5))
    occasion = fresh(ask).occasion
    assert occasion is not None
    assert (occasion.public_id, occasion.sequence, slot_of(ask).day) == (uid, 1, date(2026, 3, 15))
    older = Message.objects.filter(kind="fixed", recipient_kind="contact").earliest("pk")
    assert meeting_mail.why_not_fixed(older, NOW) == Unsent("moved")


def test_a_day_that_a_rule_bars_leaves_the_old_one_standing() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled", reference=make_rae(limit=1))
    make_engagement(ask.reference, date(2026, 4, 20))
    with pytest.raises(Refused, match="cannot be asked"):
        actions.schedule(ask, by=sam, starts_at=datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert slot_of(ask).day == date(2026, 3, 13)


def test_a_time_in_the_past_is_refused() -> None:
    sam, _, _ = make_cast()
    with pytest.raises(Refused, match="That time is past"):
        actions.schedule(make_ask("accepted"), by=sam, starts_at=NOW - timedelta(minutes=1))


def test_a_time_that_has_come_is_not_told_any_more(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    told = Message.objects.filter(kind__in=["fixed", "reminder"]).order_by("pk")
    occasion = fresh(ask).occasion
    assert occasion is not None
    clock.move_to(occasion.starts_at - timedelta(minutes=1))
    assert {meeting_mail.why_not_fixed(each, timezone.now()) for each in told} == {None}
    clock.move_to(occasion.starts_at)
    judged = [(each.kind, meeting_mail.why_not_fixed(each, timezone.now())) for each in told]
    assert judged == [(kind, Unsent("past")) for kind in ("fixed", "reminder") * 2]


def test_canceling_a_fixed_time_takes_it_out_of_calendars() -> None:
    _, _, mia = make_cast()
    ask = make_ask("scheduled")
    actions.cancel(ask, by=mia, reason="They chose somebody else")
    message = Message.objects.get(kind="unfixed", recipient_kind="contact")
    file = meeting_mail.unfixed(message, NOW).files[0]
    assert b"METHOD:CANCEL" in file.content
    assert Calendar.from_ical(file.content).events[0]["sequence"] == message.pk
