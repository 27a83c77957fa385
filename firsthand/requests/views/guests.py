"""Who of the other side comes: somebody more, or somebody no more."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.ask_tasks import INVITE_ID, OFF_ID
from firsthand.requests.forms import BringForm, TakeOffForm
from firsthand.requests.guests import coming, gone
from firsthand.requests.moving import refuse_with
from firsthand.requests.views.asks import seen_by, take
from firsthand.requests.views.deeds import done
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import AskMove


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
    refuse_with(who_may_not(request.user, AskMove.SCHEDULE, found), status=403)

    pressed_twice = TakeOffForm(request.POST, people=gone(found))
    if pressed_twice.is_valid():
        name = dict(gone(found))[pressed_twice.cleaned_data["attendee"]]
        return done(request, found.reference_request_id, f"{name} comes no more.")

    def take_off(facts: Mapping[str, Any]) -> str:
        chosen = get_object_or_404(found.reference_request.attendees, pk=facts["attendee"])
        return f"{actions.take_off(found, chosen, by=request.user).name} comes no more."

    return take(request, pk, "off", TakeOffForm(request.POST, people=coming(found, request.user), auto_id=OFF_ID), take_off)
