"""The list of requests."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from firsthand.core import lists
from firsthand.people.signed_in import SignedIn
from firsthand.requests import bulk
from firsthand.requests.listing import requests_for
from firsthand.requests.models import ReferenceRequest


@require_GET
def index(request: SignedIn) -> HttpResponseBase:
    if not request.GET and ReferenceRequest.objects.visible_to(request.user).exists():
        return redirect(f"{request.path}?view=open")  # what is over is one choice away
    may_move = list(bulk.moves().values()) if request.user.runs_program else []
    return lists.answer(request, requests_for(request.user), "requests/list.html", {"moves": may_move, "most": bulk.MOST})
