import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.core import search
from firsthand.customers import finding as customers
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account
from firsthand.deals import finding as deals
from firsthand.deals.builders import make_deal
from firsthand.desk import find
from firsthand.matching.builders import make_need
from firsthand.people.builders import ana, eve, mia, sam
from firsthand.people.models import Colleague
from firsthand.references.builders import make_reference
from firsthand.references.choosing import people_like
from firsthand.references.models import Disclosure, Reference
from firsthand.requests.preview import named_person

pytestmark = pytest.mark.django_db


def index_all(account: Account) -> None:
    customers.refresh_accounts([account])
    customers.refresh_contacts_of(account)


def found(client: Client, text: str) -> dict[str, list[str]]:
    groups = client.get("/find/", {"q": text}).context["groups"]
    return {group.title: sorted(row.text for row in group.found) for group in groups}


def test_everything_of_a_name_is_found_in_one_place(client: Client) -> None:
    seller = sam()
    client.force_login(seller)
    account = make_account("Ostvik Bank")
    make_contact("Ingrid Solheim", account=account)
    make_reference("Rae Reference", account=account)
    index_all(account)
    deals.refresh_deals([make_deal("Rollout", owner=seller, account=account)])
    assert found(client, "ostvik") == {
        "Accounts": ["Ostvik Bank"],
        "People": ["Ingrid Solheim", "Rae Reference"],
        "Deals": ["Rollout"],
    }
    assert found(client, "acc") == {"Pages": ["Accounts"]}
    assert found(client, "sam") == {"Colleagues": ["Sam Seller"]}


def test_a_reference_leads_to_its_page_and_a_contact_to_its_account(client: Client) -> None:
    client.force_login(sam())
    reference = make_reference("Rae Reference")
    contact = make_contact("Rae Other", account=reference.account)
    index_all(reference.account)
    page = client.get("/find/?q=rae").content.decode()
    assert f'href="/references/{reference.pk}/"' in page
    assert f'href="/accounts/{reference.account.pk}/#contact-{contact.pk}"' in page


def test_what_one_may_not_see_is_not_found(client: Client) -> None:
    owner = ana()
    account = make_account("Secret Bank", owner=owner)
    make_contact("Sera Secret", account=account)
    index_all(account)
    deals.refresh_deals([make_deal("Secret rollout", owner=mia(), account=account)])
    Account.objects.update(is_hidden=True)
    client.force_login(eve())
    assert found(client, "secret") == {}
    client.force_login(owner)
    assert found(client, "secret") == {"Accounts": ["Secret Bank"], "People": ["Sera Secret"]}


def test_a_hidden_person_of_a_public_customer_stands_like_any_other(client: Client) -> None:
    reference, eve_ = make_reference("Rae Reference"), eve()
    index_all(reference.account)
    client.force_login(eve_)
    assert found(client, "rae") == {"People": ["Rae Reference"]}
    Reference.objects.update(disclosure=Disclosure.HIDDEN)
    assert found(client, "rae") == {"People": ["Rae Reference"]}
    page = client.get("/find/?q=rae").content.decode()
    assert (f"/references/{reference.pk}/" in page, f"#contact-{reference.contact_id}" in page) == (False, True)
    assert [person.pk for person in people_like("rae", eve_)] == [reference.contact_id]
    named = named_person(reference.contact, make_need(), eve_)
    assert (named.reference, named.why_not) == (
        None,
        "Rae Reference is not a reference yet. Their account owner would have to win them first.",
    )


def test_the_next_slice_is_taken_until_the_page_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SLICE", 2)
    user = eve()
    accounts = [make_account(f"Ostvik {number}") for number in range(8)]
    customers.refresh_accounts(accounts)
    Account.objects.filter(pk__in=[account.pk for account in accounts[:5]]).update(is_hidden=True)
    shown = find.visible_hits("ostvik", "account", Account.objects.visible_to(user), 2)
    assert [account.name for account in shown] == ["Ostvik 5", "Ostvik 6"]


def test_the_palette_gets_the_groups_alone(client: Client) -> None:
    client.force_login(sam())
    index_all(make_account("Ostvik Bank"))
    answer = client.get("/find/?q=ostvik", headers={"HX-Request": "true"}).content.decode()
    assert 'role="option"' in answer
    assert "<html" not in answer


@pytest.mark.parametrize("text", ["", " ", "%", '"', "x" * 5000, "rq-999999999999999999", "RQ-"])
def test_any_text_is_answered(client: Client, text: str) -> None:
    client.force_login(sam())
    assert client.get("/find/", {"q": text}).status_code == 200


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get("/find/?q=rae")
    return len(captured)


def test_finding_asks_the_same_of_the_database_however_much_there_is(client: Client) -> None:
    colleague: Colleague = sam()
    client.force_login(colleague)
    account = make_reference("Rae One").account
    index_all(account)
    client.get("/find/?q=rae")
    one = queries(client)
    make_reference("Rae Two", account=account)
    make_contact("Rae Three", account=account)
    index_all(account)
    assert queries(client) == one
