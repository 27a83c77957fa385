import pytest

from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.people.builders import ana, eli, eve, make_colleague, mia
from firsthand.people.models import Colleague
from firsthand.references.models import Disclosure, ReferenceAccount
from firsthand.stories.builders import make_story
from firsthand.stories.models import Story
from firsthand.stories.permissions import Move, why_not

pytestmark = pytest.mark.django_db

ALLOWED = None
CLOSED = "is for Ana Owner, who owns Ostvik Bank, the deputy, marketers and program managers."
TABLE = [
    # move, owner, deputy, manager, executive, marketer, other member
    (Move.ADD, ALLOWED, ALLOWED, ALLOWED, f"Adding stories {CLOSED}", ALLOWED, f"Adding stories {CLOSED}"),
    (Move.EDIT, ALLOWED, ALLOWED, ALLOWED, f"Changing this story {CLOSED}", ALLOWED, f"Changing this story {CLOSED}"),
]


@pytest.fixture
def cast() -> list[Colleague]:
    """Owner, deputy, manager, executive, marketer, somebody else."""
    owner, deputy, marketer = ana(), make_colleague("Dan Deputy"), make_colleague("Max Marketer")
    owner.deputy = deputy
    owner.save()
    marketer.is_marketer = True
    marketer.save()
    return [owner, deputy, mia(), eli(), marketer, eve()]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_who_may_do_what_to_a_story(row: tuple[str | None, ...], cast: list[Colleague]) -> None:
    move, *expected = row
    account = make_account(owner=cast[0])
    assert [why_not(colleague, Move(str(move)), account) for colleague in cast] == expected


def test_of_an_account_nobody_owns_the_sentence_says_so(cast: list[Colleague]) -> None:
    assert why_not(cast[5], Move.ADD, make_account()) == (
        "Adding stories is for marketers and program managers until somebody owns Ostvik Bank."
    )


@pytest.mark.parametrize("hides", ["account", "story"])
def test_a_hidden_story_is_seen_by_owner_deputy_and_readers_of_everything(hides: str, cast: list[Colleague]) -> None:
    account = make_account(owner=cast[0])
    story = make_story(account, by=cast[0])
    ReferenceAccount.objects.create(account=account)
    assert sees(cast, story) == [True] * 6
    if hides == "account":
        Account.objects.filter(pk=account.pk).update(is_hidden=True)
    else:
        Story.objects.filter(pk=story.pk).update(disclosure=Disclosure.HIDDEN)
    assert sees(cast, story) == [True, True, True, True, False, False]


def sees(cast: list[Colleague], story: Story) -> list[bool]:
    return [Story.objects.visible_to(colleague).filter(pk=story.pk).exists() for colleague in cast]
