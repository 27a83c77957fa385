"""Links to what exists of a story already."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.stories.actions.writing import differing, held, write
from firsthand.stories.addresses import read_address
from firsthand.stories.models import Asset, Story


@dataclass(frozen=True)
class AssetFacts:
    """What a person may say of an asset on its form. `language` is a value of the facet of languages."""

    url: str
    form: str = Asset.Form.CASE_STUDY
    title: str = ""
    language: FacetValue | None = None
    reach: str = Asset.Reach.INTERNAL
    review_by: date | None = None

    def columns(self) -> dict[str, Any]:
        """As the asset's attributes hold them. Raises `Refused` (400) for an address that will not do."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "language"}
        return {**plain, "url": read_address(self.url), "language_id": self.language.pk if self.language else None}


@deed
def add_asset(story: Story, facts: AssetFacts, *, by: Colleague) -> Asset:
    """Say where a form of the story can be found.

    Raises `Refused`: 400 for a bad address, 409 when the story has a link to it in use.
    """
    story = held(story.pk, by)
    columns = facts.columns()
    _refuse_twice(story, columns["url"])
    asset = Asset.objects.create(story=story, **columns)
    record("asset_added", asset, by=by.actor, context=story)
    return asset


@deed
def change_asset(asset: Asset, facts: AssetFacts, *, by: Colleague, revision: int | None = None) -> None:
    """Write what differs. With `revision`, refuse (409) when the asset has been changed since."""
    story = held(asset.story_id, by)
    asset = Asset.objects.get(pk=asset.pk)
    columns = facts.columns()
    changed = differing(asset, columns, revision)
    if "url" in changed:
        _refuse_twice(story, columns["url"])
    if changed:
        write(asset, {name: columns[name] for name in changed})
        record("asset_changed", asset, by=by.actor, context=story, fields=changed)


@deed
def retire_asset(asset: Asset, *, by: Colleague) -> None:
    """Take it out of use: nobody is offered its link any more. Retiring it twice changes nothing."""
    story = held(asset.story_id, by)
    asset = Asset.objects.get(pk=asset.pk)
    if asset.retired_at is None:
        write(asset, {"retired_at": timezone.now()})
        record("asset_retired", asset, by=by.actor, context=story)


@deed
def bring_back_asset(asset: Asset, *, by: Colleague) -> None:
    """Put a retired asset into use again."""
    story = held(asset.story_id, by)
    asset = Asset.objects.get(pk=asset.pk)
    if asset.retired_at is not None:
        _refuse_twice(story, asset.url)
        write(asset, {"retired_at": None})
        record("asset_brought_back", asset, by=by.actor, context=story)


def _refuse_twice(story: Story, url: str) -> None:
    if Asset.objects.filter(story=story, url=url, retired_at=None).exists():
        raise Refused("The story has a link to this address already. Change that one instead.")
