"""The ground of a demo program: size, chance and day, and the rows that one part writes and later ones need."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar

from django.db.models import Model

from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, Facet, FacetValue
from firsthand.references.models import Reference

M = TypeVar("M", bound=Model)
T = TypeVar("T")
BATCH = 2000


@dataclass(frozen=True)
class Size:
    """How many rows of each kind; L is ten times M is ten times S."""

    accounts: int
    contacts: int
    references: int
    engagements: int
    opportunities: int
    stories: int
    requests: int
    colleagues: int


SIZES = {
    "S": Size(1_000, 5_000, 1_000, 10_000, 10_000, 300, 400, 60),
    "M": Size(10_000, 50_000, 10_000, 100_000, 100_000, 3_000, 4_000, 300),
    "L": Size(100_000, 500_000, 100_000, 1_000_000, 1_000_000, 30_000, 40_000, 1_500),
}


@dataclass
class World:
    """One run: the same size, seed and day give the same rows.

    What is written already is read when a part first asks for it, in the order it was written: so each part can run in a
    process of its own.
    """

    size: Size
    chance: random.Random
    today: date

    @cached_property
    def values(self) -> dict[str, dict[str, FacetValue]]:
        """Facet values by facet code and name."""
        return {facet.code: {value.name: value for value in facet.values.all()} for facet in Facet.objects.all()}

    @cached_property
    def types(self) -> dict[str, ActivityType]:
        """Activity types by code."""
        return {each.code: each for each in ActivityType.objects.all()}

    @cached_property
    def colleagues(self) -> list[Colleague]:
        return list(Colleague.objects.order_by("pk"))

    @cached_property
    def accounts(self) -> list[Account]:
        return list(Account.objects.select_related("owner").order_by("pk"))

    @cached_property
    def contacts(self) -> list[Contact]:
        return list(Contact.objects.select_related("person", "account__owner").order_by("pk"))

    @cached_property
    def references(self) -> list[Reference]:
        """With their contacts, and those with their accounts."""
        return list(Reference.objects.select_related("contact__person", "contact__account__owner", "reference_account").order_by("pk"))

    @cached_property
    def deals(self) -> list[Opportunity]:
        return list(Opportunity.objects.select_related("account", "owner").order_by("pk"))

    def leaves(self, facet: str) -> list[FacetValue]:
        """The values of a facet that have none below them."""
        parents = {value.parent_id for value in self.values[facet].values()}
        return [value for value in self.values[facet].values() if value.pk not in parents]

    def one(self, choices: Sequence[T]) -> T:
        """Any of the choices."""
        return choices[int(self.chance.random() * len(choices))]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        """One to `most` different choices."""
        return self.chance.sample(choices, min(len(choices), 1 + int(self.chance.random() * most)))

    def happens(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.chance.random() < share

    def day(self, earliest: int, latest: int) -> date:
        """A day between `earliest` and `latest` days from today."""
        return self.today + timedelta(days=self.chance.randint(earliest, latest))

    def moment(self, day: date) -> datetime:
        """A time in the working hours of a day, UTC."""
        return datetime.combine(day, time(self.chance.randint(8, 16), self.chance.choice((0, 15, 30, 45))), UTC)


def write(model: type[M], rows: Iterable[M]) -> list[M]:
    """Insert rows in batches, so that memory and transactions stay small; returns them with their ids."""
    return model._default_manager.bulk_create(list(rows), batch_size=BATCH)  # noqa: SLF001  (Django's documented name)
