"""Where requests wait, against the usual."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from firsthand.customers.builders import make_account
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.requests import actions
from firsthand.requests.bottlenecks import DAYS, KEY, LEAST, Usual, keep_usual, piles, usual_of, waiting_by_step
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.stories.models import Story
from firsthand.testing.clock import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache(clock: object) -> None:
    cache.delete_many([KEY, f"{KEY}.fresh"])


def passed(begins: str, ends: str, hours: float, *, ended: datetime = NOW, number: int = 1) -> None:
    """An ask that went through a step in so many hours."""
    for verb, at in ((begins, ended - timedelta(hours=hours)), (ends, ended)):
        about = {"subject_kind": "ask", "subject_id": number, "context_kind": "referencerequest", "context_id": number}
        Event.objects.create(verb=verb, at=at, actor_kind="program", **about)


def test_the_usual_is_the_median_of_what_ended_and_nothing_below_the_least_n() -> None:
    for number in range(LEAST - 1):
        passed("propose", "approve", 24 * (number + 1), number=number)
    assert usual_of(NOW) == {}
    passed("propose", "refuse", 24 * LEAST, number=LEAST)
    assert usual_of(NOW) == {"owner": Usual(5.5, 10)}


def test_what_ended_long_ago_or_waited_for_nobody_does_not_count() -> None:
    for number in range(LEAST):
        passed("propose", "approve", 24, number=number)
        passed("propose", "approve", 240, number=100 + number, ended=NOW - timedelta(days=DAYS + 1))
        passed("propose", "approve", 0, number=200 + number)
    assert usual_of(NOW) == {"owner": Usual(1.0, LEAST)}


def test_how_many_wait_now_and_how_long(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    for place, days in enumerate((1, 2, 6)):
        ask = make_ask("proposed", reference_request=make_request(), reference=make_rae(f"Rae {place}", company=f"Bank {place}"))
        Ask.objects.filter(pk=ask.pk).update(created_at=NOW - timedelta(days=days))
    actions.ask_info(make_request(), by=mia, question="Which?")
    make_request()
    clock.shift(timedelta(hours=12))
    found = {each.step.code: (each.n, each.days) for each in waiting_by_step(NOW + timedelta(hours=12))}
    assert found == {
        "matching": (1, 0.5),
        "info": (1, 0.5),
        "content": (0, None),
        "owner": (3, 2.5),
        "sending": (0, None),
        "reference": (0, None),
        "time": (0, None),
        "outcome": (0, None),
    }


def test_the_usual_is_kept_for_an_hour_and_pages_only_read_it() -> None:
    assert [each.usual for each in waiting_by_step(NOW)] == [None] * 8
    for number in range(LEAST):
        passed("propose", "approve", 12, number=number)
    assert (keep_usual(NOW), keep_usual(NOW)) == (1, 0)
    ask = make_ask("proposed")
    Ask.objects.filter(pk=ask.pk).update(created_at=NOW - timedelta(days=1))
    [owner] = [each for each in waiting_by_step(NOW) if each.step.code == "owner"]
    assert (owner.usual, owner.is_slow) == (Usual(0.5, LEAST), True)


def test_who_has_the_most_waiting() -> None:
    _, ana, _ = make_cast()
    first = make_ask("proposed", reference=make_rae("Rae One", company="Bank 1"))
    assert piles() == []  # one is no pile
    make_ask("proposed", reference_request=make_request(), reference=make_rae("Rae Two", company="Bank 2"))
    Ask.objects.filter(pk=first.pk).update(waiting_since=NOW - timedelta(days=3))
    [pile] = piles()
    assert (pile.colleague, pile.n, pile.since) == (ana, 2, NOW - timedelta(days=3))


def now_in(code: str, now: datetime) -> tuple[int, float | None]:
    [found] = [each for each in waiting_by_step(now) if each.step.code == code]
    return found.n, found.days


def test_an_approval_that_went_on_waits_since_it_was_proposed(clock: time_machine.Traveller) -> None:
    _, ana, mia = make_cast()
    Colleague.objects.filter(pk=ana.pk).update(deputy=mia)
    ask = make_ask("proposed")
    clock.shift(timedelta(days=1))
    actions.escalate_approvals(NOW + timedelta(days=1))
    ask.refresh_from_db()
    assert (ask.approver, ask.waiting_since) == (mia, NOW + timedelta(days=1))
    assert now_in("owner", NOW + timedelta(days=2)) == (1, 2.0)


def test_who_stands_by_in_a_tender_waits_for_no_time() -> None:
    ask = make_ask("accepted")
    assert now_in("time", NOW + timedelta(days=3)) == (1, 3.0)
    for number in range(LEAST):
        passed("accept", "hold", 24 * 30, number=ask.pk if number == 0 else ask.pk + number)
    assert usual_of(NOW) == {"time": Usual(30.0, LEAST)}
    ReferenceRequest.objects.update(activity_type=make_activity_type("tender"))
    assert now_in("time", NOW + timedelta(days=3)) == (0, None)
    assert usual_of(NOW) == {}


def test_the_requesters_wait_begins_with_the_question(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    asked = make_request()
    clock.shift(timedelta(days=4))
    actions.ask_info(asked, by=mia, question="Which?")
    assert now_in("info", NOW + timedelta(days=5)) == (1, 1.0)


def test_a_request_whose_asks_all_ended_waits_for_a_match_since_the_last_end(clock: time_machine.Traveller) -> None:
    _, ana, _ = make_cast()
    ask = make_ask("proposed")
    assert now_in("matching", NOW) == (0, None)
    clock.shift(timedelta(days=2))
    actions.refuse(ask, by=ana, reason="Renewal talks")
    assert now_in("matching", NOW + timedelta(days=5)) == (1, 3.0)


def test_whether_it_happened_is_waited_for_from_the_time_on(clock: time_machine.Traveller) -> None:
    make_ask("introduced")
    make_ask("scheduled", reference_request=make_request(), reference=make_rae("Ria Second", company="Second Bank"))
    assert now_in("outcome", NOW + timedelta(days=2)) == (1, 2.0)  # the other is fixed for the third day
    assert now_in("outcome", NOW + timedelta(days=7)) == (2, 5.5)


def test_the_usual_of_whether_it_happened_counts_from_the_time_that_was_fixed() -> None:
    for number in range(LEAST):
        about = {"subject_kind": "ask", "subject_id": number, "context_kind": "referencerequest", "context_id": number}
        facts = {"starts_at": (NOW - timedelta(days=1)).isoformat()}
        Event.objects.create(verb="schedule", at=NOW - timedelta(days=20), actor_kind="program", facts=facts, **about)
        Event.objects.create(verb="hold", at=NOW, actor_kind="program", **about)
    assert usual_of(NOW) == {"outcome": Usual(1.0, LEAST)}


def test_content_waits_for_the_requesters_word(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    story = Story.objects.create(account=make_account("Ostvik Bank"), headline="Live in a week")
    answered = make_request()
    clock.shift(timedelta(days=1))
    actions.answer_with_content(answered, by=mia, stories=[story])
    assert now_in("content", NOW + timedelta(days=3)) == (1, 2.0)
