"""What stands first in the queue, and the sentence why."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from firsthand.core import lists
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague
from firsthand.program.policy import Limits, Policy, Priority
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_policy, make_rae, make_request
from firsthand.requests.listing import requests_for
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.ranking import Earlier, Ranking, rank_requests
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = date(2026, 3, 20)


def make_stages() -> list[Stage]:
    return [Stage.objects.create(name=name, key=name.lower(), position=n) for n, name in enumerate(["Early", "Middle", "Late"])]


def with_deal(amount: int | None, stage: Stage | None) -> ReferenceRequest:
    """A request of Sam's for the same day, with such a deal, ranked."""
    sam, _, _ = make_cast()
    deal = Opportunity.objects.create(
        name=f"Deal of {amount}", prospect_name="Fennmark", owner=sam, amount_base=amount, amount=amount, stage=stage
    )
    found = make_request(needed_by=DAY)
    ReferenceRequest.objects.filter(pk=found.pk).update(opportunity=deal)
    rank_requests(NOW)
    found.refresh_from_db()
    return found


@pytest.mark.parametrize(
    ("amount", "place", "earlier"),
    [
        (None, None, Earlier(0, 0)),
        (250_000, None, Earlier(3, 0)),
        (9_000_000, 2, Earlier(3, 2)),  # no more than the policy's days, however big
        (125_000, 1, Earlier(2, 1)),  # in proportion
        (10_000, 0, Earlier(0, 0)),
        (-5, 0, Earlier(0, 0)),
    ],
)
def test_a_deal_counts_in_proportion(amount: int | None, place: int | None, earlier: Earlier) -> None:
    stages = make_stages()
    stage = None if place is None else stages[place].pk
    assert Ranking().earlier(None if amount is None else Decimal(amount), stage) == earlier


def test_the_sentence_says_why() -> None:
    assert Earlier(3, 2).words == "counts 5 days earlier: big deal, far along"
    assert Earlier(1, 0).words == "counts 1 day earlier: big deal"
    assert Earlier(0, 0).words == ""


def test_the_queue_stands_by_the_day_that_counts() -> None:
    stages = make_stages()
    small, big = with_deal(None, None), with_deal(300_000, stages[2])
    sooner = make_request(needed_by=DAY - timedelta(days=3))
    over = make_request(needed_by=DAY - timedelta(days=9))
    actions.withdraw(over, by=make_cast()[0])
    assert (big.rank_on, small.rank_on, sooner.rank_on) == (DAY - timedelta(days=5), DAY, DAY - timedelta(days=3))
    page = lists.page(requests_for(make_cast()[2]), QueryDict(""))
    cells = [" ".join(str(cell.text) for cell in row) for row in page.rows]
    assert [next(n for n in (big, sooner, small, over) if f"{n}<" in row or f"{n} " in row) for row in cells] == [big, sooner, small, over]
    assert "counts 5 days earlier: big deal, far along" in cells[0]
    assert "earlier" not in cells[2]


def test_who_may_not_see_the_deal_is_not_told_of_its_size() -> None:
    found = with_deal(300_000, make_stages()[2])
    sam, ana, _ = make_cast()
    Opportunity.objects.update(owner=ana)
    ReferenceRequest.objects.filter(pk=found.pk).update(requester=sam)
    page = lists.page(requests_for(sam), QueryDict(""))
    assert "earlier" not in " ".join(str(cell.text) for row in page.rows for cell in row)


def test_a_file_and_its_order_tell_no_more_of_a_deal_than_the_page() -> None:
    sam, ana, mia = make_cast()
    small, big, over = with_deal(None, None), with_deal(300_000, make_stages()[2]), make_request(needed_by=DAY - timedelta(days=5))
    ReferenceRequest.objects.filter(pk=small.pk).update(needed_by=DAY - timedelta(days=1))
    for name, found in (("Rae Reference", small), ("Ria Reference", big), ("Ola Reference", over)):
        make_ask(reference=make_rae(name), reference_request=ReferenceRequest.objects.get(pk=found.pk))
    actions.withdraw(over, by=sam)
    rank_requests(NOW)
    assert (in_list(mia), ranks_in_file(mia)) == ([big, small, over], [DAY - timedelta(days=5), DAY - timedelta(days=1), None])
    assert (in_list(ana), ranks_in_file(ana)) == ([small, big, over], [None, None, None])


def in_list(user: Colleague) -> list[ReferenceRequest]:
    return lists.fitting(requests_for(user), QueryDict(""), most=9).rows


def ranks_in_file(user: Colleague) -> list[object]:
    listing = requests_for(user)
    [rank] = [column for column in listing.columns if column.name == "rank"]
    return [rank.value(item) for item in listing.items(in_list(user))]


def test_a_place_follows_the_deal_and_the_policy_and_ends_with_the_request() -> None:
    stages = make_stages()
    found = with_deal(250_000, stages[0])
    assert found.rank_on == DAY - timedelta(days=3)
    Opportunity.objects.update(stage=stages[2])
    assert rank_requests(NOW) == 1
    assert rank_requests(NOW) == 0
    assert ReferenceRequest.objects.get(pk=found.pk).rank_on == DAY - timedelta(days=5)
    make_policy(Policy(limits=Limits(min_gap_days=0), priority=Priority(amount_days=10, stage_days=0)))
    rank_requests(NOW)
    assert ReferenceRequest.objects.get(pk=found.pk).rank_on == DAY - timedelta(days=10)
    actions.withdraw(found, by=make_cast()[0])
    assert ReferenceRequest.objects.get(pk=found.pk).rank_on is None
    assert rank_requests(NOW) == 0


def test_a_draft_has_no_place_and_a_submitted_request_has_one_at_once() -> None:
    draft = make_request(needed_by=DAY, as_draft=True)
    assert draft.rank_on is None
    assert actions.submit(draft, by=make_cast()[0]).rank_on == DAY
