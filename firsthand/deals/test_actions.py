from decimal import Decimal
from typing import Any

import pytest

from firsthand.core import search
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.deals import actions
from firsthand.deals.actions import DealFacts
from firsthand.deals.builders import make_deal, make_stage
from firsthand.deals.models import Opportunity, OpportunityValue, StageChange
from firsthand.deals.permissions import Move, why_not
from firsthand.history.models import Event
from firsthand.people.builders import ana, eli, eve, make_colleague, mia, sam
from firsthand.people.models import Team
from firsthand.program.builders import make_value

pytestmark = pytest.mark.django_db


def facts_of(deal: Opportunity, **changes: Any) -> DealFacts:
    given = {name: getattr(deal, name) for name in DealFacts.__dataclass_fields__ if name != "values"}
    return DealFacts(**{**given, **changes})


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_an_added_deal_is_open_found_and_in_its_stage() -> None:
    seller = sam()
    deal = actions.add_deal(DealFacts(name="Relay rollout", owner=seller, stage=make_stage()), by=seller)
    assert (deal.source, deal.outcome, verbs()) == ("typed", "open", ["deal_added"])
    assert [change.stage.name for change in StageChange.objects.all()] == ["Proposal"]
    assert [hit.object_id for hits in search.find("relay", ["opportunity"]) for hit in hits] == [deal.pk]


def test_a_deal_without_an_owner_is_of_the_seller_who_typed_it() -> None:
    seller, manager = sam(), mia()
    assert actions.add_deal(DealFacts(name="Relay rollout"), by=seller).owner == seller
    assert actions.add_deal(DealFacts(name="Relay rollout"), by=manager).owner is None


def test_an_owner_may_hand_a_deal_on_and_set_its_products_at_once() -> None:
    deal = make_deal(owner=(seller := sam()))
    actions.change_deal(deal, facts_of(deal, owner=mia(), values=(make_value("Ledger"),)), by=seller)
    assert verbs() == ["deal_values_changed", "deal_changed"]


def test_a_deal_needs_something_to_call_it() -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_deal(DealFacts(name="", amount=Decimal(5)), by=sam())
    assert (refusal.value.status, Opportunity.objects.count()) == (400, 0)


def test_a_stage_that_ends_a_deal_gives_its_outcome_and_is_kept() -> None:
    deal = make_deal(owner=(seller := sam()))
    actions.change_deal(deal, facts_of(deal, stage=make_stage("Won", outcome="won")), by=seller)
    deal.refresh_from_db()
    assert (deal.outcome, verbs(), StageChange.objects.count()) == ("won", ["deal_stage_changed"], 1)


def test_the_base_amount_is_known_in_the_base_currency_alone() -> None:
    deal = make_deal(owner=(seller := sam()))
    actions.change_deal(deal, facts_of(deal, currency="USD"), by=seller)
    deal.refresh_from_db()
    assert (deal.amount, deal.amount_base) == (Decimal(420_000), None)


def test_nothing_different_is_no_change_and_a_stale_form_is_refused() -> None:
    deal = make_deal(owner=(seller := sam()))
    actions.change_deal(deal, facts_of(deal), by=seller, revision=1)
    actions.change_deal(deal, facts_of(deal, name="Once"), by=seller, revision=1)
    with pytest.raises(Refused) as refusal:
        actions.change_deal(deal, facts_of(deal, name="Twice"), by=seller, revision=1)
    assert (refusal.value.status, Opportunity.objects.get().name, verbs()) == (409, "Once", ["deal_changed"])


def test_values_are_set_as_a_whole() -> None:
    deal = make_deal(owner=(seller := sam()))
    one, two = make_value("One"), make_value("Two")
    for values in ((one,), (two,), (two,), None):
        actions.change_deal(deal, facts_of(deal, values=values), by=seller)
    assert [each.value for each in OpportunityValue.objects.all()] == [two]
    assert verbs() == ["deal_values_changed"] * 2


def test_who_may_change_a_deal() -> None:
    lead, seller = make_colleague("Lea Lead"), sam()
    seller.team = Team.objects.create(name="North", lead=lead)
    seller.save()
    deal = make_deal(owner=seller)
    theirs = "Editing this deal is for Sam Seller, their team lead and program managers."
    reads = "Executive sponsors read deals and do not change them."
    cast = [seller, lead, mia(), eli(), eve()]
    assert [why_not(colleague, Move.EDIT, deal) for colleague in cast] == [None, None, None, reads, theirs]
    assert [why_not(colleague, Move.ADD) for colleague in cast] == [None, None, None, reads, None]


def test_who_sees_a_deal() -> None:
    lead, seller, follower, owner = make_colleague("Lea Lead"), sam(), make_colleague("Fay Follower"), ana()
    seller.team = Team.objects.create(name="North", lead=lead)
    seller.save()
    deal = make_deal(owner=seller, account=make_account(owner=owner))
    deal.followers.create(colleague=follower)
    seen = [Opportunity.objects.visible_to(colleague).exists() for colleague in (seller, lead, follower, mia(), eli(), owner, eve())]
    assert seen == [True, True, True, True, True, False, False]
