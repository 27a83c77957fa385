"""The side navigation, as one list: what stands where, and who sees it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class NavItem:
    """One link. `needs` names a yes/no attribute of the colleague; `key` is the letter after G.

    `covers` lists beginnings of view names ("customers:", "desk:account") on whose pages the item is current,
    beside its own namespace; where several items fit, the longest beginning wins.
    """

    url_name: str
    icon: str
    label: str
    key: str = ""
    needs: str = ""
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavGroup:
    title: str
    items: tuple[NavItem, ...]
    at_foot: bool = False


@dataclass(frozen=True)
class NavLink:
    """An item as it stands on one page."""

    url: str
    icon: str
    label: str
    key: str
    is_current: bool


@dataclass(frozen=True)
class NavSection:
    title: str
    links: tuple[NavLink, ...]
    at_foot: bool


NAV: tuple[NavGroup, ...] = (
    NavGroup(
        "",
        (
            NavItem("desk:home", "inbox", "Desk", key="d"),
            NavItem("requests:list", "message-square-quote", "Requests", needs="sees_records", key="r", covers=("desk:request",)),
        ),
    ),
    NavGroup(
        "Records",
        (
            NavItem("customers:list", "building-2", "Accounts", needs="sees_records", key="a", covers=("desk:account", "desk:person")),
            NavItem("references:list", "user-round-check", "References", needs="sees_records", key="f", covers=("desk:reference",)),
            NavItem("stories:list", "book-open-text", "Stories", needs="sees_records", key="s", covers=("desk:story",)),
            NavItem("deals:list", "handshake", "Deals", needs="sees_records", key="o", covers=("desk:deal", "desk:opportunity")),
        ),
    ),
    NavGroup(
        "Program",
        (
            NavItem("requests:exceptions", "shield-alert", "Exceptions", key="x", needs="reads_everything"),
            NavItem("program:policy", "scale", "Policy", key="p", covers=("program:activity_type", "requests:barred")),
            NavItem(
                "program:facets", "tags", "Facets", covers=("program:facet", "program:new_facet", "program:new_value", "upkeep:merge_value")
            ),
            NavItem("people:list", "users-round", "Colleagues", covers=("people:colleague", "desk:colleague")),
        ),
    ),
    NavGroup(
        "",
        (
            NavItem("intake:list", "upload", "Import", key="i", needs="runs_program"),
            NavItem("people:settings", "settings", "Settings", covers=("people:password",)),
            NavItem("desk:manual", "circle-question-mark", "Manual"),
        ),
        at_foot=True,
    ),
)


def sections(request: HttpRequest, groups: tuple[NavGroup, ...] = NAV) -> list[NavSection]:
    """What this person sees; an item whose room has no URLs yet is left out, and so is an empty group."""
    shown = [(group, [item for item in group.items if url_of(item.url_name) and _may_see(request, item)]) for group in groups]
    here = _current([item for _, items in shown for item in items], _view_name(request))
    return [
        NavSection(
            group.title,
            tuple(NavLink(url_of(item.url_name), item.icon, item.label, item.key, item is here) for item in items),
            group.at_foot,
        )
        for group, items in shown
        if items
    ]


def url_of(url_name: str) -> str:
    """The address, or nothing where no room has that name."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _may_see(request: HttpRequest, item: NavItem) -> bool:
    return not item.needs or bool(getattr(request.user, item.needs))


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _current(items: list[NavItem], view_name: str) -> NavItem | None:
    fitting = [(len(start), -place, item) for place, item in enumerate(items) for start in _starts(item) if view_name.startswith(start)]
    return max(fitting, key=lambda fit: fit[:2])[2] if fitting else None


def _starts(item: NavItem) -> tuple[str, ...]:
    return (item.url_name.split(":")[0] + ":", item.url_name, *item.covers)
