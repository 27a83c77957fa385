"""How near a candidate's facet values come to those wished for: tree distance, band distance, and the words that say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from firsthand.core.numbers import Floats, Ints, np
from firsthand.matching.vocabulary import Value, Vocabulary

Importance = Literal["must", "should", "avoid"]

MORE_GENERAL = 0.6  # the candidate is known only as "Retail" where "Fashion" is wished
BESIDE = 0.4  # "Grocery" where "Fashion" is wished
UNKNOWN = 0.1  # nothing known of this facet: not a fit, but no misfit either
NEXT_BAND = 0.5  # one band off; two bands off half of that, and so on
# A peer in the same business counts more than one nearby: what facets count where the wish does not say.
IMPORTANCE = {"industry": 2.0}
MUST = 2.0  # a must counts this much against a should
MISSED_MUST = 0.5  # what is left of the facet part for each must that is not met at all
PERSONA = "persona"


@dataclass(frozen=True)
class Wished:
    """A criterion: any of these values, which are of one facet."""

    value_ids: tuple[int, ...]
    facet: str
    importance: Importance = "should"


@dataclass(frozen=True)
class Fits:
    """Per criterion a row of n fits 0..1, -1 where nothing is known of that facet; and what they come to."""

    criteria: tuple[Wished, ...]
    each: tuple[Floats, ...]
    counted: frozenset[str]
    facets: Floats
    persona: Floats
    fact_row: Ints
    fact_value: Ints

    @property
    def any_facet(self) -> bool:
        """Whether a criterion other than the persona counts."""
        return any(c.facet in self.counted and c.facet != PERSONA for c in self.criteria)

    @property
    def any_persona(self) -> bool:
        """Whether a persona is wished that somebody has."""
        return PERSONA in self.counted

    def sentences(self, row: int, vocabulary: Vocabulary, *, persona: bool = False) -> list[str]:
        """One sentence per criterion that counts: "Banking, as wished", "Iberia, not Nordics"."""
        return [
            sentence(criterion, float(fit[row]), self.held(row, criterion, vocabulary), vocabulary)
            for criterion, fit in zip(self.criteria, self.each, strict=True)
            if criterion.facet in self.counted and (criterion.facet == PERSONA) == persona
        ]

    def held(self, row: int, criterion: Wished, vocabulary: Vocabulary) -> list[Value]:
        """The row's values of the criterion's facet, the nearest first."""
        ids = np.unique(self.fact_value[self.fact_row == row])
        values = [vocabulary.by_id[int(i)] for i in ids if int(i) in vocabulary.by_id]
        own = [value for value in values if value.facet == criterion.facet]
        return sorted(own, key=lambda v: (-max(nearness(w, v.id, vocabulary) for w in criterion.value_ids), v.id))


def fits_of(criteria: Sequence[Wished], vocabulary: Vocabulary, fact_row: Ints, fact_value: Ints, n: int) -> Fits:
    """Measure every candidate against every criterion.

    Several shoulds of one facet are alternatives: the best counts, a more general one is idle. A facet of which nobody's
    value is known does not count: it cannot tell candidates apart. The facet part is the weighted mean, 0 for whoever has
    what is to be avoided.
    """
    known = {c.value_ids[0] for c in criteria if c.value_ids and c.value_ids[0] in vocabulary.by_id}
    usable = tuple(c for c in criteria if c.value_ids and c.value_ids[0] in known)
    each = tuple(fit_of(c, vocabulary, fact_row, fact_value, n) for c in usable)
    counted = frozenset(c.facet for c, fit in zip(usable, each, strict=True) if (fit >= 0).any())
    pairs = [(c, fit) for c, fit in zip(usable, each, strict=True) if c.facet in counted]
    of_facets = weighed([p for p in pairs if p[0].facet != PERSONA], vocabulary, n)
    of_persona = weighed([p for p in pairs if p[0].facet == PERSONA], vocabulary, n)
    return Fits(usable, each, counted, of_facets, of_persona, fact_row, fact_value)


def fit_of(criterion: Wished, vocabulary: Vocabulary, fact_row: Ints, fact_value: Ints, n: int) -> Floats:
    """Each candidate's best fit to a criterion, 0..1, or -1 where it has no value in that facet."""
    fit = np.full(n, -1.0)
    if not len(fact_value):
        return fit
    # Ids of facet values are few and small: a table by id is three times as fast as sorting the pairs.
    table = np.full(int(fact_value.max()) + 1, -1.0)
    for value in np.flatnonzero(np.bincount(fact_value)):
        held = vocabulary.by_id.get(int(value))
        if held and held.facet == criterion.facet:
            table[value] = max(nearness(wished, held.id, vocabulary) for wished in criterion.value_ids)
    np.maximum.at(fit, fact_row, table[fact_value])
    return fit


def weighed(pairs: Sequence[tuple[Wished, Floats]], vocabulary: Vocabulary, n: int) -> Floats:
    """The criteria of one part taken together, 0..1."""
    wanted: list[tuple[float, Floats]] = [(MUST * IMPORTANCE.get(c.facet, 1.0), known(fit)) for c, fit in pairs if c.importance == "must"]
    shoulds = [(c.facet, known(fit)) for c, fit in most_specific(pairs, vocabulary)]
    for facet in dict.fromkeys(of for of, _ in shoulds):
        best = np.max([fit for of, fit in shoulds if of == facet], axis=0)
        wanted.append((IMPORTANCE.get(facet, 1.0), best))
    total = sum(weight for weight, _ in wanted)
    fit = np.sum([weight * f for weight, f in wanted], axis=0) / total if wanted else np.ones(n)
    for criterion, each in pairs:
        if criterion.importance == "must":
            fit = np.where(each == 0, fit * MISSED_MUST, fit)
        if criterion.importance == "avoid":
            fit = np.where(each == 1, 0.0, fit)
    return np.asarray(fit, dtype=np.float64)


def most_specific(pairs: Sequence[tuple[Wished, Floats]], vocabulary: Vocabulary) -> list[tuple[Wished, Floats]]:
    """The shoulds without those that only say more generally what another says: "Fashion" makes "Retail" idle."""
    shoulds = [(c, fit) for c, fit in pairs if c.importance == "should"]
    above = [{step for value in c.value_ids for step in vocabulary.path(value)[:-1]} for c, _ in shoulds]
    return [pair for pair in shoulds if not any(set(pair[0].value_ids) <= general for general in above)]


def known(fit: Floats) -> Floats:
    """Fits with what is not known at its neutral worth."""
    return np.where(fit < 0, UNKNOWN, fit)


def nearness(wished: int, held: int, vocabulary: Vocabulary) -> float:
    """1 for the value itself or one below it; less above, beside and further off; 0 in another tree. Bands by distance."""
    value, other = vocabulary.by_id.get(wished), vocabulary.by_id.get(held)
    if value is None or other is None or value.facet != other.facet:
        return 0.0
    if value.low is not None:
        bands = [band.id for band in vocabulary.bands(value.facet)]
        return float(NEXT_BAND ** abs(bands.index(wished) - bands.index(held)))
    path, own = vocabulary.path(wished), vocabulary.path(held)
    common = sum(1 for a, b in zip(path, own, strict=False) if a == b)
    if common == len(path):
        return 1.0
    return (MORE_GENERAL if common == len(own) else BESIDE) * common / (len(path) - 1) if common else 0.0


def sentence(criterion: Wished, fit: float, held: list[Value], vocabulary: Vocabulary) -> str:
    """What a criterion came to, in words."""
    wished = " or ".join(vocabulary.by_id[i].name for i in criterion.value_ids)
    if not held:
        facet = criterion.facet.replace("_", " ").capitalize()
        return f"{facet} not known; {'to avoid' if criterion.importance == 'avoid' else 'wished'}: {wished}"
    name = held[0].name
    if criterion.importance == "avoid":
        return f"{name}, which is to be avoided" if fit == 1 else f"{name}, not {wished}, as wished"
    if fit == 1:
        return f"{name}, as wished"
    return f"{name}, not {wished}"
