"""The program's facet values as plain data, for reading wishes and measuring tree distance without the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from firsthand.core.words_key import key
from firsthand.program.geography import AREAS, places
from firsthand.program.vocabulary import facets


@dataclass(frozen=True)
class Value:
    """A facet value. `keys` are its name and aliases as folded by `core.words_key.key`; `low` and `high` bound a band."""

    id: int
    facet: str
    parent: int | None
    name: str
    keys: tuple[str, ...]
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Vocabulary:
    """All values in use, parents before children within the bands' own order.

    `places` maps folded cities and states to a country's name, `areas` a name to the names of several values (EMEA).
    """

    values: tuple[Value, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[int, Value]:
        """Values by id."""
        return {value.id: value for value in self.values}

    @cached_property
    def by_key(self) -> dict[str, list[Value]]:
        """Values by each of their names, over all facets."""
        found: dict[str, list[Value]] = defaultdict(list)
        for value in self.values:
            for name in dict.fromkeys(value.keys):
                found[name].append(value)
        return dict(found)

    @cached_property
    def areas_by_key(self) -> dict[str, tuple[str, ...]]:
        """What `areas` maps, by folded name."""
        return {key(title): names for title, names in self.areas.items()}

    def named(self, facet: str, name: str) -> list[Value]:
        """The values of a facet that go by this folded name."""
        return [value for value in self.by_key.get(name, ()) if value.facet == facet]

    def path(self, value_id: int) -> tuple[int, ...]:
        """Ids from the root down to the value itself."""
        steps: list[int] = []
        at: int | None = value_id
        while at is not None and at in self.by_id and at not in steps:
            steps.append(at)
            at = self.by_id[at].parent
        return tuple(reversed(steps))

    def bands(self, facet: str) -> list[Value]:
        """The ordered bands of a facet, lowest first."""
        return sorted((v for v in self.values if v.facet == facet), key=lambda v: (v.low or 0, v.id))

    def overlapping(self, facet: str, low: int, high: int | None) -> list[Value]:
        """Bands that share a number with low..high, both inclusive, None for open."""
        return [band for band in self.bands(facet) if (band.high is None or band.high >= low) and (high is None or (band.low or 0) <= high)]


def seeded() -> Vocabulary:
    """The default vocabulary with values numbered as they come, for trials and tests without a database."""
    rows: list[Value] = []
    numbers: dict[int, int] = {}
    for facet in facets():
        for seed, parent in facet.walk():
            numbers[id(seed)] = len(rows) + 1
            keys = tuple(dict.fromkeys(k for k in map(key, [seed.name, *seed.aliases]) if k))
            above = numbers[id(parent)] if parent else None
            rows.append(Value(len(rows) + 1, facet.code, above, seed.name, keys, seed.low, seed.high))
    return from_rows(rows, places=places(), areas=AREAS)


def from_rows(rows: Iterable[Value], *, places: Mapping[str, str], areas: Mapping[str, tuple[str, ...]]) -> Vocabulary:
    """A vocabulary from value rows in any order."""
    return Vocabulary(tuple(sorted(rows, key=lambda v: v.id)), places, areas)
