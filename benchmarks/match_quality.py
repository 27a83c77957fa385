"""How good the match is on the sample stories: each query beside plain BM25, and leave-one-out for what was tuned.

Run: python -m benchmarks.match_quality. Needs the sample data beside the checkout, or FIRSTHAND_SAMPLE_DATA. Uses the pure
functions of `firsthand.matching` on `stories.csv` as an import would hold it; candidates differ in nothing but facets and story.

nDCG@5 over accounts: gain 2^grade - 1, discount log2(rank + 1), the ideal from the judged list. A query for which nothing
is relevant scores 1 when nothing is returned, else 0; the mean without such queries is printed too.
"""

import csv
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from snowballstemmer import stemmer

from firsthand.core.words_key import key, words
from firsthand.matching import fit
from firsthand.matching import score as scoring
from firsthand.matching.columns import countries_in, values_in
from firsthand.matching.fit import Wished
from firsthand.matching.score import Candidates, Scored, score
from firsthand.matching.vocabulary import Vocabulary, seeded
from firsthand.matching.wish import merged, read, story_query
from firsthand.program.geography import provinces
from firsthand.stories import text

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = Path(os.environ.get("FIRSTHAND_SAMPLE_DATA", ROOT.parent / "shared" / "data")) / "stories"
DEPTH = 5
# What was chosen by looking at the queries, with the values tried; the rest are customary values.
TUNED: dict[str, tuple[Any, list[float]]] = {
    "SYNONYM": (text, [0.0, 0.15, 0.3, 0.5, 0.7]),
    "HINT": (text, [0.0, 0.25, 0.5, 1.0]),
    "MORE_GENERAL": (fit, [0.4, 0.5, 0.6, 0.7]),
    "BESIDE": (fit, [0.2, 0.3, 0.4, 0.5]),
    "ALIKE": (scoring, [0.0, 0.3, 0.5, 0.7]),
}


@dataclass(frozen=True)
class Library:
    """The stories with their index and the facet values of their accounts."""

    vocabulary: Vocabulary
    companies: list[str]
    rows: list[tuple[str, int, float, float]]
    lengths: list[float]
    fact_row: list[int]
    fact_value: list[int]
    plain: list[list[str]]


def main() -> None:
    """Print the table and the means."""
    if not SAMPLE.is_dir():
        sys.exit(f"No sample data at {SAMPLE}")
    library, queries = load(SAMPLE), load_queries(SAMPLE)
    ways = {"plain BM25": plain_bm25, "wish alone": wish_alone, "facets given": facets_given}
    print(f"{'':4}  {'  '.join(f'{way:>12}' for way in ways)}  query")
    for query in queries:
        print(f"{query['id']:4}  {'  '.join(f'{ndcg(way(library, query), query):12.3f}' for way in ways.values())}  {query['query']}")
    print(f"mean  {'  '.join(f'{mean(library, queries, way):12.3f}' for way in ways.values())}  n = {len(queries)}")
    judged = [query for query in queries if query["relevant"]]
    print(f"      {'  '.join(f'{mean(library, judged, way):12.3f}' for way in ways.values())}  n = {len(judged)}, with something relevant")
    for name in TUNED:
        print(f"leave-one-out, {name:12} chosen on the others: wish alone {leave_one_out(library, queries, name):.3f}")


def load(folder: Path) -> Library:
    """Read the stories as a marketing team's spreadsheet has them."""
    vocabulary, states = seeded(), provinces()
    library = Library(vocabulary, [], [], [], [], [], [])
    with (folder / "stories.csv").open(encoding="utf-8-sig", newline="") as file:
        for i, row in enumerate(csv.DictReader(file)):
            fields = {name: row[name.capitalize()] for name in ("headline", "challenge", "solution", "impact")}
            account = f"{row['Company']}. {row['Industry']}. {row['Location']}"
            document = {**fields, "quotes": row["Quote"], "account": account}
            terms = text.terms_of(document)
            library.companies.append(row["Company"])
            library.lengths.append(text.length_of(terms))
            library.rows.extend((term, i, n, library.lengths[i]) for term, n in terms.items())
            library.plain.append(plain_terms(" ".join(document.values())))
            for value in [*values_in(row["Industry"], vocabulary, "industry"), *countries_in(row["Location"], vocabulary, states)]:
                library.fact_row.append(i)
                library.fact_value.append(value)
    return library


def load_queries(folder: Path) -> list[dict[str, Any]]:
    """The judged wishes."""
    return list(json.loads((folder / "queries.json").read_text(encoding="utf-8"))["queries"])


def wish_alone(library: Library, query: Mapping[str, Any]) -> list[str]:
    """Companies as ranked with no criteria in the need."""
    return ranked(library, query["query"], [])


def facets_given(library: Library, query: Mapping[str, Any]) -> list[str]:
    """Companies as ranked with the query's facets as criteria; what is no facet of ours (platform) is left to the wish."""
    facets = query["facets"]
    named = [("industry", name) for name in facets.get("industry", [])]
    named += [("geography", facets[part]) for part in ("region", "country") if part in facets]
    named += [("use_case", name) for name in facets.get("theme", [])]
    found = [(facet, library.vocabulary.named(facet, key(name))) for facet, name in named]
    return ranked(library, query["query"], [Wished(tuple(v.id for v in values), facet) for facet, values in found if values])


def ranked(library: Library, wish: str, given: Sequence[Wished]) -> list[str]:
    """Companies, best first, down to the floor."""
    scored = match(library, wish, given)
    return [library.companies[i] for i in scored.order]


def match(library: Library, wish: str, given: Sequence[Wished]) -> Scored:
    """The match over one candidate per story, alike in all that is no facet and no story."""
    understood = read(wish, library.vocabulary)
    ideas = story_query(given, understood, library.vocabulary)
    wanted = set(text.wanted(ideas))
    n = len(library.companies)
    ranking = text.rank(
        ideas, text.postings(row for row in library.rows if row[0] in wanted), n_documents=n, mean_length=float(np.mean(library.lengths))
    )
    story_fit, story_cover = np.zeros(n), np.zeros(n)
    story_fit[ranking.story], story_cover[ranking.story] = ranking.fit(), ranking.cover()
    candidates = Candidates(
        id=np.arange(n),
        family=np.arange(n),
        fact_row=np.array(library.fact_row, dtype=np.int64),
        fact_value=np.array(library.fact_value, dtype=np.int64),
        story_fit=story_fit,
        story_cover=story_cover,
        grade_sum=np.zeros(n),
        grade_count=np.zeros(n, dtype=np.int64),
        confirmed_days=np.full(n, np.nan),
        left=np.zeros(n, dtype=np.int64),
        limit=np.full(n, -1),
        asked_days=np.full(n, np.inf),
        relationship=np.zeros(n),
    )
    return score(candidates, merged(given, understood), library.vocabulary, story_wished=bool(ideas))


def plain_bm25(library: Library, query: Mapping[str, Any]) -> list[str]:
    """The textbook: stemmed words, k1 1.2, b 0.75, no fields, no synonyms, no facets; ties in file order."""
    n, mean_length = len(library.plain), float(np.mean([len(d) for d in library.plain]))
    total = np.zeros(n)
    for term in set(plain_terms(query["query"])):
        counts = np.array([document.count(term) for document in library.plain])
        seen = int((counts > 0).sum())
        norm = 1.2 * (0.25 + 0.75 * np.array([len(d) for d in library.plain]) / mean_length)
        total += math.log1p((n - seen + 0.5) / (seen + 0.5)) * counts * 2.2 / (counts + norm)
    return [library.companies[i] for i in np.argsort(-total, kind="stable") if total[i] > 0]


def plain_terms(written: str) -> list[str]:
    """Stems of all words but the stop words."""
    return list(stemmer("english").stemWords([w.key for w in words(written) if w.key not in text.STOP]))


def ndcg(companies: Sequence[str], query: Mapping[str, Any]) -> float:
    """NDCG at `DEPTH`; 1 or 0 where nothing is relevant, see the top of the file."""
    gains = {judged["company"]: 2 ** judged["grade"] - 1 for judged in query["relevant"]}
    if not gains:
        return float(not companies)
    best = discounted(sorted(gains.values(), reverse=True))
    return discounted([gains.get(company, 0) for company in companies]) / best


def discounted(gains: Sequence[float]) -> float:
    """Discounted cumulative gain at `DEPTH`."""
    return sum(gain / math.log2(i + 2) for i, gain in enumerate(gains[:DEPTH]))


def mean(library: Library, queries: Sequence[Mapping[str, Any]], way: Callable[[Library, Mapping[str, Any]], list[str]]) -> float:
    """Mean nDCG."""
    return float(np.mean([ndcg(way(library, query), query) for query in queries]))


def leave_one_out(library: Library, queries: Sequence[Mapping[str, Any]], name: str) -> float:
    """Mean nDCG where each query is scored with the value that is best on all the others (the chosen one wins ties)."""
    module, values = TUNED[name]
    chosen = getattr(module, name)
    tried = sorted(values, key=lambda value: value != chosen)
    table = []
    for value in tried:
        with setting(module, name, value):
            table.append([ndcg(wish_alone(library, query), query) for query in queries])
    scores = np.array(table)
    others = scores.sum(axis=1, keepdims=True) - scores
    return float(np.mean([scores[int(np.argmax(others[:, q])), q] for q in range(len(queries))]))


@contextmanager
def setting(module: Any, name: str, value: float) -> Iterator[None]:
    """Try another value of a constant."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


if __name__ == "__main__":
    main()
