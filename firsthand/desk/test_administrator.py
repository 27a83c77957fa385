"""An administrator keeps the settings: nothing leads to lists that would be empty for them, and an empty one says why."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from firsthand.customers.builders import make_account
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.requests.builders import make_cast

pytestmark = pytest.mark.django_db
LISTS = ("customers:list", "deals:list", "references:list", "stories:list", "requests:list")


@pytest.fixture
def ada(client: Client) -> Colleague:
    found = make_colleague("Ada Admin", role=Colleague.Role.ADMIN)
    client.force_login(found)
    return found


def led_to(client: Client) -> list[str]:
    page = client.get("/").content.decode()
    return re.findall(r'<span class="fh-label">([^<]*)</span></a>', page[: page.index("</nav>")])


def test_the_navigation_of_an_administrator_leads_to_what_they_see(ada: Colleague, client: Client) -> None:
    assert led_to(client) == ["Firsthand", "Desk", "Policy", "Facets", "Colleagues", "Settings"]
    assert "data-new=" not in client.get("/").content.decode()
    sam, _, _ = make_cast()
    client.force_login(sam)
    assert led_to(client)[2:7] == ["Requests", "Accounts", "References", "Stories", "Deals"]
    assert f'data-new="{reverse("requests:new")}"' in client.get("/").content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_empty_for_an_administrator_says_so(name: str, ada: Colleague, client: Client) -> None:
    make_account("Ostvik Bank", owner=ada)
    page = client.get(reverse(name)).content.decode()
    assert "An administrator sees no customers, deals or requests" in page
    assert [words in page for words in ("No account yet", "No request yet", "of yours among them", "New request</a>")] == [False] * 4
