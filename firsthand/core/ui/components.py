"""The page that shows every part once, at /components/ while developing."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from firsthand.core.ui.parts import (
    Bar,
    Choice,
    Column,
    Figure,
    Filter,
    Found,
    FoundGroup,
    Link,
    Mark,
    Pager,
    Points,
    Reason,
    Step,
    Toolbar,
)


class SampleForm(forms.Form):
    """One field of each shape, sent with mistakes."""

    needed_by = forms.DateField(
        label="Needed by", help_text="Calls take 5 days in the median.", widget=forms.DateInput(attrs={"type": "date"})
    )
    wish = forms.CharField(label="What does the prospect want to hear?", widget=forms.Textarea(attrs={"rows": 2}))
    language = forms.ChoiceField(label="Language of the call", choices=[("en", "English"), ("de", "German")], required=False)
    activity = forms.ChoiceField(label="What should the reference do?", choices=[("call", ""), ("visit", ""), ("slot", "")])
    period = forms.ChoiceField(label="Period", choices=[("month", "Month"), ("quarter", "Quarter")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("audit", "Audit trail"), ("speed", "Speed")], required=False, widget=forms.CheckboxSelectMultiple
    )
    tell = forms.BooleanField(label="Tell the reference what came of it", required=False)


def components(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "ui/palette_results.html", {"groups": _found()})
    return render(request, "ui/components.html", samples())


def samples() -> dict[str, Any]:
    """Invented values for every part."""
    today = timezone.localdate()
    sent = {"needed_by": "soon", "wish": "", "activity": "call", "period": "month", "tell": "on"}
    return {
        "marks": _marks(),
        "form": SampleForm(sent),
        "other": SampleForm(prefix="other"),
        "cards": [
            Choice("call", "Reference call", "phone", "30 min · 9 fit"),
            Choice("visit", "Site visit", "map-pin", "Half a day · 2 fit"),
            Choice("slot", "Speaking slot", "mic", "", "Offered from Negotiation on. This deal is in Proposal."),
        ],
        "links": [Link("Due this week", "?f=due", is_current=True, count=9), Link("All open", "?f=open", count=1031)],
        "steps": [Step("Draft", "done", "16 Nov"), Step("Asking", "now", "3 asks, 1 approved"), Step("Fulfilled", "next", "by 27 Nov")],
        "points": [Points("Like them", 46, 50), Points("Strong story", 18, 20), Points("Rested", 13, 15)],
        "reasons": [Reason("Banking, Nordics, 3,200 people"), Reason("31 branches, your prospect has 12", fits=False)],
        "figures": _figures(),
        "columns": [
            Column("Due", sort="due"),
            Column("Request", sort="name"),
            Column("Status"),
            Column("Deal", numeric=True),
            Column("Actions", hidden=True),
        ],
        "toolbar": _toolbar(),
        "pager": Pager(1, 50, 10_000, is_capped=True, next="?after=50"),
        "waits": [
            Bar("Matching", 0.6, goal=1, note="5 open"),
            Bar("Owner", 2.4, goal=1, note="6 open"),
            Bar("Scheduling", 3, goal=3, note="4 open"),
        ],
        "ages": [Bar("0–2 days", 9), Bar("3–5", 11), Bar("6–10", 7), Bar("over 10", 4, stands_out=True)],
        "trend": [62, 60, 66, 58, 55, 41],
        "soon": today + dt.timedelta(days=8),
        "now": timezone.now(),
        "why_not": "Claes Ek cannot be asked: 3 calls used and 1 reserved of 4 in 2026.",
    }


def _marks() -> list[Mark]:
    return [
        Mark("Draft", "circle-dashed"),
        Mark("Asking", "circle-dot", "info"),
        Mark("Needs info", "message-circle-question-mark", "wait"),
        Mark("Fulfilled", "circle-check-big", "good"),
        Mark("Unfulfilled", "circle-x", "bad"),
    ]


def _figures() -> list[Figure]:
    return [
        Figure("Health", "", status=Mark("Watch", "eye", "wait"), basis="was Healthy until 16 Nov"),
        Figure("NPS, 4 people", "41", basis="down 14 since August", trend=(62, 60, 66, 58, 55, 41)),
        Figure("Owed by contract", "1", unit="of 2 references", basis="until 31 Jan 2027"),
    ]


def _toolbar() -> Toolbar:
    return Toolbar(
        search="bank",
        filters=(Filter("activity", "Activity", (("call", "Call"), ("visit", "Visit")), "call"), Filter("owner", "Owner", (("1", "Ana"),))),
        saved=(Link("Due this week", "?f=due", is_current=True, count=9), Link("All open", "?f=open", count=31)),
        exports=(Link("CSV", "?export=csv"), Link("Excel", "?export=xlsx")),
        save_url="/",
    )


def _found() -> list[FoundGroup]:
    return [
        FoundGroup("References", [Found("#1", "Ingrid Solheim, Ostvik Sparebank", "No call left in 2026", person="Ingrid Solheim")]),
        FoundGroup("Accounts and deals", [Found("#2", "Ostvik Sparebank", "Ana Ferreira’s account", icon="building-2")]),
    ]
