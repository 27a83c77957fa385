"""The page of a reference request."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from firsthand.core.panels import placed
from firsthand.desk import panels
from firsthand.people.signed_in import SignedIn
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.page import request_page
from firsthand.requests.panels import head
from firsthand.requests.wording import heading


@require_GET
def request(request: SignedIn, request_id: int) -> HttpResponse:
    """The next step, the asks, the story so far."""
    related = ("activity_type", "opportunity__account", "opportunity__stage", "requester", "manager")
    found = get_object_or_404(ReferenceRequest.objects.visible_to(request.user).select_related(*related), pk=request_id)
    page = request_page(found, request.user)
    context = {
        "page": page,
        "title": heading(found, request.user),
        "panels": placed(panels.of_request(page, request.user)),
        "offers": head(page, request.user),
    }
    return render(request, "desk/request.html", context)
