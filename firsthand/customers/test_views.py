import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.customers import actions, finding, panels
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account, AccountValue, Contact, Relationship, Signal
from firsthand.people.builders import ana, eve, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_value

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Colleague:
    """Ana, signed in."""
    colleague = ana()
    client.force_login(colleague)
    return colleague


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def form_of(account: Account, **changes: Any) -> dict[str, Any]:
    owner = account.owner_id or ""
    return {"name": account.name, "owner": owner, "is_customer": "on", "currency": "", "revision": account.revision} | changes


def make_full_account(name: str, owner: Colleague) -> Account:
    account = make_account(name, owner=owner, parent=make_account(f"Parent of {name}"))
    AccountValue.objects.create(account=account, value=make_value(f"Value {Account.objects.count()}"))
    finding.refresh_accounts([account])
    return account


def test_the_list_asks_the_same_of_the_database_however_long_it_is(client: Client, owner: Colleague) -> None:
    make_full_account("One", owner)
    client.get("/accounts/")
    one = queries(client, "/accounts/?q=one&owner=me")
    make_full_account("One too", owner)
    make_full_account("One more", owner)
    assert queries(client, "/accounts/?q=one&owner=me") == one


def test_a_hidden_account_is_in_no_list_count_search_or_file(client: Client, owner: Colleague) -> None:
    hidden, _ = make_full_account("Secret Bank", mia()), make_full_account("Open Bank", owner)
    Account.objects.filter(name__contains="Secret").update(is_hidden=True)
    response = client.get("/accounts/?q=bank")
    page = response.content.decode()
    assert "Open Bank" in page
    assert response.context["list"].count == "1 account"
    assert "Secret" not in page
    file = b"".join(client.get("/accounts/?as=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Open Bank" in file
    assert "Secret" not in file
    for path in (f"/accounts/{hidden.pk}/", f"/accounts/{hidden.pk}/edit/", f"/accounts/{hidden.pk}/people/"):
        assert client.get(path).status_code == 404


def test_revenue_is_for_those_close(client: Client, owner: Colleague) -> None:
    for name, whose in (("Mine", owner), ("Theirs", mia())):
        account = make_account(name, owner=whose)
        Account.objects.filter(pk=account.pk).update(annual_revenue=Decimal(123456), currency="EUR")
    file = b"".join(client.get("/accounts/?as=csv").streaming_content).decode()  # type: ignore[attr-defined]
    lines = {line.split(",")[0]: "123456" in line for line in file.splitlines()}
    assert (lines["Mine"], lines["Theirs"]) == (True, False)
    assert "€123,456" in client.get(f"/accounts/{Account.objects.get(name='Mine').pk}/").content.decode()
    assert "€123,456" not in client.get(f"/accounts/{Account.objects.get(name='Theirs').pk}/").content.decode()


def test_filters_narrow_and_a_tree_takes_in_what_is_below(client: Client, owner: Colleague) -> None:
    top = make_value("Finance")
    low = make_value("Banking", parent=top)
    bank = make_account("A bank")
    make_account("A shop")
    AccountValue.objects.create(account=bank, value=low)
    page = client.get(f"/accounts/?product={top.pk}").content.decode()
    assert "A bank" in page
    assert "A shop" not in page


@pytest.mark.parametrize("query", ["industry=1", "owner=x", "sort=domain", "after=999", "health=blue", "q=" + "x" * 999])
def test_a_bad_query_gives_the_whole_list_and_a_sentence(client: Client, owner: Colleague, query: str) -> None:
    make_account("A bank")
    response = client.get(f"/accounts/?{query}")
    assert response.status_code == 200
    assert response.context["list"].complaint
    assert response.context["list"].count == "1 account"


def test_an_account_is_added_by_its_name_alone(client: Client, owner: Colleague) -> None:
    response = client.post("/accounts/new/", {"name": "Meridale Health", "owner": owner.pk})
    account = Account.objects.get()
    assert response["Location"] == f"/accounts/{account.pk}/"
    assert (account.name, account.owner) == ("Meridale Health", owner)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "?"}, "A name needs at least one letter or digit."),
        ({"parent": "Nowhere"}, "No account is called Nowhere."),
        ({"parent": "Twin"}, "Two accounts are called Twin. Merge them or rename one first."),
        ({"parent": "Ostvik Bank"}, "Ostvik Bank cannot be its own parent. Choose another account, or none."),
        ({"employees": "-1"}, "greater than or equal to 0"),
        ({"currency": "EURO"}, "A currency has three letters, such as EUR."),
        ({"renewal_date": "soon"}, "Enter a valid date."),
        ({"health": "blue"}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(client: Client, owner: Colleague, changes: dict[str, str], sentence: str) -> None:
    account = make_account(owner=owner)
    make_account("Twin")
    make_account("Twin")
    response = client.post(f"/accounts/{account.pk}/edit/", form_of(account, **changes))
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert Account.objects.get(pk=account.pk).revision == account.revision


def test_custom_fields_are_kept_and_edited(client: Client, owner: Colleague) -> None:
    account = make_account(owner=owner)
    Account.objects.filter(pk=account.pk).update(custom={"Region code": "N1", "Score": 4})
    client.post(f"/accounts/{account.pk}/edit/", form_of(account, **{"custom:0": "N2", "custom:1": "4"}))
    assert Account.objects.get().custom == {"Region code": "N2", "Score": 4}


def test_a_stale_form_is_refused_with_what_was_typed(client: Client, owner: Colleague) -> None:
    account = make_account(owner=owner)
    client.post(f"/accounts/{account.pk}/edit/", form_of(account, name="First"))
    response = client.post(f"/accounts/{account.pk}/edit/", form_of(account, name="Second"))
    assert (response.status_code, Account.objects.get().name) == (409, "First")
    assert "Second" in response.content.decode()


def test_people_are_masked_on_the_page_the_list_and_in_files(client: Client) -> None:
    client.force_login(eve())
    contact = make_contact()
    for path in ("", "people/", "people/?as=csv"):
        response = client.get(f"/accounts/{contact.account_id}/{path}")
        text = b"".join(response).decode()
        assert "Rae Reference" in text
        assert "rae@customer.example" not in text
        assert "r•••••@c•••••.example" in text


def test_a_contact_is_added_edited_leaves_and_comes_back(client: Client, owner: Colleague) -> None:
    account = make_account(owner=owner)
    client.post(f"/accounts/{account.pk}/people/new/", {"first_name": "Owen", "email": "owen@x.example"})
    contact = Contact.objects.get()
    client.post(f"/contacts/{contact.pk}/edit/", {"first_name": "Owen", "last_name": "Tasker", "title": "CFO"})
    client.post(f"/contacts/{contact.pk}/leaving/", {"left_on": "2026-11-01"})
    contact.refresh_from_db()
    assert (contact.person.last_name, contact.left_on) == ("Tasker", dt.date(2026, 11, 1))
    client.post(f"/contacts/{contact.pk}/leaving/")
    contact.refresh_from_db()
    assert contact.left_on is None


def test_a_seller_says_whom_they_know_for_themselves_alone(client: Client) -> None:
    seller, other = sam(), ana()
    client.force_login(seller)
    contact = make_contact()
    client.post(f"/contacts/{contact.pk}/ties/", {"colleague": seller.pk, "kind": "knows", "strength": 3})
    refused = client.post(f"/contacts/{contact.pk}/ties/", {"colleague": other.pk, "kind": "knows", "strength": 3})
    assert refused.status_code == 400
    tie = Relationship.objects.get()
    assert tie.colleague == seller
    assert client.get(f"/contacts/{contact.pk}/ties/").status_code == 200
    client.post(f"/ties/{tie.pk}/deletion/")
    assert not Relationship.objects.exists()


def test_an_escalation_is_shown_and_resolved(client: Client, owner: Colleague) -> None:
    account = make_account(owner=owner)
    client.post(
        f"/accounts/{account.pk}/signals/", {"kind": "escalation", "severity": "severe", "happened_on": "2026-11-16", "words": "Stalls"}
    )
    assert "An escalation is open" in client.get(f"/accounts/{account.pk}/").content.decode()
    client.post(f"/signals/{Signal.objects.get().pk}/resolution/")
    assert "An escalation is open" not in client.get(f"/accounts/{account.pk}/").content.decode()


def test_facet_values_are_given_and_taken_in_place(client: Client, owner: Colleague) -> None:
    account, value = make_account(owner=owner), make_value("Banking")
    client.post(f"/accounts/{account.pk}/values/", {"add": value.pk})
    assert "Banking" in client.get(f"/accounts/{account.pk}/").content.decode()
    client.post(f"/accounts/{account.pk}/values/", {"drop": value.pk})
    assert not AccountValue.objects.exists()
    assert [client.post(f"/accounts/{account.pk}/values/", {"add": bad}).status_code for bad in ("", "x", "9" * 30, "999")] == [
        400,
        400,
        400,
        404,
    ]


def test_the_page_asks_the_same_of_the_database_however_much_there_is(client: Client, owner: Colleague) -> None:
    account = make_account(owner=owner)
    fill(account, "One", owner)
    client.get(f"/accounts/{account.pk}/")
    one = queries(client, f"/accounts/{account.pk}/")
    fill(account, "Two", owner)
    fill(account, "Three", owner)
    assert queries(client, f"/accounts/{account.pk}/") == one


def fill(account: Account, name: str, by: Colleague) -> None:
    contact = make_contact(name, account=account)
    AccountValue.objects.create(account=account, value=make_value(f"Value {name}"))
    facts = actions.SignalFacts(kind="nps", happened_on=dt.date(2026, 11, 1), value=Decimal(9), contact=contact)
    actions.add_signal(account, facts, by=by)


def test_values_are_offered_by_facet_but_for_those_it_has(client: Client, owner: Colleague) -> None:
    account, ledger = make_account(owner=owner), make_value("Ledger")
    AccountValue.objects.create(account=account, value=make_value("Held", facet=ledger.facet))
    odd = make_value("R&D <fast>", facet=ledger.facet)
    page = client.get(f"/accounts/{account.pk}/").content.decode()
    options = f'<option value="{ledger.pk}">Ledger</option><option value="{odd.pk}">R&amp;D &lt;fast&gt;</option>'
    assert f'<optgroup label="{ledger.facet.name}">{options}</optgroup>' in page


def test_names_are_offered_while_typing(client: Client, owner: Colleague) -> None:
    account = make_account("Ostvik Bank")
    finding.refresh_accounts([account])
    assert b'<option value="Ostvik Bank">' in client.get("/accounts/names/?parent=ost").content
    assert client.get("/accounts/names/").content.strip() == b""


def test_a_figure_of_satisfaction_needs_three_answers(owner: Colleague) -> None:
    account, today = make_account("Acme", owner=owner), dt.datetime.now(dt.UTC).date()
    assert panels.figures(account, owner) is None
    for days, kind, value in ((2, "nps", 9), (1, "nps", 3), (1, "csat", 4)):
        Signal.objects.create(account=account, kind=kind, value=value, happened_on=today - dt.timedelta(days))
    assert told_figures(account, owner) == [
        ("Latest NPS answer", "3", "of 10; 2 answers, a figure needs 3"),
        ("Latest CSAT answer", "4", "of 5; 1 answer, a figure needs 3"),
    ]
    Signal.objects.create(account=account, kind="nps", value=10, happened_on=today)
    assert told_figures(account, owner)[0] == ("NPS, 3 answers", "33", "promoters less detractors, 12 months")


def told_figures(account: Account, user: Colleague) -> list[tuple[str, str, str]]:
    panel = panels.figures(account, user)
    assert panel is not None
    return [(each.label, each.value, each.basis) for each in panel.data["figures"]]
