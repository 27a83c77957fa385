"""How stories are found by search. Names of people are not in here: their own disclosure decides who reads them."""

from collections.abc import Iterable

from firsthand.core import search
from firsthand.core.search import Entry
from firsthand.stories.models import Story


def story_entry(story: Story) -> Entry:
    """`story` has its account, people, metrics and values at hand."""
    said = [person.quote for person in story.people.all()]
    figures = [f"{metric.label} {metric.words}" for metric in story.metrics.all()]
    values = [use.value.name for use in story.values.all()]
    parts = [story.account.name, *values, story.challenge, story.solution, story.impact, *said, *figures]
    return Entry("story", story.pk, story.headline, " ".join(part for part in parts if part))


def refresh_stories(ids: Iterable[int]) -> None:
    """Make these stories findable as they are now."""
    rows = Story.objects.filter(pk__in=list(ids)).select_related("account")
    search.put(story_entry(story) for story in rows.prefetch_related("people", "metrics", "values__value"))
