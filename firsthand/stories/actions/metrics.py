"""The figures a story claims, as the customer said them."""

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.stories.actions.indexing import find_stories
from firsthand.stories.actions.writing import held, write
from firsthand.stories.models import Metric, Story


@deed
def add_metric(story: Story, *, label: str, words: str, by: Colleague) -> Metric:
    """One more figure. Raises `Refused` (400) when either half is missing."""
    story = held(story.pk, by)
    metric = Metric.objects.create(story=story, **_said(label, words))
    find_stories([story.pk])
    record("metric_added", metric, by=by.actor, context=story)
    return metric


@deed
def change_metric(metric: Metric, *, label: str, words: str, by: Colleague) -> None:
    """Write both halves anew. What stays the same is not recorded."""
    story = held(metric.story_id, by)
    metric = _there(metric, story)
    said = _said(label, words)
    if said != {"label": metric.label, "words": metric.words}:
        write(metric, said)
        find_stories([story.pk])
        record("metric_changed", metric, by=by.actor, context=story)


@deed
def remove_metric(metric: Metric, *, by: Colleague) -> None:
    """Take the figure from the story. Removing it twice changes nothing."""
    story = held(metric.story_id, by)
    if Metric.objects.filter(pk=metric.pk).exists():
        record("metric_removed", metric, by=by.actor, context=story)
        Metric.objects.filter(pk=metric.pk).delete()
        find_stories([story.pk])


def _there(metric: Metric, story: Story) -> Metric:
    found = Metric.objects.filter(pk=metric.pk, story=story).first()
    if found is None:
        raise Refused("Somebody removed this figure meanwhile. Add it again if the story still claims it.")
    return found


def _said(label: str, words: str) -> dict[str, str]:
    if not label.strip() or not words.strip():
        raise Refused("A figure needs what was measured and what the customer says of it.", status=400)
    return {"label": label.strip(), "words": words.strip()}
