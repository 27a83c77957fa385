"""Add a story, change it, retire it, bring it back."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.core.words import counted
from firsthand.customers.models import Account
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.references.disclosure import WIDEST_FIRST
from firsthand.references.models import Disclosure
from firsthand.stories.actions.indexing import find_stories
from firsthand.stories.actions.writing import differing, held, write
from firsthand.stories.models import Story
from firsthand.stories.permissions import Move, demand
from firsthand.stories.sight import customers_level


@dataclass(frozen=True)
class StoryFacts:
    """What a person may say of a story on its form."""

    headline: str
    challenge: str = ""
    solution: str = ""
    impact: str = ""
    owner: Colleague | None = None
    happened_on: date | None = None
    review_by: date | None = None
    disclosure: str = ""

    def columns(self) -> dict[str, Any]:
        """As the story's attributes hold them."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "owner"}
        return {**plain, "headline": self.headline.strip(), "owner_id": self.owner.pk if self.owner else None}


@deed
def add_story(account: Account, facts: StoryFacts, *, by: Colleague, form_key: UUID | None = None) -> Story:
    """A new story of a customer. A second call with the same `form_key` gives the first one's story.

    Raises `Refused`: 403 when `by` may not, 400 without a headline or when it would be shown more widely than the customer.
    """
    demand(by, Move.ADD, account)
    story = Story(account=account, form_key=form_key, **facts.columns())
    _check(story)
    try:
        with transaction.atomic():
            story.save()
    except IntegrityError:
        if form_key is None:
            raise
        return Story.objects.get(form_key=form_key, account=account)
    find_stories([story.pk])
    record("story_added", story, by=by.actor)
    return story


@deed
def change_story(story: Story, facts: StoryFacts, *, by: Colleague, revision: int | None = None, account: Account | None = None) -> Story:
    """Write what differs. With `revision`, refuse (409) when the story has been changed since.

    With another `account` it becomes that customer's, with all that hangs on it. Raises `Refused`: 403 when `by` may not add
    stories there, 409 while people of the old customer tell it.
    """
    story = held(story.pk, by)
    changed = differing(story, facts.columns(), revision)
    before = story.account_id
    if account is not None and account.pk != before:
        _check_move(story, account, by)
        write(story, {"account": account})
    if changed:
        write(story, {name: facts.columns()[name] for name in changed})
        record("story_changed", story, by=by.actor, fields=changed)
    if story.account_id != before:
        record("story_moved", story, by=by.actor, account=[before, story.account_id])
    if changed or story.account_id != before:
        _check(story)
        find_stories([story.pk])
    return story


@deed
def retire_story(story: Story, *, by: Colleague) -> None:
    """Take it out of use, with all that exists of it. Retiring it twice changes nothing."""
    story = held(story.pk, by)
    if story.retired_at is None:
        write(story, {"retired_at": timezone.now()})
        record("story_retired", story, by=by.actor)


@deed
def bring_back_story(story: Story, *, by: Colleague) -> None:
    """Put a retired story into use again."""
    story = held(story.pk, by)
    if story.retired_at is not None:
        write(story, {"retired_at": None})
        record("story_brought_back", story, by=by.actor)


def _check_move(story: Story, account: Account, by: Colleague) -> None:
    demand(by, Move.ADD, account)
    theirs = story.people.filter(contact__isnull=False).exclude(contact__account=account).count()
    if theirs:
        who = counted(theirs, "person", "people") + f" of {story.account.name}"
        raise Refused(f"The story is told by {who}. Take them out of it, or leave only their words, and give it to {account.name} then.")


def _check(story: Story) -> None:
    if not story.headline:
        raise Refused("Give the story a headline: what changed for the customer, in one line.", status=400)
    customers = customers_level(story)
    if story.disclosure and WIDEST_FIRST.index(Disclosure(story.disclosure)) < WIDEST_FIRST.index(customers):
        raise Refused(f"{story.account.name} is {customers.label.lower()}, so its story cannot be shown more widely.", status=400)
