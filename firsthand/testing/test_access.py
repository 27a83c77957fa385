"""Every route x method x person, against the permission table; and every signed link, right and wrong."""

import importlib.util
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from firsthand.core import links
from firsthand.core.models import Link
from firsthand.testing.access import SIGN_IN, WHO, Access, LinkAccess
from firsthand.testing.proof import Sample
from firsthand.testing.world import World

pytestmark = pytest.mark.django_db

FOUND, NOT_FOUND, GONE = 302, 404, 410
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def rows() -> list[Any]:
    """All rooms' rows."""
    found: list[Any] = []
    for app in settings.INSTALLED_APPS:
        if app.startswith("firsthand.") and importlib.util.find_spec(f"{app}.access_table"):
            found += importlib.import_module(f"{app}.access_table").ROWS
    return found


ROWS = [row for row in rows() if isinstance(row, Access)]
LINKS = [row for row in rows() if isinstance(row, LinkAccess)]


def routes(patterns: list[Any] | None = None, namespace: str = "") -> Iterator[str]:
    """The names of all routes, as `reverse` takes them."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"


def answer_to(who: str, world: World, row: Access) -> str:
    client = Client(raise_request_exception=False)
    colleague = getattr(world, who)
    if colleague is not None:
        client.force_login(colleague)
    return said(call(client, row.method, reverse(row.view, args=row.arguments(world)) + row.query, row.form(world)))


def call(client: Client, method: str, address: str, form: Any) -> HttpResponse:
    send = getattr(client, method.lower())
    answer: HttpResponse = send(address, form) if form else send(address)
    return answer


def said(answer: HttpResponse) -> str:
    to_sign_in = answer.status_code == FOUND and answer.headers["Location"].partition("?")[0] == reverse("account_login")
    return SIGN_IN if to_sign_in else str(answer.status_code)


@pytest.mark.prove
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_person_gets_the_answer_of_the_table(row: Access, world: World, sample: Sample) -> None:
    """In `make test` two or three of them for each row, for the next row others."""
    asking = sample.some("persons at a row of the permission table", WHO, one_in=3)
    given = {}
    for who in asking:
        with transaction.atomic():
            given[who] = answer_to(who, world, row)
            transaction.set_rollback(True)
    assert given == {who: row.expected[who] for who in asking}


def test_every_route_has_its_rows() -> None:
    by_link = set(settings.LINK_PAGES.values())
    assert sorted(set(routes()) - {row.view for row in ROWS} - by_link) == []


def test_every_signed_link_has_its_rows() -> None:
    assert sorted(set(settings.LINK_PAGES) - {row.purpose for row in LINKS}) == []


@pytest.mark.parametrize("view", sorted({row.view for row in ROWS}))
def test_a_method_without_a_row_is_not_allowed(view: str, world: World) -> None:
    named = [row for row in ROWS if row.view == view]
    client = Client(raise_request_exception=False)
    client.force_login(world.mia)
    address = reverse(view, args=named[0].arguments(world)) + named[0].query
    methods = [method for method in METHODS if method not in {row.method for row in named}]
    assert {method: call(client, method, address, {}).status_code for method in methods} == dict.fromkeys(methods, 405)


@pytest.mark.parametrize("row", LINKS, ids=str)
def test_a_signed_link_opens_its_own_page_for_its_own_record(row: LinkAccess, world: World) -> None:
    link = row.make(world)
    client = opened(link)
    assert call(client, row.method, links.page(link), row.form(world)).status_code == row.right


@pytest.mark.parametrize("row", LINKS, ids=str)
@pytest.mark.parametrize("wrong", ["expired", "revoked", "tampered", "unopened", "of another record", "of another purpose"])
def test_a_wrong_signed_link_opens_nothing(row: LinkAccess, wrong: str, world: World) -> None:
    link = row.make(world)
    client = WRONG[wrong](row, world, link)
    assert call(client, row.method, links.page(link), row.form(world)).status_code == GONE


def test_the_door_knows_no_tampered_token(world: World) -> None:
    link = links.make_link("invitation", 1, expires_at=timezone.now() + timedelta(days=1))
    assert Client().get(f"/l/{links.token(link)[:-1]}-/").status_code == NOT_FOUND


def opened(link: Link) -> Client:
    """A browser that came through the link's door."""
    client = Client(raise_request_exception=False)
    client.get(f"/l/{links.token(link)}/")
    return client


def expired(_: LinkAccess, __: World, link: Link) -> Client:
    client = opened(link)
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    return client


def revoked(_: LinkAccess, __: World, link: Link) -> Client:
    client = opened(link)
    Link.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
    return client


def tampered(_: LinkAccess, __: World, link: Link) -> Client:
    client = opened(link)
    client.cookies[links.COOKIE] = f"{client.cookies[links.COOKIE].value[:-1]}-"
    return client


def unopened(_: LinkAccess, __: World, ___: Link) -> Client:
    return Client(raise_request_exception=False)


def of_another_record(row: LinkAccess, world: World, link: Link) -> Client:
    """The session of another record's link, sent to this link's page."""
    return with_cookie_of(row.other(world), link)


def of_another_purpose(_: LinkAccess, __: World, link: Link) -> Client:
    stranger = links.make_link("nothing", link.subject_id, expires_at=timezone.now() + timedelta(days=1))
    return with_cookie_of(stranger, link)


def with_cookie_of(other: Link, link: Link) -> Client:
    client = Client(raise_request_exception=False)
    response = HttpResponse()
    response.set_signed_cookie(links.COOKIE, links.token(other), salt=links.SALT, path=links.page(link))
    client.cookies.load(response.cookies)
    return client


WRONG = {
    "expired": expired,
    "revoked": revoked,
    "tampered": tampered,
    "unopened": unopened,
    "of another record": of_another_record,
    "of another purpose": of_another_purpose,
}
