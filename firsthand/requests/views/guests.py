"""Who of the other side comes: somebody more, or somebody no more."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.guest_forms import BringForm, TakeOffForm
from firsthand.requests.guests import coming, gone
from firsthand.requests.task import INVITE_ID, OFF_ID
from firsthand.requests.views.asks import seen_by, take


@require_POST
def attendees(request: SignedIn, pk: int) -> HttpResponse:
    """Somebody more of the other side comes to the time that is fixed."""
    found = seen_by(request, pk)

    def bring(facts: Mapping[str, Any]) -> str:
        attendee = actions.bring(found, by=request.user, name=facts["attendee"], email=facts["attendee_email"])
        return f"{attendee.name} gets the calendar file."

    return take(request, pk, "bring", BringForm(request.POST, auto_id=INVITE_ID), bring)


@require_POST
def removal(request: SignedIn, pk: int) -> HttpResponse:
    """Somebody comes no more, or the address was wrong."""
    found = seen_by(request, pk)

    def take_off(facts: Mapping[str, Any]) -> str:
        chosen = get_object_or_404(found.reference_request.attendees, pk=facts["attendee"])
        return f"{actions.take_off(found, chosen, by=request.user).name} comes no more."

    listed = [*coming(found, request.user), *gone(found)]  # pressed twice, somebody is gone already
    return take(request, pk, "off", TakeOffForm(request.POST, people=listed, auto_id=OFF_ID), take_off)
