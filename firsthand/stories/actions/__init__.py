"""The deeds of this room. They alone write stories, what hangs on them, and the links to what exists of them."""

from firsthand.stories.actions.assets import AssetFacts, add_asset, bring_back_asset, change_asset, retire_asset
from firsthand.stories.actions.indexing import find_stories, follow_accounts, follow_values, index_stories
from firsthand.stories.actions.metrics import add_metric, change_metric, remove_metric
from firsthand.stories.actions.stories import StoryFacts, add_story, bring_back_story, change_story, retire_story
from firsthand.stories.actions.tellers import add_teller, change_teller, remove_teller
from firsthand.stories.actions.values import add_value, drop_value

__all__ = [
    "AssetFacts",
    "StoryFacts",
    "add_asset",
    "add_metric",
    "add_story",
    "add_teller",
    "add_value",
    "bring_back_asset",
    "bring_back_story",
    "change_asset",
    "change_metric",
    "change_story",
    "change_teller",
    "drop_value",
    "find_stories",
    "follow_accounts",
    "follow_values",
    "index_stories",
    "remove_metric",
    "remove_teller",
    "retire_asset",
    "retire_story",
]
