from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.customers import finding as customers
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.deals import finding
from firsthand.deals.builders import make_deal, make_stage
from firsthand.deals.models import Opportunity, OpportunityValue
from firsthand.people.builders import eve, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_value

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client: Client) -> Colleague:
    """Sam, signed in."""
    colleague = sam()
    client.force_login(colleague)
    return colleague


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def make_full_deal(name: str, owner: Colleague) -> Opportunity:
    account = make_account(f"Account of {name}")
    deal = make_deal(name, owner=owner, account=account)
    OpportunityValue.objects.create(opportunity=deal, value=make_value(f"Product {name}"))
    finding.refresh_deals([deal])
    customers.refresh_accounts([account])
    return deal


def names(client: Client, query: str = "") -> list[str]:
    rows = client.get(f"/deals/?{query}").context["list"].rows
    return [row[0].text.split("</a>")[0].split(">")[-1] for row in rows]


def test_the_list_asks_the_same_of_the_database_however_long_it_is(client: Client, seller: Colleague) -> None:
    make_full_deal("One", seller)
    client.get("/deals/")
    one = queries(client, "/deals/?q=one&owner=me")
    make_full_deal("One too", seller)
    make_full_deal("One more", seller)
    assert queries(client, "/deals/?q=one&owner=me") == one


def test_one_sees_ones_own_deals_alone(client: Client, seller: Colleague) -> None:
    make_full_deal("Mine", seller)
    theirs = make_full_deal("Theirs", mia())
    assert names(client) == ["Mine"]
    assert names(client, "q=theirs") == []
    assert [client.get(f"/deals/{theirs.pk}/").status_code, client.get(f"/deals/{theirs.pk}/edit/").status_code] == [404, 404]
    assert b"Theirs" not in b"".join(client.get("/deals/?as=csv"))


def test_a_deal_is_found_through_its_account(client: Client, seller: Colleague) -> None:
    make_full_deal("Mine", seller)
    assert names(client, "q=account") == ["Mine"]


def test_a_hidden_account_is_not_named_by_its_deal_nor_found_through_it(client: Client, seller: Colleague) -> None:
    deal = make_full_deal("", seller)
    Account.objects.update(is_hidden=True)
    assert names(client) == ["Deal with a prospect that is not disclosed"]
    assert names(client, "q=account") == []
    for path in (f"/deals/{deal.pk}/", f"/deals/{deal.pk}/edit/", "/deals/?as=csv"):
        assert b"Account of" not in b"".join(client.get(path))
    client.post(f"/deals/{deal.pk}/edit/", form_of(deal, name="Named"))
    deal.refresh_from_db()
    assert (deal.name, deal.account) == ("Named", Account.objects.get())


def form_of(deal: Opportunity, **changes: Any) -> dict[str, Any]:
    return {
        "name": deal.name,
        "owner": deal.owner_id or "",
        "stage": deal.stage_id or "",
        "currency": "EUR",
        "revision": deal.revision,
    } | changes


def test_open_and_closed_deals_are_told_apart(client: Client, seller: Colleague) -> None:
    make_deal("Open", owner=seller)
    Opportunity.objects.filter(pk=make_deal("Gone", owner=seller).pk).update(outcome="lost")
    assert names(client, "outcome=open") == ["Open"]
    assert names(client, "outcome=lost") == ["Gone"]


def test_a_deal_is_added_and_edited(client: Client, seller: Colleague) -> None:
    account, value = make_account("Ostvik Bank"), make_value("Relay")
    typed = {
        "name": "Relay rollout",
        "account": "ostvik bank",
        "owner": seller.pk,
        "currency": "eur",
        "amount": "5000",
        "values": [value.pk],
    }
    response = client.post("/deals/new/", typed)
    deal = Opportunity.objects.get()
    assert response["Location"] == f"/deals/{deal.pk}/"
    assert (deal.account, deal.currency, deal.amount_base) == (account, "EUR", Decimal(5000))
    client.post(f"/deals/{deal.pk}/edit/", form_of(deal, stage=make_stage("Won", outcome="won").pk))
    deal.refresh_from_db()
    assert (deal.outcome, deal.values.count()) == ("won", 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "A deal needs a name, an account or a prospect."),
        ({"account": "Nowhere"}, "No account is called Nowhere."),
        ({"amount": "much"}, "Enter a number."),
        ({"close_date": "soon"}, "Enter a valid date."),
        ({"stage": "999"}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(client: Client, seller: Colleague, changes: dict[str, str], sentence: str) -> None:
    deal = make_deal(owner=seller)
    response = client.post(f"/deals/{deal.pk}/edit/", form_of(deal, **changes))
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert Opportunity.objects.get().revision == 1


def test_a_follower_reads_and_does_not_edit(client: Client) -> None:
    follower = eve()
    client.force_login(follower)
    deal = make_deal(owner=sam())
    deal.followers.create(colleague=follower)
    assert client.get(f"/deals/{deal.pk}/").status_code == 200
    assert client.get(f"/deals/{deal.pk}/edit/").status_code == 403


def test_an_account_shows_only_the_deals_one_may_see(client: Client, seller: Colleague) -> None:
    account = make_account()
    make_deal("Mine", owner=seller, account=account)
    make_deal("Theirs", owner=mia(), account=account)
    page = client.get(f"/accounts/{account.pk}/").content.decode()
    assert "Mine" in page
    assert "Theirs" not in page
    assert "1 deal" in page
