"""A fixed time that other requests may share: who may still join, and how many places there are."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.references.disclosure import shown_name
from firsthand.requests import actions
from firsthand.requests.forms import PlacesForm
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.places import hosts_of, joinable
from firsthand.requests.views.asks import seen_by as ask_seen_by
from firsthand.requests.views.asks import take
from firsthand.requests.views.deeds import seen_by
from firsthand.requests.wording import heading


@require_http_methods(["GET", "POST"])
def occasions(request: SignedIn, pk: int) -> HttpResponse:
    """Fixed times of the request's activity with references one sees. POST asks the reference whether this request may join."""
    found, refusal = seen_by(request, pk), None
    if request.method == "POST":
        try:
            return _join(request, found)
        except Refused as refused:
            if refused.status == HTTPStatus.FORBIDDEN:
                raise
            found, refusal = seen_by(request, pk), refused
    rows = joinable(found, request.user)
    context = {
        "found": found,
        "title": heading(found, request.user),
        "rows": rows,
        "free": sum(not row.why_not for row in rows),
        "refused": refusal.sentence if refusal else "",
        "typed": request.POST if refusal else {},
    }
    return render(request, "requests/occasions.html", context, status=refusal.status if refusal else 200)


def _join(request: SignedIn, found: ReferenceRequest) -> HttpResponse:
    chosen = request.POST.get("ask", "")
    host = next((each for each in hosts_of(found, request.user) if str(each.pk) == chosen), None)
    if host is None:
        raise Refused("Choose one of the times. Perhaps it was called off meanwhile.", status=400)
    asked = actions.join(found, host, by=request.user, exception=request.POST.get("exception", ""))
    toast(request, f"{shown_name(asked.reference, request.user)} is asked whether this request may join.")
    return redirect("desk:request", found.pk)


@require_POST
def places(request: SignedIn, pk: int) -> HttpResponse:
    """How many requests may share the time of this ask."""
    found = ask_seen_by(request, pk)

    def save(facts: Mapping[str, Any]) -> str:
        occasion = actions.set_places(found, by=request.user, places=facts["places"])
        return f"{occasion.places} requests may share the time."

    return take(request, pk, "places", PlacesForm(request.POST), save)
