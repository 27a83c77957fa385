"""A signed link is written only where a mail carries it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.history.models import Message
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.models import Ask, PersonalNote
from firsthand.upkeep.messages import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False):  # an address holds the second it was made in
        yield


def held_and_thanked() -> None:
    ask = make_ask(Ask.Status.HELD)
    actions.write_note(ask, by=make_cast()[1], kind=PersonalNote.Kind.THANKS, words="Thank you, Rae.")


def moved_and_called_off() -> None:
    ask = make_ask(Ask.Status.SCHEDULED)
    actions.schedule(ask, by=make_cast()[2], starts_at=timezone.now() + timedelta(days=5))
    actions.call_off(ask, by=ask.reference.contact)


def taken_back() -> None:
    actions.cancel(make_ask(Ask.Status.SENT), by=make_cast()[2])


def noted() -> None:
    ask = make_ask(Ask.Status.PROPOSED)
    actions.add_note(ask.reference_request, by=make_cast()[2], words="Soon.")


@pytest.mark.parametrize("story", [held_and_thanked, moved_and_called_off, taken_back, noted])
def test_every_link_is_in_the_words_of_a_mail(story: Callable[[], None]) -> None:
    story()
    mails = Message.objects.filter(channel=Message.Channel.MAIL)
    words = "\n".join(KINDS[mail.kind].render(mail, timezone.now()).text() for mail in mails)
    links = list(Link.objects.all())
    assert links
    assert [link.purpose for link in links if address(link) not in words] == []
