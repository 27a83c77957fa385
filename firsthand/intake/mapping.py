"""Which heading of a file feeds which of our columns. Aliases decide; the person has the last word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firsthand.intake.cells import Evidence
from firsthand.intake.kinds import KINDS, Column, Kind, folded
from firsthand.intake.reader import Heading


@dataclass(frozen=True, kw_only=True)
class Matched:
    """`columns`: our column's name -> position of the heading. `rest`: positions without a home."""

    columns: dict[str, int]
    rest: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Guess:
    kind: str
    share: float
    columns: dict[str, int] = field(default_factory=dict)


def match_headings(kind: Kind, headings: Sequence[Heading], evidence: Mapping[int, Evidence] | None = None) -> Matched:
    """Each of our columns takes the heading with its best alias, each heading feeds one column at most.

    Of two headings with the same name the fuller one is taken, then the one with the longer cells (an 18 character
    Salesforce id before its 15 character form), then the first.
    """
    seen = evidence or {}
    wishes = sorted(
        (alias, -filled(seen, heading), -longest(seen, heading), place, heading.position, column.name)
        for heading in headings
        for place, column in enumerate(kind.columns)
        if (alias := rank(column, heading)) is not None
    )
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for *_, position, name in wishes:
        if name not in columns and position not in taken:
            columns[name] = position
            taken.add(position)
    rest = tuple(heading.position for heading in headings if heading.position not in taken)
    return Matched(columns={column.name: columns[column.name] for column in kind.columns if column.name in columns}, rest=rest)


def rank(column: Column, heading: Heading) -> int | None:
    """How early among the column's names the heading stands; None where it is no name of it."""
    name = folded(heading.name)
    return column.names.index(name) if name in column.names else None


def filled(evidence: Mapping[int, Evidence], heading: Heading) -> int:
    return evidence[heading.position].filled if heading.position in evidence else 0


def longest(evidence: Mapping[int, Evidence], heading: Heading) -> int:
    return evidence[heading.position].longest if heading.position in evidence else 0


def guess_kind(headings: Sequence[Heading]) -> Guess | None:
    """The kind that recognises most headings, if what it needs is among them; None where none does."""
    best: Guess | None = None
    for kind in KINDS.values():
        columns = match_headings(kind, headings).columns
        share = len(columns) / max(len(headings), 1)
        enough = all(any(name in columns for name in group) for group in kind.needs)
        if enough and (best is None or share > best.share):
            best = Guess(kind=kind.name, share=share, columns=columns)
    return best
