"""Once it was held: the prospect is asked how it was, the reference is thanked and hears what came of it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.models import Colleague
from firsthand.people.signed_in import SignedIn
from firsthand.references.disclosure import shown_name
from firsthand.requests import actions
from firsthand.requests.actions.thanking import standing_note, who_may_not_write, why_not_yet
from firsthand.requests.forms import PersonalNoteForm
from firsthand.requests.guest_tasks import release_form
from firsthand.requests.models import Ask, PersonalNote
from firsthand.requests.moving import refuse_with
from firsthand.requests.notes_drafted import draft
from firsthand.requests.views.asks import RELATED, seen_by, take


@require_POST
def prospect_debrief(request: SignedIn, pk: int) -> HttpResponse:
    """The seller releases the question how it was to somebody of the other side."""
    found = seen_by(request, pk)

    def release(facts: Mapping[str, Any]) -> str:
        chosen = found.reference_request.attendees.filter(pk=facts.get("attendee", 0)).first()
        attendee = actions.release_debrief(found, chosen, by=request.user, name=facts.get("name", ""), email=facts.get("email", ""))
        return f"{attendee.name} is asked how it was."

    return take(request, pk, "prospect-debrief", release_form(found, request.POST), release)


@require_http_methods(["GET", "POST"])
def thanks(request: SignedIn, pk: int) -> HttpResponse:
    """The thank-you, for the owner to change and send."""
    return _note(request, seen_by(request, pk), PersonalNote.Kind.THANKS)


@require_http_methods(["GET", "POST"])
def came_of_it(request: SignedIn, pk: int) -> HttpResponse:
    """What came of it, for the deal's owner to change and send; they see this page though the request may not be theirs."""
    found = get_object_or_404(_seen_or_of_own_deal(request.user).select_related(*RELATED), pk=pk)
    return _note(request, found, PersonalNote.Kind.CAME_OF_IT)


def _seen_or_of_own_deal(user: Colleague) -> "QuerySet[Ask]":
    return Ask.objects.visible_to(user) | Ask.objects.filter(reference_request__opportunity__owner=user)


def _note(request: SignedIn, found: Ask, kind: PersonalNote.Kind) -> HttpResponse:
    user = request.user
    refuse_with(who_may_not_write(user, kind, found), status=403)
    told = list(found.personal_notes.filter(kind=kind).select_related("author").order_by("-pk"))
    refuse_with(None if told else why_not_yet(kind, found))
    form, status = PersonalNoteForm(request.POST or None, initial={"words": draft(found, kind, user)}), 400
    if kind == PersonalNote.Kind.THANKS:
        del form.fields["prospect_agreed"]
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            agreed = facts.get("prospect_agreed", False)
            actions.write_note(found, by=user, kind=kind, words=facts["words"], prospect_agreed=agreed)
        except Refused as refused:
            if refused.status == HTTPStatus.FORBIDDEN or standing_note(found, kind):
                raise
            form.add_error("words", refused.sentence)
            status = refused.status
        else:
            toast(request, "On its way to the reference.")
            return redirect(request.path)
    context = {
        "found": found,
        "name": shown_name(found.reference, user),
        "form": form,
        "is_thanks": kind == PersonalNote.Kind.THANKS,
        "told": told,
        "is_done": not form.errors and (standing_note(found, kind) or why_not_yet(kind, found)) is not None,
        "back": reverse("requests:ask", args=[found.pk]) if Ask.objects.visible_to(user).filter(pk=found.pk).exists() else "",
    }
    return render(request, "requests/note.html", context, status=status if form.errors else 200)
