"""What is wanted of a submitted request is changed on a page of its own."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.changing import who_may_not_change, why_day_stays, why_not_change, why_wish_stays
from firsthand.requests.checks import MOST_WORDS, NO_WISH
from firsthand.requests.forms import DayInput, SeenForm, one_per_line
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.moving import refuse_with
from firsthand.requests.views.deeds import seen_by
from firsthand.requests.wording import heading


class WantedForm(SeenForm):
    """What is wanted of a request that is submitted. `seen` is its revision."""

    wish = forms.CharField(
        max_length=MOST_WORDS, label="What does the prospect want to hear?", widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_WISH},
    )  # fmt: skip
    questions = forms.CharField(
        required=False, max_length=MOST_WORDS, label="Questions they want answered", help_text="One per line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    needed_by = forms.DateField(widget=DayInput, label="Needed by", error_messages={"required": "Choose the day it is needed by."})
    listed = forms.CharField(required=False, max_length=1200, widget=forms.HiddenInput)
    criteria = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What they are matched by",
        help_text="Untick what is not meant. Whoever refuses to speak of something wanted here is not asked. "
        "A new wish brings what it says, and takes along what only the old one said.",
    )  # fmt: skip

    def __init__(self, *args: Any, criteria: list[tuple[str, str]], **kwargs: Any) -> None:
        """`criteria` are the ids of the values and how they are shown; the field is left out where there are none."""
        super().__init__(*args, **kwargs)
        field = self.fields["criteria"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = criteria
        if not criteria:
            del self.fields["criteria"]

    @property
    def dropped(self) -> tuple[int, ...]:
        """Those that stood on the page and were unticked there. The form is valid."""
        listed = {int(each) for each in self.cleaned_data["listed"].split() if each.isascii() and each.isdigit() and len(each) < 19}
        return tuple(sorted(listed - {int(each) for each in self.cleaned_data.get("criteria", ())}))

    def clean_seen(self) -> int:
        """A number that no page sent is none."""
        text = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def clean_questions(self) -> str:
        return one_per_line(self.cleaned_data["questions"])

    def refuse(self, sentence: str, *, now: int) -> None:
        """It could not be done; whoever sends it again has read how it stands `now`."""
        self.add_error(None, sentence)
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()  # every tick of a list, as it was sent
            self.data["seen"] = str(now)

    def keep(self, part: str, why: str) -> None:
        """Show a part that stays, with the sentence why; where it was typed over, it can be set back."""
        if not self.is_bound:
            self.fields[part].widget.attrs["readonly"] = True
        self.fields[part].help_text = why


@require_http_methods(["GET", "POST"])
def wanted(request: SignedIn, pk: int) -> HttpResponse:
    """The words and the day as they stand, to change. What is refused comes back with all that was typed."""
    found = seen_by(request, pk)
    refuse_with(who_may_not_change(request.user, found), status=403)
    refuse_with(why_not_change(found))
    form = WantedForm(request.POST if request.method == "POST" else None, initial=_as_it_stands(found), criteria=_criteria(found))
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            actions.change_wanted(found, _words(facts, form.dropped), by=request.user, seen=facts["seen"])
        except Refused as refusal:
            status, found = refusal.status, seen_by(request, pk)
            form.refuse(refusal.sentence, now=found.revision)
        else:
            toast(request, "Saved. Whoever is concerned hears of it.")
            return redirect("desk:request", pk)
    for part, why in (("wish", why_wish_stays(found)), ("needed_by", why_day_stays(found))):
        if why:
            form.keep(part, why)
    context = {"found": found, "title": heading(found, request.user), "form": form, "is_refused": status == HTTPStatus.CONFLICT}
    return render(request, "requests/wanted.html", context, status=status)


def _criteria(found: ReferenceRequest) -> list[tuple[str, str]]:
    rows = found.criteria.select_related("value__facet").order_by("pk")
    return [(str(row.value_id), f"{row.value.name} ({row.value.facet.name}, {row.importance})") for row in rows]


def _as_it_stands(found: ReferenceRequest) -> dict[str, object]:
    ids = [pk for pk, _ in _criteria(found)]
    words = {"wish": found.wish, "questions": found.questions, "needed_by": found.needed_by}
    return {**words, "criteria": ids, "listed": " ".join(ids), "seen": found.revision}


def _words(facts: dict[str, Any], dropped: tuple[int, ...]) -> actions.Wanted:
    return actions.Wanted(facts["wish"], facts["questions"], facts["needed_by"], dropped)
