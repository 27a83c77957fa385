import datetime as dt
from decimal import Decimal

import pytest

from firsthand.core import search
from firsthand.core.refused import Refused
from firsthand.customers import actions
from firsthand.customers.actions import AccountFacts, ContactFacts, SignalFacts
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account, AccountValue, Contact, Relationship, Signal
from firsthand.history.models import Event
from firsthand.people.builders import ana, eve, mia, sam
from firsthand.program.models import Facet, FacetValue

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 16)
TAKEN = "Somebody at Ostvik Bank has this address already. Edit that person instead."


def verbs(account: Account) -> list[str]:
    return list(Event.objects.filter(context_id=account.pk, context_kind="account").order_by("id").values_list("verb", flat=True))


def found(text: str, kind: str = "account") -> list[int]:
    return [hit.object_id for hits in search.find(text, [kind]) for hit in hits]


def make_value(name: str = "Banking") -> FacetValue:
    facet, _ = Facet.objects.get_or_create(code="industry", defaults={"name": "Industry"})
    return FacetValue.objects.create(facet=facet, name=name, key=name.lower())


def test_an_added_account_is_its_own_family_and_is_found() -> None:
    account = actions.add_account(AccountFacts(name="Meridale Health", domain="meridale.example"), by=sam())
    assert (account.family_id, account.key, verbs(account)) == (account.pk, "meridale health", ["account_added"])
    assert found("meridale") == [account.pk]


def test_an_account_under_a_parent_is_of_its_family() -> None:
    top = make_account("Top Group")
    middle = make_account("Middle", parent=top)
    assert actions.add_account(AccountFacts(name="Low", parent=middle), by=mia()).family_id == top.pk


def test_only_what_differs_is_written_and_told() -> None:
    account = make_account("Ostvik Bank", owner=(owner := ana()))
    actions.change_account(account, AccountFacts(name="Ostvik Bank", is_customer=True, owner=owner), by=owner)
    account.refresh_from_db()
    assert (account.revision, verbs(account)) == (1, [])
    actions.change_account(account, AccountFacts(name="Østvik Sparebank", is_customer=True, owner=owner), by=owner)
    account.refresh_from_db()
    assert (account.name, account.key, account.revision, verbs(account)) == ("Østvik Sparebank", "ostvik sparebank", 2, ["account_changed"])


def test_a_new_name_is_found_and_so_are_its_people_by_it() -> None:
    account = make_account("Ostvik Bank")
    contact = make_contact(account=account)
    actions.change_account(account, AccountFacts(name="Fennmark"), by=mia())
    assert (found("ostvik"), found("fennmark"), found("fennmark", "contact")) == ([], [account.pk], [contact.pk])


def test_a_change_on_top_of_another_is_refused() -> None:
    account, manager = make_account(), mia()
    actions.change_account(account, AccountFacts(name="One"), by=manager, revision=1)
    with pytest.raises(Refused) as refusal:
        actions.change_account(account, AccountFacts(name="Two"), by=manager, revision=1)
    assert refusal.value.status == 409
    assert Account.objects.get(pk=account.pk).name == "One"


def test_a_family_follows_when_a_parent_changes() -> None:
    manager = mia()
    top, other = make_account("Top"), make_account("Other")
    middle = make_account("Middle", parent=top)
    low = make_account("Low", parent=middle)
    actions.change_account(middle, AccountFacts(name="Middle", is_customer=True, parent=other), by=manager)
    assert set(Account.objects.filter(family=other)) == {other, middle, low}
    actions.change_account(middle, AccountFacts(name="Middle", is_customer=True), by=manager)
    assert set(Account.objects.filter(family=middle)) == {middle, low}
    assert verbs(middle) == ["account_parent_changed", "account_parent_changed"]


@pytest.mark.parametrize("under", ["Top", "Middle", "Low"])
def test_no_account_comes_under_itself(under: str) -> None:
    top = make_account("Top")
    middle = make_account("Middle", parent=top)
    make_account("Low", parent=middle)
    with pytest.raises(Refused) as refusal:
        actions.change_account(top, AccountFacts(name="Top", parent=Account.objects.get(name=under)), by=mia())
    assert refusal.value.status == 400
    assert Account.objects.get(pk=top.pk).parent is None


def test_a_new_owner_is_a_signal() -> None:
    account = make_account(owner=ana())
    actions.change_account(account, AccountFacts(name=account.name, is_customer=True, owner=sam()), by=mia())
    assert (verbs(account), account.signals.get().kind) == (["account_owner_changed"], Signal.Kind.OWNER)


def test_a_value_is_given_once_and_taken_back() -> None:
    account, value, manager = make_account(), make_value(), mia()
    actions.add_value(account, value, by=manager)
    actions.add_value(account, value, by=manager)
    assert AccountValue.objects.filter(account=account).count() == 1
    actions.drop_value(account, value, by=manager)
    assert (AccountValue.objects.count(), verbs(account)) == (0, ["value_added", "value_dropped"])


def test_an_added_contact_is_found_but_not_by_address() -> None:
    contact = actions.add_contact(
        make_account(), ContactFacts(first_name="Ingrid", last_name="Solheim", email="IS@Ostvik.example"), by=sam()
    )
    assert (contact.email, found("solheim", "contact"), found("ostvik.example", "contact")) == ("is@ostvik.example", [contact.pk], [])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (ContactFacts(title="CFO"), "A person needs a first or a last name."),
        (
            ContactFacts(first_name="R", email="RAE@customer.example"),
            TAKEN,
        ),
        (ContactFacts(first_name="R", persona_id=99), "Choose a persona that is in use."),
    ],
)
def test_a_contact_that_makes_no_sense_is_refused(facts: ContactFacts, sentence: str) -> None:
    account = make_account()
    make_contact(account=account)
    with pytest.raises(Refused) as refusal:
        actions.add_contact(account, facts, by=mia())
    assert (refusal.value.sentence, refusal.value.status, Contact.objects.count()) == (sentence, 400, 1)


def test_a_guessed_address_is_not_confirmed_to_whom_it_is_masked() -> None:
    account = make_account()
    make_contact(account=account)
    with pytest.raises(Refused) as refusal:
        actions.add_contact(account, ContactFacts(first_name="R", email="rae@customer.example"), by=sam())
    assert refusal.value.sentence == (
        "This cannot be saved with that e-mail address. Check it, leave it empty, or ask the account’s owner to add it."
    )


def test_a_name_changes_in_every_job_of_the_person() -> None:
    contact = make_contact("Rae Reference")
    other = Contact.objects.create(person=contact.person, account=make_account("Fennmark"))
    actions.change_contact(contact, ContactFacts(first_name="Rae", last_name="Married", email=contact.email), by=mia())
    assert set(found("married", "contact")) == {contact.pk, other.pk}


def test_leaving_is_a_signal_and_can_be_taken_back() -> None:
    contact, manager = make_contact(), mia()
    actions.mark_left(contact, DAY, by=manager)
    assert (Contact.objects.get().left_on, Signal.objects.get().kind) == (DAY, Signal.Kind.LEFT)
    with pytest.raises(Refused):
        actions.mark_left(contact, DAY, by=manager)
    actions.mark_back(contact, by=manager)
    assert (Contact.objects.get().left_on, Signal.objects.count()) == (None, 0)


def test_everybody_says_whom_they_know_and_the_owner_for_others() -> None:
    seller, owner = sam(), ana()
    contact = make_contact(account=make_account(owner=owner))
    actions.tie(contact, seller, by=seller, kind="knows", strength=2)
    actions.tie(contact, seller, by=owner, kind="worked_with", strength=4)
    assert Relationship.objects.get().strength == 4
    with pytest.raises(Refused):
        actions.tie(contact, owner, by=seller, kind="knows", strength=1)
    actions.drop_tie(Relationship.objects.get(), by=seller)
    assert Relationship.objects.count() == 0


def test_an_escalation_opens_and_is_resolved_once() -> None:
    account, manager = make_account(), mia()
    signal = actions.add_signal(account, SignalFacts(kind="escalation", severity="severe", happened_on=DAY), by=manager)
    actions.resolve_signal(signal, by=manager, on=DAY)
    with pytest.raises(Refused):
        actions.resolve_signal(signal, by=manager, on=DAY)
    assert verbs(account) == ["escalation_opened", "escalation_resolved"]


@pytest.mark.parametrize(
    "facts",
    [
        SignalFacts(kind="nps", happened_on=DAY),
        SignalFacts(kind="nps", happened_on=DAY, value=Decimal(11)),
        SignalFacts(kind="nps", happened_on=DAY, value=Decimal("7.5")),
        SignalFacts(kind="csat", happened_on=DAY, value=Decimal(0)),
        SignalFacts(kind="escalation", happened_on=DAY),
    ],
)
def test_a_signal_off_its_scale_is_refused(facts: SignalFacts) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_signal(make_account(), facts, by=mia())
    assert (refusal.value.status, Signal.objects.count()) == (400, 0)


def test_who_may_not_changes_nothing() -> None:
    account, outsider = make_account(owner=ana()), eve()
    with pytest.raises(Refused) as refusal:
        actions.change_account(account, AccountFacts(name="Mine"), by=outsider)
    assert (refusal.value.status, Account.objects.get().name) == (403, "Ostvik Bank")


def test_a_facet_value_counts_as_a_change_of_the_account() -> None:
    manager, account, value = mia(), make_account(), make_value("Banking")
    for deed, revision in ((actions.add_value, 2), (actions.add_value, 2), (actions.drop_value, 3), (actions.drop_value, 3)):
        deed(account, value, by=manager)
        account.refresh_from_db()
        assert account.revision == revision
