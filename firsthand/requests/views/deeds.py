"""What is done to a request: one address per deed, each a POST that leads back to its page."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.forms import CloseForm, ContentForm, QuestionForm, ReasonForm, SeenForm, WordsForm
from firsthand.requests.models import ReferenceRequest
from firsthand.stories.models import Story


def seen_by(request: SignedIn, pk: int) -> ReferenceRequest:
    """The request, if this person may see it; otherwise it is not there (404)."""
    rows = ReferenceRequest.objects.visible_to(request.user).select_related("activity_type", "opportunity", "requester", "manager")
    return get_object_or_404(rows, pk=pk)


def read(form: forms.Form) -> dict[str, Any]:
    """What the form holds. Raises `Refused` (400) with the first complaint."""
    if not form.is_valid():
        raise Refused(next(str(errors[0]) for errors in form.errors.values()), status=400)
    return form.cleaned_data


def done(request: SignedIn, pk: int, words: str) -> HttpResponse:
    """Say what was done and go back to the request."""
    toast(request, words)
    return redirect("desk:request", pk)


def _seen(request: SignedIn) -> str:
    return str(read(SeenForm(request.POST))["seen"])


@require_POST
def submission(request: SignedIn, pk: int) -> HttpResponse:
    actions.submit(seen_by(request, pk), by=request.user, seen=_seen(request))
    return done(request, pk, "Request submitted.")


@require_POST
def question(request: SignedIn, pk: int) -> HttpResponse:
    found, facts = seen_by(request, pk), read(QuestionForm(request.POST))
    actions.ask_info(found, by=request.user, question=facts["words"], seen=facts["seen"])
    return done(request, pk, "Question sent.")


@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    found, facts = seen_by(request, pk), read(QuestionForm(request.POST))
    actions.give_info(found, by=request.user, answer=facts["words"], seen=facts["seen"])
    return done(request, pk, "Answer sent.")


@require_POST
@once
def notes(request: SignedIn, pk: int) -> HttpResponse:
    actions.add_note(seen_by(request, pk), by=request.user, words=read(WordsForm(request.POST))["words"])
    return done(request, pk, "Note posted.")


@require_POST
def content(request: SignedIn, pk: int) -> HttpResponse:
    reference_request = seen_by(request, pk)
    chosen = [int(each) for each in request.POST.getlist("story") if each.isascii() and each.isdigit() and len(each) < 19]
    facts = read(ContentForm(request.POST))
    stories = list(Story.objects.visible_to(request.user).filter(pk__in=chosen).order_by("pk"))
    actions.answer_with_content(reference_request, by=request.user, stories=stories, note=facts["words"], seen=facts["seen"])
    return done(request, pk, "Answered with content.")


@require_POST
def content_confirmation(request: SignedIn, pk: int) -> HttpResponse:
    actions.confirm_content(seen_by(request, pk), by=request.user, seen=_seen(request))
    return done(request, pk, "Request fulfilled.")


@require_POST
def reopening(request: SignedIn, pk: int) -> HttpResponse:
    actions.reopen(seen_by(request, pk), by=request.user, seen=_seen(request))
    return done(request, pk, "Request reopened, with its first clock.")


@require_POST
def withdrawal(request: SignedIn, pk: int) -> HttpResponse:
    found, facts = seen_by(request, pk), read(ReasonForm(request.POST))
    actions.withdraw(found, by=request.user, reason=facts["reason"], seen=facts["seen"])
    return done(request, pk, "Request withdrawn.")


@require_POST
def closing(request: SignedIn, pk: int) -> HttpResponse:
    found, facts = seen_by(request, pk), read(CloseForm(request.POST))
    actions.close(found, by=request.user, reason=facts["reason"], note=facts["note"], seen=facts["seen"])
    return done(request, pk, "Request closed.")
