"""What every request passes: whom to believe, sign-in, refusals as pages."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from firsthand.core.refused import Refused

Answer = Callable[[HttpRequest], HttpResponseBase]


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
    """Turn `Refused` into a page with its sentence and status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context = {"sentence": exception.sentence, "status": exception.status}
        return render(request, "ui/refused.html", context, status=exception.status)
