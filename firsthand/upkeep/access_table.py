"""What this room's routes answer to whom."""

from firsthand.history.actions import Letter, post
from firsthand.history.models import Message
from firsthand.testing.access import Access
from firsthand.testing.world import World


def value(world: World) -> list[int]:
    return [world.value.pk]


def message(world: World) -> list[int]:
    """The mail that invites Eve, as any mail in the outbox."""
    letter = Letter("invitation", world.eve, world.eve, f"invitation:{world.eve.pk}")
    post([letter])
    return [Message.objects.latest("pk").pk]


ROWS = (
    Access("upkeep:outbox", "GET", "in 403 403 403 200 403 200"),
    Access("upkeep:message", "GET", "in 403 403 403 200 403 200", message),
    Access("upkeep:notices", "GET", "in 200 200 200 200 200 200"),
    Access("upkeep:notices_read", "POST", "in 302 302 302 302 302 302"),
    Access("upkeep:merge_value", "GET", "in 403 403 403 200 403 200", value),
    Access("upkeep:merge_value", "POST", "in 403 403 403 302 403 302", value, lambda world: {"into": world.other_value.pk}),
)
