"""What rooms above derive from a row of a room below, brought up to date in the transaction that changes the row."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string


def follow(kind: str, ids: Iterable[int]) -> None:
    """These rows have another name, or say something else. `kind` is a line of `settings.FOLLOWERS`, which lists who is told.

    Called inside the deed's transaction; a follower writes what it derives and nothing else.
    """
    changed = list(ids)
    if changed:
        for path in settings.FOLLOWERS[kind]:
            import_string(path)(changed)
