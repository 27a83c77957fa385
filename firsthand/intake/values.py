"""What a written cell means in the program's vocabulary, and what the nearest known value is where it means nothing yet."""

from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from firsthand.core.words_key import key
from firsthand.matching.columns import countries_in, values_in
from firsthand.matching.vocabulary import Value, Vocabulary, from_rows
from firsthand.program.geography import places, provinces
from firsthand.program.models import ActivityType, Facet, FacetAlias, FacetValue

CLOSE_ENOUGH = 75
REMEMBERED, LONGEST_REMEMBERED = 20_000, 200
# Written in sentences rather than chosen from a list: names inside the cell count ("AI, Healthcare").
LOOSE = frozenset({"industry"})


@dataclass
class Values:
    """The vocabulary as it was when the step began. Cells repeat, so short ones are read once, up to a bound."""

    facets: dict[str, int] = field(default_factory=dict)
    activity_types: dict[str, int] = field(default_factory=dict)
    read: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    bands: dict[str, list[tuple[int, int | None, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facets = dict(Facet.objects.values_list("code", "id"))
        for pk, code, name, plural in ActivityType.objects.values_list("id", "code", "name", "plural"):
            self.activity_types |= {key(code): pk, key(name): pk, key(plural): pk}
        self.vocabulary = load()
        self.provinces: dict[str, str] | None = None

    def find(self, facet: str, cell: str) -> tuple[int, ...]:
        """Ids of the values a cell names; empty where it names none."""
        known = self.read.get((facet, cell))
        if known is None:
            known = tuple(self.look_up(facet, cell))
            if len(self.read) < REMEMBERED and len(cell) <= LONGEST_REMEMBERED:
                self.read[facet, cell] = known
        return known

    def look_up(self, facet: str, cell: str) -> list[int]:
        named = [value.id for value in self.vocabulary.named(facet, key(cell))]
        if named:
            return named
        if facet == "geography":
            if self.provinces is None:
                self.provinces = provinces()
            return countries_in(cell, self.vocabulary, self.provinces)
        return values_in(cell, self.vocabulary, facet) if facet in LOOSE else []

    def band(self, facet: str, number: int) -> tuple[int, ...]:
        """The ordered band a number falls in."""
        bands = self.bands.get(facet)
        if bands is None:
            bands = self.bands[facet] = [(band.low or 0, band.high, band.id) for band in self.vocabulary.bands(facet)]
        return tuple(pk for low, high, pk in bands if low <= number and (high is None or number <= high))

    def closest(self, facet: str, cell: str) -> Value | None:
        """The known value whose name or alias is nearest, if any is near."""
        names = {name: value for value in self.vocabulary.values if value.facet == facet for name in value.keys}
        wanted = key(cell)
        best = process.extractOne(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
        if best is None:
            squeezed = {name.replace(" ", ""): value for name, value in names.items()}
            best = process.extractOne(wanted.replace(" ", ""), squeezed.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
            return squeezed[best[0]] if best else None
        return names[best[0]]


def load() -> Vocabulary:
    """The values in use with their names and aliases, and the places by which a location is read."""
    aliases: dict[int, list[str]] = {}
    for value, folded in FacetAlias.objects.values_list("value_id", "key"):
        aliases.setdefault(value, []).append(folded)
    rows = FacetValue.objects.in_use().values_list("id", "facet__code", "parent_id", "name", "key", "low", "high")
    values = [
        Value(pk, facet, parent, name, (folded, *aliases.get(pk, ())), low, high) for pk, facet, parent, name, folded, low, high in rows
    ]
    return from_rows(values, places=places(), areas={})
