"""From a row of cells to typed values under our own column names: what the mapping says, cell by cell."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from firsthand.deals.crm_ids import long_form
from firsthand.intake.cells import (
    DASHES,
    NOTHING,
    Order,
    Unreadable,
    is_blank,
    read_bool,
    read_date,
    read_email,
    read_id,
    read_list,
    read_money,
    read_number,
    read_whole,
)
from firsthand.intake.kinds import Column, Kind, Type, folded
from firsthand.intake.mapping import match_headings
from firsthand.intake.staging import Line, Staged

LONGEST_TEXT = 20_000
REMEMBERED, LONGEST_REMEMBERED = 20_000, 200
# What our own file of refused rows adds to the file's columns.
ADDED = ("Line", "Why it was refused")
ESCAPED = ("'=", "'+", "'-", "'@")
LONGEST_NOTHING = max(map(len, NOTHING))


@dataclass
class Plan:
    """How the columns of one file become ours; what the mapping page edits and a saved mapping keeps.

    `columns`: our column -> position. `custom`: position -> name of the custom field it becomes. `orders`: our column
    -> dmy or mdy. `serials`: our columns in which a bare number may be an Excel date. `commas`: our columns whose
    decimal mark is the comma; `points`: those of which somebody says that it is the point. `scale`: our column -> factor.
    `notes` tell what was assumed, `questions` what is open.
    """

    columns: dict[str, int] = field(default_factory=dict)
    custom: dict[int, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    serials: list[str] = field(default_factory=list)
    commas: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    scale: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "custom": {str(position): name for position, name in self.custom.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        return cls(**{**data, "custom": {int(position): name for position, name in data.get("custom", {}).items()}})


def first_plan(kind: Kind, staged: Staged) -> Plan:
    """The plan that the headings and the cells themselves suggest; every other column is offered as a custom field."""
    matched = match_headings(kind, staged.headings, staged.evidence)
    plan = Plan(columns=matched.columns)
    if kind.custom_fields:
        plan.custom = {
            position: staged.headings[position - 1].label
            for position in matched.rest
            if staged.headings[position - 1].name not in ("", *ADDED) and staged.evidence[position].filled
        }
    settle(kind, staged, plan)
    return plan


def settle(kind: Kind, staged: Staged, plan: Plan) -> None:
    """Decide how each mapped column is written, as far as the file tells; note what was assumed, ask what is open."""
    plan.notes, plan.questions = [], []
    settle_dates(kind, staged, plan)
    for name, position in plan.columns.items():
        if kind.column(name).type not in (Type.MONEY, Type.NUMBER, Type.WHOLE) or name in (*plan.commas, *plan.points):
            continue
        evidence = staged.evidence[position]
        comma = evidence.comma_decimal
        if comma is None and evidence.thousand:
            comma = staged.shape.delimiter == ";"
            mark = "a decimal comma" if comma else "a thousands separator"
            plan.notes.append(f"{name}: no cell says so, the separator was read as {mark}.")
        if comma:
            plan.commas.append(name)


def drop_contradicted(staged: Staged, plan: Plan) -> None:
    """Forget what was said of another file where the cells of this one prove the contrary."""
    for name, position in plan.columns.items():
        evidence = staged.evidence[position]
        if evidence.order:
            plan.orders.pop(name, None)
        if evidence.comma_decimal is not None:
            plan.commas = [each for each in plan.commas if each != name]
            plan.points = [each for each in plan.points if each != name]


def settle_dates(kind: Kind, staged: Staged, plan: Plan) -> None:
    """An order a column does not prove is taken from the file's other date columns where these agree, and told."""
    dates = {name: position for name, position in plan.columns.items() if kind.column(name).type == Type.DATE}
    proven = {evidence.order for evidence in staged.evidence.values() if evidence.order}
    for name, position in dates.items():
        evidence = staged.evidence[position]
        if name in plan.orders:
            continue
        if evidence.order:
            plan.orders[name] = evidence.order.value
        elif evidence.must_ask and len(proven) == 1:
            order = next(iter(proven))
            plan.orders[name] = order.value
            first = "the day" if order == Order.DAY_FIRST else "the month"
            plan.notes.append(f"{name}: read with {first} first, as the file's other dates are.")
        elif evidence.must_ask:
            plan.questions.append(name)


@dataclass(slots=True)
class Read:
    """A row as typed values: only what is filled. `refusal` says why the row cannot be written."""

    line: int
    cells: list[str]
    values: dict[str, Any]
    refusal: str = ""
    warnings: tuple[str, ...] = ()


Reading = Callable[[str], tuple[Any, str]]


class Caster:
    """Reads staged lines of one file. Cells repeat, so what each was read as is remembered, up to a bound."""

    def __init__(self, kind: Kind, plan: Plan, *, only_keys: bool = False) -> None:
        self.kind, self.plan = kind, plan
        keys = {name for key in kind.keys for name in key}
        self.columns = [
            (name, position - 1, remembered(reading(kind.column(name), plan)))
            for name, position in plan.columns.items()
            if not only_keys or name in keys
        ]
        self.custom = [] if only_keys else [(position - 1, name) for position, name in plan.custom.items()]

    def read(self, line: Line) -> Read:
        if line.refusal:
            return Read(line.line, line.cells, {}, line.refusal)
        values: dict[str, Any] = {}
        warnings: list[str] = []
        cells = line.cells
        try:
            for name, place, read in self.columns:
                cell = cells[place]
                if cell:
                    value, warning = read(cell)
                    if value is not None:
                        values[name] = value
                    if warning:
                        warnings.append(f"{name}: {warning}")
        except Unreadable as unreadable:
            return Read(line.line, cells, {}, f"{name}: {unreadable}")
        if self.custom:
            custom = {name: cells[place].strip() for place, name in self.custom if not is_blank(cells[place])}
            if custom:
                values["custom"] = custom
        return Read(line.line, cells, values, self.lacking(values), tuple(warnings))

    def lacking(self, values: Mapping[str, Any]) -> str:
        """Why a row without what its kind needs is refused."""
        if values.get("deleted"):
            return "The record is marked as deleted where it comes from."
        for group in self.kind.needs:
            if not any(name in values for name in group):
                return f"The row has no {' or '.join(self.kind.column(name).label for name in group)}."
        return ""

    def identity(self, values: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Who the row is, by its kind's first key that is filled; None where nothing says so."""
        for key in self.kind.keys:
            if all(name in values for name in key):
                return (*key, *(self.compared(name, str(values[name])) for name in key))
        return None

    def compared(self, name: str, value: str) -> str:
        """Ids and days as they are, a deal's id in one of its two ways, words folded."""
        if name == "opportunity_id":
            return long_form(value)
        return value if self.kind.column(name).type in (Type.ID, Type.DATE) else folded(value)


def remembered(read: Reading) -> Reading:
    """The same, remembering what short cells were read as; texts are long, many, and seldom alike."""
    known: dict[str, tuple[Any, str]] = {}

    def again(cell: str) -> tuple[Any, str]:
        found = known.get(cell)
        if found is None:
            found = read(cell)
            if len(known) < REMEMBERED and len(cell) <= LONGEST_REMEMBERED:
                known[cell] = found
        return found

    return again


def reading(column: Column, plan: Plan) -> Reading:
    """How one column's cells are read: (value, warning); the value is None where the cell says nothing."""
    order = Order(plan.orders[column.name]) if column.name in plan.orders else None
    serials, comma = column.name in plan.serials, column.name in plan.commas
    factor = plan.scale.get(column.name, 1)
    readers: dict[Type, Reading] = {
        Type.TEXT: lambda cell: (cell[: column.longest], cut(cell, column.longest)),
        Type.FACET: lambda cell: (cell[:LONGEST_TEXT], ""),
        Type.LONG: lambda cell: (cell[:LONGEST_TEXT], cut(cell, LONGEST_TEXT)),
        Type.ID: lambda cell: (read_id(cell), ""),
        Type.EMAIL: read_email,
        Type.DATE: lambda cell: (read_date(cell, order=order, serials=serials), ""),
        Type.MONEY: lambda cell: (scaled(*read_money(cell, comma_decimal=comma), factor), ""),
        Type.WHOLE: lambda cell: (read_whole(cell, comma_decimal=comma), ""),
        Type.NUMBER: lambda cell: (read_number(cell, comma_decimal=comma), ""),
        Type.BOOL: lambda cell: (read_bool(cell), ""),
        Type.LIST: lambda cell: (read_list(cell), ""),
        Type.CHOICE: lambda cell: read_choice(column, cell),
    }
    read = readers[column.type]
    says_nothing = NOTHING if column.type not in (Type.TEXT, Type.LONG, Type.ID) else frozenset()

    def read_filled(cell: str) -> tuple[Any, str]:
        text = cell.strip()
        if not text or text in DASHES or (len(text) <= LONGEST_NOTHING and text.casefold() in says_nothing):
            return None, ""
        return read(text[1:] if text[0] == "'" and text.startswith(ESCAPED) else text)

    return read_filled


def cut(cell: str, longest: int) -> str:
    return f"a text was cut to {longest:,} characters." if len(cell) > longest else ""


def scaled(amount: Any, currency: str, factor: float) -> tuple[Any, str]:
    return (amount * type(amount)(str(factor)) if factor != 1 else amount), currency


def read_choice(column: Column, cell: str) -> tuple[str | None, str]:
    """One of the column's words; another word is left out and told, as most columns can do without."""
    word = folded(cell)
    for choice in column.choices:
        if word == folded(choice):
            return choice, ""
    if word in column.synonyms:
        return column.synonyms[word], ""
    return None, f"“{cell[:40]}” is none of {', '.join(column.choices)}; it was left out."
