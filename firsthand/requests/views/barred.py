"""Open asks that the policy in force bars: a program manager ends them or lets them stand, each by its ordinary deed."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.parts import Column, Pager
from firsthand.people.signed_in import SignedIn
from firsthand.requests.barred import MOVES, barred_asks, barred_rows, plan
from firsthand.requests.bulk import Line, do_each, said
from firsthand.requests.models import Ask
from firsthand.requests.moving import refuse_with

ONLY_MANAGERS = "Program managers decide on the asks that the policy bars."
TICK = re.compile(r"([0-9]{1,18})-([a-z]{1,10})")  # an ask, and the status that stood on the page
PAGE = 50
COLUMNS = (Column("Choose", hidden=True), Column("Ask"), Column("Status"), Column("What bars it"))
OUTCOMES = (Column("Ask"), Column("What happens"), Column("Outcome"))


class DecisionForm(forms.Form):
    """End those ticked or let them stand, and why."""

    move = forms.ChoiceField(choices=[(code, move.label) for code, move in MOVES.items()])
    reason = forms.CharField(
        max_length=300, label="Reason", error_messages={"required": "Write the reason. Whoever is concerned reads it."}
    )


@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    """GET lists them by key, `saved` leads back to the policy when there are none; POST does the move on those ticked, row by row."""
    refuse_with(None if request.user.runs_program else ONLY_MANAGERS, status=403)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        move = MOVES[form.cleaned_data["move"]]
        lines = plan(move, _ticked(request), request.user)
        if not lines:
            raise Refused("Tick at least one ask first.", status=400)
        do_each(lines, form.cleaned_data)
        return _told(request, move.label, lines)
    found = barred_asks()
    if not found and "saved" in request.GET:
        return redirect("program:policy")
    return _listed(request, form, found)


def _listed(request: SignedIn, form: DecisionForm, found: Sequence[int]) -> HttpResponse:
    start = bisect_right(found, _after(request.GET))
    shown = found[start : start + PAGE]
    rows = barred_rows(_seen(request).filter(pk__in=shown), request.user)
    context: dict[str, Any] = {
        "count": len(found),
        "columns": COLUMNS,
        "rows": rows,
        "form": form,
        "moves": MOVES.values(),
        "ticked": set(request.POST.getlist("ask")),
        "pager": Pager(
            first=start + 1,
            last=start + len(shown),
            total=len(found) if shown else 0,
            previous=_address(found[start - PAGE - 1] if start > PAGE else 0) if start else "",
            next=_address(shown[-1]) if start + PAGE < len(found) else "",
        ),
    }
    return render(request, "requests/barred.html", context, status=400 if form.errors else 200)


def _told(request: SignedIn, label: str, lines: Sequence[Line]) -> HttpResponse:
    return render(request, "requests/barred_done.html", {"label": label, "said": said(lines), "columns": OUTCOMES, "lines": lines})


def _seen(request: SignedIn) -> "QuerySet[Ask]":
    return Ask.objects.visible_to(request.user)


def _after(asked: QueryDict) -> int:
    """The key the page starts after; 0 where the address says none."""
    text = asked.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _address(after: int) -> str:
    return f"{reverse('requests:barred')}?after={after}" if after else reverse("requests:barred")


def _ticked(request: SignedIn) -> list[tuple[Ask, str]]:
    """The asks ticked, each with the status that stood on the page. Raises `Refused` (400) for more than a page of them."""
    given = request.POST.getlist("ask")
    if len(given) > PAGE:
        raise Refused(f"At most {PAGE} asks are decided at once; {len(given)} are ticked.", status=400)
    seen = {int(match[1]): match[2] for each in given if (match := TICK.fullmatch(each))}
    return [(ask, seen[ask.pk]) for ask in _seen(request).filter(pk__in=seen).order_by("pk")]
