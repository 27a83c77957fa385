from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from firsthand.core import search
from firsthand.core.links import make_link
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.customers import finding
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account, AccountValue, Contact, Person, Relationship
from firsthand.deals.builders import make_deal
from firsthand.deals.models import Opportunity
from firsthand.history.actions import Letter, post, record
from firsthand.history.models import Event, Message
from firsthand.people.builders import mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_value
from firsthand.references.builders import make_reference
from firsthand.references.models import Disclosure, Reference, ReferenceAccount
from firsthand.upkeep import merge_records
from firsthand.upkeep.merge_records import Count, merge_accounts, merge_persons, preview, undo_merge

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("target", "pointers", "by_hand"),
    [
        (Account, merge_records.ACCOUNT, merge_records.ACCOUNT_BY_HAND),
        (ReferenceAccount, merge_records.STANDING, set()),
        (Person, merge_records.PERSON, set()),
        (Contact, merge_records.CONTACT, set()),
    ],
)
def test_every_column_that_points_there_is_on_the_list(target: type[models.Model], pointers: Any, by_hand: set[Any]) -> None:
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is target
    }
    assert found == {(pointer.model, pointer.field) for pointer in pointers} | by_hand


def ids(text: str, kind: str = "account") -> list[int]:
    return sorted(hit.object_id for hits in search.find(text, [kind]) for hit in hits)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the rooms that a merge may touch, but for what counts changes and tells what happened."""
    names = ("customers", "deals", "references", "stories", "requests")
    found = [model for model in apps.get_models() if model._meta.app_label in names]
    rows = {model._meta.label: list(models.QuerySet(model).order_by("pk").values()) for model in found}
    return {label: [{name: value for name, value in row.items() if name != "revision"} for row in each] for label, each in rows.items()}


def make_twins(manager: Colleague) -> tuple[Account, Account]:
    """Two entries of one customer, each with something the other lacks, and some of it twice."""
    into, loser = make_account("Ostvik Bank"), make_account("Ostvik Bank ASA")
    Account.objects.filter(pk=loser.pk).update(
        domain="ostvik.example", external_id="A-2", is_hidden=True, owner=manager, custom={"Tier": "A"}
    )
    shared, own = make_value("Shared"), make_value("Own")
    for account, value in ((into, shared), (loser, shared), (loser, own)):
        AccountValue.objects.create(account=account, value=value)
    make_reference("Rae Reference", account=loser)
    make_reference("Ray Reference", account=into)
    make_deal("Renewal", account=loser)
    make_account("Daughter", parent=loser)
    record("account_added", loser, by=manager.actor)
    finding.refresh_accounts([into, loser])
    return Account.objects.get(pk=loser.pk), into


def test_everything_of_the_one_account_is_the_others() -> None:
    manager = mia()
    loser, into = make_twins(manager)
    assert Count("facet values", 2) in preview(merge_records.ACCOUNT, loser)
    merge_accounts(loser, into, by=manager)
    into.refresh_from_db()
    assert (into.domain, into.external_id, into.is_hidden, into.owner, into.custom) == (
        "ostvik.example",
        "A-2",
        True,
        manager,
        {"Tier": "A"},
    )
    assert sorted(into.values.values_list("value__name", flat=True)) == ["Own", "Shared"]
    assert Reference.objects.filter(contact__account=into, reference_account__account=into).count() == 2
    assert Opportunity.objects.get().account == into
    assert Account.objects.get(name="Daughter").family == into
    assert not Account.objects.filter(pk=loser.pk).exists()
    assert ids("asa") == []
    assert Event.objects.filter(context_kind="account", context_id=into.pk).count() == 2


def test_the_stricter_rule_of_two_customers_stays() -> None:
    loser, into = make_twins(manager := mia())
    ReferenceAccount.objects.filter(account=into).update(disclosure=Disclosure.PUBLIC, limit_count=2, limit_period="month")
    ReferenceAccount.objects.filter(account=loser).update(
        disclosure=Disclosure.ANONYMOUS, limit_count=5, limit_period="year", under_nda=True
    )
    merge_accounts(loser, into, by=manager)
    standing = ReferenceAccount.objects.get(account=into)
    assert (standing.disclosure, standing.limit_count, standing.limit_period, standing.under_nda) == ("anonymous", 5, "year", True)


def test_a_merge_is_taken_back_to_the_letter() -> None:
    loser, into = make_twins(manager := mia())
    before = everything()
    change = merge_accounts(loser, into, by=manager)
    assert everything() != before
    undo_merge(change, by=manager)
    assert everything() == before
    assert ids("ostvik") == [into.pk, loser.pk]


def test_what_was_touched_since_is_not_taken_back() -> None:
    loser, into = make_twins(manager := mia())
    change = merge_accounts(loser, into, by=manager)
    Opportunity.objects.update(revision=9)
    after = everything()
    with pytest.raises(Refused) as refusal:
        undo_merge(change, by=manager)
    assert (refusal.value.status, everything()) == (409, after)


def test_a_merge_is_taken_back_once() -> None:
    loser, into = make_twins(manager := mia())
    change = merge_accounts(loser, into, by=manager)
    undo_merge(change, by=manager)
    with pytest.raises(Refused, match="taken back already"):
        undo_merge(change, by=manager)


def test_a_child_swallows_its_parent_and_stands_alone() -> None:
    manager = mia()
    parent = make_account("Parent")
    child = make_account("Child", parent=parent)
    merge_accounts(parent, child, by=manager)
    child.refresh_from_db()
    assert (child.parent, child.family) == (None, child)


@pytest.mark.parametrize("is_top", [True, False])
def test_a_grandchild_swallows_its_grandparent_and_gives_it_back(is_top: bool) -> None:  # noqa: FBT001
    manager = mia()
    top = None if is_top else make_account("Top")
    grandparent = make_account("Grandparent", parent=top)
    parent = make_account("Parent", parent=grandparent)
    child = make_account("Child", parent=parent)
    make_account("Aunt", parent=grandparent)
    make_account("Below", parent=child)
    before = everything()
    change = merge_accounts(grandparent, child, by=manager)
    head = "Child" if is_top else "Top"
    held = {name: (above, family) for name, above, family in Account.objects.values_list("name", "parent__name", "family__name")}
    assert held == ({} if is_top else {"Top": (None, "Top")}) | {
        "Child": (None if is_top else "Top", head), "Parent": ("Child", head), "Aunt": ("Child", head), "Below": ("Child", head),
    }  # fmt: skip
    undo_merge(change, by=manager)
    assert everything() == before


def test_a_customer_of_another_family_brings_all_below_it() -> None:
    manager = mia()
    into, loser = make_account("Into"), make_account("Loser", parent=make_account("Other"))
    below = make_account("Far below", parent=make_account("Below", parent=loser))
    before = everything()
    change = merge_accounts(loser, into, by=manager)
    assert Account.objects.get(pk=below.pk).family == into
    undo_merge(change, by=manager)
    assert everything() == before


@pytest.mark.parametrize(
    ("of_loser", "of_into", "kept"),
    [
        (("public", None), ("internal", None), ("internal", None)),
        (("slides", None), ("public", None), ("slides", None)),
        (("", None), ("public", date(2027, 1, 1)), ("", date(2027, 1, 1))),
        (("public", date(2026, 1, 1)), ("public", date(2027, 1, 1)), ("public", date(2026, 1, 1))),
    ],
)
def test_the_narrower_right_to_a_logo_stays(of_loser: tuple[str, Any], of_into: tuple[str, Any], kept: tuple[str, Any]) -> None:
    loser, into = make_twins(manager := mia())
    for account, (right, until) in ((loser, of_loser), (into, of_into)):
        ReferenceAccount.objects.filter(account=account).update(logo_right=right, logo_right_until=until)
    merge_accounts(loser, into, by=manager)
    assert ReferenceAccount.objects.values_list("logo_right", "logo_right_until").get(account=into) == kept


def test_an_account_is_not_merged_with_itself_nor_by_a_seller() -> None:
    account, other = make_account("One"), make_account("Two")
    with pytest.raises(Refused):
        merge_accounts(account, account, by=mia())
    with pytest.raises(Refused) as refusal:
        merge_accounts(account, other, by=sam())
    assert (refusal.value.status, Account.objects.count()) == (403, 2)


def test_two_entries_of_a_person_become_one_with_all_jobs() -> None:
    manager, seller = mia(), sam()
    one = make_reference("Rae Reference").contact
    same_place, other_place = make_contact("Rae R", account=one.account), make_contact("Rae R", account=make_account("Fennmark"))
    Contact.objects.filter(pk=other_place.pk).update(person=same_place.person)
    Contact.objects.filter(pk=same_place.pk).update(phone="+47 1")
    Relationship.objects.create(contact=same_place, colleague=seller)
    Person.objects.filter(pk=same_place.person_id).update(unsubscribed_at=timezone.now(), limit_count=1, limit_period="year")
    before = everything()
    change = merge_persons(same_place.person, one.person, by=manager)
    person = Person.objects.get(pk=one.person_id)
    assert (person.name, person.unsubscribed_at is not None, person.limit_count) == ("Rae Reference", True, 1)
    assert sorted(person.contacts.values_list("account__name", flat=True)) == ["Fennmark", "Ostvik Bank"]
    assert (Contact.objects.get(pk=one.pk).phone, Relationship.objects.get().contact) == ("+47 1", one)
    undo_merge(change, by=manager)
    assert everything() == before


def test_the_enrolled_job_stays_with_its_links_and_messages() -> None:
    manager = mia()
    older = make_contact("Rae Reference")
    one = make_reference("Rae R", account=older.account)
    enrolled, ends = one.contact, timezone.now() + timedelta(days=1)
    Contact.objects.filter(pk=older.pk).update(phone="+47 1")
    link = make_link("portal", enrolled.pk, holder_id=enrolled.pk, expires_at=ends)
    other = make_link("portal", older.pk, holder_id=older.pk, expires_at=ends)
    post([Letter("news", recipient, one, key=str(recipient.pk)) for recipient in (older, enrolled)])
    before = everything()
    change = merge_persons(enrolled.person, older.person, by=manager)
    kept = Contact.objects.get()
    assert (kept.pk, kept.person_id, kept.phone, Reference.objects.get().contact_id) == (enrolled.pk, older.person_id, "+47 1", enrolled.pk)
    assert list(Link.objects.order_by("pk").values_list("pk", "subject_id", "holder_id")) == [
        (link.pk, enrolled.pk, enrolled.pk), (other.pk, enrolled.pk, enrolled.pk),
    ]  # fmt: skip
    assert set(Message.objects.values_list("recipient_id", flat=True)) == {enrolled.pk}
    undo_merge(change, by=manager)
    assert everything() == before
    assert Link.objects.get(pk=other.pk).subject_id == older.pk


def test_two_ledgers_of_consent_are_never_mixed() -> None:
    one, two = make_reference("Rae Reference"), make_reference("Rae R", account=None)
    Contact.objects.filter(pk=two.contact_id).update(account=one.contact.account)
    merge_persons(two.contact.person, one.contact.person, by=mia())
    assert Contact.objects.filter(person=one.contact.person_id).count() == 2
