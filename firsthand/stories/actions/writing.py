"""What every deed of this room begins and ends with."""

from typing import Any

from django.db import models

from firsthand.core.locks import locked
from firsthand.core.refused import Refused
from firsthand.people.models import Colleague
from firsthand.stories.models import Asset, Story
from firsthand.stories.permissions import Move, demand

CHANGED_MEANWHILE = "Somebody changed this while you were editing. Look at it again; nothing was saved."


def held(story_id: int, by: Colleague) -> Story:
    """The story, locked, as it is now, if `by` may change it."""
    story = locked(Story.objects.filter(pk=story_id).select_related("account__owner", "account__standing")).get()
    demand(by, Move.EDIT, story.account)
    return story


def differing(row: Story | Asset, columns: dict[str, Any], revision: int | None) -> list[str]:
    """The names of what differs from the row as read under its lock; refuses (409) where `revision` is not the row's any more."""
    if revision is not None and revision != row.revision:
        raise Refused(CHANGED_MEANWHILE)
    return sorted(name for name, value in columns.items() if getattr(row, name) != value)


def write(row: models.Model, columns: dict[str, Any]) -> None:
    """Write these columns and count the change."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.revision += 1  # type: ignore[attr-defined]
    row.save(update_fields=[*columns, "revision"])
