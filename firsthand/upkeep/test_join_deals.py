from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.deals import finding
from firsthand.deals.actions import CRM_ID, DealFacts, add_deal
from firsthand.deals.builders import make_stage
from firsthand.deals.models import Follower, Opportunity, OpportunityValue, StageChange, ToldApart
from firsthand.history.models import Change, Event
from firsthand.people.builders import ana, eve, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_program, value_named
from firsthand.program.models import ActivityType
from firsthand.requests.actions import Wish, file_request
from firsthand.requests.models import ArrangedOutside, ReferenceRequest
from firsthand.upkeep import join_deals
from firsthand.upkeep.join_deals import join_deal, tell_apart
from firsthand.upkeep.merge_records import undo_merge
from firsthand.upkeep.same_deals import for_deal, for_managers
from firsthand.upkeep.test_merge_records import everything, ids

pytestmark = pytest.mark.django_db
CLOSES = date(2027, 3, 31)


@pytest.fixture(autouse=True)
def program() -> None:
    make_program()


def typed_by(seller: Colleague, prospect: str = "Quillhaven Bank", crm_id: str = "", **facts: Any) -> Opportunity:
    said: dict[str, Any] = {"amount": Decimal(42_000), "currency": "EUR", "close_date": CLOSES, "stage": make_stage("Proposal"), **facts}
    return add_deal(DealFacts("", prospect_name=prospect, **said), by=seller, crm_id=crm_id)


def imported(prospect: str = "Quillhaven Bank ASA", *, owner: Colleague | None = None, **facts: Any) -> Opportunity:
    said: dict[str, Any] = {
        "external_id": "006Q1", "name": "Atlas for Quillhaven", "amount": Decimal(45_000), "amount_base": Decimal(45_000),
        "currency": "EUR", "close_date": CLOSES + timedelta(days=3), "stage": make_stage("Negotiation"), **facts,
    }  # fmt: skip
    deal = Opportunity.objects.create(prospect_name=prospect, owner=owner, **said)
    finding.refresh_deals([deal])
    return deal


def asked(deal: Opportunity, by: Colleague) -> ReferenceRequest:
    call = ActivityType.objects.get(code="reference-call")
    return file_request(Wish(call, timezone.localdate() + timedelta(days=10), "Their first close", opportunity=deal), by=by)


def test_every_column_that_points_at_a_deal_is_on_the_list() -> None:
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Opportunity
    }
    assert found == {(pointer.model, pointer.field) for pointer in join_deals.DEAL} | join_deals.DEAL_BY_HAND


@pytest.mark.parametrize(
    ("prospect", "facts", "why"),
    [
        ("Quillhaven Bank ASA", {}, "prospects with names very alike, amounts near each other, close dates 3 days apart"),
        ("Quillhaven Bank", {"close_date": CLOSES}, "the same prospect, amounts near each other, the same close date"),
        ("Quillhavn Bank", {"amount": None, "amount_base": None}, "prospects with names very alike, close dates 3 days apart"),
        ("Quillhaven Bank", {"amount_base": Decimal(56_001)}, None),
        ("Quillhaven Bank", {"amount_base": Decimal(56_000), "close_date": None}, "the same prospect, amounts near each other"),
        ("Quillhaven Bank", {"close_date": CLOSES + timedelta(days=93)}, None),
        ("Quillmore Energy", {}, None),
        ("Quillhaven Bank", {"source": "typed"}, None),
    ],
)  # fmt: skip
def test_a_deal_of_the_crm_is_suggested_by_prospect_amount_and_close_date(prospect: str, facts: dict[str, Any], why: str | None) -> None:
    seller = sam()
    deal = imported(prospect, owner=seller, **facts)
    found = [(each.imported, each.why) for each in for_deal(typed_by(seller), seller)]
    assert found == ([(deal, why)] if why else [])


def test_ids_of_the_crm_join_or_tell_apart_before_any_name() -> None:
    seller, manager = sam(), mia()
    deal = imported("Somebody Else", external_id="0065g00000AbCdEAAV", owner=seller)
    short, other = typed_by(seller, crm_id="0065g00000AbCdE"), typed_by(seller, "Somebody Else", crm_id="0065g00000ZZZZZ")
    taken = typed_by(seller, crm_id="0065g00000AbCdEAAV")
    assert (taken.external_id, taken.custom) == ("", {CRM_ID: "0065g00000AbCdEAAV"})
    assert [(each.typed, each.imported, each.why) for each in for_managers(manager)] == [
        (taken, deal, "the same CRM id"),
        (short, deal, "the same CRM id"),
    ]
    with pytest.raises(Refused) as refusal:
        join_deal(other, deal, by=manager)
    assert (refusal.value.status, refusal.value.sentence) == (400, "The CRM knows these two deals by different ids, so they are not one.")


def test_nothing_is_suggested_of_a_deal_or_an_account_one_does_not_see() -> None:
    seller, owner, manager = sam(), ana(), mia()
    typed, deal = typed_by(seller), imported(owner=owner)
    assert (for_deal(typed, seller), [each.imported for each in for_deal(typed, manager)]) == ([], [deal])
    hidden = make_account("Quillhaven Bank", owner=owner)
    type(hidden).objects.filter(pk=hidden.pk).update(is_hidden=True)
    Opportunity.objects.filter(pk=deal.pk).update(owner=seller, account=hidden)
    assert (for_deal(typed, seller), [each.imported for each in for_deal(typed, manager)]) == ([], [deal])
    with pytest.raises(Refused) as refusal:
        join_deal(typed, deal, by=seller)
    assert (refusal.value.status, Opportunity.objects.count()) == (403, 2)


def test_everything_of_the_typed_deal_is_the_imported_ones_and_comes_back() -> None:
    seller, colleague, manager = sam(), eve(), mia()
    typed, deal = typed_by(seller), imported(owner=ana(), close_date=None, prospect="Quillhaven Bank")
    shared, own = value_named("Banking"), value_named("Retail")
    for row, value in ((typed, shared), (deal, shared), (typed, own)):
        OpportunityValue.objects.create(opportunity=row, value=value)
    filed = asked(typed, colleague)
    call = filed.activity_type
    outside = ArrangedOutside.objects.create(colleague=seller, opportunity=typed, activity_type=call, name="Rae", day=CLOSES)
    tell_apart(typed, imported("Quillhaven Bank AG", external_id="006Q2"), by=manager)
    before = everything()
    change = join_deal(typed, deal, by=manager)
    filed.refresh_from_db()
    outside.refresh_from_db()
    deal.refresh_from_db()
    assert (filed.opportunity, outside.opportunity, deal.close_date, deal.amount, deal.external_id) == (
        deal,
        deal,
        CLOSES,
        Decimal(45_000),
        "006Q1",
    )
    assert sorted(deal.values.values_list("value__name", flat=True)) == ["Banking", "Retail"]
    assert sorted(deal.followers.values_list("colleague__name", flat=True)) == sorted([colleague.name, seller.name])
    assert list(StageChange.objects.values_list("opportunity", "stage__name")) == [(deal.pk, "Proposal")]
    verbs = Event.objects.filter(context_kind="opportunity", context_id=deal.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["deal_added", "deals_told_apart", "deal_joined"]
    assert (Opportunity.objects.filter(pk=typed.pk).count(), ToldApart.objects.count()) == (0, 0)
    assert typed.pk not in ids("quillhaven", "opportunity")
    undo_merge(change, by=manager)
    assert everything() == before
    assert typed.pk in ids("quillhaven", "opportunity")


@pytest.mark.parametrize(
    ("outcome", "known_since", "stages"),
    [("won", None, ["Proposal", "Closed"]), ("won", CLOSES, ["Proposal", "Closed"]), ("open", None, ["Proposal"])],
)
def test_a_deal_that_came_closed_closes_for_those_who_typed_it(outcome: str, known_since: date | None, stages: list[str]) -> None:
    seller, manager, closed = sam(), mia(), make_stage("Closed", outcome=outcome, position=90)
    typed, deal = typed_by(seller), imported(owner=seller, stage=closed, outcome=outcome)
    if known_since:
        StageChange.objects.create(opportunity=deal, stage=closed, entered_at=datetime.combine(known_since, time(), UTC))
    before = everything()
    change = join_deal(typed, deal, by=manager)
    assert sorted(deal.stage_changes.values_list("stage__name", flat=True), reverse=True) == stages
    undo_merge(change, by=manager)
    assert everything() == before


def test_what_was_changed_since_is_not_taken_back() -> None:
    seller, manager = sam(), mia()
    typed, deal = typed_by(seller), imported(owner=seller)
    filed = asked(typed, seller)
    change = join_deal(typed, deal, by=seller)
    ReferenceRequest.objects.filter(pk=filed.pk).update(revision=9)
    for person, status in ((seller, 403), (manager, 409)):
        with pytest.raises(Refused) as refusal:
            undo_merge(change, by=person)
        assert (refusal.value.status, Opportunity.objects.get()) == (status, deal)


def test_a_follower_that_a_join_made_and_somebody_took_away_keeps_it_from_being_taken_back() -> None:
    seller, manager = sam(), mia()
    change = join_deal(typed_by(seller), imported(owner=ana()), by=manager)
    Follower.objects.all().delete()
    with pytest.raises(Refused, match="have been changed since"):
        undo_merge(change, by=manager)


def test_whoever_asked_joins_on_the_page_and_sending_it_twice_joins_once(client: Client) -> None:
    seller = sam()
    typed, deal = typed_by(seller), imported(owner=seller)
    filed = asked(typed, seller)
    client.force_login(seller)
    for address in (f"/deals/{typed.pk}/", f"/requests/{filed.pk}/"):
        page = client.get(address).content.decode()
        assert [words in page for words in ("Is this the same deal?", "Atlas for Quillhaven", f"/deals/{typed.pk}/join/")] == [True] * 3
    assert Change.objects.filter(kind="merge_deal").count() == 0
    for _ in range(2):
        answer = client.post(f"/deals/{typed.pk}/join/", {"into": deal.pk})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/deals/{deal.pk}/")
    assert (ReferenceRequest.objects.get().opportunity, Change.objects.filter(kind="merge_deal").count()) == (deal, 1)
    assert join_deal(typed, deal, by=seller) == Change.objects.get(kind="merge_deal")
    assert "Is this the same deal?" not in client.get(f"/deals/{deal.pk}/").content.decode()


def test_no_is_remembered(client: Client) -> None:
    seller, manager = sam(), mia()
    typed, deal = typed_by(seller), imported(owner=seller)
    client.force_login(manager)
    page = client.get("/duplicates/").content.decode()
    assert [words in page for words in ("1 pair of deals may be the same", "Deals that were typed")] == [True, True]
    for _ in range(2):
        assert client.post(f"/deals/{typed.pk}/apart/", {"into": deal.pk}).headers["Location"] == f"/deals/{typed.pk}/"
    assert list(ToldApart.objects.values_list("typed", "imported", "colleague")) == [(typed.pk, deal.pk, manager.pk)]
    assert (for_deal(typed, seller), for_managers(manager)) == ([], [])
    assert "Nothing seems to be there twice" in client.get("/duplicates/").content.decode()
    assert "said that another deal of the CRM is not this one" in client.get(f"/deals/{typed.pk}/").content.decode()


def test_a_no_is_taken_back_and_the_question_comes_again(client: Client) -> None:
    seller = sam()
    typed, deal = typed_by(seller), imported(owner=seller)
    client.force_login(seller)
    page = client.post(f"/deals/{typed.pk}/apart/", {"into": deal.pk}, follow=True).content.decode()
    again = f"/deals/{typed.pk}/apart/{deal.pk}/undo/"
    assert ("Not the same deal" in page, page.count(again)) == (True, 2)  # beside the deal, and in the toast
    for _ in range(2):
        page = client.post(again, follow=True).content.decode()
        assert ("Not the same deal" in page, "Is this the same deal?" in page) == (False, True)
    assert [each.imported for each in for_deal(typed, seller)] == [deal]
    assert list(Event.objects.filter(verb__startswith="deals_").values_list("verb", flat=True)) == ["deals_told_apart", "deals_asked_again"]


def test_a_join_is_taken_back_from_the_page_of_duplicates(client: Client) -> None:
    seller, manager = sam(), mia()
    typed, deal = typed_by(seller), imported(owner=seller)
    client.force_login(manager)
    client.post(f"/deals/{typed.pk}/join/", {"into": deal.pk})
    assert "A deal that was typed became Atlas for Quillhaven" in client.get("/duplicates/").content.decode()
    client.post(f"/merges/{Change.objects.get(kind='merge_deal').pk}/undo/")
    assert [each.imported for each in for_managers(manager)] == [deal]
    client.post(f"/deals/{typed.pk}/join/", {"into": deal.pk})
    assert Opportunity.objects.get() == deal


@pytest.mark.parametrize("into", ["", "x", "999999", "9" * 30, "٣"])
def test_nothing_is_joined_with_what_is_not_there(client: Client, into: str) -> None:
    seller = sam()
    typed = typed_by(seller)
    client.force_login(seller)
    assert [client.post(f"/deals/{typed.pk}/{deed}/", {"into": into}).status_code for deed in ("join", "apart")] == [404, 404]
    assert Opportunity.objects.get() == typed


def test_deals_of_the_crm_are_not_joined_with_each_other_nor_a_deal_with_itself() -> None:
    manager = mia()
    one, other = imported(), imported(external_id="006Q2")
    for first, second in ((one, other), (one, one)):
        with pytest.raises(Refused) as refusal:
            join_deal(first, second, by=manager)
        assert (refusal.value.status, Opportunity.objects.count()) == (400, 2)


def test_the_list_asks_the_database_as_often_for_three_as_for_one(django_assert_num_queries: Any) -> None:
    seller, manager = sam(), mia()
    imported(owner=seller)
    typed_by(seller)
    with django_assert_num_queries(3):
        assert len(for_managers(manager)) == 1
    typed_by(seller)
    typed_by(seller)
    with django_assert_num_queries(3):
        assert len(for_managers(manager)) == 3
