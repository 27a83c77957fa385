"""The list of requests."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from firsthand.core import lists
from firsthand.people.signed_in import SignedIn
from firsthand.requests.listing import requests_for


@require_GET
def index(request: SignedIn) -> HttpResponseBase:
    return lists.answer(request, requests_for(request.user), "requests/list.html")
