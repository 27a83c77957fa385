"""What was asked and agreed is not undone by a later ask: limits and gaps are judged at the later one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.program.builders import make_policy
from firsthand.references.actions import change_reference
from firsthand.references.models import Engagement, Reference
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.judging import barred_asks
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.preview import named_for
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = timedelta(days=1)
NEAR = "asked or speaking less than 14 days away, the program’s gap"


def later_ask(reference: Reference, needed_by: date) -> Ask:
    """One for which the program's bars are lifted, sent."""
    _, ana, mia = make_cast()
    [ask] = actions.propose(make_request(needed_by=needed_by), [reference], by=mia, exception="The board asked for it")
    return actions.send(actions.approve(ask, by=ana), by=mia)


def fixed(clock: time_machine.Traveller) -> Ask:
    """A call on 20 April; on 30 March, lawfully, they are asked for another in May."""
    rae, mia = make_rae(), make_cast()[2]
    make_policy(limits={"min_gap_days": 14})
    ask = make_ask("accepted", reference=rae, reference_request=make_request(needed_by=date(2026, 4, 20)))
    actions.schedule(ask, by=mia, starts_at=datetime(2026, 4, 20, 9, tzinfo=UTC))
    clock.move_to(NOW + 20 * DAY)
    make_ask("sent", reference=rae, reference_request=make_request(needed_by=date(2026, 5, 20)))
    return Ask.objects.get(pk=ask.pk)


def test_a_time_that_is_agreed_can_be_moved_after_a_later_ask(clock: time_machine.Traveller) -> None:
    ask, mia = fixed(clock), make_cast()[2]
    for day, hour in ((20, 15), (22, 9)):
        actions.schedule(ask, by=mia, starts_at=datetime(2026, 4, day, hour, tzinfo=UTC))
        assert Engagement.objects.get(ask=ask).day == date(2026, 4, day)


def test_it_is_not_moved_to_where_a_later_slot_leaves_no_room(clock: time_machine.Traveller) -> None:
    ask, mia = fixed(clock), make_cast()[2]
    with pytest.raises(Refused, match=NEAR):
        actions.schedule(ask, by=mia, starts_at=datetime(2026, 5, 10, 9, tzinfo=UTC))
    make_policy(limits={"min_gap_days": 0, "reference": {"count": 1, "period": "month"}})
    with pytest.raises(Refused, match="0 used and 1 reserved of 1 in May 2026"):
        actions.schedule(ask, by=mia, starts_at=datetime(2026, 5, 10, 9, tzinfo=UTC))
    assert Engagement.objects.get(ask=ask).day == date(2026, 4, 20)


def test_a_later_ask_with_a_rule_lifted_takes_no_yes_away(clock: time_machine.Traveller) -> None:
    rae, mia = make_rae(), make_cast()[2]
    make_policy(limits={"min_gap_days": 14, "reference": {"count": 1, "period": "quarter"}, "asks": {"count": 1, "period": "month"}})
    first = make_ask("sent", reference=rae, reference_request=make_request(needed_by=date(2026, 3, 27)))
    clock.move_to(NOW + DAY)
    second = later_ask(rae, date(2026, 3, 30))
    actions.accept(first, by=rae.contact)
    actions.schedule(first, by=mia, starts_at=datetime(2026, 3, 26, 9, tzinfo=UTC))
    assert Ask.objects.get(pk=first.pk).status == Ask.Status.SCHEDULED
    assert barred_asks() == []
    assert actions.accept(second, by=rae.contact).status == Ask.Status.ACCEPTED


def test_a_late_yes_takes_its_slot_anew(clock: time_machine.Traveller) -> None:
    rae = make_rae()
    make_policy(limits={"min_gap_days": 0, "reference": {"count": 1, "period": "quarter"}})
    first = make_ask("sent", reference=rae, reference_request=make_request(needed_by=date(2026, 3, 30)))
    clock.move_to(NOW + 8 * DAY)
    assert actions.lapse_asks(NOW + 8 * DAY) == 1
    make_ask("sent", reference=rae, reference_request=make_request(needed_by=date(2026, 3, 30)))
    with pytest.raises(Refused, match="This has changed since we wrote"):
        actions.accept(first, by=rae.contact)


@pytest.mark.parametrize("status", ["proposed", "sent", "accepted", "scheduled", "held"])
def test_whoever_is_asked_for_by_name_is_not_barred_by_that_very_ask(status: str, client: Client) -> None:
    mia, rae = make_cast()[2], make_rae()
    found = make_request(needed_by=NOW.date() + 3 * DAY)
    make_policy(limits={"min_gap_days": 14, "reference": {"count": 1, "period": "quarter"}, "asks": {"count": 1, "period": "month"}})
    ReferenceRequest.objects.update(named_contact=rae.contact, named_why="They met")
    ask = make_ask(status, reference=rae, reference_request=found)
    named = named_for(ReferenceRequest.objects.get(), mia)
    assert named is not None
    assert (named.why_not, named.ask) == ("", ask)
    client.force_login(mia)
    page = client.get(f"/requests/{found.pk}/matches/").content.decode()
    words = page.partition("Asked for by name")[2].partition("</section>")[0]
    assert (f'href="/asks/{ask.pk}/"' in words, "checkbox" in words) == (True, False)
    if status == "sent":
        actions.decline(ask, by=rae.contact)
        again = named_for(ReferenceRequest.objects.get(), mia)
        assert again is not None
        assert (again.ask, NEAR in again.why_not) == (None, True)


def test_another_hour_of_the_same_day_takes_nothing_anew() -> None:
    ask, mia = make_ask("scheduled"), make_cast()[2]
    change_reference(ask.reference, by=mia.actor, limit_count=0, limit_period="year")
    actions.schedule(ask, by=mia, starts_at=NOW + 3 * DAY + timedelta(hours=2))
    with pytest.raises(Refused, match="0 used and 0 reserved of 0 in 2026, as they wish"):
        actions.schedule(ask, by=mia, starts_at=NOW + 4 * DAY)
