"""Fill an empty installation with a demo program."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from firsthand.core import statistics
from firsthand.core.refused import Refused
from firsthand.customers.finding import refresh_accounts, refresh_contacts
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.program.actions import set_up
from firsthand.program.policy import Policy
from firsthand.program.value_seed import ValueSeed
from firsthand.program.vocabulary import FacetSeed, facets
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.customers import fill_accounts, fill_colleagues, fill_contacts
from firsthand.upkeep.demo.demand import fill_deals, fill_requests
from firsthand.upkeep.demo.references import fill_engagements, fill_references, fill_stories
from firsthand.upkeep.demo.thread import play
from firsthand.upkeep.demo.world import Size, World

TIME_ZONE = "Europe/Berlin"


def fill(*, size: Size, seed: int, today: date) -> None:
    """Write a whole program of a size. The same size, seed and day give the same rows.

    Raises `Refused` (409) when there is an account or a colleague already: nothing real is ever mixed with invented rows.
    """
    if Account.objects.exists() or Colleague.objects.exists():
        raise Refused("This installation is in use already. The demo is only loaded into an empty one.")
    set_up(facets=list(map(_with_own_values, facets())), policy=_policy())
    world = World(size=size, chance=random.Random(seed), today=today)
    world.load_vocabulary()
    fill_colleagues(world)
    accounts = fill_accounts(world)
    contacts = fill_contacts(world, accounts)
    refresh_accounts(accounts)
    refresh_contacts(contacts)
    references = fill_references(world, contacts)
    fill_engagements(world, references)
    fill_stories(world, references)
    deals = fill_deals(world, accounts)
    fill_requests(world, deals, references)
    play(world)
    statistics.refresh()


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
