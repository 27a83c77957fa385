"""Every page there is, wide and narrow, light and dark. A new route is looked at without being listed anywhere."""

import pytest

from e2e.browser import check, shoot
from e2e.conftest import Open
from e2e.routes import ELSEWHERE, SEEN_BY, SIGNED_OUT, Route, routes
from e2e.server import Server

NOT_FOR_GET = 405
# Pages that stand in the manual as they are; the journeys take the other pictures.
PICTURES = {"desk:account": "account", "desk:deal": "deal", "desk:reference": "reference", "desk:story": "story", "program:facet": "facet"}
ROUTES = [route for route in routes() if route.name not in ELSEWHERE]
# Pages as they look when they have nothing, or something else, to show.
OTHER_STATES = {
    "a list that finds nothing": ("mia", "/accounts/?q=zzzzqqq"),
    "what a member sees of an account": ("sam", "/accounts/1/"),
    "what an executive sees of an account": ("eli", "/accounts/1/"),
    "what a member sees of a reference": ("sam", "/references/1/"),
    "a page that is not there": ("mia", "/no-such-page/"),
}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_page_is_sound(route: Route, demo: Server, look: Open) -> None:
    with demo.database() as alias:
        address = route.address(alias)
    page = look("" if route.name in SIGNED_OUT else SEEN_BY.get(route.name, "mia"))
    answer = page.request.get(address)
    kind = answer.headers.get("content-type", "")
    if answer.status == NOT_FOR_GET or not kind.startswith("text/html") or "<html" not in answer.text():
        return  # a deed, a file or a piece of a page
    assert answer.status == 200, f"{address} answers {answer.status}; a route that cannot be reached is listed in ELSEWHERE with a reason"
    page.goto(address)
    check(page)
    if route.name in PICTURES:
        shoot(page, PICTURES[route.name], height=900)


@pytest.mark.parametrize("state", OTHER_STATES)
def test_another_state_of_a_page_is_sound(state: str, look: Open) -> None:
    who, address = OTHER_STATES[state]
    page = look(who)
    page.goto(address)
    check(page)


def test_no_reason_outlives_its_route() -> None:
    names = {route.name for route in routes()}
    assert {*ELSEWHERE, *SEEN_BY, *SIGNED_OUT} - names == set()
