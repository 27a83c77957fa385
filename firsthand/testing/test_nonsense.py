"""Nonsense in addresses and forms is answered with a page that says something, and never with a failure."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from firsthand.testing.access import Access
from firsthand.testing.proof import Sample
from firsthand.testing.test_access import rows
from firsthand.testing.world import World

pytestmark = pytest.mark.django_db
FAILED = 500
MOST_FORMS = 2  # kinds of nonsense that each form gets; they take turns

# No null characters: the middleware refuses those before any page is asked, and has a test of its own.
# Each asks several parts of a page at once; a list reads only names that it knows, so those stand alone as well.
QUERIES = (
    "q=%0B&day=9999-12-31&opportunity=%0B&account=%0B&into=999999999999999999&why=%0B&not=%0B&deal=999999999999999999",
    "q=%22*%20NEAR(a%20b)%20-a&sort=key;drop&as=exe&after=-1&at=-1&into=%FF%FE&account=%FF&day=0001-01-01&not=1-99999&not=99999-1",
    "after=999999999999999999&at=999999999999999999",
)
NONSENSE = ("\x0b", "x" * 10_000, "9" * 40, "9223372036854775808", "-1", "NaN", "9999-12-31", "0001-01-01", "9999-12-31T23:59",
            "0001-01-01T00:00", "\U0001f984\u202e\u05d0", "[]", "\u0663", "")  # fmt: skip
ROWS = [row for row in rows() if isinstance(row, Access)]
GETS = {row.view: row for row in ROWS if row.method == "GET"}
POSTS = {str(row): row for row in ROWS if row.method == "POST"}


def client_of(world: World, who: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(getattr(world, who))
    return client


def is_failed(answer: HttpResponseBase) -> bool:
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code >= FAILED


def test_no_address_fails_for_a_strange_query(world: World) -> None:
    failed = []
    for view, row in GETS.items():
        with transaction.atomic():
            address = reverse(view, args=row.arguments(world))
            client = client_of(world, "mia")
            failed += [(address, query) for query in QUERIES if is_failed(client.get(address, QUERY_STRING=query))]
            transaction.set_rollback(True)
    assert failed == []


def test_no_address_fails_for_a_number_that_no_database_holds(world: World) -> None:
    client = client_of(world, "mia")
    failed = []
    for view, row in GETS.items():
        with transaction.atomic():
            arguments = [2**63 if isinstance(each, int) else each for each in row.arguments(world)]
            failed += [view] if is_failed(client.get(reverse(view, args=arguments))) else []
            transaction.set_rollback(True)
    assert failed == []


@pytest.mark.prove
@pytest.mark.parametrize("who", ["mia", "eve"])
def test_no_form_fails_for_strange_values(who: str, world: World, sample: Sample) -> None:
    failed = []
    for place, row in sample.some("forms given nonsense", list(enumerate(POSTS.values())), one_in=3):
        with transaction.atomic():
            address = reverse(row.view, args=row.arguments(world)) + row.query
            client = client_of(world, who)
            for form in strange_forms(row, world, place):
                with transaction.atomic():
                    failed += [(str(row), form)] if is_failed(client.post(address, form)) else []
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    assert failed == []


def strange_forms(row: Access, world: World, place: int) -> Iterator[dict[str, Any]]:
    """The row's form with each field in turn made nonsense, and once all of them."""
    if row.view == "intake:commit":
        return  # it moves a file, which no transaction puts back
    right = {name: value for name, value in row.form(world).items() if not hasattr(value, "read")}
    for turn in range(MOST_FORMS):
        nonsense = NONSENSE[(place + turn * 5) % len(NONSENSE)]
        yield dict.fromkeys(right, nonsense)
        name = list(right)[turn % len(right)] if right else "name"
        yield {**right, name: nonsense}
