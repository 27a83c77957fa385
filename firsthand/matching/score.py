"""The score of a match: a sum of named parts, each 0 to its weight, together 0 to 100. Pure arithmetic over arrays.

What a wish is about (facets, story, persona) shares its weight among those of the three that the wish mentions, so a wish
for a theme alone is ranked by the stories and one for "a bank in Europe" by the facets. Sentences are made for the rows shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from firsthand.core.numbers import Bools, Floats, Ints, np
from firsthand.matching.fit import Fits, Wished, fits_of
from firsthand.matching.vocabulary import Vocabulary

Part = Literal["facets", "story", "persona", "grades", "freshness", "fairness", "relationship"]

PARTS: tuple[Part, ...] = ("facets", "story", "persona", "grades", "freshness", "fairness", "relationship")
FIT: tuple[Part, ...] = ("facets", "story", "persona")
GRADE_PRIOR = 3  # calls' worth of the program's mean that a new reference starts with
FRESH_HALF_LIFE = 540  # days after which a confirmation is worth half
RESTED = 180  # days since the last ask after which somebody counts as fully rested
ALIKE = 0.5  # how much less a story counts when it is told by a company quite unlike the one wished for
# The floor. Where a wish names facets and nobody's fit reaches `FLOOR_FACETS`, it fits nothing, whatever the stories say.
# Else a candidate is shown whose facets fit to `FLOOR_NEAR`, or whose story covers that share of the wish (`FLOOR_STORY`).
FLOOR_FACETS = 0.45
FLOOR_NEAR = 0.25
FLOOR_STORY = 0.1
PER_FAMILY = 2


@dataclass(frozen=True)
class Weights:
    """Points per part; the policy holds them and they add up to 100."""

    facets: float = 40
    story: float = 25
    persona: float = 5
    grades: float = 10
    freshness: float = 5
    fairness: float = 10
    relationship: float = 5


@dataclass(frozen=True)
class Candidates:
    """Who may be asked, as columns of n rows, any order.

    `fact_row`, `fact_value`: m pairs, row (0..n-1) has facet value id (of the account, the reference or its stories).
    `story_fit`: 0..1, the best of the row's stories, from `text.Ranking.fit`; `story_cover`: the same story's `cover`.
    `grade_sum`, `grade_count`: of held engagements, grades 1..5. `confirmed_days`: since the reference or its story was last
    confirmed, NaN unknown. `left`, `limit`: slots of the period, limit -1 when there is none. `asked_days`: since last asked,
    inf never. `relationship`: 0..1, how well the colleague best placed to ask knows them. `graded_mean`: of the program, 1..5.
    """

    id: Ints
    family: Ints
    fact_row: Ints
    fact_value: Ints
    story_fit: Floats
    story_cover: Floats
    grade_sum: Floats
    grade_count: Ints
    confirmed_days: Floats
    left: Ints
    limit: Ints
    asked_days: Floats
    relationship: Floats
    graded_mean: float = 4.0


@dataclass(frozen=True)
class Scored:
    """The result: `order` holds row numbers, best first, of all above the floor; `points[part]` and `total` are by row.

    `weights` are the points each part could give for this wish.
    """

    candidates: Candidates
    vocabulary: Vocabulary
    fits: Fits
    points: dict[Part, Floats]
    total: Floats
    order: Ints
    weights: dict[Part, float]
    period: str

    def sentences(self, row: int) -> dict[Part, list[str]]:
        """Why this row has its points: plain sentences per part that is in play, most important part first."""
        told: dict[Part, list[str]] = {
            "facets": self.fits.sentences(row, self.vocabulary),
            "story": [story_sentence(float(self.candidates.story_fit[row]))],
            "persona": self.fits.sentences(row, self.vocabulary, persona=True),
            "grades": [grade_sentence(float(self.candidates.grade_sum[row]), int(self.candidates.grade_count[row]))],
            "freshness": [freshness_sentence(float(self.candidates.confirmed_days[row]))],
            "fairness": [
                capacity_sentence(int(self.candidates.left[row]), int(self.candidates.limit[row]), self.period),
                asked_sentence(float(self.candidates.asked_days[row])),
            ],
            "relationship": [relationship_sentence(float(self.candidates.relationship[row]))],
        }
        return {part: told[part] for part in PARTS if self.weights[part] > 0 and told[part]}


def score(
    candidates: Candidates,
    criteria: Sequence[Wished],
    vocabulary: Vocabulary,
    *,
    story_wished: bool,
    weights: Weights | None = None,
    period: str = "this period",
) -> Scored:
    """Score all candidates for a wish. `story_wished`: the wish has text to rank by. `period`: as in "3 of 4 calls left in 2026"."""
    chosen = weights or Weights()
    fits = fits_of(criteria, vocabulary, candidates.fact_row, candidates.fact_value, len(candidates.id))
    most = in_play(chosen, fits, story_wished=story_wished)
    shares: dict[Part, Floats] = {
        "facets": fits.facets,
        "story": candidates.story_fit * (1 - ALIKE * (1 - fits.facets) if fits.any_facet else 1.0),
        "persona": fits.persona,
        "grades": grade_share(candidates),
        "freshness": np.where(
            np.isnan(candidates.confirmed_days), 0.5, 0.5 ** (np.nan_to_num(candidates.confirmed_days) / FRESH_HALF_LIFE)
        ),
        "fairness": fairness_share(candidates),
        "relationship": candidates.relationship,
    }
    points = {part: most[part] * shares[part] for part in PARTS}
    total = np.round(np.sum([points[part] for part in PARTS], axis=0), 1)
    ranked = np.lexsort((candidates.id, -candidates.asked_days, -total))
    order = ranked[above_floor(fits, candidates.story_cover, story_wished=story_wished)[ranked]]
    return Scored(candidates, vocabulary, fits, points, total, order, most, period)


def above_floor(fits: Fits, story_cover: Floats, *, story_wished: bool) -> Bools:
    """Who is shown at all: see `FLOOR_FACETS`. A wish that names neither facets nor a theme shows everybody."""
    told = story_cover >= FLOOR_STORY
    if not fits.any_facet:
        return told if story_wished else np.ones(len(story_cover), dtype=np.bool_)
    if fits.facets.max(initial=0.0) < FLOOR_FACETS:
        return np.zeros(len(story_cover), dtype=np.bool_)
    return (fits.facets >= FLOOR_NEAR) | told


def in_play(weights: Weights, fits: Fits, *, story_wished: bool) -> dict[Part, float]:
    """The weight of each part for this wish: what the wish does not mention gives its weight to what it does.

    A wish that says nothing at all spreads it over the other parts in proportion. The sum stays.
    """
    plain: dict[Part, float] = {part: float(getattr(weights, part)) for part in PARTS}
    mentioned = {"facets": fits.any_facet, "story": story_wished, "persona": fits.any_persona}
    live = [part for part in FIT if mentioned[part]] or [part for part in PARTS if part not in FIT]
    dead = [part for part in FIT if not mentioned[part]]
    base = sum(plain[part] for part in live)
    spare = sum(plain[part] for part in dead)
    return {part: 0.0 if part in dead else plain[part] * (1 + spare / base) if part in live and base else plain[part] for part in PARTS}


def grade_share(candidates: Candidates) -> Floats:
    """Past grades shrunk towards the program's mean, (sum + k mean) / (n + k) with k = `GRADE_PRIOR`, as 0..1 of 1..5."""
    shrunk = (candidates.grade_sum + GRADE_PRIOR * candidates.graded_mean) / (candidates.grade_count + GRADE_PRIOR)
    return np.clip((shrunk - 1) / 4, 0, 1)


def fairness_share(candidates: Candidates) -> Floats:
    """Half for the share of slots left (no limit: all), half for the time since the last ask, full from `RESTED` days on."""
    left = np.where(candidates.limit < 0, 1.0, candidates.left / np.maximum(candidates.limit, 1))
    rested = np.minimum(candidates.asked_days / RESTED, 1.0)
    return np.clip((left + rested) / 2, 0, 1)


def by_family(order: Sequence[int] | Ints, family: Ints, *, at_most: int = PER_FAMILY) -> tuple[list[int], dict[int, list[int]]]:
    """The ranked rows with at most so many per family, and per family the rows kept back ("more from this customer")."""
    shown: list[int] = []
    counts: dict[int, int] = {}
    more: dict[int, list[int]] = {}
    rows = np.asarray(order, dtype=np.int64)
    for row, of in zip(rows.tolist(), family[rows].tolist(), strict=True):
        if counts.get(of, 0) < at_most:
            counts[of] = counts.get(of, 0) + 1
            shown.append(row)
        else:
            more.setdefault(of, []).append(row)
    return shown, more


def story_sentence(fit: float) -> str:
    """How well the best story fits."""
    if fit >= 0.75:
        return "Tells the story wished for"
    if fit >= 0.4:
        return "Tells much of the story wished for"
    return "Touches on the story wished for" if fit >= 0.1 else "No story on this yet"


def grade_sentence(total: float, count: int) -> str:
    """What earlier calls were graded."""
    if not count:
        return "First call: nothing graded yet"
    return f"Graded {total / count:.1f} of 5 over {count} {'call' if count == 1 else 'calls'}"


def freshness_sentence(days: float) -> str:
    """When the reference was last confirmed."""
    if np.isnan(days):
        return "Not confirmed yet"
    return f"Confirmed {ago(days)}"


def capacity_sentence(left: int, limit: int, period: str) -> str:
    """How many slots are left."""
    return "No limit on calls" if limit < 0 else f"{left} of {limit} {'call' if limit == 1 else 'calls'} left in {period}"


def asked_sentence(days: float) -> str:
    """When somebody last asked them."""
    return "Never asked yet" if np.isinf(days) else f"Last asked {ago(days)}"


def relationship_sentence(strength: float) -> str:
    """How well a colleague knows them."""
    if strength >= 0.75:
        return "A colleague knows them well"
    return "A colleague knows them" if strength > 0 else "No colleague is known to know them"


def ago(days: float) -> str:
    """A span of days in the largest unit that fits."""
    whole = int(days)
    if whole < 1:
        return "today"
    for size, name in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if whole >= size:
            n = whole // size
            return f"{n} {name if n == 1 else name + 's'} ago"
    return "today"
