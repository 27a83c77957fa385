"""The new-request page and the draft's: prefilled from the deal, with a preview of the match beside it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from firsthand.core.ui.toasts import toast
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_prospect
from firsthand.matching.match import match
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions, new_request
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.new_request import NewRequestForm
from firsthand.requests.views.deeds import seen_by

PREVIEWED = 3


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """`?deal=` takes our own id of a deal, `?opportunity=` the CRM's: a button there needs nothing else."""
    deal = deal_of(request)
    form = NewRequestForm(request.POST or None, user=request.user, deal=deal, initial=new_request.first_values(None, deal))
    chosen = criteria(request, new_request.of_deal(deal))
    if request.method == "POST" and not changes_criteria(request) and form.is_valid():
        as_draft = request.POST.get("act") == "draft"
        key = form.cleaned_data["form_key"]
        filed = actions.file_request(form.wish_of(chosen), by=request.user, form_key=key, as_draft=as_draft)
        toast(request, "Draft saved." if as_draft else "Request submitted.")
        return redirect("desk:request", filed.pk)
    return page(request, form, chosen, deal)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """A draft, until it is submitted."""
    draft = get_object_or_404(ReferenceRequest.objects.filter(requester=request.user, status="draft"), pk=pk)
    form = NewRequestForm(request.POST or None, user=request.user, deal=draft.opportunity, initial=new_request.first_values(draft, None))
    deal = deal_of(request) or draft.opportunity
    chosen = criteria(request, new_request.of_deal(deal) if request.method == "POST" else new_request.of_request(draft))
    if request.method == "POST" and not changes_criteria(request) and form.is_valid():
        actions.change_draft(draft, form.wish_of(chosen), by=request.user)
        if request.POST.get("act") != "draft":
            actions.submit(seen_by(request, pk), by=request.user)
        toast(request, "Draft saved." if request.POST.get("act") == "draft" else "Request submitted.")
        return redirect("desk:request", pk)
    return page(request, form, chosen, draft.opportunity, draft=draft)


@require_POST
def preview(request: SignedIn) -> HttpResponse:
    """The best matches for what is typed so far."""
    form = NewRequestForm(request.POST, user=request.user, deal=deal_of(request))
    chosen = criteria(request, {})
    return render(request, "requests/_preview.html", {"result": previewed(request, form, chosen, None)})


def page(
    request: SignedIn, form: NewRequestForm, chosen: new_request.Chosen, deal: Opportunity | None, *, draft: ReferenceRequest | None = None
) -> HttpResponse:
    """The form, its chips and the matches so far."""
    is_change = changes_criteria(request)
    context: dict[str, Any] = {
        "form": form,
        "show_errors": request.method == "POST" and not is_change,
        "deal": deal,
        "prospect": shown_prospect(deal, request.user) if deal else "",
        "draft": draft,
        "chips": new_request.chips(chosen),
        "addable": new_request.addable(chosen),
        "cards": new_request.activity_cards(),
        "result": previewed(request, form, chosen, deal),
    }
    is_refused = request.method == "POST" and not is_change
    return render(request, "requests/new.html", context, status=400 if is_refused else 200)


def previewed(request: SignedIn, form: NewRequestForm, chosen: new_request.Chosen, deal: Opportunity | None) -> object:
    """The match of an incomplete form; None while there is no activity type at all."""
    shown = form
    if not form.is_bound:
        shown = NewRequestForm({**form.initial, "opportunity": deal.pk if deal else None}, user=request.user, deal=deal)
    need = new_request.draft_need(shown, chosen, deal)
    return match(need, request.user, shown=PREVIEWED) if need else None


def deal_of(request: SignedIn) -> Opportunity | None:
    """The deal in the address or, after a POST, in the form; one that may not be seen is none."""
    rows = Opportunity.objects.visible_to(request.user).select_related("account", "stage")
    ours = request.POST.get("opportunity") or request.GET.get("deal", "")
    if ours.isascii() and ours.isdigit() and len(ours) < 19:
        return rows.filter(pk=int(ours)).first()
    external = request.GET.get("opportunity", "").replace("\0", "")
    return rows.filter(external_id=external).first() if external else None


def criteria(request: SignedIn, first: new_request.Chosen) -> new_request.Chosen:
    """The criteria as the page posts them, after the button that was pressed."""
    posted = request.POST
    if request.method != "POST" or posted.get("act") == "deal":
        return first
    chosen = new_request.read_chosen(posted.getlist("criterion"))
    return new_request.changed(chosen, remove=posted.get("remove", ""), must=posted.get("must", ""), add=posted.get("add", ""))


def changes_criteria(request: SignedIn) -> bool:
    """Whether a button of the chips was pressed, and not one that submits."""
    return request.POST.get("act") in {"add", "deal"} or "remove" in request.POST or "must" in request.POST
