import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from firsthand.config.middleware import BelieveTrustedProxies


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
