from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import timezone

from firsthand.core import links
from firsthand.core.models import Link
from firsthand.core.public import public
from firsthand.core.refused import Refused

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
]


@public
def landing(request: HttpRequest, link_id: int) -> HttpResponse:
    return HttpResponse(str(links.link_of(request, "test", link_id).subject_id))


urlpatterns = [
    path("", include("firsthand.core.urls")),
    path("landing/<int:link_id>/", landing, name="landing"),
]
with_page = override_settings(LINK_PAGES={"test": "landing"})


def make_link(subject_id: int = 7, *, days: int = 1) -> Link:
    return links.make_link("test", subject_id, expires_at=timezone.now() + timedelta(days=days))


@with_page
def test_a_link_leads_to_an_address_without_its_token(client: Client) -> None:
    link = make_link()

    answer = client.get(f"/l/{links.token(link)}/")

    assert (answer.status_code, answer["Location"]) == (302, f"/landing/{link.pk}/")
    assert client.get(answer["Location"]).content == b"7"


@with_page
def test_two_links_open_side_by_side(client: Client) -> None:
    one, two = make_link(1), make_link(2)

    for link in (one, two):
        client.get(f"/l/{links.token(link)}/")

    assert answer_of(one, cookie_of(one)) == b"1"
    assert answer_of(two, cookie_of(two)) == b"2"


@with_page
def test_the_session_of_one_link_opens_no_other() -> None:
    one, two = make_link(1), make_link(2)

    with pytest.raises(Refused) as refusal:
        answer_of(two, cookie_of(one))

    assert refusal.value.status == 410


@with_page
def test_a_page_not_opened_through_its_link_says_so() -> None:
    with pytest.raises(Refused, match="Open the link in the mail again"):
        answer_of(make_link(), "")


@with_page
def test_a_link_withdrawn_meanwhile_ends_its_session() -> None:
    link = make_link()
    cookie = cookie_of(link)
    Link.objects.update(revoked_at=timezone.now())

    with pytest.raises(Refused, match="withdrawn"):
        answer_of(link, cookie)


@with_page
@pytest.mark.parametrize(("days", "change", "status"), [(-1, "", 410), (1, "x", 404)], ids=["expired", "tampered"])
def test_a_bad_token_is_refused(client: Client, days: int, change: str, status: int) -> None:
    link = make_link(days=days)

    assert client.get(f"/l/{links.token(link)}{change}/").status_code == status


@with_page
def test_opening_a_link_writes_nothing(client: Client) -> None:
    link = make_link()
    before = Link.objects.values().get()

    client.get(f"/l/{links.token(link)}/")

    assert Link.objects.values().get() == before
    assert "sessionid" not in client.cookies


def cookie_of(link: Link) -> str:
    client = Client()
    client.get(f"/l/{links.token(link)}/")
    return client.cookies["link"].value


def answer_of(link: Link, cookie: str) -> bytes:
    request = RequestFactory().get(f"/landing/{link.pk}/")
    request.COOKIES["link"] = cookie
    return landing(request, link.pk).content
