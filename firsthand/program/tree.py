"""Values in the order in which a tree is read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from firsthand.program.models import FacetValue


def in_order(values: Iterable[FacetValue]) -> list[FacetValue]:
    """Every value after the one it stands below, siblings by position and name. One whose parent is not given counts as at the top."""
    rows = list(values)
    given = {row.pk for row in rows}
    below: dict[int | None, list[FacetValue]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.position, row.name, row.pk)):
        below[row.parent_id if row.parent_id in given else None].append(row)
    return list(_walk(below, None))


def _walk(below: dict[int | None, list[FacetValue]], parent: int | None) -> Iterator[FacetValue]:
    for row in below[parent]:
        yield row
        yield from _walk(below, row.pk)
