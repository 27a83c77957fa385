"""A handful of requests that went through the real deeds, so that every link, mail and page of the thread can be tried."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from django.db import transaction

from firsthand.core.refused import Refused
from firsthand.deals.models import Opportunity, Stage
from firsthand.requests import actions
from firsthand.upkeep.demo.episodes import EPISODES
from firsthand.upkeep.demo.scene import Scene
from firsthand.upkeep.demo.world import World

STEPS: tuple[tuple[str, Callable[[Scene], object]], ...] = (
    ("How long until the first month-end close ran, and whether the auditors accepted the trail.", lambda scene: None),
    (
        "They worry about regulatory compliance and want a peer who went through an audit.",
        lambda scene: actions.ask_info(scene.filed, by=scene.mia, question="Which product is it about, and who will be on the call?"),
    ),
    ("The warehouse lead asks how the seasonal peak went.", Scene.proposed),
    ("What did the rollout in several countries cost in the first year?", Scene.proposed),
    ("How do they plan demand across plants, and who maintains the forecast?", Scene.approved),
    ("A peer who moved their reports to self-service.", Scene.sent),
    ("Somebody who replaced many interfaces by one.", Scene.sent),
    ("How long was the migration weekend, and what broke?", Scene.accepted),
)


def play_thread(world: World) -> None:
    """File a request of Sam's for each step and bring it there. What nobody is free for, or no deal left for, is left out."""
    deals = _deals(world)
    for wish, step in STEPS:
        with suppress(Refused, StopIteration):
            step(Scene(world, next(deals), wish))


def play_episodes(world: World) -> None:
    """The same for what happens besides plain calls, with the deals that are left."""
    deals = _deals(world)
    for episode in EPISODES:
        with suppress(Refused, StopIteration), transaction.atomic():  # the whole of it or nothing
            episode(world, deals)


def _deals(world: World) -> Iterator[Opportunity]:
    """Sam's open deals that no request is for yet, the largest first."""
    own = Opportunity.objects.filter(owner=world.colleagues[1], outcome=Stage.Outcome.OPEN, reference_requests=None)
    return iter(own.order_by("-amount_base", "pk"))
