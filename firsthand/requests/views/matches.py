"""Who fits a request and who does not, and why. Several are proposed at once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.core.words import counted
from firsthand.matching.match import match
from firsthand.matching.rules import BY_CODE
from firsthand.people.signed_in import SignedIn
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.needs import need_of
from firsthand.requests.permissions import why_not_request
from firsthand.requests.views.deeds import seen_by
from firsthand.requests.wording import heading
from firsthand.requests.workflow import RequestMove


@require_http_methods(["GET", "POST"])
def matches(request: SignedIn, pk: int) -> HttpResponse:
    """Ranked candidates with reasons, exclusions with theirs. POST proposes an ask to each reference that was ticked."""
    found = seen_by(request, pk)
    if request.method == "POST":
        return _propose(request, pk)
    why = request.GET.get("why", "")
    result = match(need_of(found), request.user, why=why if why in BY_CODE else "")
    context = {
        "found": found,
        "title": heading(found),
        "result": result,
        "why": why,
        "why_not": why_not_request(request.user, RequestMove.ASK, found),
        "proposed": set(found.asks.open().values_list("reference_id", flat=True)),
        "may_lift": request.user.runs_program,
    }
    return render(request, "requests/matches.html", context)


def _propose(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)
    ids = [int(each) for each in request.POST.getlist("reference") if each.isascii() and each.isdigit() and len(each) < 19]
    references = list(Reference.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk"))
    if not references or len(references) != len(set(ids)):
        raise Refused("Choose at least one reference to propose.", status=400)
    note, exception = request.POST.get("note", "")[:2000], request.POST.get("exception", "").strip()
    asks = actions.propose(found, references, by=request.user, note=note, exception=exception)
    toast(request, f"{counted(len(asks), 'ask')} proposed." if asks else "They are proposed already.")
    return redirect("desk:request", pk)
