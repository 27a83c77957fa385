"""Reads a wish typed in plain words for facet values, and says where in the text it read each.

Longest name first, left to right. A word that is as often a theme as a kind of company ("software", "streaming") needs a
cue beside it; a misspelling is accepted only for a long word that nothing else knows. What is left is ranked by text.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz.distance import OSA

from firsthand.core.words_key import Word, key, words
from firsthand.matching.fit import Wished
from firsthand.matching.vocabulary import Value, Vocabulary
from firsthand.matching.wish_words import (
    ALONE_A_PERSONA,
    ASKING,
    CAPITALIZED,
    COMPANY,
    FILLER,
    NEGATION,
    ORDINARY,
    SHORT_PLACES,
    THEMES,
)
from firsthand.stories.text import REQUEST, STOP, Concept, query, stemmed

How = Literal["exact", "spelling"]
LONGEST_NAME = 6  # words
# Facets whose words are also what the stories are about: they stay in the text that is ranked.
THEMATIC = frozenset({"use_case", "topic", "product", "rival", "company_size"})
MOST_PEOPLE = 100_000_000  # of any company; a longer row of digits says no more
NUMBER = r"(\d{1,3}(?:[,.]\d{3})+|\d+)\s*(k\b)?"
SIZE = re.compile(
    rf"(?:(?P<under>under|fewer than|less than|up to|at most)|(?P<over>over|more than|at least|above))?\s*{NUMBER}\s*(?P<plus>\+|or more)?"
    rf"(?:\s*(?:-|–|to)\s*{NUMBER})?[\s-]*(?:employees|employee|people|staff|person|workers|headcount|FTEs?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Criterion:
    """What was read: any of `value_ids` is wished, or to be avoided; `matched_text` is `wish[start:end]`."""

    value_ids: tuple[int, ...]
    facet: str
    start: int
    end: int
    matched_text: str
    how: How = "exact"
    avoid: bool = False


@dataclass(frozen=True)
class Understood:
    """The criteria in order of the text, and the remaining text, which is ranked against the stories."""

    criteria: tuple[Criterion, ...]
    rest: str


def read(wish: str, vocabulary: Vocabulary, *, known: Collection[str] = ()) -> Understood:
    """Read a wish. `known` are folded words that are right as they stand (those the stories use): never misspellings."""
    tokens = words(wish)
    criteria = sizes(wish, vocabulary)
    at = 0
    while at < len(tokens):
        if any(c.start <= tokens[at].start < c.end for c in criteria):
            at += 1
            continue
        criterion, length = longest(wish, tokens, at, vocabulary, known)
        if criterion:
            before = max((c for c in criteria if c.end <= criterion.start), key=lambda c: c.end, default=None)
            criteria.append(replace(criterion, avoid=negated(tokens, at) or listed_after(wish, before, criterion)))
        at += length
    ordered = tuple(sorted(criteria, key=lambda c: c.start))
    return Understood(ordered, remaining(wish, ordered))


def without(wish: str, removed: Collection[tuple[int, int]], vocabulary: Vocabulary, *, known: Collection[str] = ()) -> Understood:
    """Read a wish of which the seller removed what was understood at these spans: those words count as text again."""
    whole = read(wish, vocabulary, known=known)
    kept = tuple(c for c in whole.criteria if (c.start, c.end) not in removed)
    return Understood(kept, remaining(wish, kept))


def merged(given: Sequence[Wished], understood: Understood) -> list[Wished]:
    """What the form says and what the wish says, as one list: the form first, nothing twice."""
    said = [Wished(c.value_ids, c.facet, "avoid" if c.avoid else "should") for c in understood.criteria]
    taken = {c.value_ids for c in given}
    return [*given, *(c for c in dict.fromkeys(said) if c.value_ids not in taken)]


def story_query(given: Sequence[Wished], understood: Understood, vocabulary: Vocabulary) -> list[Concept]:
    """What to rank the stories by: the remaining text with the thematic criteria of the form, and the other criteria as hints."""
    names = [(c.facet, vocabulary.by_id[i].name) for c in given if c.importance != "avoid" for i in c.value_ids if i in vocabulary.by_id]
    themes = [name for facet, name in names if facet in THEMATIC]
    hints = [c.matched_text for c in understood.criteria if not c.avoid and c.facet not in THEMATIC]
    return query(". ".join([understood.rest, *themes]), [*hints, *(name for facet, name in names if facet not in THEMATIC)])


def longest(wish: str, tokens: list[Word], at: int, vocabulary: Vocabulary, known: Collection[str]) -> tuple[Criterion | None, int]:
    """The longest name that starts at this word and its number of words; (None, 1) when there is none."""
    for n in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
        name = " ".join(word.key for word in tokens[at : at + n])
        start, end = tokens[at].start, tokens[at + n - 1].end
        for facet, fits in FACETS:
            hits = any_of(vocabulary, facet, name)
            if hits and fits(wish, tokens, at, n):
                return Criterion(tuple(v.id for v in hits), facet, start, end, wish[start:end]), n
    word = tokens[at]
    hits = misspelled(word, wish[word.start : word.end], vocabulary, known)
    if hits:
        return Criterion(tuple(v.id for v in hits), hits[0].facet, word.start, word.end, wish[word.start : word.end], "spelling"), 1
    return None, 1


def any_of(vocabulary: Vocabulary, facet: str, name: str) -> list[Value]:
    """The values a folded name stands for: by name or alias, its singular, an area, or for geography a place."""
    for form in forms(name):
        if hits := vocabulary.named(facet, form):
            return hits
        if facet == "geography":
            area = vocabulary.areas_by_key.get(form, ())
            place = vocabulary.places.get(form)
            if hits := [v for n in (*area, *([place] if place else [])) for v in vocabulary.named(facet, key(n))]:
                return hits
    return []


def forms(name: str) -> list[str]:
    """A name as typed, then as a singular."""
    found = [name]
    if name.endswith("ies") and len(name) > 5:
        found.append(name[:-3] + "y")
    if name.endswith("s") and not name.endswith("ss") and len(name) > 4:
        found.append(name[:-1])
    return found


def is_place(wish: str, tokens: list[Word], at: int, n: int) -> bool:
    """Whether these words are meant as a place: codes and words of other meaning only as they are written for it."""
    word, written = tokens[at], wish[tokens[at].start : tokens[at].end]
    if n == 1 and word.key == "us":
        return written.isupper() or key_before(tokens, at, 1) == "the"
    if n == 1 and len(word.key) <= 3 and word.key not in SHORT_PLACES:
        return False
    return not (n == 1 and word.key in CAPITALIZED and not written[0].isupper())


def is_language(wish: str, tokens: list[Word], at: int, n: int) -> bool:
    """Whether a language is meant: spoken, or named after "in"."""
    before, after = key_before(tokens, at, 1), key_after(tokens, at + n)
    if len(tokens[at].key) <= 3:
        return False
    spoken = before.startswith("speak") or before in {"language", "fluent"} or key_before(tokens, at, 2) == "fluent"
    return (
        spoken
        or after in {"speaking", "speaker", "speakers", "language"}
        or (before == "in" and after not in COMPANY and ends(tokens, at + n))
    )


def ends(tokens: list[Word], at: int) -> bool:
    """Whether nothing that could be a noun follows."""
    return at >= len(tokens) or tokens[at].key in STOP


def is_industry(wish: str, tokens: list[Word], at: int, n: int) -> bool:
    """Whether these words are meant as a kind of company."""
    name = " ".join(word.key for word in tokens[at : at + n])
    if not any(form in THEMES for form in forms(name)):
        return True
    if key_after(tokens, at + n) in COMPANY or len(content(tokens)) == n:
        return True
    if key_after(tokens, at + n) in {"or", "and"} and any(key_after(tokens, at + n + step) in COMPANY for step in (2, 3)):
        return True
    return key_before(tokens, at, 1) in {"in", "from"} and key_before(tokens, at, 2) in COMPANY and ends(tokens, at + n)


def is_persona(wish: str, tokens: list[Word], at: int, n: int) -> bool:
    """Whether these words name whom to speak to, rather than who works there."""
    name = " ".join(word.key for word in tokens[at : at + n])
    if any(form in ALONE_A_PERSONA for form in forms(name)) or "chief" in name.split() or "head" in name.split():
        return True
    return any(word.key in ASKING for word in tokens[max(0, at - 4) : at])


def always(wish: str, tokens: list[Word], at: int, n: int) -> bool:
    """A name that means one thing."""
    return len(" ".join(word.key for word in tokens[at : at + n])) > 2


# In order of who gets a name that several facets know.
FACETS: list[tuple[str, Callable[[str, list[Word], int, int], bool]]] = [
    ("product", always),
    ("rival", always),
    ("language", is_language),
    ("geography", is_place),
    ("industry", is_industry),
    ("persona", is_persona),
    ("company_size", always),
    ("use_case", always),
    ("topic", always),
]


def misspelled(word: Word, written: str, vocabulary: Vocabulary, known: Collection[str]) -> list[Value]:
    """The values of the one name that a long unknown word is a slip away from: 1 letter, from 10 letters on 2.

    Same first letter, six letters or more (a kind of company: eight, unless two letters are swapped), never a word that is
    right as it stands or another form of the name. Two equally close names: none.
    """
    right = word.key in known or word.key in ORDINARY or word.key in STOP or word.key in REQUEST
    if right or len(word.key) < 6 or not word.key.isalpha() or any(form in vocabulary.by_key for form in forms(word.key)):
        return []
    slips = 2 if len(word.key) >= 10 else 1
    near: dict[int, list[Value]] = {}
    for name, values in vocabulary.by_key.items():
        if name[0] != word.key[0] or len(name) < 6 or " " in name or abs(len(name) - len(word.key)) > slips:
            continue
        long = len(word.key) >= 8 or sorted(name) == sorted(word.key)
        usable = [v for v in values if v.facet in {"geography", "product", "rival"} or (long and v.facet == "industry")]
        if usable and not (name in CAPITALIZED or name in THEMES or inflected(name, word.key)):
            distance = OSA.distance(name, word.key, score_cutoff=slips)
            if distance <= slips:
                near.setdefault(distance, []).extend(usable)
    best = near.get(min(near), []) if near else []
    return best[:1] if len({v.id for v in best}) == 1 else []


def inflected(name: str, word: str) -> bool:
    """Whether the word is the name with another ending (publisher, published) rather than a slip (insurance, insurence)."""
    return stemmed([name]) == stemmed([word]) and (len(name) != len(word) or word.endswith(("ed", "es", "er", "ing")))


def sizes(wish: str, vocabulary: Vocabulary) -> list[Criterion]:
    """Numbers of employees as size bands: "5,000 employees", "1,000-5,000 people", "under 50 staff"."""
    found = []
    for m in SIZE.finditer(wish):
        first, last = number(m.group(3), m.group(4)), number(m.group(6), m.group(7)) if m.group(6) else None
        low = 1 if m.group("under") else first
        high = None if m.group("over") or m.group("plus") else (last or first)
        values = vocabulary.overlapping("company_size", low, high)
        start = m.start() + len(m.group()) - len(m.group().lstrip())
        if values:
            found.append(Criterion(tuple(v.id for v in values), "company_size", start, m.end(), wish[start : m.end()]))
    return found


def number(digits: str, thousands: str | None) -> int:
    """`5,000` or `5k` as a number; no company has more people than `MOST_PEOPLE`, whatever is typed."""
    plain = re.sub("[,.]", "", digits).lstrip("0")[: len(str(MOST_PEOPLE))]
    return min(int(plain or 0) * (1000 if thousands else 1), MOST_PEOPLE)


def negated(tokens: list[Word], at: int) -> bool:
    """Whether a "not", "outside" or the like stands before, with nothing but small words between."""
    while at > 0 and tokens[at - 1].key in FILLER:
        at -= 1
    return at > 0 and tokens[at - 1].key in NEGATION


def listed_after(wish: str, before: Criterion | None, criterion: Criterion) -> bool:
    """Whether a list of things to avoid goes on: "not in the US or Canada"."""
    if not (before and before.avoid):
        return False
    between = {word.key for word in words(wish[before.end : criterion.start])}
    return between <= {"or", "nor", "and", "the", "in"} and bool(between & {"or", "nor"})


def content(tokens: list[Word]) -> list[Word]:
    """The words that say something."""
    return [word for word in tokens if word.key not in STOP and word.key not in REQUEST]


def key_before(tokens: list[Word], at: int, n: int) -> str:
    """The word n places before, folded; empty when there is none."""
    return tokens[at - n].key if at >= n else ""


def key_after(tokens: list[Word], at: int) -> str:
    """The word at this place, folded; empty past the end."""
    return tokens[at].key if at < len(tokens) else ""


def remaining(wish: str, criteria: tuple[Criterion, ...]) -> str:
    """The wish without what was read as a criterion, but for the words of thematic facets; blanks folded."""
    kept, at = [], 0
    for c in criteria:
        if c.facet in THEMATIC and not c.avoid:
            continue
        kept.append(wish[at : c.start])
        at = c.end
    return " ".join(" ".join([*kept, wish[at:]]).split())
