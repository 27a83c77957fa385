"""A reference arranged outside: logged on one page, debriefed on its own."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import sees_deal, shown_prospect, shown_title
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.actions.outside import who_may_not_retract
from firsthand.requests.deal_fields import TYPED
from firsthand.requests.deal_finding import by_crm_id, by_number, from_address
from firsthand.requests.forms import RequesterDebriefForm, RetractForm
from firsthand.requests.models import ArrangedOutside
from firsthand.requests.outside import WHOM, OutsideForm, first_values, uses_slot, whom_with
from firsthand.requests.views.deeds import attempt


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """`?deal=` takes our own id of a deal, `?opportunity=` the CRM's, with what is known of a deal that is not here yet."""
    ours = request.POST.get("opportunity") or request.GET.get("deal", "")
    deal = by_number(ours, request.user) or by_crm_id(request.GET.get("opportunity", ""), request.user)
    form = OutsideForm(request.POST or None, user=request.user, deal=deal, initial=first_values(deal, from_address(request.GET)))
    status = 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            logged = actions.log_outside(form.said, by=request.user, form_key=form.cleaned_data["form_key"])
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            toast(request, "Logged. Thank you: it counts, and nobody is asked too often.")
            return redirect("requests:outside", logged.pk)
    return render(request, "requests/outside_new.html", {"form": form, "deal": deal, "is_typed": _is_typed(form)}, status=status)


@require_http_methods(["GET", "POST"])
def outside(request: SignedIn, pk: int) -> HttpResponse:
    """What was logged. POST says how it went."""
    found, form = _seen(request, pk), RequesterDebriefForm(request.POST or None)

    def debrief(facts: Mapping[str, Any]) -> str:
        given = {name: facts[name] for name in ("grade", "words", "found_own")}
        actions.debrief_outside(found, by=request.user, hours=facts["hours"] or None, **given)
        return "Thank you. The grade is kept."

    if request.method == "POST":
        return _take(request, pk, form, debrief, debrief=form)
    return _page(request, found, debrief=form)


@require_POST
def retraction(request: SignedIn, pk: int) -> HttpResponse:
    """It was logged by mistake, or did not take place."""
    found, form = _seen(request, pk), RetractForm(request.POST)

    def retract(facts: Mapping[str, Any]) -> str:
        actions.retract_outside(found, by=request.user, reason=facts["reason"])
        return "Taken back. It counts nowhere any more."

    return _take(request, pk, form, retract, retract=form)


def _take(request: SignedIn, pk: int, form: forms.Form, deed: Callable[[Mapping[str, Any]], str], **shown: forms.Form) -> HttpResponse:
    """Do what the form says and come back to the page; what is refused stands there with what was typed."""
    words, status = attempt(form, deed)
    if words:
        toast(request, words)
        return redirect("requests:outside", pk)
    return _page(request, _seen(request, pk), status=status, **shown)


def _page(
    request: SignedIn, found: ArrangedOutside, *, debrief: forms.Form | None = None, retract: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "found": found,
        "whom": whom_with(found, request.user),
        "uses_slot": uses_slot(found, request.user),
        "deal": _deal(found.opportunity, request.user) if found.opportunity else "",
        "debrief": found.debriefs.first(),
        "form": (debrief or RequesterDebriefForm()) if found.colleague_id == request.user.pk and not found.retracted_at else None,
        "sent": next((each for each in (debrief, retract) if each is not None and each.is_bound), None),
        "retract": retract or RetractForm(),
        "may_retract": found.retracted_at is None and who_may_not_retract(request.user, found) is None,
        "why_retracted": _why_retracted(found),
    }
    return render(request, "requests/outside.html", context, status=status)


def _deal(deal: Opportunity, reader: Colleague) -> str:
    return shown_title(deal, reader) if sees_deal(reader, deal) else f"a deal with {shown_prospect(deal, reader)}"


def _is_typed(form: OutsideForm) -> bool:
    return bool(form["prospect"].value()) or any(name in form.errors for name in TYPED)


def _seen(request: SignedIn, pk: int) -> ArrangedOutside:
    related = (*WHOM, "opportunity__account", "colleague", "activity_type", "engagement__reference")
    return get_object_or_404(ArrangedOutside.objects.visible_to(request.user).select_related(*related), pk=pk)


def _why_retracted(found: ArrangedOutside) -> str:
    if found.retracted_at is None:
        return ""
    told = (
        Event.objects.filter(verb="outside_retracted", subject_kind="arrangedoutside", subject_id=found.pk).select_related("words").first()
    )
    return told.said if told else ""
