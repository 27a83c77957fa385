"""What rows of earlier imports said, so that a row which says the same again costs next to nothing.

A row is skipped when its cells, read in the same way, are those of last time, and its record still has the revision
that import left it at. Whatever else could make it differ (an owner nobody knew, a value nothing knew) was not kept.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from django.db import models

from firsthand.core import bulk
from firsthand.core.models import Record
from firsthand.customers.models import Account
from firsthand.history.upserts import Done, State
from firsthand.intake.models import SeenRow

# Kinds of which one row is one record of one model.
MODELS: Mapping[str, type[Record]] = {"accounts": Account}


def key_of(kind: str, fingerprint: int) -> int:
    """The fingerprint of who a row is, apart for each kind."""
    return int.from_bytes(blake2b(f"{kind}:{fingerprint}".encode(), digest_size=8).digest(), "little", signed=True)


def salt_of(mapping: Mapping[str, Any], *context: object) -> bytes:
    """What decides how cells are read."""
    return blake2b(json.dumps([mapping, context], sort_keys=True, default=str).encode(), digest_size=32).digest()


def digest_of(salt: bytes, content: bytes) -> int:
    return int.from_bytes(blake2b(content, key=salt, digest_size=8).digest(), "little", signed=True)


def look_up(kind: str, digests: Mapping[int, int]) -> tuple[set[int], set[int]]:
    """(keys seen at all, keys whose row said just this before and whose record has not been changed since)."""
    seen = list(SeenRow.objects.filter(pk__in=digests).values_list("id", "digest", "object_id", "revision"))
    alike = {object_id: (pk, revision) for pk, digest, object_id, revision in seen if digests[pk] == digest}
    current = revisions_of(kind, list(alike))
    return {row[0] for row in seen}, {alike[pk][0] for pk, revision in current.items() if alike[pk][1] == revision}


def keep(kind: str, rows: Sequence[tuple[int, int, Done]], known: set[int]) -> None:
    """Remember (key, digest, what was done) as just written; `known` are the keys seen at all."""
    revisions = revisions_of(kind, [done.id for _, _, done in rows if done.state != State.NEW])
    full = {key: (key, digest, done.id, revisions.get(done.id, 1)) for key, digest, done in rows}
    names = ("id", "digest", "object_id", "revision")
    bulk.insert(SeenRow, names, [row for key, row in full.items() if key not in known])
    bulk.update(SeenRow, names, [row for key, row in full.items() if key in known])


def revisions_of(kind: str, ids: Sequence[int]) -> dict[int, int]:
    if not ids:
        return {}
    every: models.QuerySet[Record] = models.QuerySet(MODELS[kind])
    return dict(every.filter(pk__in=ids).values_list("id", "revision"))


def forget() -> None:
    """After an undo, which gives records an earlier revision again, nothing that was seen is certain."""
    SeenRow.objects.all().delete()
