"""The sponsor's list of exceptions."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from firsthand.core import lists
from firsthand.people.signed_in import SignedIn
from firsthand.requests.exceptions import exceptions_for, figures, why_not_read_exceptions
from firsthand.requests.moving import refuse_with


@require_GET
def index(request: SignedIn) -> HttpResponseBase:
    """Program bars that were lifted, by whom, why, and what came of it. The figures are of what the filters leave."""
    refuse_with(why_not_read_exceptions(request.user), status=403)
    listing = exceptions_for(request.user)
    left = lists.narrowed(listing, lists.read(listing, request.GET))
    return lists.answer(request, listing, "requests/exceptions.html", {"figures": figures(left)})
