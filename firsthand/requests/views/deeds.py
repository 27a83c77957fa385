"""What is done to a request: one address per deed, each a POST that leads back to its page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.dialogs import dialog, is_offered
from firsthand.requests.forms import SeenForm
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.wording import heading
from firsthand.stories.models import Story


def seen_by(request: SignedIn, pk: int) -> ReferenceRequest:
    """The request, if this person may see it; otherwise it is not there (404)."""
    rows = ReferenceRequest.objects.visible_to(request.user).select_related("activity_type", "opportunity", "requester", "manager")
    return get_object_or_404(rows, pk=pk)


def read(form: forms.Form) -> dict[str, Any]:
    """What the form holds. Raises `Refused` (400) with the first complaint."""
    if not form.is_valid():
        raise Refused(first_complaint(form), status=400)
    return form.cleaned_data


def done(request: SignedIn, pk: int, words: str) -> HttpResponse:
    """Say what was done and go back to the request."""
    toast(request, words)
    return redirect("desk:request", pk)


def attempt(form: forms.Form, deed: Callable[[Mapping[str, Any]], str]) -> tuple[str, int]:
    """Do what a form says. Gives the deed's words that it is done, or none, the complaint in the form, and the status that goes with it.

    `deed` takes what the form holds. Raises `Refused` (403) for who may not: they get no form back.
    """
    if not form.is_valid():
        return "", HTTPStatus.BAD_REQUEST
    try:
        return deed(form.cleaned_data), HTTPStatus.OK
    except Refused as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        form.add_error(None, refusal.sentence)
        return "", refusal.status


def take(request: SignedIn, found: ReferenceRequest, name: str, deed: Callable[[Mapping[str, Any]], str]) -> HttpResponse:
    """Do what a form of the request's page says. What is refused stands on a page of its own with all that was typed, while it is offered.

    `deed` takes what the form holds and gives the words that say it is done.
    """
    form = dialog(name, found, request.user, request.POST).form
    words, status = attempt(form, deed)
    if words:
        return done(request, found.pk, words)
    fresh = seen_by(request, found.pk)
    if not is_offered(name, fresh, request.user):
        raise Refused(first_complaint(form), status=status)
    shown = dialog(name, fresh, request.user)
    if isinstance(form, SeenForm):
        form.show_anew(request.POST, shown.kind.seen(fresh))
    context = {"found": fresh, "title": heading(fresh, request.user), "dialog": replace(shown, form=form)}
    return render(request, "requests/dialog.html", context, status=status)


def first_complaint(form: forms.Form) -> str:
    return next(str(errors[0]) for errors in form.errors.values())


def _seen(request: SignedIn) -> str:
    return str(read(SeenForm(request.POST))["seen"])


@require_POST
def submission(request: SignedIn, pk: int) -> HttpResponse:
    actions.submit(seen_by(request, pk), by=request.user, seen=_seen(request))
    return done(request, pk, "Request submitted.")


@require_POST
def question(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def ask(facts: Mapping[str, Any]) -> str:
        actions.ask_info(found, by=request.user, question=facts["words"], seen=facts["seen"])
        return "Question sent."

    return take(request, found, "question", ask)


@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def tell(facts: Mapping[str, Any]) -> str:
        actions.give_info(found, by=request.user, answer=facts["words"], seen=facts["seen"])
        return "Answer sent."

    return take(request, found, "answer", tell)


@require_POST
@once
def notes(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def post(facts: Mapping[str, Any]) -> str:
        actions.add_note(found, by=request.user, words=facts["words"])
        return "Note posted."

    return take(request, found, "notes", post)


@require_POST
def content(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def offer(facts: Mapping[str, Any]) -> str:
        stories = list(Story.objects.visible_to(request.user).filter(pk__in=facts["story"]).order_by("pk"))
        actions.answer_with_content(found, by=request.user, stories=stories, note=facts["words"], seen=facts["seen"])
        return "Answered with content."

    return take(request, found, "content", offer)


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
    found = seen_by(request, pk)

    def withdraw(facts: Mapping[str, Any]) -> str:
        actions.withdraw(found, by=request.user, reason=facts["reason"], seen=facts["seen"])
        return "Request withdrawn."

    return take(request, found, "withdrawal", withdraw)


@require_POST
def closing(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def close(facts: Mapping[str, Any]) -> str:
        actions.close(found, by=request.user, reason=facts["reason"], note=facts["note"], seen=facts["seen"])
        return "Request closed."

    return take(request, found, "closing", close)
