"""Every list of the program: columns, search, filters, order, pages, saved filters, files.

A room declares a `Listing` for one person and one page; `answer` reads the query string and gives the page or the file.
Rows come through `visible_to` before they get here, so what one may not see is in no count and no file either.

    def index(request: SignedIn) -> HttpResponseBase:
        return lists.answer(request, accounts_for(request.user), "customers/list.html")

A query string that says something unknown gives the list without that part and one sentence, never an error. A file of it is
refused, since nobody would read there that it holds more than was asked for.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render

from firsthand.core import export, keyset, words
from firsthand.core.export import Value
from firsthand.core.refused import Refused
from firsthand.core.ui import parts

Row = TypeVar("Row", bound=models.Model)
Item = TypeVar("Item")

COUNT_TO = 10_000
PER_PAGE = 50
PER_FILE_BATCH = 500
LONGEST_SEARCH = 200
FORMATS = {"csv": "CSV", "xlsx": "Excel"}
OUR_NAMES = {"q", "sort", "after", "before", "at", "as"}


@dataclass(frozen=True)
class Column(Generic[Item]):
    """`value` goes into files; `cell` is what the page shows, by default the value in words.

    `sort` is a field of the list's own table, with an index that starts with the list's scope; without it nobody sorts by it.
    `is_head` marks the cell that names the row. `in_file` False keeps a column of buttons out of files; `is_hidden` keeps its label for
    screen readers. `narrow` says where the cell stands on a phone, where a row is a card: a line of its own with its label, without
    the label at the `start` or the `end` of the first line, in a plain `line`, or nowhere (`none`: one click away).
    """

    name: str
    label: str
    value: Callable[[Item], Value]
    cell: Callable[[Item], str] | None = None
    sort: str = ""
    numeric: bool = False
    is_head: bool = False
    in_file: bool = True
    in_page: bool = True
    is_hidden: bool = False
    narrow: Literal["", "start", "end", "line", "none"] = ""

    def shown(self, item: Item) -> str:
        return self.cell(item) if self.cell else in_words(self.value(item))


@dataclass(frozen=True)
class Choice(Generic[Row]):
    """A filter with few values: (value, label) each. `narrow` gets one of the values, never anything else."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    narrow: Callable[[QuerySet[Row], str], QuerySet[Row]]


@dataclass(frozen=True)
class Saved:
    """The saved filters above a list: links, where a new one is posted, where this person's own are deleted, by link."""

    links: tuple[parts.Link, ...] = ()
    save_url: str = ""
    delete_urls: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing(Generic[Row, Item]):
    """What a list is, for one person.

    `rows` are those they may see, unordered; `items` turns a batch of rows into what columns read, fetching what it needs
    for all of them at once. `search` narrows by words. `order` names a column, with a minus for downwards.
    """

    name: str
    one: str
    many: str
    rows: QuerySet[Row]
    items: Callable[[list[Row]], Sequence[Item]]
    columns: tuple[Column[Item], ...]
    order: str
    choices: tuple[Choice[Row], ...] = ()
    search: Callable[[QuerySet[Row], str], QuerySet[Row]] | None = None
    search_label: str = "Search in this list"
    saved: Saved = field(default_factory=Saved)
    per_page: int = PER_PAGE


@dataclass(frozen=True)
class Wanted:
    """What a query string asks of a list, read and judged."""

    search: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    complaint: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.chosen)


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    numeric: bool
    is_head: bool
    narrow: str


@dataclass(frozen=True)
class Page:
    """A list as its template reads it."""

    name: str
    count: str
    total: int
    columns: tuple[parts.Column, ...]
    rows: list[list[Cell]]
    toolbar: parts.Toolbar
    pager: parts.Pager
    delete_url: str
    sort: str
    complaint: str
    is_narrowed: bool
    query: str


@dataclass(frozen=True)
class Fitting(Generic[Row]):
    """The first rows that fit a query string, in the list's order, and how many fit in all, counted to one more than `COUNT_TO`."""

    rows: list[Row]
    total: int


def answer(request: HttpRequest, listing: Listing[Row, Item], template: str, context: dict[str, Any] | None = None) -> HttpResponseBase:
    """The page, or with `?as=csv` and `?as=xlsx` the file of all rows the query string leaves."""
    form = request.GET.get("as", "")
    if form in FORMATS:
        return file(listing, request.GET, form)
    return render(request, template, {"list": page(listing, request.GET), **(context or {})})


def page(listing: Listing[Row, Item], query: QueryDict) -> Page:
    wanted = read(listing, query)
    rows = narrowed(listing, wanted)
    part, at, complaint = _slice(listing, rows, wanted, query)
    total = counted(rows)
    links = _saved_links(listing, wanted)
    return Page(
        name=listing.name,
        count=_count_words(listing, total),
        total=total,
        columns=tuple(
            parts.Column(c.label, sort=c.name if c.sort else "", numeric=c.numeric, hidden=c.is_hidden) for c in _page_columns(listing)
        ),
        rows=[_cells(listing, item) for item in listing.items(part.rows)],
        toolbar=_toolbar(listing, wanted, links),
        pager=_pager(listing, wanted, part, at, total),
        delete_url=next((listing.saved.delete_urls.get(link.url, "") for link in links if link.is_current), ""),
        sort=wanted.sort,
        complaint=wanted.complaint or complaint,
        is_narrowed=wanted.is_narrowed,
        query=query_string(wanted),
    )


def fitting(listing: Listing[Row, Item], query: QueryDict, *, most: int) -> Fitting[Row]:
    """What the list holds for this query string, whatever page is shown, and at most so many of them.

    Raises `Refused` (400) for a query string that the list does not know: it would mean every row.
    """
    wanted = read(listing, query)
    if wanted.complaint:
        raise Refused(f"{wanted.complaint} Nothing was chosen.", status=400)
    rows = narrowed(listing, wanted)
    return Fitting(keyset.first(rows, _order(listing, wanted.sort), most).rows, counted(rows))


def file(listing: Listing[Row, Item], query: QueryDict, form: str) -> HttpResponseBase:
    """Exactly what the list holds for this person, in its order, all pages.

    Raises `Refused` (400) for a query string that the list does not know.
    """
    wanted = read(listing, query)
    if wanted.complaint:
        raise Refused(f"{wanted.complaint} No file was made.", status=400)
    columns = [column for column in listing.columns if column.in_file]
    return export.answer(
        listing.name, "xlsx" if form == "xlsx" else "csv", [column.label for column in columns], _file_rows(listing, wanted, columns)
    )


def read(listing: Listing[Row, Item], query: QueryDict) -> Wanted:
    """Take the query string's words. What is not ours is left out, and the first such thing named; all else stands."""
    complaints = [
        f"This list has no filter “{name[:40]}”, so it is shown without it."
        for name in query
        if query.get(name) and name not in OUR_NAMES | {choice.name for choice in listing.choices}
    ]
    chosen: dict[str, str] = {}
    for choice in listing.choices:
        value = query.get(choice.name, "")
        if value and value not in dict(choice.options):
            complaints.append(f"“{choice.label}” has no such value, so the list is shown without it.")
        elif value:
            chosen[choice.name] = value
    search, sort = query.get("q", "").strip(), query.get("sort", "") or listing.order
    if len(search) > LONGEST_SEARCH:
        complaints.append(f"A search has at most {LONGEST_SEARCH} letters, so the list is shown without it.")
        search = ""
    if _column_of(listing, sort) is None:
        complaints.append("The list cannot be sorted by that, so it stands in its usual order.")
        sort = listing.order
    return Wanted(search, chosen, sort, next(iter(complaints), ""))


def narrowed(listing: Listing[Row, Item], wanted: Wanted) -> QuerySet[Row]:
    rows = listing.rows
    for choice in listing.choices:
        if choice.name in wanted.chosen:
            rows = choice.narrow(rows, wanted.chosen[choice.name])
    if wanted.search and listing.search:
        rows = listing.search(rows, wanted.search)
    return rows


def counted(rows: QuerySet[Row]) -> int:
    """How many there are, up to one more than we count to."""
    return rows.order_by()[: COUNT_TO + 1].count()


def query_string(wanted: Wanted, **more: str) -> str:
    """The shortest query string that gives this list again; saved filters hold it."""
    query = QueryDict(mutable=True)
    if wanted.search:
        query["q"] = wanted.search
    query.update(wanted.chosen)
    if wanted.sort and "sort" not in more:
        query["sort"] = wanted.sort
    query.update(more)
    return query.urlencode()


def in_words(value: Value) -> str:
    """A plain value as a page writes it."""
    if value is None or value == "":
        return words.NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return words.day_year(value)
    if isinstance(value, int | float | Decimal):
        return words.number(value)
    return value


def _slice(listing: Listing[Row, Item], rows: QuerySet[Row], wanted: Wanted, query: QueryDict) -> tuple[keyset.Slice[Row], int, str]:
    """The rows of this page, how many stand before them, and a complaint about the address."""
    order = _order(listing, wanted.sort)
    way = "after" if "after" in query else "before" if "before" in query else ""
    if not way or wanted.complaint:
        return keyset.first(rows, order, listing.per_page), 0, ""
    mark, at = _mark(listing, query.get(way, "")), _whole_number(query.get("at", "0"))
    if mark is None or at is None:
        return keyset.first(rows, order, listing.per_page), 0, "That page is gone, so the list starts from the top."
    if way == "after":
        return keyset.after(rows, order, mark, listing.per_page), at, ""
    part = keyset.before(rows, order, mark, listing.per_page)
    return part, at if part.has_before else 0, ""


def _mark(listing: Listing[Row, Item], text: str) -> Row | None:
    """The row a page starts from, if this person may see it."""
    pk = _whole_number(text)
    return None if pk is None else listing.rows.filter(pk=pk).first()


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _column_of(listing: Listing[Row, Item], sort: str) -> Column[Item] | None:
    name = sort.removeprefix("-")
    return next((column for column in listing.columns if column.name == name and column.sort), None)


def _order(listing: Listing[Row, Item], sort: str) -> keyset.Order:
    column = _column_of(listing, sort)
    if column is None:
        raise ValueError(f"The list {listing.name} has no column {sort} to sort by.")
    return keyset.Order(column.sort, descending=sort.startswith("-"))


def _page_columns(listing: Listing[Row, Item]) -> list[Column[Item]]:
    return [column for column in listing.columns if column.in_page]


def _cells(listing: Listing[Row, Item], item: Item) -> list[Cell]:
    return [Cell(column.label, column.shown(item), column.numeric, column.is_head, column.narrow) for column in _page_columns(listing)]


def _count_words(listing: Listing[Row, Item], total: int) -> str:
    if total > COUNT_TO:
        return f"{words.number(COUNT_TO)}+ {listing.many}"
    return words.counted(total, listing.one, listing.many)


def _saved_links(listing: Listing[Row, Item], wanted: Wanted) -> tuple[parts.Link, ...]:
    """The saved filters, the one that gives this very list marked: of several that do, the last, which somebody saved."""
    same = [link for link in listing.saved.links if read(listing, QueryDict(link.url.removeprefix("?"))) == wanted]
    return tuple(replace(link, is_current=link is same[-1] if same else False) for link in listing.saved.links)


def _toolbar(listing: Listing[Row, Item], wanted: Wanted, saved: tuple[parts.Link, ...]) -> parts.Toolbar:
    return parts.Toolbar(
        search=wanted.search if listing.search else None,
        search_label=listing.search_label,
        filters=tuple(parts.Filter(c.name, c.label, c.options, wanted.chosen.get(c.name, "")) for c in listing.choices),
        saved=saved,
        exports=tuple(parts.Link(label, f"?{query_string(wanted, **{'as': form})}") for form, label in FORMATS.items()),
        save_url=listing.saved.save_url,
    )


def _pager(listing: Listing[Row, Item], wanted: Wanted, part: keyset.Slice[Row], at: int, total: int) -> parts.Pager:
    shown = len(part.rows)
    pager = parts.Pager(first=at + 1, last=at + shown, total=min(total, COUNT_TO), is_capped=total > COUNT_TO)
    if part.has_before and part.rows:
        back = query_string(wanted, before=str(part.rows[0].pk), at=str(max(0, at - listing.per_page)))
        pager = replace(pager, previous=f"?{back}")
    if part.has_after:
        on = query_string(wanted, after=str(part.rows[-1].pk), at=str(at + shown))
        pager = replace(pager, next=f"?{on}")
    return pager


def _file_rows(listing: Listing[Row, Item], wanted: Wanted, columns: list[Column[Item]]) -> Iterator[list[Value]]:
    for batch in keyset.batches(narrowed(listing, wanted), _order(listing, wanted.sort), PER_FILE_BATCH):
        for item in listing.items(batch):
            yield [column.value(item) for column in columns]
