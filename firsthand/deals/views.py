"""The list of deals and the form of one."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from firsthand.core import lists
from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.customers.models import Account
from firsthand.deals import actions
from firsthand.deals.forms import DealForm
from firsthand.deals.listing import deals_for
from firsthand.deals.models import Opportunity
from firsthand.deals.permissions import Move, demand, why_not
from firsthand.people.signed_in import SignedIn


@require_GET
def index(request: SignedIn) -> HttpResponseBase:
    mine = Opportunity.objects.visible_to(request.user).open().filter(owner=request.user).count()
    return lists.answer(
        request, deals_for(request.user), "deals/list.html", {"may_add": why_not(request.user, Move.ADD) is None, "mine": mine}
    )


@require_http_methods(["GET", "POST"])
@once
def new(request: SignedIn) -> HttpResponse:
    demand(request.user, Move.ADD)
    form = DealForm(request.POST or None, user=request.user, account=_account_asked_for(request))
    return _save(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, deal_id: int) -> HttpResponse:
    deals = Opportunity.objects.visible_to(request.user).select_related("owner__team", "account", "stage")
    deal = get_object_or_404(deals, pk=deal_id)
    demand(request.user, Move.EDIT, deal)
    return _save(request, DealForm(request.POST or None, user=request.user, deal=deal), deal)


def _save(request: SignedIn, form: DealForm, deal: Opportunity | None) -> HttpResponse:
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _write(request, form, deal)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            toast(request, f"{saved.name or 'Deal'} saved.")
            return redirect("desk:deal", saved.pk)
    return render(request, "deals/form.html", {"form": form, "deal": deal}, status=status)


def _write(request: SignedIn, form: DealForm, deal: Opportunity | None) -> Opportunity:
    if deal is None:
        return actions.add_deal(form.facts, by=request.user)
    return actions.change_deal(deal, form.facts, by=request.user, revision=form.cleaned_data["revision"])


def _account_asked_for(request: SignedIn) -> Account | None:
    asked = request.GET.get("account", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    return Account.objects.visible_to(request.user).filter(pk=int(asked)).first() if known else None
