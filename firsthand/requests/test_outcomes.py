"""Did it happen? Two that agree settle it, two that do not are the manager's, one alone counts after some days."""

from datetime import timedelta

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.references.models import Engagement
from firsthand.requests import actions
from firsthand.requests.ask_rows import introduced_words
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.meeting_mail import why_not_did_it_happen
from firsthand.requests.models import Ask, Outcome
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status


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


def asked_whether() -> list[str]:
    return list(Message.objects.filter(kind="did_it_happen").order_by("pk").values_list("recipient_kind", flat=True))


def test_a_moved_time_is_asked_about_afresh(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled")
    clock.move_to(NOW + timedelta(days=3, hours=1))
    assert actions.ask_whether_it_happened(NOW + timedelta(days=3, hours=1)) == 1
    by_reference(ask, "prospect")
    moved = NOW + timedelta(days=9)
    actions.schedule(ask, by=sam, starts_at=moved)
    clock.move_to(moved + timedelta(minutes=5))
    assert (actions.settle_outcomes(moved + timedelta(minutes=5)), status(ask), Outcome.objects.count()) == (0, A.SCHEDULED, 0)
    later = moved + timedelta(hours=2)
    assert [actions.ask_whether_it_happened(later), actions.ask_whether_it_happened(later)] == [1, 0]
    assert asked_whether() == ["colleague", "colleague"]
    first, second = Message.objects.filter(kind="did_it_happen").order_by("pk")
    assert (why_not_did_it_happen(first, later), why_not_did_it_happen(second, later)) == (Unsent("moved"), None)


def test_a_time_fixed_after_an_introduction_is_asked_about_too(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("introduced")
    a_week = NOW + timedelta(days=8)
    assert [actions.ask_whether_it_happened(a_week), actions.ask_whether_it_happened(a_week)] == [1, 0]
    clock.move_to(a_week)
    by_reference(ask, "us")
    actions.schedule(ask, by=sam, starts_at=a_week + timedelta(days=2))
    assert (Outcome.objects.count(), actions.ask_whether_it_happened(a_week + timedelta(days=3))) == (0, 1)
    assert asked_whether() == ["colleague", "contact", "colleague"]
