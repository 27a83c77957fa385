"""What an asset is good for today: how far it may go, and what to know before it is sent."""

from datetime import date

from firsthand.core.ui.parts import Mark
from firsthand.core.words import day_year
from firsthand.references.models import Disclosure
from firsthand.stories.models import Asset, Story
from firsthand.stories.sight import level_of

REACH = {
    Asset.Reach.INTERNAL: Mark("Internal", "lock", "wait"),
    Asset.Reach.SENDABLE: Mark("May be sent", "send", "good"),
    Asset.Reach.PUBLIC: Mark("Public", "globe", "good"),
}
RETIRED, REVIEW_DUE, IN_USE = Mark("Retired", "archive"), Mark("Review due", "hourglass", "wait"), Mark("In use", "circle-check")
ICONS = {
    Asset.Form.CASE_STUDY: "file-text",
    Asset.Form.VIDEO: "video",
    Asset.Form.SLIDES: "presentation",
    Asset.Form.QUOTE: "quote",
    Asset.Form.PRESS: "newspaper",
    Asset.Form.POST: "message-square",
    Asset.Form.OTHER: "paperclip",
}


def state_of(row: Story | Asset, today: date) -> Mark:
    """Whether it is in use, to be checked again, or retired."""
    if row.retired_at is not None:
        return RETIRED
    return REVIEW_DUE if is_due(row.review_by, today) else IN_USE


def is_due(review_by: date | None, today: date) -> bool:
    """Whether the day to check it again has passed."""
    return review_by is not None and review_by < today


def cautions(asset: Asset, story: Story, today: date) -> list[str]:
    """What whoever copies its link has to know, strictest first; empty when it may simply be sent."""
    if story.retired_at is not None:
        return ["This story is retired: do not send it."]
    level, customer = level_of(story), story.account.name
    found = []
    if asset.reach == Asset.Reach.INTERNAL:
        found.append("For colleagues only: do not send it.")
    elif level in {Disclosure.INTERNAL, Disclosure.HIDDEN}:
        found.append(f"{customer} is not to be spoken of outside: do not send it.")
    elif level == Disclosure.ANONYMOUS:
        found.append(f"{customer} is not to be named: send it only if nobody can tell who it is.")
    due = min((day for day in (asset.review_by, story.review_by) if day is not None and is_due(day, today)), default=None)
    if due is not None:
        found.append(f"Past its review of {day_year(due)}: ask {whom_to_ask(story)} before you send it.")
    return found


def whom_to_ask(story: Story) -> str:
    """The story's owner, else the account's, else a manager."""
    owner = story.owner or story.account.owner
    return owner.name if owner else "a program manager"
