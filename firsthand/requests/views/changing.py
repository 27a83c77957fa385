"""What is wanted of a submitted request is changed on a page of its own."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.changing import who_may_not_change, why_day_stays, why_not_change, why_wish_stays
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.moving import refuse_with
from firsthand.requests.views.deeds import seen_by
from firsthand.requests.wanted_form import WantedForm
from firsthand.requests.wording import heading


@require_http_methods(["GET", "POST"])
def wanted(request: SignedIn, pk: int) -> HttpResponse:
    """The words and the day as they stand, to change. What is refused comes back with all that was typed."""
    found = seen_by(request, pk)
    refuse_with(who_may_not_change(request.user, found), status=403)
    refuse_with(why_not_change(found))
    form = WantedForm(request.POST if request.method == "POST" else None, initial=_as_it_stands(found), criteria=_criteria(found))
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_wanted(found, form.wanted, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            status, found = refusal.status, seen_by(request, pk)
            form.add_error(None, refusal.sentence)
            form.show_anew(request.POST, str(found.revision))
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
