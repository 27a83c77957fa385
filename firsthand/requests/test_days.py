"""Days are told as they are where the program is at home, whatever the clock of the machine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.history.models import Message
from firsthand.requests import actions, asking_mail, reminder_mail
from firsthand.requests.builders import LOOSE, make_ask, make_cast, make_policy, make_request
from firsthand.requests.models import Ask, PersonalNote
from firsthand.requests.notes_drafted import draft
from firsthand.requests.permissions import why_not_now
from firsthand.requests.workflow import AskMove

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)  # Wednesday the 11th, 9 o'clock, in Auckland


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        make_policy(LOOSE.model_copy(update={"time_zone": "Pacific/Auckland"}))
        yield traveller


def test_a_time_that_has_not_come(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    ask = make_ask("scheduled")
    assert why_not_now(sam, AskMove.HOLD, ask) == "It is fixed for 14 March 2026, which has not come yet."
    clock.move_to(NOW + timedelta(days=6))
    actions.hold(ask, by=mia)
    held = Ask.objects.get(pk=ask.pk)
    assert "thank you for the reference call on 14 March. You gave" in draft(held, PersonalNote.Kind.THANKS, sam)
    client = Client()
    client.force_login(mia)
    assert "14 Mar" in client.get(f"/requests/{ask.reference_request_id}/").content.decode()


def test_until_when_a_slot_is_kept_and_since_when_a_request_waits() -> None:
    _, ana, mia = make_cast()
    ask = make_ask()
    actions.ask_in_person(ask, by=ana)
    ask.refresh_from_db()
    assert ask.answer_by == datetime(2026, 3, 17, 20, tzinfo=UTC)
    text = Message.objects.get(kind="ask_in_person")
    for made in (asking_mail.ask_in_person, reminder_mail.in_person, reminder_mail.reference):
        text.facts["portal"] = text.facts["link"]
        assert "18 Mar 2026" in made(text, NOW).text()
    waiting = Message(kind="remind_manager", recipient_kind="colleague", recipient_id=mia.pk)
    waiting.subject_kind, waiting.subject_id = "referencerequest", make_request().pk
    assert "since 11 Mar 2026" in reminder_mail.manager(waiting, NOW).text()


def test_of_an_introduction_nobody_knows_the_day() -> None:
    sam, _, _ = make_cast()
    ask = Ask.objects.get(pk=make_ask("held").pk)
    assert "thank you for the reference call. You gave" in draft(ask, PersonalNote.Kind.THANKS, sam)
