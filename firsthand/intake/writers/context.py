"""What the writers of all kinds share while they turn typed rows into calls of the rooms' deeds."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Refusal
from firsthand.intake.kinds import Column, Kind, Type
from firsthand.intake.values import Values
from firsthand.people.upserts import ColleagueBook
from firsthand.program.policy import in_force

Row = Mapping[str, Any]
MAX_UNKNOWN, LONGEST_VALUE = 1000, 120


@dataclass
class Context:
    """One step's knowledge: the vocabulary, the colleagues, who imports, and what was met that nothing knows.

    `mapped`: the columns the file has, by which an empty cell is told from one that is not there.
    `unsure`: the rows (by identity) that might say something else once more is known.
    """

    kind: Kind
    by: Actor
    change: Change | None
    mapped: Collection[str] = frozenset()
    values: Values = field(default_factory=Values)
    colleagues: ColleagueBook = field(default_factory=ColleagueBook)
    base_currency: str = field(default_factory=lambda: in_force().base_currency)
    decided: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    unknown: dict[str, Counter[str]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    unsure: set[int] = field(default_factory=set)

    def facet_values(self, row: Row) -> dict[int, tuple[int, ...]]:
        """By facet id, the value ids for the facet columns of a row; what nothing knows is gathered for the person."""
        found: dict[int, tuple[int, ...]] = {}
        for column, facet in self.facet_columns:
            if column.name in row:
                ids = self.read_facet(column.facet, str(row[column.name]), many=column.many)
                if not ids or column.many:
                    self.unsure.add(id(row))
                if ids:
                    found[facet] = tuple(dict.fromkeys((*found[facet], *ids))) if facet in found else ids
        return found

    @cached_property
    def facet_columns(self) -> list[tuple[Column, int]]:
        """The kind's columns that hold facet values, each with its facet's id."""
        facets = self.values.facets
        return [(column, facets[column.facet]) for column in self.kind.columns if column.type == Type.FACET and column.facet in facets]

    def read_facet(self, facet: str, cell: str, *, many: bool) -> tuple[int, ...]:
        parts = [part.strip() for part in cell.split(";") if part.strip()] if many else [cell]
        ids: tuple[int, ...] = ()
        for part in parts:
            known = self.values.find(facet, part)
            decision = self.decided.get(facet, {}).get(part)
            if decision and not known:
                known = (decision["value"],) if decision["do"] == "map" else ()
            elif not known and len(part) > LONGEST_VALUE:
                self.told[f"A value of {facet} is longer than {LONGEST_VALUE} characters and was left out."] += 1
            elif not known:
                counter = self.unknown.setdefault(facet, Counter())
                if part in counter or len(counter) < MAX_UNKNOWN:
                    counter[part] += 1
            ids += known
        return ids

    def owner(self, row: Row, name: str = "owner") -> int | None:
        """The colleague a row names by id, address or name; an unknown one is told, and the row stands without."""
        found = self.colleagues.find(row.get(f"{name}_id", ""), row.get(f"{name}_email", ""), row.get(name, ""))
        if isinstance(found, int):
            return found
        self.unsure.add(id(row))
        who = row.get(name) or row.get(f"{name}_email")
        if isinstance(found, Refusal):
            self.told[found.sentence] += 1
        elif who:
            self.told[f"No colleague is known as {who}; those rows have no owner."] += 1
        return None

    def colleague(self, named: str) -> int | None:
        """The colleague a cell names by address or name; an unknown one is told, and the row stands without."""
        found = self.colleagues.find("", named.lower(), "") if "@" in named else self.colleagues.find("", "", named)
        if isinstance(found, int):
            return found
        self.told[found.sentence if found else f"No colleague is known as {named}; those rows stand without."] += 1
        return None

    def amount(self, row: Row, name: str) -> dict[str, Any]:
        """Amount, currency and the amount in the base currency, which is known only where no rate is needed."""
        if name not in row:
            return {}
        amount, currency = row[name]
        currency = str(row.get("currency") or currency or self.base_currency).upper()[:3]
        base = amount if currency == self.base_currency else None
        return {"amount": whole_cents(amount), "currency": currency, "amount_base": whole_cents(base)}


def whole_cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def taken(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    """The columns a row fills, under the deed's names: our column -> the deed's."""
    return {theirs: row[ours] for ours, theirs in names.items() if ours in row}
