"""Reads what a written field says of facet values: an industry column, a job title, a location."""

from collections.abc import Mapping

from firsthand.core.words_key import key, words
from firsthand.matching.vocabulary import Vocabulary
from firsthand.matching.wish import LONGEST_NAME, any_of


def values_in(text: str, vocabulary: Vocabulary, facet: str) -> list[int]:
    """Ids of the values a written field names ("AI, Healthcare"), in order: for columns such as Industry or Title.

    The whole field first; else each name found in it, longest first, more general ones left out.
    """
    whole = vocabulary.named(facet, key(text))
    if whole:
        return [value.id for value in whole]
    tokens, found, at = words(text), [], 0
    while at < len(tokens):
        for n in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
            hits = any_of(vocabulary, facet, " ".join(w.key for w in tokens[at : at + n]))
            if hits:
                break
        else:
            n, hits = 1, []
        found += [value.id for value in hits]
        at += n
    general = {step for value_id in found for step in vocabulary.path(value_id)[:-1]}
    return [value_id for value_id in dict.fromkeys(found) if value_id not in general]


def countries_in(location: str, vocabulary: Vocabulary, provinces: Mapping[str, str]) -> list[int]:
    """Ids of the geography values a written location names ("Utah, and San Mateo, CA"), most telling part first.

    A part that is a state after a city is read as a state: "Atlanta, Georgia" is in the United States.
    """
    found: list[int] = []
    parts = [part for part in (key(p).removeprefix("and ") for p in location.split(",")) if part]
    named = [vocabulary.named("geography", part) for part in parts]
    for i, part in enumerate(parts):
        city = vocabulary.places.get(parts[i - 1]) if i else None
        state = provinces.get(part) if len(part) > 2 or i else None
        country = city if city and city == state else None
        hits = [] if country else [v for v in named[i] if len(part) > 3 or (i == len(parts) - 1 and not state)]
        place = country or vocabulary.places.get(part) or state
        if not hits and place and not any(named[i + 1 : i + 2]):
            hits = vocabulary.named("geography", key(place))
        found += [value.id for value in hits]
    return list(dict.fromkeys(found))
