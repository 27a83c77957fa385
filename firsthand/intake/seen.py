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


def same_as_before(kind: str, digests: Mapping[int, int]) -> set[int]:
    """Keys whose row said just this before, and whose record has not been changed since."""
    seen = SeenRow.objects.filter(pk__in=digests).values_list("id", "digest", "object_id", "revision")
    alike = {object_id: (pk, revision) for pk, digest, object_id, revision in seen if digests[pk] == digest}
    every: models.QuerySet[Record] = models.QuerySet(MODELS[kind])
    current = every.filter(pk__in=alike).values_list("id", "revision")
    return {alike[pk][0] for pk, revision in current if alike[pk][1] == revision}


def keep(kind: str, rows: Sequence[tuple[int, int, int]]) -> None:
    """Remember (key, digest, record) as just written."""
    every: models.QuerySet[Record] = models.QuerySet(MODELS[kind])
    revisions = dict(every.filter(pk__in=[row[2] for row in rows]).values_list("id", "revision"))
    there = set(SeenRow.objects.filter(pk__in=[row[0] for row in rows]).values_list("id", flat=True))
    full = {key: (key, digest, pk, revisions[pk]) for key, digest, pk in rows if pk in revisions}
    names = ("id", "digest", "object_id", "revision")
    bulk.insert(SeenRow, names, [row for key, row in full.items() if key not in there])
    bulk.update(SeenRow, names, [row for key, row in full.items() if key in there])


def forget() -> None:
    """After an undo, which gives records an earlier revision again, nothing that was seen is certain."""
    SeenRow.objects.all().delete()
