"""The bell in every page's head: a context processor, since only this room knows what a notice is."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from firsthand.people.models import Colleague
from firsthand.upkeep.notices import notices_of

MOST = 99


@dataclass(frozen=True)
class Bell:
    """Counted only when a template asks."""

    user: Colleague

    @property
    def url(self) -> str:
        return reverse("upkeep:notices")

    @cached_property
    def unread(self) -> int:
        """How many of one's notices were not read yet, up to 99."""
        return notices_of(self.user).filter(read_at=None)[:MOST].count()


def bell(request: HttpRequest) -> dict[str, Bell]:
    user = getattr(request, "user", None)
    return {"bell": Bell(user)} if isinstance(user, Colleague) else {}
