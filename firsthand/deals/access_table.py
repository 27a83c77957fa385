"""What this room's routes answer to whom. The deal of the world is Sam's."""

from typing import Any

from firsthand.testing.access import Access
from firsthand.testing.world import World


def deal(world: World) -> list[int]:
    return [world.opportunity.pk]


def renamed(world: World) -> dict[str, Any]:
    return {"name": "Atlas rollout, 5 countries", "revision": world.opportunity.revision}


NEW = {"name": "Relay rollout"}

ROWS = (
    Access("deals:list", "GET", "in 200 200 200 200 200 200"),
    Access("deals:new", "GET", "in 200 200 200 200 403 403"),
    Access("deals:new", "POST", "in 302 302 302 302 403 403", data=NEW),
    Access("deals:edit", "GET", "in 404 200 404 200 403 404", deal),
    Access("deals:edit", "POST", "in 404 302 404 302 403 404", deal, renamed),
)
