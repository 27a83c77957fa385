"""The button in the CRM: it opens the form of a deal that is here, or fills one in."""

import re
from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from firsthand.customers.builders import make_account
from firsthand.deals.actions import CRM_ID
from firsthand.deals.builders import make_deal, make_stage
from firsthand.deals.models import Opportunity
from firsthand.deals.upserts import OpportunityRow, upsert_opportunities
from firsthand.history.actions import PROGRAM
from firsthand.people.models import Colleague
from firsthand.requests.builders import form_sent, make_cast
from firsthand.requests.deal_finding import by_crm_id, from_address
from firsthand.requests.models import ReferenceRequest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seller")]


def test_a_button_in_the_crm_opens_the_form_of_a_deal_that_is_here(client: Client, seller: Colleague) -> None:
    deal = make_deal(owner=seller, account=make_account("Fennmark Bank"))
    Opportunity.objects.filter(pk=deal.pk).update(external_id="OPP-7")
    page = client.get("/requests/new/?opportunity=OPP-7&account=Somebody+else&amount=1").content.decode()
    assert f'<input type="hidden" name="opportunity" value="{deal.pk}">' in page
    assert "Fennmark Bank" in page
    assert "Somebody else" not in page


def test_a_button_in_the_crm_fills_in_a_deal_that_is_not_here_and_it_is_kept_under_its_id(client: Client, seller: Colleague) -> None:
    stage = make_stage("Negotiation")
    address = "/requests/new/?opportunity=006Q1&account=Fennmark+Bank&amount=42,000.50&currency=eur&stage=negotiation&close_date=2026-06-30"
    form = client.get(address).context["form"]
    said = {name: form[name].value() for name in ("crm_id", "prospect", "amount", "currency", "stage", "close_date")}
    assert said == {
        "crm_id": "006Q1", "prospect": "Fennmark Bank", "amount": "42000.50", "currency": "EUR", "stage": stage.pk,
        "close_date": "2026-06-30",
    }  # fmt: skip
    assert client.post("/requests/new/", form_sent(**said)).status_code == 302
    deal = ReferenceRequest.objects.get().opportunity
    assert deal is not None
    assert (deal.source, deal.external_id, deal.prospect, str(deal.amount), deal.currency, deal.owner) == (
        "typed", "006Q1", "Fennmark Bank", "42000.50", "EUR", seller,
    )  # fmt: skip
    assert (deal.stage, deal.close_date) == (stage, date(2026, 6, 30))


def test_a_button_finds_an_imported_deal_by_the_short_form_of_its_id(client: Client, seller: Colleague) -> None:
    deal = make_deal(owner=seller, account=make_account("Fennmark Bank"))
    Opportunity.objects.filter(pk=deal.pk).update(external_id="001A0000006Vm9uIAC")
    page = client.get("/requests/new/?opportunity=001A0000006Vm9u&account=Somebody+else").content.decode()
    assert f'<input type="hidden" name="opportunity" value="{deal.pk}">' in page


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("42000", "42000"),
        ("42,000.50", "42000.50"),
        ("42000,50", "42000.50"),
        ("42 000,5", "42000.5"),
        ("42.000,50", "42000.50"),
        ("42.000", "42000"),
        ("1’200’000.00", "1200000.00"),
        ("1.200.000", "1200000"),
        ("€42.000,50", "42000.50"),
        ("EUR 42,000", "42000"),
        ("0,50", "0.50"),
        ("42000.125", ""),
        ("1.200,000", ""),
        ("42k", ""),
        ("-5", ""),
    ],
)
def test_an_amount_is_read_with_either_decimal_mark(printed: str, read: str) -> None:
    assert from_address({"amount": printed}).get("amount", "") == read


def test_a_deal_that_comes_with_the_address_leaves_the_wish_as_the_next_thing_to_say(client: Client, seller: Colleague) -> None:
    make_deal("Another rollout", owner=seller)
    page = client.get("/requests/new/?opportunity=006Q1&account=Fennmark+Bank").content.decode()
    places = [page.index(part) for part in ('id="id_prospect"', "Choose one of your deals instead", "Another rollout", 'name="wish"')]
    assert places == sorted(places)
    assert page.index('name="wish"') < page.index('name="activity"')
    assert [tag for tag in re.findall(r"<(?:input|textarea)[^>]*>", page) if " autofocus" in tag] == re.findall(
        r'<textarea name="wish"[^>]*>', page
    )
    assert " autofocus" not in client.get("/requests/new/").content.decode()


def test_an_id_of_a_deal_one_may_not_see_says_nothing_and_is_kept_beside_the_typed_deal(client: Client) -> None:
    _, ana, _ = make_cast()
    hidden = make_deal("Secret rollout", owner=ana)
    Opportunity.objects.filter(pk=hidden.pk).update(external_id="006Q1")
    assert "Secret rollout" not in client.get("/requests/new/?opportunity=006Q1").content.decode()
    client.post("/requests/new/", form_sent(crm_id="006Q1", prospect="Fennmark Bank"))
    typed = Opportunity.objects.get(source="typed")
    assert (typed.external_id, typed.custom) == ("", {CRM_ID: "006Q1"})


@pytest.mark.parametrize("path", ["/requests/new/", "/outside/new/"])
def test_a_deal_the_crm_gives_to_somebody_else_is_still_found_by_its_button(client: Client, seller: Colleague, path: str) -> None:
    facts = form_sent(crm_id="006Q1", prospect="Fennmark Bank", who="A man from Corvid", day="2026-03-09")
    assert client.post(path, facts).status_code == 302
    deal = Opportunity.objects.get()
    assert deal.owner == seller
    crm: OpportunityRow = {"external_id": "006Q1", "name": "Atlas", "owner_id": make_cast()[1].pk}
    with transaction.atomic():
        upsert_opportunities([crm], by=PROGRAM)
    deal.refresh_from_db()
    assert (deal.source, deal.owner, by_crm_id("006Q1", seller)) == ("crm", make_cast()[1], deal)
