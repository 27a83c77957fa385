"""Saved filters: a list's query string under a name, one's own or everyone's."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from firsthand.core.lists import Saved
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.core.ui.parts import Link
from firsthand.people.models import Colleague, SavedFilter

LISTS = {
    "accounts": "customers:list",
    "deals": "deals:list",
    "references": "references:list",
    "stories": "stories:list",
    "requests": "requests:list",
    "colleagues": "people:list",
}
MOST = 30


def saved_filters(list_name: str, user: Colleague, *, presets: Sequence[Link] = (), with_all: bool = True) -> Saved:
    """What stands above the list: all, the list's own, one's own, those shared. The page marks the one in use.

    `with_all` off is for a list that begins with one of its own presets rather than with everything.
    """
    rows = list(visible_filters(list_name, user).select_related("colleague")[:MOST])
    if not rows and not presets:
        return Saved(save_url=reverse("filters:list", args=[list_name]))
    links = [*([Link("All", "?")] if with_all else []), *presets, *(Link(row.name, f"?{row.query}") for row in rows)]
    theirs = {f"?{row.query}": reverse("filters:filter", args=[row.pk]) for row in rows if why_not_delete(row, user) is None}
    return Saved(links=tuple(links), save_url=reverse("filters:list", args=[list_name]), delete_urls=theirs)


def visible_filters(list_name: str, user: Colleague) -> QuerySet[SavedFilter]:
    """One's own and the shared ones of a list, by name."""
    return SavedFilter.objects.filter(Q(colleague=user) | Q(is_shared=True), list_name=list_name).order_by("name", "pk")


@deed
def save_filter(list_name: str, name: str, query: str, *, is_shared: bool, by: Colleague) -> SavedFilter:
    """Keep the query string under the name; a filter of one's own with that name is replaced.

    Raises `Refused` (400) where there is no name, nothing to keep, or no such list.
    """
    name, query = name.strip(), tidy(query)
    if list_name not in LISTS:
        raise Refused("There is no such list.", status=400)
    if not name or len(name) > 80:
        raise Refused("A saved filter needs a name of at most 80 letters.", status=400)
    if not query:
        raise Refused("Search or filter the list first; there is nothing to save yet.", status=400)
    kept, _ = SavedFilter.objects.update_or_create(
        colleague=by, list_name=list_name, name=name, defaults={"query": query, "is_shared": is_shared, "used_at": timezone.now()}
    )
    return kept


@deed
def delete_filter(saved: SavedFilter, *, by: Colleague) -> None:
    """Whose it is deletes it, and a manager a shared one of somebody who has left. Raises `Refused` (403) for anybody else."""
    sentence = why_not_delete(saved, by)
    if sentence is not None:
        raise Refused(sentence, status=403)
    saved.delete()


def why_not_delete(saved: SavedFilter, by: Colleague) -> str | None:
    """The sentence for somebody whose filter it is not."""
    if saved.colleague_id == by.pk:
        return None
    if saved.colleague.is_active:
        return f"{saved.colleague.name} saved this filter and can delete it."
    return None if saved.is_shared and by.runs_program else f"{saved.colleague.name} has left; a program manager can delete this filter."


def tidy(query: str) -> str:
    """The query string without empty parts, and without the place in the list; nothing when it is longer than a thousand signs."""
    given = QueryDict(query[:4000])
    kept = QueryDict(mutable=True)
    for name in given:
        if name not in {"after", "before", "at", "as"} and given.get(name):
            kept[name] = given[name]
    text = kept.urlencode()
    return text if len(text) <= 1000 else ""
