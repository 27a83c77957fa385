"""Facet values of a story beyond its account's."""

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.customers.models import AccountValue
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.stories.actions.indexing import find_stories
from firsthand.stories.actions.writing import held
from firsthand.stories.models import Story, StoryValue


@deed
def add_value(story: Story, value: FacetValue, *, by: Colleague) -> None:
    """Give the story a facet value; once is enough.

    Raises `Refused`: 400 for a retired value, 409 when the account has it, since then the story has it too.
    """
    story = held(story.pk, by)
    if value.retired_at is not None:
        raise Refused(f"{value.name} is retired. Choose a value that is in use.", status=400)
    if AccountValue.objects.filter(account=story.account_id, value=value).exists():
        raise Refused(f"{story.account.name} has {value.name} already, so each of its stories has it too.")
    _, is_new = StoryValue.objects.get_or_create(story=story, value=value)
    if is_new:
        _count(story)
        record("value_added", story, by=by.actor, value=value.pk)


@deed
def drop_value(story: Story, value: FacetValue, *, by: Colleague) -> None:
    """Take a facet value from the story."""
    story = held(story.pk, by)
    if StoryValue.objects.filter(story=story, value=value).delete()[0]:
        _count(story)
        record("value_dropped", story, by=by.actor, value=value.pk)


def _count(story: Story) -> None:
    """Its values are part of the story: an import that changed them before can no longer be undone, and it is found by them."""
    story.revision += 1
    story.save(update_fields=["revision"])
    find_stories([story.pk])
