"""What views hand to the tags of `ui`: small frozen values, each named after its part."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from firsthand.core.words import number

Kind = Literal["", "good", "wait", "bad", "info", "brand"]


class HasMark(Protocol):
    """Anything with a state to show: a `Mark`, or a `TextChoices` member with `glyph` and `kind` properties."""

    @property
    def label(self) -> str: ...
    @property
    def glyph(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Mark:
    """A status: word, lucide icon, kind."""

    label: str
    glyph: str
    kind: Kind = ""


@dataclass(frozen=True)
class Choice:
    """One card of `choices`; with `why_not` it cannot be taken and the sentence stands on it."""

    value: str
    label: str
    icon: str = ""
    note: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Link:
    """An entry of `seg_links` or `tabs`."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """A step of a workflow's main line."""

    label: str
    state: Literal["done", "now", "next"]
    note: str = ""

    @property
    def icon(self) -> str:
        return {"done": "circle-check", "now": "circle-dot", "next": "circle"}[self.state]


@dataclass(frozen=True)
class Points:
    """A named part of a score."""

    name: str
    points: float
    of: float


@dataclass(frozen=True)
class Reason:
    """A line under a match: what fits, what differs."""

    sentence: str
    fits: bool = True


@dataclass(frozen=True)
class Figure:
    """A headline value with its unit and basis; `trend` draws a small line."""

    label: str
    value: str
    unit: str = ""
    basis: str = ""
    trend: tuple[float, ...] = ()
    status: HasMark | None = None

    @property
    def trend_label(self) -> str:
        return f"{self.label}: " + ", ".join(number(point) for point in self.trend)


@dataclass(frozen=True)
class Column:
    """A table's head. `sort` is the name in `?sort=`; `hidden` keeps the label for screen readers."""

    label: str
    sort: str = ""
    numeric: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Filter:
    """A select of a list's toolbar; options are (value, label), the empty value means any."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""


@dataclass(frozen=True)
class Toolbar:
    """What stands above a list. `target` is the id of the element that holds the list and its pager.

    Without a `search` (None) there is no search box. Whatever else is in the address, but for the place in the list,
    is kept. With a `save_url` the filter can be saved: it takes a POST of `name` and `query`.
    """

    target: str = "list"
    search: str | None = ""
    search_label: str = "Search in this list"
    filters: tuple[Filter, ...] = ()
    saved: tuple[Link, ...] = ()
    exports: tuple[Link, ...] = ()
    save_url: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.search) or any(chosen.value for chosen in self.filters)


@dataclass(frozen=True)
class Pager:
    """Where one is in a list paged by key. `previous` and `next` are addresses, empty at the ends.

    `total` is counted to a cap only; past it `is_capped` says so and the page reads "10,000+".
    """

    first: int
    last: int
    total: int
    is_capped: bool = False
    previous: str = ""
    next: str = ""


@dataclass(frozen=True)
class Bar:
    """A row of `bars` or a column of `columns`. `goal` draws a mark; past it the bar takes colour."""

    label: str
    value: float
    text: str = ""
    goal: float | None = None
    note: str = ""
    stands_out: bool = False


@dataclass(frozen=True)
class Found:
    """A line of the palette."""

    url: str
    text: str
    note: str = ""
    icon: str = ""
    person: str = ""


@dataclass(frozen=True)
class FoundGroup:
    title: str
    found: list[Found] = field(default_factory=list)
