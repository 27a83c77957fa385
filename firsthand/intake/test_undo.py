"""An import is taken back while nothing else has touched what it wrote."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from firsthand.core.models import SearchEntry
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_contact
from firsthand.customers.models import Account, AccountValue, Contact, Person, Signal
from firsthand.deals.actions import DealFacts, add_deal, change_deal
from firsthand.deals.models import Opportunity, Stage
from firsthand.history.actions import Actor
from firsthand.history.models import ChangeRow
from firsthand.intake import actions, results
from firsthand.intake.builders import checked, counts, imported, written
from firsthand.intake.models import Import
from firsthand.intake.undo import obstacles, undo
from firsthand.people.builders import mia, sam
from firsthand.program.actions import set_up
from firsthand.program.builders import make_value
from firsthand.program.models import FacetAlias
from firsthand.references.actions import set_willingness
from firsthand.references.models import Willingness
from firsthand.stories.actions.values import add_value, drop_value
from firsthand.stories.builders import make_story
from firsthand.stories.models import Story, StoryTerm

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def undone(intake: Import) -> str:
    intake.refresh_from_db()
    job = actions.run_here(undo(intake, background=False))
    return job.state


def standing(intake: Import) -> list[str]:
    assert intake.change is not None
    return obstacles(intake.change)


ACCOUNTS = "Company,Sector,Parent Company,Employees\nChild,Banking,Parent,5\nParent,Retail,,9\n"


def test_what_was_made_is_gone() -> None:
    set_up()
    intake = imported("accounts", ACCOUNTS)
    assert undone(intake) == "done"
    assert (Account.objects.count(), AccountValue.objects.count(), SearchEntry.objects.count(), ChangeRow.objects.count()) == (0, 0, 0, 0)
    assert counts(imported("accounts", ACCOUNTS)) == (2, 0, 0, 0)


def test_what_was_changed_is_as_it_was() -> None:
    set_up()
    first = imported("accounts", ACCOUNTS)
    before = list(Account.objects.order_by("id").values())
    second = imported("accounts", ACCOUNTS.replace("Banking,Parent,5", "Retail,,6").replace("Parent,Retail", "parent,Retail"))
    assert counts(second)[1] == 2
    assert undone(second) == "done"
    assert list(Account.objects.order_by("id").values()) == before
    assert set(AccountValue.objects.filter(account__key="child").values_list("value__name", flat=True)) == {
        "Banking",
        *AccountValue.objects.filter(account__key="child").exclude(value__facet__code="industry").values_list("value__name", flat=True),
    }
    assert undone(first) == "done"
    assert not Account.objects.exists()


def test_what_is_found_by_an_account_follows_the_undo() -> None:
    set_up()
    imported("accounts", ACCOUNTS)
    story = make_story(Account.objects.get(key="child"), by=mia())
    second = imported("accounts", ACCOUNTS.replace("Banking,Parent,5", "Retail,,6"))
    assert business_of(story) == {"retail"}
    assert undone(second) == "done"
    assert business_of(story) == {"bank"}


def business_of(story: Story) -> set[str]:
    return set(StoryTerm.objects.filter(story=story, term__in=["bank", "retail"]).values_list("term", flat=True))


def test_a_row_changed_since_stands_in_the_way() -> None:
    intake = imported("accounts", "Company,Employees\nNordbank,5\n")
    imported("accounts", "Company,Employees\nNordbank,6\n")
    assert standing(intake) == ["The account Nordbank was changed since."]
    with pytest.raises(Refused) as refused:
        undo(intake)
    assert refused.value.sentence == "The import cannot be undone. The account Nordbank was changed since."
    assert Account.objects.get().employees == 6


def test_a_row_that_was_removed_since_stands_in_the_way() -> None:
    imported("accounts", "Company,Employees\nNordbank,5\n")
    intake = imported("accounts", "Company,Employees\nNordbank,6\nAcme,1\n")
    gone = Account.objects.get(key="nordbank").pk
    Account.objects.filter(pk=gone).delete()
    assert standing(intake) == [f"The account {gone} was removed since."]


def test_rows_that_mean_one_account_are_put_back_as_one() -> None:
    imported("accounts", "Company\nAcme\n")
    before = list(Account.objects.values())
    text = "Id,Company,Employees,Website\n001A,Acme,5,\n,Acme,,a.example\n"
    intake = imported("accounts", text)
    assert counts(intake) == (0, 2, 0, 0)
    assert undone(intake) == "done"
    assert list(Account.objects.values()) == before


def test_something_attached_since_stands_in_the_way() -> None:
    intake = imported("accounts", "Company\nNordbank\n")
    person = Person.objects.create(first_name="Rae")
    Contact.objects.create(person=person, account=Account.objects.get())
    assert standing(intake) == ["The account Nordbank is used since (contact)."]


def stopped_by(intake: Import, meanwhile: Callable[[Account], object]) -> str:
    """Something happens to the imported account between the confirmation of the undo and its first batch."""
    intake.refresh_from_db()
    job = undo(intake, background=False)
    meanwhile(Account.objects.get(key="nordbank"))
    job = actions.run_here(job)
    assert (job.state, Account.objects.filter(key="nordbank").exists()) == ("stopped", True)
    return job.sentence


def test_what_is_attached_while_an_undo_waits_is_not_taken_along() -> None:
    intake = imported("accounts", "Company\nNordbank\n")
    assert stopped_by(intake, add_signal_to) == (
        "The account Nordbank is used since (signal). What came after it is undone, the rest stands."
    )
    assert Signal.objects.count() == 1


def test_what_protects_an_account_stops_an_undo_with_a_sentence() -> None:
    intake = imported("accounts", "Company\nNordbank\n")
    assert stopped_by(intake, lambda account: make_contact(account=account)) == (
        "The account Nordbank is used since (contact). What came after it is undone, the rest stands."
    )


def test_a_new_row_that_is_changed_while_an_undo_waits_stays() -> None:
    intake = imported("accounts", "Company\nNordbank\n")
    assert stopped_by(intake, lambda account: Account.objects.filter(pk=account.pk).update(revision=2)) == (
        "The account Nordbank was changed meanwhile. What came after it is undone, the rest stands."
    )


def add_signal_to(account: Account) -> None:
    Signal.objects.create(account=account, kind="nps", value=9, happened_on=date(2026, 1, 1))


def test_people_stories_and_deals_are_taken_back_in_the_right_order() -> None:
    set_up()
    stories = imported("stories", "Company,Headline,Quote,Quoted person,URL\nNordbank,Faster,We win,Rae Moreau,https://a.example\n")
    deals = imported("opportunities", "Id,Name,Account,Stage\nD-1,Line 3,Nordbank,Proposal\n")
    assert standing(stories) == ["The account Nordbank is used since (opportunity)."]
    assert undone(deals) == "done"
    assert undone(stories) == "done"
    left = [model.objects.count() for model in (Account, Contact, Person, Story, StoryTerm, Opportunity, Stage)]
    assert left == [0, 0, 0, 0, 0, 0, 0]


def test_decisions_on_values_are_taken_back_too() -> None:
    set_up()
    intake = checked("accounts", "Company,Sector\nAcme,technolgy\n")
    actions.decide(intake, results.all_alike(intake, "closest"))
    written(intake)
    assert FacetAlias.objects.filter(key="technolgy").exists()
    assert undone(intake) == "done"
    assert not FacetAlias.objects.filter(key="technolgy").exists()


def test_an_import_is_undone_once() -> None:
    intake = imported("accounts", "Company\nNordbank\n")
    undone(intake)
    with pytest.raises(Refused, match="undone already"):
        undo(intake)


def test_an_import_that_still_writes_cannot_be_undone() -> None:
    intake = checked("accounts", "Company\nNordbank\n")
    actions.confirm(intake, by=None, background=False)
    with pytest.raises(Refused, match="has not ended yet"):
        undo(intake)


def test_a_typed_deal_is_joined_by_the_id_of_the_crm_and_typed_again_when_the_import_is_undone() -> None:
    seller = sam()
    facts = DealFacts(name="", prospect_name="Fennmark Bank", amount=Decimal(42_000), currency="EUR")
    typed = add_deal(facts, by=seller, crm_id="006Q1")
    before = Opportunity.objects.values().get()
    intake = imported("opportunities", "Id,Name,Account,Stage,Amount,Currency\n006Q1,Relay rollout,Fennmark Bank,Proposal,45000,EUR\n")
    deal = Opportunity.objects.get()
    assert (deal.pk, deal.source, deal.name, deal.amount, deal.owner) == (typed.pk, "crm", "Relay rollout", Decimal(45_000), seller)
    assert undone(intake) == "done"
    assert Opportunity.objects.values().get() == before


REFERENCES = "Company,Name,activities\nNordbank,Rae Moreau,{}\n"


def test_what_a_reference_says_of_themselves_outlives_the_import() -> None:
    set_up()
    intake = imported("references", REFERENCES.format("Reference call"))
    said = Willingness.objects.get()
    set_willingness(said.reference, said.activity_type, by=Actor("contact", said.reference.contact_id), answer=Willingness.Answer.NO)
    assert standing(intake) == [f"The willingness {said} was changed since."]
    with pytest.raises(Refused):
        undo(intake)
    assert Willingness.objects.get().answer == "no"


def test_a_deals_own_value_outlives_the_import() -> None:
    set_up()
    intake = imported("opportunities", "Id,Name,Account,Stage,Product\nD-1,Line 3,Nordbank,Proposal,\n")
    deal = Opportunity.objects.get()
    change_deal(deal, DealFacts(name="Line 3", prospect_name="Nordbank", stage=deal.stage, values=(make_value("GTX Pro"),)), by=mia())
    assert standing(intake) == ["The opportunity Line 3 was changed since."]


def test_a_storys_own_value_outlives_the_import() -> None:
    set_up()
    intake = imported("stories", "Company,Headline\nNordbank,Faster\n")
    story, value, manager = Story.objects.get(), make_value("GTX Pro"), mia()
    add_value(story, value, by=manager)
    assert standing(intake) == ["The story Faster was changed since."]
    before = Story.objects.get().revision
    drop_value(story, value, by=manager)
    assert Story.objects.get().revision == before + 1
