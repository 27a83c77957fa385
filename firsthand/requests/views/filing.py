"""The new-request page and the draft's: prefilled from the deal, with a preview of the match beside it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_prospect
from firsthand.people.signed_in import SignedIn
from firsthand.references.choosing import label, people_like
from firsthand.requests import actions, criteria, deal_finding, new_request
from firsthand.requests.criteria import Chosen
from firsthand.requests.deal_fields import TYPED
from firsthand.requests.liking import who_to_be_like
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.new_request import NewRequestForm
from firsthand.requests.preview import preview_of

TAKEN_FROM = ("like", "prospect")  # the fields whose traits become criteria; `taken_like` says for which words they were taken
BUTTONS = {"add", "find", "traits", "outside"}  # what `act` says where a button changes the form and does not send it
KEPT_AS = {True: "Draft saved.", False: "Request submitted."}


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """`?deal=` takes our own id of a deal, `?opportunity=` the CRM's, with what the CRM knows of a deal that is not here yet."""
    if request.method != "POST":
        deal = _deal_in_address(request)
        first = new_request.first_values(deal, deal_finding.from_address(request.GET))
        return _page(request, NewRequestForm(initial=first, user=request.user), _first_criteria(request, deal, first), deal)
    form = NewRequestForm(_posted(request), user=request.user, as_draft=_is_draft(request))
    if request.POST.get("act") == "outside":
        return _logged_instead(form)
    chosen = _criteria(request, form)
    if _is_sent(request) and form.is_valid():
        earlier = ReferenceRequest.objects.filter(form_key=form.cleaned_data["form_key"], requester=request.user).first()
        if earlier is not None:
            state = earlier.get_status_display().lower()
            toast(request, f"This form was sent already and became {earlier}, which is {state}. Nothing was added.")
            return redirect("desk:request", earlier.pk)
        key = form.cleaned_data["form_key"]
        try:
            filed = actions.file_request(form.wish_of(chosen), by=request.user, form_key=key, as_draft=_is_draft(request))
        except Refused as refusal:
            return _refused(request, form, chosen, refusal)
        return _kept(request, filed)
    return _page(request, form, chosen, form.cleaned_data.get("opportunity"))


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """A draft, until it is submitted."""
    related = ("activity_type", "opportunity__account", "opportunity__stage", "like_account", "like_story", "named_contact__account")
    draft = get_object_or_404(ReferenceRequest.objects.filter(requester=request.user).select_related(*related), pk=pk)
    if draft.status != ReferenceRequest.Status.DRAFT:
        raise Refused(f"{draft} is submitted already, so it is not changed here any more. Change what is wanted on its page.")
    if request.method != "POST":
        form = NewRequestForm(initial=new_request.values_of(draft), user=request.user)
        return _page(request, form, criteria.of_request(draft), draft.opportunity, draft=draft)
    form = NewRequestForm(_posted(request), user=request.user, as_draft=_is_draft(request), draft=draft)
    if request.POST.get("act") == "outside":
        return _logged_instead(form)
    chosen = _criteria(request, form)
    if _is_sent(request) and form.is_valid():
        seen, as_draft = form.cleaned_data["revision"], _is_draft(request)
        try:
            changed = actions.change_draft(draft, form.wish_of(chosen), by=request.user, revision=seen, as_draft=as_draft)
        except Refused as refusal:
            return _refused(request, form, chosen, refusal, draft=draft)
        return _kept(request, changed)
    return _page(request, form, chosen, form.cleaned_data.get("opportunity"), draft=draft)


@require_POST
def preview(request: SignedIn) -> HttpResponse:
    """The best matches for what is typed so far."""
    form = NewRequestForm(request.POST, user=request.user, as_draft=True)
    form.is_valid()
    return render(request, "requests/_preview.html", {"preview": preview_of(form, _criteria(request, form), request.user)})


@require_POST
def traits_of(request: SignedIn) -> HttpResponse:
    """The chips, with the facet values of whoever the reference should be like among them."""
    form = NewRequestForm(request.POST, user=request.user, as_draft=True)
    form.is_valid()
    return render(request, "requests/_criteria.html", _chips(_criteria(request, form, takes=True), _typed(form)))


@require_GET
def deals(request: SignedIn) -> HttpResponse:
    """Deals to choose from, for what is typed so far."""
    return render(request, "requests/_deal_offers.html", {"offers": deal_finding.offers(request.user, request.GET.get("deal_q", ""))})


@require_GET
def names(request: SignedIn) -> HttpResponse:
    """Options for a field in which somebody is typed by name: a person, or whom the reference should be like."""
    text = request.GET.get("like", "")[:200]
    if text:
        found = who_to_be_like(text, request.user)
    else:
        words = (request.GET.get("named", "") or request.GET.get("who", ""))[:200]
        found = [label(person) for person in people_like(words, request.user)]
    return render(request, "requests/_names.html", {"names": found})


def _posted(request: SignedIn) -> Any:
    """What was posted, with the deal whose button was pressed."""
    if "pick" not in request.POST:
        return request.POST
    posted = request.POST.copy()
    posted["opportunity"] = request.POST["pick"]
    return posted


def _logged_instead(form: NewRequestForm) -> HttpResponse:
    """To the form of a reference that was arranged outside, with what was typed of the deal."""
    form.is_valid()
    return redirect(f"{reverse('requests:outside_new')}?{urlencode(deal_finding.to_address(form.cleaned_data))}")


def _kept(request: SignedIn, kept: ReferenceRequest) -> HttpResponse:
    toast(request, KEPT_AS[kept.status == ReferenceRequest.Status.DRAFT])
    return redirect("desk:request", kept.pk)


def _refused(
    request: SignedIn, form: NewRequestForm, chosen: Chosen, refusal: Refused, *, draft: ReferenceRequest | None = None
) -> HttpResponse:
    """The form again with all that was typed, and the sentence that says what is wrong."""
    form.add_error(None, refusal.sentence)
    return _page(request, form, chosen, form.deal, draft=draft, status=refusal.status)


def _page(
    request: SignedIn,
    form: NewRequestForm,
    chosen: Chosen,
    deal: Opportunity | None,
    *,
    draft: ReferenceRequest | None = None,
    status: int = 0,
) -> HttpResponse:
    """The form, its chips and the matches so far."""
    is_refused = _is_sent(request)
    typed = form["prospect"].value() or ""
    context: dict[str, Any] = {
        "form": form,
        "show_errors": is_refused,
        "deal": deal,
        "prospect": shown_prospect(deal, request.user) if deal else "",
        "draft": draft,
        "offers": deal_finding.offers(request.user, request.POST.get("deal_q", "")),
        "deal_q": request.POST.get("deal_q", ""),
        "is_typed": deal is None and (bool(typed) or (is_refused and any(name in form.errors for name in TYPED))),
        "begins_with_wish": deal is not None or bool(typed),
        "is_particular": any(form[name].value() for name in ("like", "named", "named_why", "questions")),
        "cards": new_request.activity_cards(),
        "preview": preview_of(_bound(form), chosen, request.user),
        **_chips(chosen, _taken(request, form)),
    }
    return render(request, "requests/new.html", context, status=status or (400 if is_refused else 200))


def _chips(chosen: Chosen, taken: dict[str, str]) -> dict[str, Any]:
    return {"chips": criteria.chips(chosen), "addable": criteria.addable(chosen), "taken": taken}


def _typed(form: NewRequestForm) -> dict[str, str]:
    return {name: str(form[name].value() or "") for name in TAKEN_FROM}


def _taken(request: SignedIn, form: NewRequestForm) -> dict[str, str]:
    """Whose traits are among the criteria by now, as they are typed; a deal that was just chosen has brought its own instead."""
    if request.method != "POST" or request.POST.get("act") == "traits" or _is_sent(request):
        return _typed(form)
    return {} if "pick" in request.POST else {name: request.POST.get(f"taken_{name}", "") for name in TAKEN_FROM}


def _bound(form: NewRequestForm) -> NewRequestForm:
    """The form as if what stands in it had been sent, for the preview of a page that was just opened."""
    if form.is_bound:
        return form
    shown = NewRequestForm({name: value for name, value in form.initial.items() if value is not None}, user=form.user, as_draft=True)
    shown.is_valid()
    return shown


def _deal_in_address(request: SignedIn) -> Opportunity | None:
    ours = deal_finding.by_number(request.GET.get("deal", ""), request.user)
    return ours or deal_finding.by_crm_id(request.GET.get("opportunity", ""), request.user)


def _first_criteria(request: SignedIn, deal: Opportunity | None, first: dict[str, Any]) -> Chosen:
    """Of the deal, else of the prospect that the address names."""
    if deal is not None:
        return criteria.of_deal(deal)
    return criteria.of_account(deal_finding.account_called(str(first.get("prospect", "")), request.user))


def _criteria(request: SignedIn, form: NewRequestForm, *, takes: bool = False) -> Chosen:
    """The criteria as the page posts them, after the button that was pressed.

    Those of whoever it should be like, and of a prospect that was typed, are taken with the button, and at the latest when the form
    is sent: of whom they were not taken yet, or of all where the button is pressed again.
    """
    form.is_valid()
    posted = request.POST
    if posted.get("pick"):
        return criteria.of_deal(form.deal)
    chosen = criteria.read(posted.getlist("criterion"))
    chosen = criteria.changed(chosen, remove=posted.get("remove", ""), must=posted.get("must", ""), add=posted.get("add", ""))
    asks = takes or posted.get("act") == "traits"
    new = [name for name in TAKEN_FROM if form.data.get(name, "") != posted.get(f"taken_{name}", "")]
    if asks or _is_sent(request):
        return criteria.with_more(chosen, form.traits(new or (TAKEN_FROM if asks else ())))
    return chosen


def _is_draft(request: SignedIn) -> bool:
    """Whether it stays a draft; a button that only changes the form asks for no more than a draft does."""
    return request.POST.get("act") == "draft" or not _is_sent(request)


def _is_sent(request: SignedIn) -> bool:
    """Whether a button was pressed that sends the form, and not one that changes it."""
    posted = request.POST
    looks = posted.get("act") == "enter" and posted.get("deal_q") and not posted.get("opportunity")
    pressed = looks or posted.get("act") in BUTTONS or any(name in posted for name in ("remove", "must", "pick"))
    return request.method == "POST" and not pressed
