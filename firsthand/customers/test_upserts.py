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


def tree() -> dict[str, tuple[str, str]]:
    """By external id, the external ids of the parent and of the head of the family."""
    rows = Account.objects.values_list("external_id", "parent__external_id", "family__external_id")
    return {own: (parent or "", family) for own, parent, family in rows}


def under(child: str, parent: str) -> AccountRow:
    return AccountRow(external_id=child, parent_external_id=parent)


def test_a_chain_that_is_linked_at_once_has_one_head() -> None:
    write(*(AccountRow(external_id=each, name=each) for each in "ABC"))
    change = Change.objects.create(kind="import")
    assert write(under("A", "B"), under("B", "C"), change=change) == ["changed", "changed"]
    assert tree() == {"A": ("B", "C"), "B": ("C", "C"), "C": ("", "C")}
    assert ChangeRow.objects.filter(change=change).count() == 2


def test_all_below_an_account_move_with_it_and_leave_traces() -> None:
    write(*(AccountRow(external_id=each, name=each) for each in "TNMAB"))
    write(under("M", "T"), under("A", "M"), under("B", "A"))
    change = Change.objects.create(kind="import")
    assert write(under("M", "N"), AccountRow(external_id="X", name="X", parent_external_id="B"), change=change) == ["changed", "new"]
    assert tree() == {"T": ("", "T"), "N": ("", "N"), "M": ("N", "N"), "A": ("M", "N"), "B": ("A", "N"), "X": ("B", "N")}
    top = Account.objects.get(external_id="T").pk
    assert [row.before for row in ChangeRow.objects.filter(change=change).order_by("id")] == [
        {"fields": {"parent_id": top, "family_id": top}},
        None,
        {"fields": {"family_id": top}},
        {"fields": {"family_id": top}},
    ]


def test_a_circle_is_refused_and_the_others_are_linked() -> None:
    write(*(AccountRow(external_id=each, name=each) for each in "ABCD"))
    rows = [under("A", "B"), AccountRow(external_id="B", name="B", parent_external_id="A"), under("C", "D")]
    assert write(*rows) == ["changed", "B cannot be under itself.", "changed"]
    assert write(under("B", "D"), under("D", "A")) == ["changed", "D cannot be under itself."]
    assert tree() == {"A": ("B", "D"), "B": ("D", "D"), "C": ("D", "D"), "D": ("", "D")}


def test_a_family_that_was_wrong_is_mended_by_the_next_import() -> None:
    write(*(AccountRow(external_id=each, name=each) for each in "ABC"))
    write(under("A", "B"), under("B", "C"))
    Account.objects.filter(external_id="A").update(family=Account.objects.get(external_id="B"))
    assert write(under("A", "B"), under("B", "C")) == ["changed", "unchanged"]
    assert tree()["A"] == ("B", "C")


def test_nobody_is_under_themselves() -> None:
    write(AccountRow(name="Child", parent_name="Top"))
    assert write(AccountRow(name="Top", parent_name="Child")) == ["Top cannot be under itself."]
    assert write(AccountRow(name="Child", parent_name="child")) == ["Child cannot be under itself."]


def test_an_account_without_an_id_is_adopted_once() -> None:
    write(AccountRow(name="Acme"))
    change = Change.objects.create(kind="import")
    assert write(AccountRow(external_id="1", name="Acme"), AccountRow(external_id="2", name="Acme"), change=change) == ["changed", "new"]
    assert list(Account.objects.order_by("id").values_list("external_id", flat=True)) == ["1", "2"]


def test_two_rows_of_one_account_are_one_change() -> None:
    industry, (bank,) = values("industry", "bank")
    product, (pro,) = values("product", "pro")
    write(AccountRow(external_id="1", name="Acme", custom={"a": "1"}))
    change = Change.objects.create(kind="import")
    by_id = AccountRow(external_id="1", employees=5, domain="old.example", custom={"b": "2"}, values={industry: [bank]})
    by_name = AccountRow(name="Acme", domain="a.example", custom={"c": "3"}, values={product: [pro]})
    assert write(by_id, AccountRow(name="Beta"), by_name, change=change) == ["changed", "new", "changed"]
    account = Account.objects.get(external_id="1")
    assert (account.employees, account.domain, account.custom) == (5, "a.example", {"a": "1", "b": "2", "c": "3"})
    assert set(account.values.values_list("value_id", flat=True)) == {bank, pro}
    assert list(ChangeRow.objects.filter(change=change, object_id=account.pk).values_list("revision", flat=True)) == [2]


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
