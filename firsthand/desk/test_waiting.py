"""What comes to whose desk."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.deals.builders import make_deal
from firsthand.deals.models import Opportunity
from firsthand.desk.waiting import waiting_for
from firsthand.program.builders import make_activity_type
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_what_is_stuck_after_a_yes_comes_to_the_desk_of_the_manager_in_charge(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    make_ask("accepted")
    clock.shift(timedelta(days=4))
    assert not any("Sam Seller" in each.title for each in waiting_for(mia, 9)[0])
    clock.shift(timedelta(days=2))
    assert "Sam Seller has fixed no time with Rae Reference" in [each.title for each in waiting_for(mia, 9)[0]]


def test_no_manager_has_somebody_to_propose_or_to_send_for_a_lost_deal() -> None:
    _, _, mia = make_cast()
    make_ask("approved", reference_request=make_request(), reference=make_rae())
    make_request()
    ReferenceRequest.objects.update(opportunity=make_deal())
    assert sorted(each.label for each in waiting_for(mia, 9)[0]) == ["Match", "Send"]
    Opportunity.objects.update(outcome="lost")
    assert waiting_for(mia, 9) == ([], 0)


def test_an_approval_goes_from_the_list_at_once_when_its_deal_is_lost_or_the_request_becomes_ones_own() -> None:
    _, ana, _ = make_cast()
    found = make_ask().reference_request
    ReferenceRequest.objects.update(opportunity=make_deal())
    assert [each.label for each in waiting_for(ana, 9)[0]] == ["Answer"]
    Opportunity.objects.update(outcome="lost")
    assert waiting_for(ana, 9) == ([], 0)
    Opportunity.objects.update(outcome="open")
    ReferenceRequest.objects.filter(pk=found.pk).update(requester=ana)
    assert waiting_for(ana, 9) == ([], 0)


def test_a_call_of_ones_own_waits_for_its_debrief_once_its_day_is_over(
    clock: time_machine.Traveller, django_assert_num_queries: Any
) -> None:
    sam, _, mia = make_cast()
    today = NOW.date()
    said = actions.Outside(today, make_activity_type(), make_rae().contact)
    logged = actions.log_outside(said, by=sam)
    assert waiting_for(sam, 9) == ([], 0)
    clock.shift(timedelta(days=1))
    [line], count = waiting_for(sam, 9)
    assert (count, line.title, line.sub) == (1, "How did it go with Rae Reference, Ostvik Bank?", f"{logged} · Tue 10 Mar")
    assert (line.label, line.url) == ("Debrief", f"/outside/{logged.pk}/")
    with CaptureQueriesContext(connection) as for_one:
        waiting_for(sam, 9)
    for _ in range(2):
        actions.log_outside(said, by=sam)
    with django_assert_num_queries(len(for_one)):
        assert waiting_for(sam, 9)[1] == 3
    assert waiting_for(mia, 9) == ([], 0)
    actions.debrief_outside(logged, by=sam, grade=5)
    assert waiting_for(sam, 9)[1] == 2
    clock.shift(timedelta(days=60))
    assert waiting_for(sam, 9) == ([], 0)
