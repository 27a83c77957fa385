"""Did it happen? Two that agree settle it, two that do not are the manager's, one alone counts after some days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.history.models import Message
from firsthand.references.models import Engagement
from firsthand.requests import actions
from firsthand.requests.ask_rows import introduced_words
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.models import Ask, Outcome

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)  # a Tuesday
A = Ask.Status


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def status(ask: Ask) -> str:
    return Ask.objects.get(pk=ask.pk).status


def by_reference(ask: Ask, says: str) -> None:
    actions.say_outcome(ask, by=ask.reference.contact, says=says)


def by_sam(ask: Ask, says: str) -> None:
    actions.say_outcome(ask, by=make_cast()[0], says=says)


def test_two_that_agree_settle_an_introduction() -> None:
    ask = make_ask("introduced")
    by_reference(ask, "held")
    assert (status(ask), introduced_words(Ask.objects.get(pk=ask.pk), make_cast()[0])) == (
        A.INTRODUCED, "Sam Seller, to say whether it happened",
    )  # fmt: skip
    by_sam(ask, "held")
    assert (status(ask), Engagement.objects.get().state) == (A.HELD, "held")


def test_two_that_differ_go_to_the_manager_who_settles_it() -> None:
    _, _, mia = make_cast()
    ask = make_ask("introduced")
    by_sam(ask, "held")
    before = Message.objects.filter(kind="news", channel="mail", recipient_id=mia.pk).count()
    by_reference(ask, "prospect")
    assert status(ask) == A.INTRODUCED
    assert Message.objects.filter(kind="news", channel="mail", recipient_id=mia.pk).count() == before + 1
    assert introduced_words(Ask.objects.get(pk=ask.pk), mia) == "a program manager: the sides differ"
    actions.say_outcome(ask, by=mia, says="prospect")
    assert (status(ask), Engagement.objects.get().missed_by) == (A.MISSED, "prospect")


def test_who_changes_their_mind_settles_it() -> None:
    ask = make_ask("introduced")
    by_sam(ask, "held")
    by_reference(ask, "reference")
    by_reference(ask, "held")
    assert (status(ask), Outcome.objects.count()) == (A.HELD, 2)


def test_one_word_alone_counts_after_two_working_days() -> None:
    ask = make_ask("introduced")
    by_reference(ask, "held")
    assert (actions.settle_outcomes(NOW + timedelta(days=1)), actions.settle_outcomes(NOW + timedelta(days=2))) == (0, 1)
    assert status(ask) == A.HELD


def test_differing_words_are_never_settled_by_time() -> None:
    ask = make_ask("introduced")
    by_sam(ask, "held")
    by_reference(ask, "us")
    assert actions.settle_outcomes(NOW + timedelta(days=30)) == 0
    assert status(ask) == A.INTRODUCED


def test_the_requester_settles_a_time_that_was_fixed(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    with pytest.raises(Refused, match="has not come yet"):
        by_sam(ask, "held")
    clock.move_to(NOW + timedelta(days=3, hours=1))
    by_sam(ask, "held")
    assert status(ask) == A.HELD


def test_a_reference_who_spoke_first_is_not_overruled_by_the_requester(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    clock.move_to(NOW + timedelta(days=3, hours=1))
    by_reference(ask, "prospect")
    by_sam(ask, "held")
    assert status(ask) == A.SCHEDULED


def test_nonsense_is_no_word() -> None:
    with pytest.raises(Refused, match="Say whether it happened, or who missed it"):
        by_sam(make_ask("introduced"), "perhaps")
