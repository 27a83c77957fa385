"""Accounts in the plural: who a row is, what it changes, what it leaves behind."""

import pytest

from firsthand.core.models import SearchEntry
from firsthand.customers.models import Account, AccountValue
from firsthand.customers.upserts import AccountRow, upsert_accounts
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow, Event
from firsthand.history.upserts import Answer, Done, Refusal
from firsthand.program.models import Facet, FacetValue

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

BY = Actor("import", 1)


def write(*rows: AccountRow, change: Change | None = None) -> list[str]:
    return [told(answer) for answer in upsert_accounts(rows, by=BY, change=change)]


def told(answer: Answer) -> str:
    return answer.state.value if isinstance(answer, Done) else answer.sentence


def values(code: str, *names: str) -> tuple[int, list[int]]:
    facet = Facet.objects.create(code=code, name=code)
    return facet.pk, [FacetValue.objects.create(facet=facet, name=name, key=name).pk for name in names]


def test_the_same_row_twice_changes_nothing() -> None:
    row = AccountRow(external_id="A-1", name="Nordbank", employees=840, custom={"Fax": "1"})
    assert write(row) == ["new"]
    assert write(row) == ["unchanged"]
    assert write({**row, "employees": 841}) == ["changed"]
    account = Account.objects.get()
    assert (account.employees, account.revision, account.family_id) == (841, 2, account.pk)


def test_what_a_row_does_not_say_stays() -> None:
    write(AccountRow(external_id="A-1", name="Nordbank", domain="n.example", custom={"a": "1"}))
    write(AccountRow(external_id="A-1", name="Nordbank ASA", custom={"b": "2"}))
    account = Account.objects.get()
    assert (account.name, account.key, account.domain, account.custom) == (
        "Nordbank ASA",
        "nordbank asa",
        "n.example",
        {"a": "1", "b": "2"},
    )


def test_a_row_is_known_by_id_then_by_name() -> None:
    write(AccountRow(name="Nordbank"))
    assert write(AccountRow(external_id="A-1", name="NORDBANK")) == ["changed"]
    assert write(AccountRow(external_id="A-2", name="Nordbank")) == ["new"]
    assert write(AccountRow(name="nordbank")) == ["2 accounts are called nordbank. Add the account id."]


def test_ids_that_differ_in_case_alone_are_two_accounts() -> None:
    assert write(AccountRow(external_id="0015g00000AbCdE", name="A"), AccountRow(external_id="0015g00000AbCde", name="B")) == ["new", "new"]


def test_a_parent_known_by_name_is_made_and_heads_the_family() -> None:
    change = Change.objects.create(kind="import")
    rows = [AccountRow(name="Bluth", parent_name="Acme"), AccountRow(name="Acme", default_kind="is_customer")]
    assert write(*rows, change=change) == ["new", "new"]
    acme, child = Account.objects.get(key="acme"), Account.objects.get(key="bluth")
    assert (child.parent_id, child.family_id, acme.family_id, acme.is_customer) == (acme.pk, acme.pk, acme.pk, True)
    assert write(*rows) == ["unchanged", "unchanged"]


def test_a_family_moves_with_its_head() -> None:
    write(AccountRow(name="Child", parent_name="Mid"))
    write(AccountRow(name="Mid", parent_name="Top"))
    top = Account.objects.get(key="top").pk
    assert set(Account.objects.values_list("family_id", flat=True)) == {top}


def test_nobody_is_under_themselves() -> None:
    write(AccountRow(name="Child", parent_name="Top"))
    assert write(AccountRow(name="Top", parent_name="Child")) == ["Top cannot be under itself."]
    assert write(AccountRow(name="Child", parent_name="child")) == ["Child cannot be under itself."]


def test_a_row_without_a_name_is_refused_alone() -> None:
    answers = upsert_accounts([AccountRow(external_id="A-1"), AccountRow(name="B")], by=BY)
    assert answers[0] == Refusal("The row has no account name.")
    assert Account.objects.count() == 1


def test_values_of_one_facet_are_replaced_and_others_stay() -> None:
    industry, (bank, retail) = values("industry", "bank", "retail")
    product, (pro,) = values("product", "pro")
    write(AccountRow(name="A", values={industry: [bank], product: [pro]}))
    assert write(AccountRow(name="A", values={industry: [bank]})) == ["unchanged"]
    assert write(AccountRow(name="A", values={industry: [retail]})) == ["changed"]
    assert set(AccountValue.objects.values_list("value_id", flat=True)) == {retail, pro}


def test_every_change_leaves_history_undo_and_search() -> None:
    change = Change.objects.create(kind="import")
    write(AccountRow(name="Nordbank", employees=1), change=change)
    write(AccountRow(name="Nordbank", employees=2, domain="n.example"), change=change)
    assert list(Event.objects.order_by("id").values_list("verb", "subject_kind", "actor_kind", "actor_id")) == [
        ("account_added", "account", "import", 1),
        ("account_changed", "account", "import", 1),
    ]
    assert list(ChangeRow.objects.order_by("id").values_list("before", "revision")) == [
        (None, 1),
        ({"fields": {"domain": "", "employees": 1}}, 2),
    ]
    assert list(SearchEntry.objects.values_list("title", "body")) == [("nordbank", "n example")]
