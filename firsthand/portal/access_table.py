"""What this room's routes answer to whom."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from firsthand.core.links import make_link
from firsthand.core.models import Link
from firsthand.testing.access import LinkAccess
from firsthand.testing.world import World


def link(whose: str) -> Callable[[World], Link]:
    def make(world: World) -> Link:
        contact = getattr(world, whose).contact
        return make_link("portal", contact.pk, holder_id=contact.pk, expires_at=timezone.now() + timedelta(days=1))

    return make


ROWS = (
    LinkAccess("portal", "GET", 200, link("reference"), link("hidden")),
    LinkAccess("portal", "POST", 302, link("reference"), link("hidden"), {"act": "pause", "until": "month"}),
)
