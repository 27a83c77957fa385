"""The queue's own deeds: who is in charge, and moves on many requests at once."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core import lists
from firsthand.core.refused import Refused
from firsthand.core.ui.parts import Column
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions, bulk
from firsthand.requests.actions.managing import manager_of, requester_of
from firsthand.requests.charge import NO_NEW_REQUESTER, NOT_YOURS
from firsthand.requests.competing import contested, contests, how_many_contested
from firsthand.requests.listing import requests_for
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.moving import refuse_with
from firsthand.requests.views.deeds import seen_by, take

DECIDE = "Program managers decide between requests."
ONLY_MANAGERS = "Program managers move many requests at once."

COLUMNS = (Column("Request"), Column("What happens"), Column("Outcome"))


class BulkForm(forms.Form):
    """What a move on many asks for: some of these."""

    reason = forms.CharField(
        max_length=500, label="Reason", error_messages={"required": "Write the reason. Whoever is concerned reads it."}
    )
    unfulfilled = forms.ChoiceField(choices=ReferenceRequest.UnfulfilledReason.choices, label="Reason")
    note = forms.CharField(required=False, max_length=500, label="For the requesters", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: QueryDict | None, *, only: tuple[str, ...]) -> None:
        super().__init__(data)
        for name in set(self.fields) - set(only):
            del self.fields[name]


@require_POST
def manager(request: SignedIn, pk: int) -> HttpResponse:
    """Put another manager in charge."""
    found = seen_by(request, pk)
    refuse_with(None if request.user.runs_program else NOT_YOURS, status=403)

    def hand_over(facts: Mapping[str, Any]) -> str:
        to = manager_of(facts["to"])
        actions.hand_over(found, to=to, by=request.user, reason=facts["reason"])
        return f"{to.name} is in charge now and hears why."

    return take(request, found, "manager", hand_over)


@require_POST
def requester(request: SignedIn, pk: int) -> HttpResponse:
    """Make somebody else the requester."""
    found = seen_by(request, pk)
    refuse_with(None if request.user.runs_program else NO_NEW_REQUESTER, status=403)

    def give(facts: Mapping[str, Any]) -> str:
        to = requester_of(facts["to"])
        actions.give_requester(found, to=to, by=request.user, reason=facts["reason"])
        return f"{to.name} is the requester now and hears so by mail."

    return take(request, found, "requester", give)


@require_http_methods(["GET", "POST"])
def moves(request: SignedIn) -> HttpResponse:
    """One move on the requests ticked in the list: GET shows what it would do and what is refused, POST does it, row by row.

    With `fits`, a query string of the list, it is the first of all that fit it, whatever was ticked; the POST names those shown.
    """
    refuse_with(None if request.user.runs_program else ONLY_MANAGERS, status=403)
    asked = request.POST if request.method == "POST" else request.GET
    move = bulk.moves().get(asked.get("move", ""))
    if move is None:
        raise Refused("Choose what to do with those you ticked.", status=400)
    ids, fit = fitting(request, asked["fits"]) if request.method == "GET" and "fits" in asked else (chosen(asked), 0)
    lines = bulk.plan(move, ReferenceRequest.objects.visible_to(request.user).filter(pk__in=ids), request.user)
    if not lines:
        raise Refused("Tick at least one request first.", status=400)
    form = BulkForm(request.POST if request.method == "POST" else None, only=move.asks_for)
    is_done = request.method == "POST" and form.is_valid()
    if is_done:
        bulk.carry_out(move, lines, form.cleaned_data, by=request.user)
    context: dict[str, Any] = {
        "move": move,
        "columns": COLUMNS,
        "lines": lines,
        "ids": ids,
        "fit": fit,
        "form": form,
        "is_done": is_done,
        "said": bulk.said(lines) if is_done else "",
        "possible": sum(not line.why_not for line in lines),
        "refused": sum(bool(line.why_not) for line in lines),
    }
    return render(request, "requests/moves.html", context, status=400 if form.errors else 200)


@require_GET
def competing(request: SignedIn) -> HttpResponse:
    """People whom several requests want, the most urgent first."""
    refuse_with(None if request.user.reads_everything else DECIDE, status=403)
    count = how_many_contested()
    return render(request, "requests/competing.html", {"contests": contests(contested(), request.user), "count": count})


def fitting(request: SignedIn, query: str) -> tuple[list[int], int]:
    """The first requests that fit the list's query string, in its order, and how many fit. Raises `Refused` (400) for a strange one."""
    found = lists.fitting(requests_for(request.user), QueryDict(query[:2000]), most=bulk.MOST)
    return [row.pk for row in found.rows], found.total


def chosen(asked: QueryDict) -> list[int]:
    """The requests ticked, each once. Raises `Refused` (400) for more than a page of them."""
    given = asked.getlist("request")
    if len(given) > bulk.MOST:
        raise Refused(f"At most {bulk.MOST} requests are moved at once; {len(given)} are ticked.", status=400)
    return sorted({int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 19})
