"""What surrounds a meeting: the prospect picks the time, somebody else takes it over, the brief."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firsthand.core.refused import Refused
from firsthand.core.words import counted, listed
from firsthand.matching import panels
from firsthand.matching.match import match
from firsthand.matching.rules import BY_CODE
from firsthand.people.signed_in import SignedIn
from firsthand.references.disclosure import shown_name
from firsthand.requests import actions
from firsthand.requests.actions.meeting import day_of
from firsthand.requests.beside import why_no_panel
from firsthand.requests.brief import brief_for
from firsthand.requests.forms import CancelForm, SeenForm, zone_of
from firsthand.requests.guest_forms import InviteForm
from firsthand.requests.models import Ask
from firsthand.requests.moving import refuse_with
from firsthand.requests.needs import need_of
from firsthand.requests.task import INVITE_ID
from firsthand.requests.views.asks import seen_by, take
from firsthand.requests.views.deeds import done, read
from firsthand.requests.views.matches import ids_ticked, ticked
from firsthand.requests.who_may import who_may_not, who_may_not_request
from firsthand.requests.workflow import AskMove, RequestMove

BRIEFED = (Ask.Status.INTRODUCED, Ask.Status.SCHEDULED, Ask.Status.HELD)


@require_POST
def times(request: SignedIn, pk: int) -> HttpResponse:
    """Release the times offered to somebody of the other side, who picks one behind a link."""
    found = seen_by(request, pk)

    def release(facts: Mapping[str, Any]) -> str:
        attendee = actions.let_pick(found, by=request.user, name=facts["attendee"], email=facts["attendee_email"])
        return f"{attendee.name} gets a link to the times."

    return take(request, pk, "times", InviteForm(request.POST, auto_id=INVITE_ID), release)


@require_http_methods(["GET", "POST"])
def swap(request: SignedIn, pk: int) -> HttpResponse:
    """Who could take a fixed time over. POST cancels the one who cannot and asks those who were ticked."""
    found, user = seen_by(request, pk), request.user
    refuse_with(who_may_not(user, AskMove.CANCEL, found), status=403)
    refuse_with(who_may_not_request(user, RequestMove.ASK, found.reference_request), status=403)

    def swap_them() -> str:
        facts, exception = read(CancelForm(request.POST)), request.POST.get("exception", "")
        asks = actions.swap(found, ticked(request), by=user, reason=facts["reason"], exception=exception, seen=facts["seen"])
        return f"{counted(len(asks), 'other')} asked to take the time. The other side hears once somebody does."

    return _at_that_time(request, found, "swap", swap_them)


@require_http_methods(["GET", "POST"])
def panel(request: SignedIn, pk: int) -> HttpResponse:
    """Who could come to a fixed time as well. POST asks those who were ticked."""
    found, user = seen_by(request, pk), request.user
    refuse_with(who_may_not_request(user, RequestMove.ASK, found.reference_request), status=403)

    def ask_along() -> str:
        facts, exception = read(SeenForm(request.POST)), request.POST.get("exception", "")
        asks = actions.ask_along(found, ticked(request), by=user, exception=exception, seen=facts["seen"])
        return f"{counted(len(asks), 'other')} asked to come to the same time. Everybody hears once somebody does."

    return _at_that_time(request, found, "panel", ask_along)


def _at_that_time(request: SignedIn, found: Ask, form: str, deed: Callable[[], str]) -> HttpResponse:
    """The page, or what its form does. What is refused comes back with everything that was ticked and typed, while the time stands."""
    refusal = None
    if request.method == "POST":
        try:
            return done(request, found.reference_request_id, deed())
        except Refused as refused:
            found, refusal = seen_by(request, found.pk), refused
            if refused.status == HTTPStatus.FORBIDDEN or not _stands(found):
                raise
    context = _same_time(request, found, form=form, refusal=refusal)
    return render(request, f"requests/{form}.html", context, status=refusal.status if refusal else 200)


def _stands(found: Ask) -> bool:
    return found.occasion is not None and found.status == Ask.Status.SCHEDULED


def _same_time(request: SignedIn, found: Ask, *, form: str, refusal: Refused | None) -> dict[str, Any]:
    """The time of an ask, and who might come to it. Raises Http404 where none is fixed."""
    user, chosen = request.user, ids_ticked(request) if refusal else set()
    if found.occasion is None or not _stands(found):
        raise Http404
    local = found.occasion.starts_at.astimezone(ZoneInfo(zone_of(user)))
    why, query = request.GET.get("why", ""), [(name, value) for name, values in request.GET.lists() for value in values]
    result = match(need_of(found.reference_request, day=day_of(found.occasion.starts_at)), user, why=why if why in BY_CODE else "")
    held = found.reference_request.asks.filter(status__in=[Ask.Status.SCHEDULED, Ask.Status.INTRODUCED, Ask.Status.HELD])
    others = panels.exclusions(result, address=request.path, query=query, why=why, form=form, ticked=chosen) if user.runs_program else None
    return {
        "ask": found,
        "name": shown_name(found.reference, user),
        "others": listed([shown_name(each.reference, user) for each in Ask.objects.beside(found).order_by("pk")]),
        "when": f"{local:%A %-d %B, %H:%M} ({zone_of(user)})",
        "matches": panels.matches(result, form=form, proposed=set(held.values_list("reference_id", flat=True)), ticked=chosen),
        "exclusions": others,
        "why_not": why_no_panel(found) if form == "panel" else None,
        "refused": refusal.sentence if refusal else "",
        "typed": request.POST if refusal else {},
    }


@require_safe
def brief(request: SignedIn, pk: int) -> HttpResponse:
    """One page to print before it is held."""
    found = seen_by(request, pk)
    if found.status not in BRIEFED:
        raise Http404
    return render(request, "requests/brief.html", {"ask": found, "brief": brief_for(found, request.user)})
