"""The postings of the text match follow the story."""

import pytest

from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import AccountValue
from firsthand.program.builders import make_value
from firsthand.stories.actions import index_stories
from firsthand.stories.models import Story, StoryPerson, StoryTerm

pytestmark = pytest.mark.django_db


def weights(story: Story) -> dict[str, float]:
    return dict(StoryTerm.objects.filter(story=story).values_list("term", "weight"))


def test_headline_quote_and_business_are_indexed_and_the_length_kept() -> None:
    story = Story.objects.create(account=make_account("Ostvik"), headline="Faster releases", impact="Faster")
    AccountValue.objects.create(account=story.account, value=make_value("Banking", facet=None))
    StoryPerson.objects.create(story=story, contact=make_contact(account=story.account), quote="We sleep")
    index_stories([story.pk])
    story.refresh_from_db()
    assert {term: weights(story)[term] for term in ("faster", "releas", "sleep", "ostvik")} == {
        "faster": 3.0, "releas": 2.0, "sleep": 1.0, "ostvik": 2.0,
    }  # fmt: skip
    assert story.terms == sum(weights(story).values())


def test_indexing_again_replaces_what_was_there() -> None:
    story = Story.objects.create(account=make_account(), headline="Cloud")
    index_stories([story.pk])
    story.headline = "Mainframe"
    story.save()
    index_stories([story.pk])
    assert {"mainfram"} <= set(weights(story))
    assert "cloud" not in weights(story)
