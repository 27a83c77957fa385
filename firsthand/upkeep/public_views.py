"""The demo, for the first visitor of an empty installation."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firsthand.core.models import Job
from firsthand.core.public import public
from firsthand.people.actions.access import is_open_to_first_visitor
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.loading import load, loading

TITLES = {Job.State.DONE: "The demo is ready", Job.State.STOPPED: "The demo could not be loaded"}
SOON = timedelta(seconds=15)  # a worker that runs begins at once


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def load_demo(request: HttpRequest) -> HttpResponse:
    """Load the demo, say how far it is, and then who can sign in. Once somebody has, there is only the way to the sign-in page."""
    if request.method == "POST" and (loading() or is_open_to_first_visitor()):
        load()
        return redirect("upkeep:load_demo")
    job = loading()
    if job is None:
        return redirect("account_login")
    state = Job.State(job.state)
    context = {
        "job": job,
        "title": TITLES.get(state, "Loading the demo"),
        "is_busy": state not in TITLES,
        "is_late": job.started_at is None and job.created_at < timezone.now() - SOON,
        "cast": [(name, f"{local}@{words.DOMAIN}", title) for name, local, _role, title in words.CAST],
        "password": words.PASSWORD,
    }
    return render(request, "upkeep/load_demo.html", context)
