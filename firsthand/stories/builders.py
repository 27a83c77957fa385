"""Stories, for tests."""

from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.stories.actions import AssetFacts, StoryFacts, add_asset, add_story
from firsthand.stories.models import Asset, Story

ADDRESS = "https://www.example.com/story"


def make_story(account: Account, *, by: Colleague, headline: str = "We closed April in four days", **facts: object) -> Story:
    """A story of the account, as `by` would add it; `facts` are those of `StoryFacts`."""
    return add_story(account, StoryFacts(headline, **facts), by=by)  # type: ignore[arg-type]


def make_asset(story: Story, *, by: Colleague, url: str = ADDRESS, **facts: object) -> Asset:
    """A link of the story, as `by` would add it; `facts` are those of `AssetFacts`."""
    return add_asset(story, AssetFacts(url, **facts), by=by)  # type: ignore[arg-type]
