"""Fill an empty installation with a demo program."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from firsthand.core import statistics
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.people.actions.access import be_first
from firsthand.people.models import Colleague
from firsthand.program.actions import set_up
from firsthand.program.policy import Policy
from firsthand.program.value_seed import ValueSeed
from firsthand.program.vocabulary import FacetSeed, facets
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.customers import fill_accounts, fill_colleagues, fill_contacts
from firsthand.upkeep.demo.demand import fill_deals, fill_requests
from firsthand.upkeep.demo.references import fill_engagements, fill_references, fill_stories
from firsthand.upkeep.demo.thread import play_episodes, play_thread
from firsthand.upkeep.demo.world import Size, World

TIME_ZONE = "Europe/Berlin"
# What comes after the colleagues, each from what the ones before it wrote.
PARTS: tuple[Callable[[World], None], ...] = (
    fill_accounts,
    fill_contacts,
    fill_references,
    fill_engagements,
    fill_stories,
    fill_deals,
    fill_requests,
    play_thread,
    play_episodes,
)


def fill(*, size: Size, seed: int, today: date) -> None:
    """Write a whole program of a size. The same size, seed and day give the same rows.

    Raises `Refused` (409) when there is an account or a colleague already: nothing real is ever mixed with invented rows.
    """
    world = begin(size=size, seed=seed, today=today)
    for part in PARTS:
        part(world)
    statistics.refresh()


@deed
def begin(*, size: Size, seed: int, today: date) -> World:
    """Take the installation: from here on it is nobody else's to set up, and the cast can sign in. Refuses as `fill` does."""
    if Account.objects.exists() or Colleague.objects.exists():
        raise Refused("This installation is in use already. The demo is only loaded into an empty one.")
    be_first()
    set_up(facets=list(map(_with_own_values, facets())), policy=_policy())
    world = World(size=size, chance=random.Random(seed), today=today)
    fill_colleagues(world)
    return world


def _with_own_values(facet: FacetSeed) -> FacetSeed:
    """Products and rivals are the company's own, so the default vocabulary has none."""
    own = {"product": words.PRODUCTS, "rival": words.RIVALS}.get(facet.code)
    return replace(facet, values=[ValueSeed(name) for name in own]) if own else facet


def _policy() -> Policy:
    return Policy(company="Calder & Finch", base_currency="EUR", time_zone=TIME_ZONE)


def working_day(moment: datetime) -> date:
    """The day a demo is made for: today in the demo's time zone, or the Friday before a weekend."""
    day = moment.astimezone(ZoneInfo(TIME_ZONE)).date()
    return day - timedelta(days=max(0, day.weekday() - 4))
