"""Contents first: stories that may answer a wish before a person is asked, where the policy prefers that at the deal's stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from firsthand.core.clock import today as today_in
from firsthand.matching.need import Need
from firsthand.matching.program_bars import is_before
from firsthand.matching.told import stories_that_fit
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force
from firsthand.references.models import Disclosure
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.silence import events
from firsthand.requests.workflow import RequestMove
from firsthand.stories.assets import cautions
from firsthand.stories.models import Asset, Story
from firsthand.stories.sight import level_of

SHOWN = 3
EVERYBODY_HEARS = ("press", "public")


@dataclass(frozen=True)
class Content:
    """A story with what may be sent of it as it is."""

    story: Story
    assets: list[Asset]


def offered_first(need: Need, viewer: Colleague) -> list[Content]:
    """What fits the wish and may be sent, best first; empty where the policy prefers a person at this stage."""
    if not prefers_content(need, in_force()):
        return []
    ids = stories_that_fit(need, viewer)
    found = Story.objects.visible_to(viewer).whole().in_bulk(ids)
    offered = contents((found[pk] for pk in ids if pk in found), audience=need.hears[0])
    return [each for each in offered if each.assets][:SHOWN]


def prefers_content(need: Need, policy: Policy) -> bool:
    """Whether the deal stands before the stage from which on a person is asked first."""
    return is_before(need.deal.stage_key, policy.content.first_before)


def contents(stories: Iterable[Story], *, audience: str = "") -> list[Content]:
    """Each story with the assets that may simply be sent to that audience."""
    today = today_in(in_force().time_zone)
    return [Content(story, _sendable(story, audience, today)) for story in stories]


def _sendable(story: Story, audience: str, today: date) -> list[Asset]:
    if audience in EVERYBODY_HEARS and level_of(story) != Disclosure.PUBLIC:
        return []
    return [asset for asset in story.assets.all() if asset.retired_at is None and not cautions(asset, story, today)]


def answered_with(reference_request: ReferenceRequest, reader: Colleague) -> list[Content]:
    """The stories a request was answered with last, as far as the reader sees them."""
    last = events(reference_request.pk, RequestMove.ANSWER_WITH_CONTENT).first()
    ids = last.facts.get("stories", []) if last else []
    found = Story.objects.visible_to(reader).whole().in_bulk(ids)
    return contents((found[pk] for pk in ids if pk in found), audience=reference_request.hears[0])
