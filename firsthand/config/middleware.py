"""What every request passes: whom to believe, sign-in, refusals as pages."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from firsthand.core.refused import Refused

Answer = Callable[[HttpRequest], HttpResponseBase]
FORM_ONLY = "This address takes what a form sends, and has no page of its own."


class BelieveTrustedProxies:
    """Forget where a request says it comes from, unless a trusted proxy says so: throttles go by the address."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not {request.META.get("REMOTE_ADDR", ""), "*"} & set(settings.TRUSTED_PROXIES):
            request.META.pop("HTTP_X_FORWARDED_FOR", None)
        return self.get_response(request)


class SignInRequired:
    """Every view demands a signed-in colleague unless `core.public.public` marks it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: object) -> HttpResponse | None:
        if request.user.is_authenticated or is_public(view):
            return None
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def is_public(view: Callable[..., object]) -> bool:
    """Whether a view opted out of sign-in, by `core.public.public`."""
    return bool(getattr(view, "is_public", False))


class RefusedAsPage:
    """Turn `Refused` into a page with its sentence and status, and the blank answer of an address that only takes a form."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        # Somebody comes to such an address by the back button, a reload, or after signing in anew.
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return answer
        page = refusal_page(request, Refused(FORM_ONLY, status=answer.status_code))
        page.headers["Allow"] = answer.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refused) else None


class NoNullCharacters:
    """Refuse what holds a null character, once for every page: PostgreSQL stores none, and no person types one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        texts = [text for data in (request.GET, request.POST) for name, values in data.lists() for text in (name, *values)]
        if any("\0" in text for text in (request.path_info, *texts)):
            return refusal_page(request, Refused("What was sent holds a null character, which no text may hold.", status=400))
        return None


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    return render(request, "ui/refused.html", {"sentence": refused.sentence, "status": refused.status}, status=refused.status)
