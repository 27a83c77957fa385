"""The first visit of an empty installation."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firsthand.core.public import public
from firsthand.core.ui.toasts import toast
from firsthand.people.actions import open_installation
from firsthand.people.actions.access import is_open_to_first_visitor
from firsthand.people.models import Colleague
from firsthand.people.public_views import BACKEND
from firsthand.program.actions import set_up
from firsthand.program.forms import FirstRunForm
from firsthand.program.policy import Policy

NEXT = "Firsthand is set up. You keep its settings and see no customers. Whoever runs the program, you too, needs a sign-in as manager."


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Make the administrator and the program. Once somebody can sign in, there is nothing here but the way to the sign-in page."""
    if not is_open_to_first_visitor():
        return redirect("account_login")
    form = FirstRunForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "program/first_run.html", {"form": form}, status=400 if form.errors else 200)
    login(request, _begin(form), backend=BACKEND)
    toast(request, NEXT, see=reverse("people:new"), label="Add a program manager")
    return redirect("people:list")


@transaction.atomic
def _begin(form: FirstRunForm) -> Colleague:
    """The first person and their program, both or neither."""
    given = form.cleaned_data
    administrator = open_installation(name=given["name"], email=given["email"], password=given["password"])
    rules = Policy(company=given["company"], base_currency=given["base_currency"], time_zone=given["time_zone"])
    set_up(by=administrator, policy=rules)
    return administrator
