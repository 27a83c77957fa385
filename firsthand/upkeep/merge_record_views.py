"""Merge accounts and persons in the browser: what may be there twice, what would change hands, confirm, take back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core import search
from firsthand.core.ui.toasts import toast
from firsthand.core.words import counted, listed, number
from firsthand.customers.models import Account, Person
from firsthand.customers.permissions import Move, demand
from firsthand.history.models import Change
from firsthand.people.signed_in import SignedIn
from firsthand.upkeep import duplicates as twins
from firsthand.upkeep import same_deals
from firsthand.upkeep.merge_records import ACCOUNT, PERSON, merge_accounts, merge_persons, preview, undo_merge
from firsthand.upkeep.past_merges import past_merges

FOUND_SHOWN = 8


@require_GET
def duplicates(request: SignedIn) -> HttpResponse:
    """Accounts, persons and typed deals that may be there twice, and the merges that were made."""
    demand(request.user, Move.MERGE)
    accounts, persons, deals = twins.account_pairs(), twins.person_pairs(), same_deals.for_managers(request.user)
    title = _finding({"accounts": len(accounts), "people": len(persons), "deals": len(deals)})
    context = {"title": title, "accounts": accounts, "persons": persons, "deals": deals, "past": past_merges()}
    return render(request, "upkeep/duplicates.html", context)


def _finding(counts: dict[str, int]) -> str:
    """What may be there twice, by its plural: `2 pairs of accounts and 1 pair of deals may be the same`."""
    pairs = [
        f"{number(n)} or more pairs of {many}" if n == twins.MOST_PAIRS else f"{counted(n, 'pair')} of {many}"
        for many, n in counts.items()
        if n
    ]
    return f"{listed(pairs)} may be the same" if pairs else "Nothing seems to be there twice"


@require_http_methods(["GET", "POST"])
def merge_account(request: SignedIn, account_id: int) -> HttpResponse:
    """Without `into`, offer accounts to merge with; with it, show what changes hands; merge by POST alone."""
    demand(request.user, Move.MERGE)
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=account_id)
    into = _chosen(request, Account.objects.visible_to(request.user))
    if request.method == "POST" and into:
        change = merge_accounts(account, into, by=request.user)
        _told(request, f"{account.name} is part of {into.name} now.", change)
        return redirect("desk:account", into.pk)
    text = request.GET.get("q", "")[:200]
    others = Account.objects.visible_to(request.user).exclude(pk=account.pk).select_related("owner")
    found = search.narrow(others, "account", text).order_by("key", "pk")[:FOUND_SHOWN] if text else twins.accounts_like(account)
    context = {"account": account, "into": into, "found": found, "text": text, "counts": preview(ACCOUNT, account)}
    return render(request, "upkeep/merge_account.html", context)


@require_http_methods(["GET", "POST"])
def merge_person(request: SignedIn, person_id: int) -> HttpResponse:
    """The same for two entries of one person."""
    demand(request.user, Move.MERGE)
    person = get_object_or_404(Person, pk=person_id)
    into = _chosen(request, Person.objects.all())
    if request.method == "POST" and into:
        change = merge_persons(person, into, by=request.user)
        _told(request, f"The two entries of {into.name} are one now.", change)
        return redirect("upkeep:duplicates")
    found = twins.persons_like(person)
    context = {"person": person, "into": into, "found": found, "counts": preview(PERSON, person)}
    return render(request, "upkeep/merge_person.html", context)


@require_POST
def undo(request: SignedIn, change_id: int) -> HttpResponse:
    """Take a merge back."""
    change = get_object_or_404(Change, pk=change_id, kind__startswith="merge")
    undo_merge(change, by=request.user)
    toast(request, "The merge was taken back.")
    return redirect("upkeep:duplicates")


def _chosen(request: SignedIn, rows: Any) -> Any:
    given = request.POST.get("into") or request.GET.get("into") or ""
    return rows.filter(pk=int(given)).first() if given.isascii() and given.isdigit() and len(given) < 19 else None


def _told(request: SignedIn, sentence: str, change: Change) -> None:
    toast(request, sentence, undo=reverse("upkeep:undo_merge", args=[change.pk]))
