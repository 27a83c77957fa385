"""What a list's address keeps: sorting, filtering and paging change one part and leave the rest."""

from dataclasses import dataclass

from django.http import QueryDict

from firsthand.core.ui.parts import Column, Toolbar

# Names that say where in the list one is; whatever changes the list starts it anew.
PLACE = frozenset({"after", "before", "at", "as"})


@dataclass(frozen=True)
class Head:
    """A column's head on one page: `order` is the value of `aria-sort`."""

    column: Column
    url: str = ""
    order: str = ""


def head(column: Column, sort: str, given: QueryDict | None) -> Head:
    """A second click on a sorted column turns it round."""
    if not column.sort or given is None:
        return Head(column)
    order = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(sort, "")
    turned = f"-{column.sort}" if order == "ascending" else column.sort
    return Head(column, "?" + with_values(given, sort=turned), order)


def with_values(given: QueryDict, **values: str) -> str:
    """The query string with these values, without the place in the list and without empty ones."""
    changed = given.copy()
    for name in PLACE:
        changed.pop(name, None)
    for name, value in values.items():
        changed[name] = value
    for name in [name for name in changed if not any(changed.getlist(name))]:
        del changed[name]
    return changed.urlencode()


def query(given: QueryDict) -> str:
    """What a saved filter keeps."""
    return with_values(given)


def kept(given: QueryDict, bar: Toolbar) -> list[tuple[str, str]]:
    """Values that the toolbar's form carries on because none of its controls shows them."""
    shown = {"q", *(chosen.name for chosen in bar.filters)} | PLACE
    return [(name, value) for name in given for value in given.getlist(name) if name not in shown and value]
