"""The side navigation: who sees what, and where one is."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, include, path

from firsthand.core.ui.context import Shell
from firsthand.core.ui.nav import NavGroup, NavItem, sections, url_of

GROUPS = (
    NavGroup("", (NavItem("rooms:home", "inbox", "Desk", key="d"), NavItem("nowhere:list", "x", "Not built"))),
    NavGroup(
        "Program",
        (
            NavItem("program:policy", "scale", "Policy"),
            NavItem("program:facets", "tags", "Facets", needs="runs_program", covers=("program:facet",)),
        ),
    ),
    NavGroup("Later", (NavItem("nowhere:manual", "x", "Manual"),), at_foot=True),
)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def room(name: str, *names: str) -> URLResolver:
    return path(f"{name}/", include(([path(f"{part}/", page, name=part) for part in names], name)))


urlpatterns: list[URLPattern | URLResolver] = [room("rooms", "home", "other"), room("program", "policy", "facets", "facet-edit")]
pytestmark = pytest.mark.urls(__name__)


def asked(view_name: str = "", **facts: Any) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, runs_program=True) if not facts else SimpleNamespace(**facts)  # type: ignore[assignment]
    request.resolver_match = SimpleNamespace(view_name=view_name)  # type: ignore[assignment]
    return request


def test_rooms_without_addresses_and_empty_groups_are_left_out() -> None:
    assert [(section.title, [link.label for link in section.links]) for section in sections(asked(), GROUPS)] == [
        ("", ["Desk"]),
        ("Program", ["Policy", "Facets"]),
    ]


def test_an_item_that_needs_a_role_is_hidden_from_others() -> None:
    shown = sections(asked(is_authenticated=True, runs_program=False), GROUPS)
    assert [link.label for section in shown for link in section.links] == ["Desk", "Policy"]


@pytest.mark.parametrize(
    ("view_name", "current"),
    [
        ("rooms:home", ["Desk"]),
        ("rooms:other", ["Desk"]),
        ("program:policy", ["Policy"]),
        ("program:facets", ["Facets"]),
        ("program:facet-edit", ["Facets"]),
        ("elsewhere:list", []),
        ("", []),
    ],
)
def test_the_longest_fitting_beginning_is_current(view_name: str, current: list[str]) -> None:
    assert [link.label for section in sections(asked(view_name), GROUPS) for link in section.links if link.is_current] == current


def test_an_unknown_name_has_no_address() -> None:
    assert (url_of("rooms:home"), url_of("nowhere:list")) == ("/rooms/home/", "")


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), ("", "")])
def test_the_theme_is_one_of_two_or_the_systems(cookie: str, theme: str) -> None:
    request = asked()
    request.COOKIES["theme"] = cookie
    assert Shell(request).theme == theme


def test_nobody_signed_in_has_no_navigation() -> None:
    assert Shell(asked(is_authenticated=False)).nav == []
