import pytest
from django.test import Client

from firsthand.core import search
from firsthand.customers import finding
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account, Contact, Person
from firsthand.history.models import Change
from firsthand.people.builders import mia
from firsthand.people.models import Colleague
from firsthand.program.builders import make_facet, make_value
from firsthand.upkeep.duplicates import account_pairs, accounts_like, person_pairs, persons_like
from firsthand.upkeep.merge import merge_values

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> None:
    client.force_login(mia())


def make_named(*names: str) -> list[Account]:
    accounts = [make_account(name) for name in names]
    finding.refresh_accounts(accounts)
    return accounts


def test_names_and_domains_suggest_what_may_be_there_twice() -> None:
    bank, legal, other, misspelt = make_named("Ostvik Sparebank", "Ostvik Sparebank ASA", "Ostend Energy", "Ostvik Sparebnak")
    domain = make_named("Something Else")[0]
    Account.objects.filter(pk__in=[bank.pk, domain.pk]).update(domain="ostvik.example")
    bank.refresh_from_db()
    assert accounts_like(bank) == [domain, legal, misspelt]
    assert {(pair.one, pair.other) for pair in account_pairs()} == {(bank, domain), (bank, legal), (bank, misspelt)}
    assert other not in accounts_like(bank)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Ostvik Bank", "Ostvik Bank ASA", "the same name, whatever the legal form"),
        ("Ostvik Bank AB", "Ostvik Bank Ltd", "the same name, whatever the legal form"),
        ("Plexzap", "Plex Zap", "the same name, written apart"),
        ("Ostvik Sparebank", "Ostvik Sparebnak", "names that differ by one letter"),
        ("Alderholm Holding", "Aldermont Holding", ""),
        ("Northwell International", "Northwater International", ""),
        ("Ostvik Bank", "Ostvik Bank Leasing", ""),
        ("Plant 17", "Plant 18", ""),
        ("Nord", "Norda", ""),
        ("AB", "AG", ""),
    ],
)
def test_only_one_name_written_twice_suggests_one_company(one: str, other: str, why: str) -> None:
    make_named(one, other)
    assert [pair.why for pair in account_pairs()] == ([why] if why else [])


def test_two_addresses_on_the_net_tell_apart_names_that_differ_by_a_letter() -> None:
    one, other = make_named("Ostvik Sparebank", "Ostvik Sparebenk")
    assert [pair.why for pair in account_pairs()] == ["names that differ by one letter"]
    for account, domain in ((one, "sparebank.example"), (other, "sparebenk.example")):
        Account.objects.filter(pk=account.pk).update(domain=domain)
    assert account_pairs() == []


def test_an_address_suggests_that_two_persons_are_one() -> None:
    account = make_account()
    rae, ray, eva = make_contact("Rae Reference", account=account), make_contact("Ray Refer", account=account), make_contact("Eva Else")
    Contact.objects.filter(pk=ray.pk).update(email=rae.email)
    assert persons_like(rae.person) == [ray.person]
    assert [(pair.one, pair.other) for pair in person_pairs()] == [(rae.person, ray.person)]
    assert persons_like(eva.person) == []


def test_accounts_are_merged_after_a_preview_and_taken_back(client: Client) -> None:
    into, loser = make_named("Ostvik Bank", "Ostvik Bank ASA")
    make_contact(account=loser)
    assert "Preview merge" in client.get(f"/accounts/{loser.pk}/merge/").content.decode()
    preview = client.get(f"/accounts/{loser.pk}/merge/?into={into.pk}")
    assert "What changes hands" in preview.content.decode()
    assert Account.objects.count() == 2
    client.post(f"/accounts/{loser.pk}/merge/", {"into": into.pk})
    assert Contact.objects.get().account == into
    client.post(f"/merges/{Change.objects.get().pk}/undo/")
    assert Contact.objects.get().account == loser
    assert [hit.object_id for hits in search.find("asa", ["account"]) for hit in hits] == [loser.pk]


def test_persons_are_merged_in_the_browser(client: Client) -> None:
    account = make_account()
    rae, ray = make_contact("Rae Reference", account=account), make_contact("Ray Refer", account=account)
    assert client.get(f"/persons/{ray.person_id}/merge/?into={rae.person_id}").status_code == 200
    client.post(f"/persons/{ray.person_id}/merge/", {"into": rae.person_id})
    assert Person.objects.get() == rae.person


@pytest.mark.parametrize("into", ["", "x", "999", "9" * 30])
def test_nothing_is_merged_into_what_is_not_there(client: Client, into: str) -> None:
    account = make_account()
    assert client.post(f"/accounts/{account.pk}/merge/", {"into": into}).status_code == 200
    assert Account.objects.count() == 1


def test_the_page_of_duplicates_says_when_there_are_none(client: Client) -> None:
    assert "Nothing seems to be there twice" in client.get("/duplicates/").content.decode()
    make_named("Ostvik Bank", "Ostvik Bank ASA")
    assert "1 pair of accounts may be the same" in client.get("/duplicates/").content.decode()


def test_past_merges_are_listed_and_say_what_can_be_taken_back(client: Client) -> None:
    into, loser = make_named("Ostvik Bank", "Ostvik Bank ASA")
    client.post(f"/accounts/{loser.pk}/merge/", {"into": into.pk})
    facet = make_facet("industry")
    merge_values(make_value("Banks", facet=facet), make_value("Banking", facet=facet), by=Colleague.objects.get())
    change = Change.objects.get()
    page = client.get("/duplicates/").content.decode()
    assert [words in page for words in ("Two accounts became Ostvik Bank", "Banks became Banking", f"/merges/{change.pk}/undo/")] == [
        True
    ] * 3
    client.post(f"/merges/{change.pk}/undo/")
    page = client.get("/duplicates/").content.decode()
    assert (f"/merges/{change.pk}/undo/" in page, "; taken back" in page) == (False, True)
