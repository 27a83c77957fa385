"""What an account is called, where it is and what its business is counts with its stories, whoever changes it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from firsthand.core import search
from firsthand.customers import actions as customers
from firsthand.customers.actions import AccountFacts
from firsthand.customers.models import Account
from firsthand.customers.upserts import upsert_accounts
from firsthand.matching.builders import make_need, make_value
from firsthand.matching.match import match
from firsthand.people.builders import mia
from firsthand.people.models import Colleague
from firsthand.program import actions as program
from firsthand.program.actions import ValueFacts
from firsthand.references.builders import make_reference
from firsthand.references.models import Reference
from firsthand.stories import actions as stories
from firsthand.stories.actions import StoryFacts
from firsthand.stories.builders import make_story
from firsthand.stories.models import Story
from firsthand.upkeep.merge import merge_values
from firsthand.upkeep.merge_records import merge_accounts, undo_merge

HEADLINE = "The books close in four days"

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Colleague:
    return mia()


@pytest.fixture
def account(manager: Colleague) -> Account:
    """A customer with a reference and a story; another one too, so that a wish can tell them apart."""
    other = make_reference("Bo Other", account=customers.add_account(AccountFacts("Fennmark", is_customer=True), by=manager))
    make_story(other.account, by=manager, headline="The warehouse never stops")
    ours = make_reference("Rae Ours", account=customers.add_account(AccountFacts("Ostvik", is_customer=True), by=manager))
    make_story(ours.account, by=manager, headline=HEADLINE)
    return Account.objects.get(pk=ours.account.pk)


def facts(account: Account) -> AccountFacts:
    columns = {name: getattr(account, name) for name in AccountFacts.__dataclass_fields__}
    return AccountFacts(**columns)


def told(words: str) -> list[str]:
    """The customers in whose stories a match finds these words."""
    ranked = match(make_need(wish=f"Somebody like {words}"), None).matches
    return [each.account for each in ranked if any(part.code == "story" and part.points > 0 for part in each.parts)]


def searched(words: str) -> list[str]:
    return [story.headline for story in search.narrow(Story.objects.all(), "story", words)]


def rename(account: Account, manager: Colleague) -> None:
    customers.change_account(account, replace(facts(account), name="Quillon"), by=manager)


def move(account: Account, manager: Colleague) -> None:
    customers.change_account(account, replace(facts(account), location="Quillon"), by=manager)


def import_name(account: Account, manager: Colleague) -> None:
    Account.objects.filter(pk=account.pk).update(external_id="A-1")
    upsert_accounts([{"external_id": "A-1", "name": "Quillon"}], by=manager.actor)


def import_place(_: Account, manager: Colleague) -> None:
    upsert_accounts([{"name": "Ostvik", "location": "Quillon"}], by=manager.actor)


def name_business(account: Account, manager: Colleague) -> None:
    customers.add_value(account, make_value("Quillon"), by=manager)


def rename_business(account: Account, manager: Colleague) -> None:
    value = make_value("Falconry")
    customers.add_value(account, value, by=manager)
    program.change_value(value, ValueFacts("Quillon"), by=manager, revision=value.revision)


def merge_business(account: Account, manager: Colleague) -> None:
    value = make_value("Falconry")
    customers.add_value(account, value, by=manager)
    merge_values(value, make_value("Quillon"), by=manager)


def merge_away(account: Account, manager: Colleague) -> None:
    merge_accounts(account, customers.add_account(AccountFacts("Quillon", is_customer=True), by=manager), by=manager)


DOORS = (rename, move, import_name, import_place, name_business, rename_business, merge_business, merge_away)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_match_finds_what_the_customer_is_called_now(
    door: Callable[[Account, Colleague], None], account: Account, manager: Colleague
) -> None:
    assert told("Quillon") == []
    door(account, manager)
    assert told("Quillon") == [Reference.objects.get(contact__person__first_name="Rae").account.name]


@pytest.mark.parametrize("door", [rename, import_name, merge_away], ids=lambda door: door.__name__)
def test_and_so_does_the_search_box(door: Callable[[Account, Colleague], None], account: Account, manager: Colleague) -> None:
    door(account, manager)
    assert (searched("Quillon"), searched("Ostvik")) == ([HEADLINE], [])


def test_a_value_of_the_story_itself_is_searched_by_its_new_name(account: Account, manager: Colleague) -> None:
    value, story = make_value("Falconry", facet="product"), Story.objects.get(account=account)
    stories.add_value(story, value, by=manager)
    program.change_value(value, ValueFacts("Quillon"), by=manager, revision=value.revision)
    assert (searched("Quillon"), searched("Falconry")) == ([HEADLINE], [])


def test_what_was_taken_back_is_not_found_any_more(account: Account, manager: Colleague) -> None:
    value = make_value("Quillon")
    customers.add_value(account, value, by=manager)
    customers.drop_value(account, value, by=manager)
    assert told("Quillon") == []

    change = merge_accounts(account, customers.add_account(AccountFacts("Harrowgate", is_customer=True), by=manager), by=manager)
    assert (told("Harrowgate"), told("Ostvik")) == (["Harrowgate"], [])
    undo_merge(change, by=manager)
    assert (told("Harrowgate"), told("Ostvik")) == ([], ["Ostvik"])


def test_a_story_of_another_customer_is_found_by_that_one(account: Account, manager: Colleague) -> None:
    story, other = Story.objects.get(account=account), Account.objects.get(name="Fennmark")
    stories.change_story(story, StoryFacts(story.headline), by=manager, account=other)
    assert (told("Ostvik"), searched("Ostvik"), sorted(searched("Fennmark"))) == ([], [], [HEADLINE, "The warehouse never stops"])
