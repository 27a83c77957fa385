"""Who fits a request and who does not, and why. Several are proposed at once."""

from dataclasses import replace
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.core.words import counted
from firsthand.matching import panels
from firsthand.matching.match import match
from firsthand.matching.rules import BY_CODE
from firsthand.people.signed_in import SignedIn
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.changing import change_url
from firsthand.requests.competing import also_wanted
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.needs import need_of
from firsthand.requests.permissions import why_late, why_not_request
from firsthand.requests.places import hosts_of
from firsthand.requests.preview import named_for
from firsthand.requests.views.deeds import seen_by
from firsthand.requests.wording import heading
from firsthand.requests.workflow import RequestMove


@require_http_methods(["GET", "POST"])
def matches(request: SignedIn, pk: int) -> HttpResponse:
    """Ranked candidates with reasons, exclusions with theirs. POST proposes an ask to each reference that was ticked.

    `?not=` takes back what was read out of the wish, `?why=` has the sentences of everybody under one rule.
    """
    found = seen_by(request, pk)
    if request.method != "POST":
        return _page(request, found)
    note, exception = request.POST.get("note", "")[:2000], request.POST.get("exception", "").strip()
    try:
        asks = actions.propose(found, ticked(request), by=request.user, note=note, exception=exception)
    except Refused as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        return _page(request, found, refusal=refusal)
    toast(request, f"{counted(len(asks), 'ask')} proposed." if asks else "They are proposed already.")
    return redirect("desk:request", found.pk)


def _page(request: SignedIn, found: ReferenceRequest, *, refusal: Refused | None = None) -> HttpResponse:
    """The page; after a refusal with its sentence, and with everything that was ticked and typed."""
    why = request.GET.get("why", "")
    removed = panels.removed_spans(request.GET.getlist("not"))
    result = match(replace(need_of(found), removed=removed), request.user, why=why if why in BY_CODE else "")
    query = [(name, value) for name, values in request.GET.lists() for value in values]
    why_not = why_not_request(request.user, RequestMove.ASK, found)
    form = "" if why_not else "propose"
    may_lift, chosen = request.user.runs_program, ids_ticked(request) if refusal else set()
    context = {
        "found": found,
        "title": heading(found, request.user),
        "finding": panels.title(result),
        "understood": panels.understood(result, address=request.path, query=query, change_url=change_url(found, request.user)),
        "matches": panels.matches(result, form=form, proposed=set(found.asks.open().values_list("reference_id", flat=True)), ticked=chosen),
        "exclusions": panels.exclusions(result, address=request.path, query=query, why=why, form=form if may_lift else "", ticked=chosen),
        "refused": refusal.sentence if refusal else "",
        "typed": request.POST if refusal else {},
        "contests": also_wanted([each.reference.pk for each in result.matches], found, request.user)
        if request.user.reads_everything
        else [],
        "named": named_for(found, request.user),
        "why_not": why_not,
        "change_url": change_url(found, request.user) if why_not == why_late(found) else "",
        "may_lift": may_lift,
        "times_to_join": hosts_of(found, request.user).count(),
    }
    return render(request, "requests/matches.html", context, status=refusal.status if refusal else 200)


def ticked(request: SignedIn) -> list[Reference]:
    """The references that were ticked. Raises `Refused` (400) without one, or with one that is not there for this person."""
    ids = ids_ticked(request)
    references = list(Reference.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk"))
    if not references or len(references) != len(ids):
        raise Refused("Choose at least one reference to propose.", status=400)
    return references


def ids_ticked(request: SignedIn) -> set[int]:
    """What was ticked, whoever it is."""
    return {int(each) for each in request.POST.getlist("reference") if each.isascii() and each.isdigit() and len(each) < 19}
