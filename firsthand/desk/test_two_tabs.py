"""A page that is no longer so: every form of a deed carries what stood on the page, and is refused without it or when it is old."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from firsthand.requests import actions
from firsthand.requests.access_table import ROWS
from firsthand.requests.builders import make_ask, make_cast, make_request
from firsthand.requests.forms import UNSEEN
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.access import Access
from firsthand.testing.world import make_world

pytestmark = pytest.mark.django_db
# Posts that move nothing: a note, a list of people, a form with a key or an answer of its own; two managers agree in their deed.
MOVES_NOTHING = {
    "new",
    "preview",
    "traits",
    "edit",
    "notes",
    "manager",
    "requester",
    "matches",
    "debrief",
    "outside_new",
    "outside",
    "outside_retraction",  # no two pages of it differ, and the second who takes it back is told so
    "occasions",
    "moves",
    "barred",  # each tick carries what stood beside it
    "thanks",
    "came_of_it",
}
DEEDS = [row for row in ROWS if isinstance(row, Access) and row.method == "POST" and row.view.partition(":")[2] not in MOVES_NOTHING]


def states() -> list[Any]:
    return [list(model.objects.order_by("pk").values_list("status")) for model in (Ask, ReferenceRequest)]


@pytest.mark.parametrize("row", DEEDS, ids=lambda row: row.view)
def test_a_deed_whose_form_does_not_say_what_was_seen_is_refused(row: Access) -> None:
    world = make_world()
    args = row.arguments(world)
    data = {name: value for name, value in row.form(world).items() if name != "seen"}
    before = states()
    for who in ("mia", "sam", "ana"):
        client = Client()
        client.force_login(getattr(world, who))
        answer = client.post(reverse(row.view, args=args), data)
        assert answer.status_code in {400, 403, 404}
        assert answer.status_code != 400 or UNSEEN in answer.content.decode()
    assert states() == before


def test_the_second_of_two_tabs_is_told_that_the_request_has_moved_on(client: Client) -> None:
    sam, _, mia = make_cast()
    found = make_request()
    actions.ask_info(found, by=mia, question="Which product?")
    client.force_login(sam)
    answer = client.post(reverse("requests:withdrawal", args=[found.pk]), {"seen": "submitted"})
    assert answer.status_code == 409
    assert "This request has moved on: it is needs info now." in answer.content.decode()


def test_every_form_of_a_deed_on_the_pages_carries_what_stood_there(client: Client) -> None:
    _, ana, mia = make_cast()
    proposed = make_ask("proposed")
    pages = [reverse("desk:request", args=[proposed.reference_request_id]), reverse("requests:ask", args=[proposed.pk])]
    missing = set()
    for who in (mia, ana):
        client.force_login(who)
        for page in [*pages, reverse("requests:approval", args=[proposed.pk])]:
            missing |= set(without_seen(client.get(page).content.decode()))
    assert missing == set()


def without_seen(page: str) -> Iterable[str]:
    """Addresses of a request's or an ask's deeds whose form on the page says nothing of what was seen."""
    for form in page.split("<form")[1:]:
        head, body = form.partition(">")[0], form.partition("</form>")[0]
        is_deed = "/asks/" in head or "/requests/" in head
        if is_deed and 'method="post"' in head and 'name="seen"' not in body and not any(f"/{name}/" in head for name in MOVES_NOTHING):
            yield head
