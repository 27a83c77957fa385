"""The one table behind every search box: written by the rooms' deeds, in the transaction of the deed.

Texts are kept folded (`core.words_key`), so both engines find the same things: SQLite by FTS5 over words and over trigrams,
PostgreSQL by tsvector and pg_trgm. The database itself keeps the indexes as rows of `SearchEntry` change and go; what is new
comes into SQLite's by `add`, many rows by one statement, which costs a seventh of a trigger for each row.
A masked field (e-mail address, phone) is never put in here, and whatever is found still passes `visible_to`.

Every word of a search must begin a word of the thing. Where nothing fits so, things with nearly these words are found.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz

from firsthand.core import bulk, words_key
from firsthand.core.models import SearchEntry

Row = TypeVar("Row", bound=models.Model)

# An entry's id is its thing's id and its kind's number in one, so that a match on SQLite reads the index alone.
KINDS = {"account": 1, "contact": 2, "opportunity": 3, "story": 4, "referencerequest": 5, "colleague": 6, "reference": 7}
KIND_BITS = 4
NAMES = {number: kind for kind, number in KINDS.items()}

TITLE, BODY = 300, 20_000
MOST_WORDS = 12
SLICE = 100
MOST_RANKED = 3_000
NEAR_MOST, NEAR_CANDIDATES = 50, 300
NEAR_SCORE = 78
SHORTEST_NEAR = 4


class Entry(NamedTuple):
    """A thing as it is found: `kind` is the model's short name, as history names it."""

    kind: str
    object_id: int
    title: str
    body: str = ""


class Hit(NamedTuple):
    kind: str
    object_id: int


def put(entries: Iterable[Entry]) -> None:
    """Make these things findable as they are now, whether or not they were before."""
    wanted = {entry_id(entry.kind, entry.object_id): entry for entry in entries}
    if _on_postgres():
        SearchEntry.objects.bulk_create(
            [_row(entry) for entry in wanted.values()], update_conflicts=True, unique_fields=["id"], update_fields=["title", "body"]
        )
        return
    with transaction.atomic():
        known = set(SearchEntry.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        add(entry for pk, entry in wanted.items() if pk not in known)
        bulk.update(SearchEntry, ("id", "title", "body"), [(pk, *texts(wanted[pk])) for pk in known])


def add(entries: Iterable[Entry]) -> None:
    """The same for things made just now, which nobody can have found before."""
    rows = [(entry_id(entry.kind, entry.object_id), entry.kind, entry.object_id, *texts(entry)) for entry in entries]
    with transaction.atomic(savepoint=False):
        bulk.insert(SearchEntry, ("id", "kind", "object_id", "title", "body"), rows)
        if rows and not _on_postgres():
            _index([row[0] for row in rows])


def drop(kind: str, ids: Iterable[int]) -> None:
    """Make these things not findable any more."""
    SearchEntry.objects.filter(pk__in=[entry_id(kind, object_id) for object_id in ids]).delete()


def narrow(rows: QuerySet[Row], kind: str, text: str, *, through: str = "pk") -> QuerySet[Row]:
    """Those of `rows` that the text finds; `through` names the field that holds the id of the thing of that kind.

    Text without a letter or a digit finds nothing.
    """
    wanted = search_words(text)
    if not wanted:
        return rows.none()
    exact = rows.filter(**{f"{through}__in": _ids(wanted, kind)})
    if _is_any(wanted, kind) and exact.exists():  # of what one may see: else a hidden name would be told from one that is nobody's
        return exact
    return rows.filter(**{f"{through}__in": [hit.object_id for hit in _near(wanted, [kind])]})


def find(text: str, kinds: Sequence[str]) -> Iterator[list[Hit]]:
    """What fits best first, in slices, until there is no more; see `near` for what to do where none of it may be seen.

    A slice is read when it is asked for.
    """
    wanted = search_words(text)
    if not wanted:
        return
    offset = 0
    while hits := _ranked(wanted, kinds, offset):
        yield hits
        offset += SLICE


def near(text: str, kinds: Sequence[str]) -> list[Hit]:
    """Things whose title is very like the text, best first."""
    wanted = search_words(text)
    return _near(wanted, kinds) if wanted else []


def entry_id(kind: str, object_id: int) -> int:
    return object_id << KIND_BITS | KINDS[kind]


def _row(entry: Entry) -> SearchEntry:
    title, body = texts(entry)
    return SearchEntry(id=entry_id(entry.kind, entry.object_id), kind=entry.kind, object_id=entry.object_id, title=title, body=body)


def texts(entry: Entry) -> tuple[str, str]:
    return words_key.key(entry.title)[:TITLE], words_key.key(entry.body[:BODY])[:BODY]


def search_words(text: str) -> list[str]:
    """The words of a search, folded, without repeats."""
    return list(dict.fromkeys(words_key.key(text).split()))[:MOST_WORDS]


def _index(ids: Sequence[int]) -> None:
    """Read rows that were just written into SQLite's two indexes."""
    chosen = "FROM core_searchentry WHERE id IN (SELECT value FROM json_each(%s))"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO core_search_words(rowid, title, body) SELECT id, title, body {chosen}", [json.dumps(ids)])
        cursor.execute(f"INSERT INTO core_search_grams(rowid, title) SELECT id, title {chosen}", [json.dumps(ids)])


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _query(wanted: Sequence[str]) -> str:
    """The words in the engine's own language, each quoted, since both read operators out of bare words."""
    if _on_postgres():
        return " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "':*" for word in wanted)
    return " ".join('"' + word.replace('"', '""') + '"*' for word in wanted)


def _ids(wanted: Sequence[str], kind: str) -> RawSQL:
    if _on_postgres():
        sql = "SELECT object_id FROM core_searchentry WHERE words @@ to_tsquery('simple', %s) AND kind = %s"
        return RawSQL(sql, [_query(wanted), kind])  # noqa: S611 - values go as parameters
    sql = "SELECT rowid >> 4 FROM core_search_words WHERE core_search_words MATCH %s AND rowid & 15 = %s"
    return RawSQL(sql, [_query(wanted), KINDS[kind]])  # noqa: S611 - values go as parameters


def _is_any(wanted: Sequence[str], kind: str) -> bool:
    return _is_more_than(0, wanted, [kind])


def _is_more_than(count: int, wanted: Sequence[str], kinds: Sequence[str]) -> bool:
    sql, params = _match(wanted, kinds)
    return bool(_read(f"{sql} LIMIT 1 OFFSET %s", [*params, count]))


def _ranked(wanted: Sequence[str], kinds: Sequence[str], offset: int) -> list[Hit]:
    """A slice, best first; of very many, the newest first, since ranking would have to weigh each of them."""
    sql, params = _match(wanted, kinds)
    order, more = _best_first(wanted)
    if _is_more_than(MOST_RANKED, wanted, kinds):
        order, more = ("id DESC" if _on_postgres() else "rowid DESC"), []
    return [_hit(pk) for (pk,) in _read(f"{sql} ORDER BY {order} LIMIT %s OFFSET %s", [*params, *more, SLICE, offset])]


def _match(wanted: Sequence[str], kinds: Sequence[str]) -> tuple[str, list[Any]]:
    if _on_postgres():
        return "SELECT id FROM core_searchentry WHERE words @@ to_tsquery('simple', %s) AND kind = ANY(%s)", [_query(wanted), list(kinds)]
    marks = ", ".join(["%s"] * len(kinds))
    sql = f"SELECT rowid FROM core_search_words WHERE core_search_words MATCH %s AND rowid & 15 IN ({marks})"  # noqa: S608 - only marks
    return sql, [_query(wanted), *(KINDS[kind] for kind in kinds)]


def _best_first(wanted: Sequence[str]) -> tuple[str, list[Any]]:
    if _on_postgres():
        return "ts_rank_cd(words, to_tsquery('simple', %s)) DESC, length(title), id", [_query(wanted)]
    return "bm25(core_search_words, 10.0, 1.0), rowid", []


def _near(wanted: Sequence[str], kinds: Sequence[str]) -> list[Hit]:
    """Things whose title has something very like every word: misspelt, or inside a longer word. Best first."""
    if max(map(len, wanted)) < SHORTEST_NEAR:
        return []
    scored = [(min(_likeness(word, title) for word in wanted), -len(title), pk) for pk, title in _candidates(wanted, kinds)]
    best = sorted((row for row in scored if row[0] >= NEAR_SCORE), reverse=True)[:NEAR_MOST]
    return [_hit(pk) for _, _, pk in best]


def _likeness(word: str, title: str) -> float:
    """From 0 to 100: how like the word is to the most similar word of the title, or to a piece of it."""
    if len(word) >= SHORTEST_NEAR - 1 and word in title:
        return 100
    return max((fuzz.ratio(word, other) for other in title.split()), default=0)


def _candidates(wanted: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, str]]:
    """Titles that share most trigrams with the words, as (entry id, title)."""
    if _on_postgres():
        sql = (
            "SELECT id, title FROM core_searchentry WHERE %s <%% title AND kind = ANY(%s) "
            "ORDER BY word_similarity(%s, title) DESC, id LIMIT %s"
        )
        with transaction.atomic():
            _read("SELECT set_config('pg_trgm.word_similarity_threshold', '0.3', true)", [])
            return _read(sql, [" ".join(wanted), list(kinds), " ".join(wanted), NEAR_CANDIDATES])
    marks = ", ".join(["%s"] * len(kinds))
    sql = (
        "SELECT e.id, e.title FROM core_search_grams g JOIN core_searchentry e ON e.id = g.rowid "  # noqa: S608 - only marks
        f"WHERE core_search_grams MATCH %s AND g.rowid & 15 IN ({marks}) ORDER BY g.rank, e.id LIMIT %s"
    )
    return _read(sql, [_grams(wanted), *(KINDS[kind] for kind in kinds), NEAR_CANDIDATES])


def _grams(wanted: Sequence[str]) -> str:
    grams = dict.fromkeys(word[start : start + 3] for word in wanted for start in range(len(word) - 2))
    return " OR ".join('"' + gram.replace('"', '""') + '"' for gram in grams)


def _hit(pk: int) -> Hit:
    return Hit(NAMES[pk & (1 << KIND_BITS) - 1], pk >> KIND_BITS)


def _read(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
