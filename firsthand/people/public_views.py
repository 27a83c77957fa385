"""Sign in and out, and what invited colleagues see. Allauth decides and throttles; the pages are ours."""

from http import HTTPStatus
from typing import Any

from allauth.account.views import AccountInactiveView, LoginView, LogoutView, PasswordResetDoneView, PasswordResetView
from django.contrib.auth import login
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firsthand.core.links import COOKIE, link_of, page
from firsthand.core.public import public
from firsthand.people.actions import set_password_by_link
from firsthand.people.actions.access import colleague_of, is_open_to_first_visitor
from firsthand.people.forms import ForgottenPasswordForm, NewPasswordForm

ANSWERED = ("GET", "HEAD", "POST")  # allauth's form views would take a PUT for a POST
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """Allauth's sign-in; too many tries are answered 429."""

    template_name = "people/sign_in.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, code="too_many_login_attempts"):
            answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return answer


_sign_in = SignIn.as_view()


@public
@require_http_methods(ANSWERED)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in; on an empty installation, go and set it up."""
    if request.method == "GET" and is_open_to_first_visitor():
        return redirect("program:first_run")
    answer: HttpResponseBase = _sign_in(request)
    return answer


sign_out = public(LogoutView.as_view(template_name="people/sign_out.html"))
inactive = public(AccountInactiveView.as_view(template_name="people/inactive.html"))
forgotten_password = public(
    require_http_methods(ANSWERED)(
        PasswordResetView.as_view(template_name="people/forgotten_password.html", form_class=ForgottenPasswordForm)
    )
)
forgotten_password_done = public(PasswordResetDoneView.as_view(template_name="people/forgotten_password_done.html"))


@public
@never_cache
@require_http_methods(ANSWERED)
def set_password(request: HttpRequest, link_id: int, purpose: str) -> HttpResponse:
    """Where an invitation, or a link to a new password, leads: choose one, and be signed in."""
    link = link_of(request, purpose, link_id)
    colleague = colleague_of(link)
    form = NewPasswordForm(request.POST or None, colleague=colleague)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "colleague": colleague, "is_invitation": purpose == "invitation"}
        return render(request, "people/set_password.html", context, status=400 if form.errors else 200)
    login(request, set_password_by_link(link, form.cleaned_data["password"]), backend=BACKEND)
    answer = redirect("/")
    answer.delete_cookie(COOKIE, path=page(link))
    return answer
