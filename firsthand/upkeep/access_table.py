"""What this room's routes answer to whom."""

from firsthand.testing.access import Access
from firsthand.testing.world import World


def value(world: World) -> list[int]:
    return [world.value.pk]


ROWS = (
    Access("upkeep:merge_value", "GET", "in 403 403 403 200 403 200", value),
    Access("upkeep:merge_value", "POST", "in 403 403 403 302 403 302", value, lambda world: {"into": world.other_value.pk}),
)
