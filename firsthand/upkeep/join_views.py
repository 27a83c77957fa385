"""Say in the browser whether a typed deal is one that the CRM sent."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from firsthand.core.ui.toasts import toast
from firsthand.customers.permissions import Move, why_not
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_title
from firsthand.people.signed_in import SignedIn
from firsthand.upkeep.join_deals import ask_again, join_deal, joined, tell_apart


@require_POST
def join(request: SignedIn, deal_id: int) -> HttpResponse:
    """Yes, they are one. Sent twice it leads to the deal they became."""
    into = _other(request)
    first = joined(deal_id)
    if first is not None and first.subject_id == into.pk:
        return redirect("desk:deal", into.pk)
    change = join_deal(_typed(request, deal_id), into, by=request.user)
    may_undo = why_not(request.user, Move.MERGE) is None
    undo = {"undo": reverse("upkeep:undo_merge", args=[change.pk])} if may_undo else {}
    toast(request, f"The deal that was typed is part of {shown_title(into, request.user)} now.", **undo)
    return redirect("desk:deal", into.pk)


@require_POST
def apart(request: SignedIn, deal_id: int) -> HttpResponse:
    """No, they are two: not asked again."""
    typed, other = _typed(request, deal_id), _other(request)
    tell_apart(typed, other, by=request.user)
    undo = reverse("upkeep:ask_again", args=[typed.pk, other.pk])
    toast(request, f"{shown_title(typed, request.user)} and {shown_title(other, request.user)} stay two deals.", undo=undo)
    return redirect("desk:deal", typed.pk)


@require_POST
def again(request: SignedIn, deal_id: int, other_id: int) -> HttpResponse:
    """That was no answer after all: it is asked again."""
    typed = _typed(request, deal_id)
    ask_again(typed, get_object_or_404(_visible(request), pk=other_id), by=request.user)
    toast(request, "Taken back. Whether the two are one deal is asked again.")
    return redirect("desk:deal", typed.pk)


def _typed(request: SignedIn, deal_id: int) -> Opportunity:
    return get_object_or_404(_visible(request), pk=deal_id)


def _other(request: SignedIn) -> Opportunity:
    given = request.POST.get("into", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Http404
    return get_object_or_404(_visible(request), pk=int(given))


def _visible(request: SignedIn) -> QuerySet[Opportunity]:
    return Opportunity.objects.visible_to(request.user).select_related("account__owner", "owner__team")
