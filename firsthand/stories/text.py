"""Story fit by text: an own BM25 with field weights, so that SQLite and PostgreSQL give the same list.

The index lives in the database as one row per (term, story) with the weighted frequency from `terms_of`, and the story's
length. A query fetches the rows of its own few terms and `rank` does the rest. Nothing here keeps state.

Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.6 for field weights; synonyms
count as sightings of the same term, as in Indri's #syn, so an idea with many names weighs no more than one with few.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from firsthand.core.numbers import Floats, Ints, np
from firsthand.core.words_key import listed, words
from firsthand.stories.synonyms import groups

STEMMING = Lock()  # the stemmer works on itself, and threads would mix their words up
K1 = 1.2  # saturation: the customary value
B = 0.75  # how much a long story is held back: the customary value
HINT = 0.25  # a word that was read as a criterion against one that was not
SYNONYM = 0.5  # a neighbor's sighting against the word itself
# What is said on top says more about a story than a word in passing.
FIELDS = {"headline": 2.0, "challenge": 1.0, "solution": 1.0, "impact": 1.0, "quotes": 1.0, "account": 2.0}

STOP = listed("""
    a, about, above, across, after, again, against, all, already, also, always, am, an, and, any, are, around, as, at, be, because, been,
    before, being, below, better, between, big, bigger, both, but, by, can, could, did, do, does, doing, done, during, each, entire,
    especially, even, every, few, for, from, further, get, gets, getting, give, go, goes, got, had, has, have, having, he, her, here,
    hers, him, his, how, i, if, in, instead, into, is, it, its, itself, just, less, let, like, ll, lot, lots, made, make, makes, many,
    may, me, might, more, most, much, must, my, never, no, nor, not, now, of, off, often, on, once, one, only, onto, or, other, our,
    ours, out, over, own, per, please, rather, re, really, s, same, say, says, see, several, she, should, so, some, something, still,
    such, t, than, that, the, their, theirs, them, then, there, these, they, thing, things, this, those, through, to, today, together,
    too, toward, towards, try, under, until, up, us, use, used, uses, using, various, ve, very, via, want, wants, was, way, we, well,
    were, what, when, where, which, while, who, whole, whom, whose, why, will, with, within, without, would, yet, you, your, yours
""")
# What every wish says of a customer, and no story is about.
REQUEST = listed("""
    account, accounts, another, anybody, anyone, avoid, based, business, businesses, buyer, call, careful, case, challenge, challenges,
    client, clients, colleague, companies, company, concern, concerned, concerns, contact, customer, customers, deal, different,
    enterprise, enterprises, example, find, firm, firms, group, help, helped, ideally, industry, interested, issue, issues, kind, know,
    like, likes, located, looking, love, need, needed, needs, organisation, organization, organizations, peer, people, person, plan,
    planning, plans, preferably, problem, problems, project, proof, prospect, prove, reference, references, run, running, runs, sector,
    seller, show, similar, somebody, someone, speak, stories, story, talk, talks, team, teams, tried, tries, try, trying, use, vendor,
    wish, wishes, worried, worry
""")


@dataclass(frozen=True)
class Concept:
    """One idea of a query: its terms with what a sighting of each is worth (1 the word itself), and its weight in the sum."""

    terms: Mapping[str, float]
    weight: float = 1.0


@dataclass(frozen=True)
class Postings:
    """The index rows of a query's terms, one array entry per row; every story that holds a term must be there.

    `terms[term[i]]` is the term of row i, `story[i]` its story, `frequency[i]` as from `terms_of`, `length[i]` the story's.
    """

    terms: Sequence[str]
    term: Ints
    story: Ints
    frequency: Floats
    length: Floats


@dataclass(frozen=True)
class Ranking:
    """Stories with their BM25 score, by ascending story id. `bound` is what a story full of every idea would reach."""

    story: Ints
    score: Floats
    bound: float

    def fit(self) -> Floats:
        """Scores as 0..1: the best story is 1 when it covers half of the bound or more, less when even it covers little."""
        return self.score / max(float(self.score.max(initial=0.0)), self.bound / 2, 1e-9)

    def cover(self) -> Floats:
        """Scores as a share of the bound, 0..1: how much of the query a story is about, whatever the others are."""
        return self.score / max(self.bound, 1e-9)


def terms_of(document: Mapping[str, str]) -> dict[str, float]:
    """A story's terms with their frequency, weighted by field (keys of `FIELDS`; quotes joined by newlines).

    Weighted frequencies are rounded to whole numbers of a tenth so that both engines store the same figure.
    """
    found: dict[str, float] = defaultdict(float)
    for name, text in document.items():
        for term in terms(text):
            found[term] += FIELDS[name]
    return {term: round(n, 1) for term, n in found.items()}


def length_of(document_terms: Mapping[str, float]) -> float:
    """The length BM25 compares with the mean: the sum of the weighted frequencies."""
    return float(sum(document_terms.values()))


def terms(text: str) -> list[str]:
    """Stemmed words without stop words, and after each known phrase the phrase as one more term."""
    return [term for term, _, _ in spans(text)]


def spans(text: str) -> list[tuple[str, int, int]]:
    """`terms` with the position of the words each was made of: (term, first word, number of words)."""
    keys = [word.key for word in words(text)]
    stems = stemmed(keys)
    known = phrases()
    found = []
    for i, stem in enumerate(stems):
        found += [("_".join(n), i, len(n)) for n in known.get(stem, ()) if tuple(stems[i : i + len(n)]) == n]
        if keys[i] not in STOP:
            found.append((stem, i, 1))
    return found


def concepts(text: str, *, weight: float = 1.0) -> list[Concept]:
    """A query's ideas: each word or phrase with its synonyms; words of one idea count as one, a little heavier."""
    ideas: dict[object, Concept] = {}
    taken: set[int] = set()
    keys = [word.key for word in words(text)]
    for term, first, n in sorted(spans(text), key=lambda span: -span[2]):
        if first in taken or (n == 1 and keys[first] in REQUEST):
            continue
        taken |= set(range(first, first + n)) if n > 1 else {first}
        terms_ = expanded(term)
        same = next((name for name, idea in ideas.items() if terms_.get(str(name)) or idea.terms.get(term)), term)
        old = ideas.get(same)
        ideas[same] = joined(old, terms_) if old else Concept(terms_, weight)
    return list(ideas.values())


def joined(concept: Concept, more: Mapping[str, float]) -> Concept:
    """Two words of one idea: sightings at the better of both worths, half as much weight again."""
    both = {term: max(concept.terms.get(term, 0.0), more.get(term, 0.0)) for term in [*concept.terms, *more]}
    return Concept(both, concept.weight * 1.5)


def expanded(term: str) -> dict[str, float]:
    """A term with the neighbors from the synonym lines it stands in."""
    return dict.fromkeys(neighbors().get(term, ()), SYNONYM) | {term: 1.0}


def query(rest: str, hints: Iterable[str] = ()) -> list[Concept]:
    """The ideas of a wish: what is left of it in full, what was read as criteria (`hints`) a little, since the facets judge that."""
    return concepts(rest) + concepts(" . ".join(hints), weight=HINT)


def wanted(ideas: Iterable[Concept]) -> list[str]:
    """The terms whose index rows `rank` needs, sorted."""
    return sorted({term for idea in ideas for term in idea.terms})


def postings(rows: Iterable[tuple[str, int, float, float]]) -> Postings:
    """Index rows (term, story id, frequency, length) as arrays."""
    listed = list(rows)
    floats = np.array([row[2:] for row in listed], dtype=np.float64).reshape(-1, 2)
    return as_postings([row[0] for row in listed], np.array([row[1] for row in listed], dtype=np.int64), floats[:, 0], floats[:, 1])


def as_postings(terms: Sequence[str], story: Ints, frequency: Floats, length: Floats) -> Postings:
    """The same from columns."""
    names = sorted(set(terms))
    number = {name: i for i, name in enumerate(names)}
    return Postings(names, np.array([number[term] for term in terms], dtype=np.int64), story, frequency, length)


def rank(ideas: Sequence[Concept], index: Postings, *, n_documents: int, mean_length: float) -> Ranking:
    """Score every story that holds a term of the query. `n_documents` and `mean_length` are of all stories.

    Per idea: frequency = sum of worth x weighted frequency, document frequency = sum over stories of the best worth found,
    score = weight x idf x tf / (tf + k1 (1 - b + b length / mean)), which is below weight x idf; the bound is their sum.
    """
    story, place = numbered(index.story)
    lengths = np.zeros(len(story))
    lengths[place] = index.length
    damping = K1 * (1 - B + B * lengths / max(mean_length, 1e-9))
    sightings = {term: np.flatnonzero(index.term == i) for i, term in enumerate(index.terms)}
    score, bound = np.zeros(len(story)), 0.0
    for idea in ideas:
        frequency, best = np.zeros(len(story)), np.zeros(len(story))
        for term, rows in sightings.items():
            if worth := idea.terms.get(term):
                frequency[place[rows]] += worth * index.frequency[rows]  # a story has a row per term, so no place comes twice
                best[place[rows]] = np.maximum(best[place[rows]], worth)
        seen = float(best.sum())
        weight = idea.weight * float(np.log1p((n_documents - seen + 0.5) / (seen + 0.5)))
        score += weight * frequency / (frequency + damping)
        bound += weight
    return Ranking(story, score, bound)


def numbered(ids: Ints) -> tuple[Ints, Ints]:
    """The different ids, ascending, and of each one given its place among them: `numpy.unique` without sorting."""
    there = np.zeros(int(ids.max(initial=-1)) + 1, dtype=np.bool_)
    there[ids] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[ids]


@cache
def neighbors() -> dict[str, frozenset[str]]:
    """Each term that can be looked for in the synonym lines with the terms that count as weaker sightings of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for looked_for, sighted in groups():
        stems = {"_".join(phrase(part)) for part in sighted}
        for part in looked_for:
            found["_".join(phrase(part))] |= stems
    return {term: frozenset(others - {term}) for term, others in found.items()}


@cache
def phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of the synonym lines, stemmed, by their first word."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for looked_for, sighted in groups():
        for part in {*looked_for, *sighted}:
            stems = phrase(part)
            if len(stems) > 1:
                found[stems[0]].add(stems)
    return {first: tuple(sorted(all_)) for first, all_ in found.items()}


def phrase(text: str) -> tuple[str, ...]:
    """The stems of all words, stop words too."""
    return tuple(stemmed(word.key for word in words(text)))


def stemmed(keys: Iterable[str]) -> list[str]:
    """Snowball English stems."""
    return [stem(key) for key in keys]


@lru_cache(maxsize=20_000)
def stem(key: str) -> str:
    """The stem of one word. Stemming costs fifty times what remembering it does, and wishes use few words."""
    with STEMMING:
        return str(stemmer().stemWord(key))


@cache
def stemmer() -> Any:
    """The stemmer is slow to make and holds nothing between words; its package loads every language it knows."""
    import snowballstemmer  # noqa: PLC0415  (loaded by the first that reads a story)

    return snowballstemmer.stemmer("english")
