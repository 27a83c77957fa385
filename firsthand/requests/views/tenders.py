"""A tender: when evaluators may call, and the reference sheet."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from firsthand.core.refused import Refused
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.moving import refuse_with
from firsthand.requests.sheet import Sheet, why_not_sheet
from firsthand.requests.sheet import sheet as sheet_of
from firsthand.requests.views.deeds import seen_by, take
from firsthand.requests.wording import heading

TYPES = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}


@require_POST
def window(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def save(facts: Mapping[str, Any]) -> str:
        actions.set_window(found, by=request.user, first=facts["first"], last=facts["last"], seen=facts["seen"])
        return "Window saved. Slots are held for it."

    return take(request, found, "window", save)


@never_cache
@require_GET
def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """The sheet as it stands now; `?as=pdf` and `?as=txt` give the file."""
    found = seen_by(request, pk)
    refuse_with(why_not_sheet(found, request.user), status=403)
    if not found.activity_type.is_tender:
        raise Refused("Only a tender has a reference sheet.", status=404)
    made = sheet_of(found, request.user)
    form = request.GET.get("as", "")
    if form in TYPES:
        return _file(made, form, f"references-rq-{pk}.{form}")
    return render(request, "requests/sheet.html", {"found": found, "title": heading(found, request.user), "sheet": made})


def _file(made: Sheet, form: str, name: str) -> HttpResponse:
    if not made.entries:
        raise Refused("Nobody has agreed to be named yet, so there is no sheet to take.")
    response = HttpResponse(made.pdf() if form == "pdf" else made.text(), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
