"""Merge facet values in the browser: choose the other, see what changes, confirm."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.forms import complain
from firsthand.people.signed_in import SignedIn
from firsthand.program.models import FacetValue
from firsthand.program.permissions import demand
from firsthand.program.tree import in_order
from firsthand.upkeep.merge import merge_values, preview, why_not_merge


class MergeForm(forms.Form):
    """The value that stays."""

    def __init__(self, *args: Any, value: FacetValue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in in_order(value.facet.values.in_use()) if why_not_merge(value, row) is None]
        choices = [("", "Choose the value that stays"), *((str(row.pk), "\N{EM SPACE}" * row.depth + row.name) for row in rows)]
        by_id = {str(row.pk): row for row in rows}
        self.fields["into"] = forms.TypedChoiceField(label="Becomes", choices=choices, coerce=by_id.get, empty_value=None)


@require_http_methods(["GET", "POST"])
def merge_value(request: SignedIn, value_id: int) -> HttpResponse:
    """Without a choice, ask for it; with one, show what changes; merge only when that was confirmed by POST."""
    demand(request.user)
    value = get_object_or_404(FacetValue.objects.select_related("facet"), pk=value_id)
    form = MergeForm(request.POST or request.GET or None, value=value)
    into: FacetValue | None = form.cleaned_data["into"] if form.is_valid() else None
    if request.method == "POST" and into:
        try:
            merge_values(value, into, by=request.user)
        except Refused as refusal:
            complain(form, refusal.sentence)
        else:
            toast(request, f"{value.name} is now {into.name}.")
            return redirect("program:facet", into.facet_id)
    context = {"form": form, "value": value, "into": into, "counts": preview(value)}
    return render(request, "upkeep/merge_value.html", context, status=400 if form.errors else 200)
