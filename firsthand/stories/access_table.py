"""What this room's routes answer to whom."""

from firsthand.testing.access import Access
from firsthand.testing.world import World

FORM = "in 403 403 200 200 403 404"
DEED = "in 403 403 302 302 403 404"
HIDDEN = "in 404 404 302 302 403 404"


def account(world: World) -> list[int]:
    return [world.account.pk]


def story(world: World) -> list[int]:
    return [world.story.pk]


def hidden(world: World) -> list[int]:
    return [world.hidden_story.pk]


def metric(world: World) -> list[int]:
    return [world.metric.pk]


def teller(world: World) -> list[int]:
    return [world.teller.pk]


def asset(world: World) -> list[int]:
    return [world.asset.pk]


FACTS = {"headline": "From Corvid to Atlas in 11 weeks"}
FIGURE = {"words": "4 days", "label": "to close a month"}
QUOTE = {"quote": "Nobody thanked me for the software."}
LINK = {"url": "https://www.example.com/video", "form": "video", "reach": "public"}

ROWS = (
    Access("stories:list", "GET", "in 200 200 200 200 200 200"),
    Access("stories:choose_account", "GET", "in 200 200 200 200 200 200", query="?q=ostvik"),
    Access("stories:new", "GET", FORM, account),
    Access("stories:new", "POST", DEED, account, FACTS),
    Access("stories:new", "POST", HIDDEN, lambda world: [world.hidden.account.pk], FACTS, note="hidden"),
    Access("stories:edit", "GET", FORM, story),
    Access("stories:edit", "POST", DEED, story, lambda world: {**FACTS, "account": world.account.name}),
    Access("stories:edit", "POST", HIDDEN, hidden, lambda world: {**FACTS, "account": world.hidden.account.name}, note="hidden"),
    Access("stories:retire", "POST", DEED, story),
    Access("stories:bring_back", "POST", DEED, story),
    Access("stories:add_value", "GET", FORM, story),
    Access("stories:add_value", "POST", DEED, story, {"text": "e-commerce"}),
    Access("stories:drop_value", "POST", DEED, story, lambda world: {"value": world.value.pk}),
    Access("stories:add_metric", "GET", FORM, story),
    Access("stories:add_metric", "POST", DEED, story, FIGURE),
    Access("stories:edit_metric", "GET", FORM, metric),
    Access("stories:edit_metric", "POST", DEED, metric, FIGURE),
    Access("stories:remove_metric", "POST", DEED, metric),
    Access("stories:add_teller", "GET", FORM, story),
    Access("stories:add_teller", "POST", DEED, story, QUOTE),
    Access("stories:edit_teller", "GET", FORM, teller),
    Access("stories:edit_teller", "POST", DEED, teller, QUOTE),
    Access("stories:remove_teller", "POST", DEED, teller),
    Access("stories:add_asset", "GET", FORM, story),
    Access("stories:add_asset", "POST", DEED, story, LINK),
    Access("stories:edit_asset", "GET", FORM, asset),
    Access("stories:edit_asset", "POST", DEED, asset, LINK),
    Access("stories:retire_asset", "POST", DEED, asset),
    Access("stories:bring_back_asset", "POST", DEED, asset),
)
