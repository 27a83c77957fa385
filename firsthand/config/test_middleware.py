import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from firsthand.config.middleware import BelieveTrustedProxies
from firsthand.people.builders import sam


@pytest.mark.parametrize(
    ("trusted", "peer", "believed"),
    [
        ((), "127.0.0.1", None),
        (("10.0.0.1",), "192.0.2.9", None),
        (("10.0.0.1",), "10.0.0.1", "203.0.113.7"),
        (("*",), "192.0.2.9", "203.0.113.7"),
    ],
)
def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    trusted: tuple[str, ...], peer: str, believed: str | None, settings: Settings, rf: RequestFactory
) -> None:
    settings.TRUSTED_PROXIES = trusted
    seen: list[str | None] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.headers.get("X-Forwarded-For"))
        return HttpResponse()

    BelieveTrustedProxies(answer)(rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": "203.0.113.7"}))
    assert seen == [believed]


@pytest.mark.both_engines
@pytest.mark.django_db
@pytest.mark.parametrize(("path", "data"), [("/sign-in/?next=%00", {}), ("/sign-in/", {"login": "a\0b"}), ("/sign-in/", {"\0": "a"})])
def test_a_null_character_is_refused_with_a_sentence(client: Client, path: str, data: dict[str, str]) -> None:
    answer = client.post(path, data) if data else client.get(path)
    assert answer.status_code == 400
    assert "What was sent holds a null character, which no text may hold." in answer.content.decode()


@pytest.mark.both_engines
@pytest.mark.django_db
def test_half_a_character_is_kept_as_one_that_cannot_be_shown(client: Client) -> None:
    answer = client.post("/sign-in/", b"login=%ED%A0%80", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert 'value="\ufffd\ufffd\ufffd"' in answer.content.decode()


@pytest.mark.django_db
def test_an_address_that_only_takes_a_form_answers_with_a_page(client: Client) -> None:
    client.force_login(sam())
    answer = client.get("/requests/1/submission/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "This address takes what a form sends, and has no page of its own." in answer.content.decode()
    assert client.head("/requests/1/submission/").content == b""
