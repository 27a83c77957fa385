"""One ask: its page with whatever may be done now, and its deeds."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.references.disclosure import shown_name
from firsthand.requests import actions
from firsthand.requests.approvals import IN_PERSON, owner_forms, take_answer
from firsthand.requests.ask_page import ask_page
from firsthand.requests.forms import (
    CancelForm,
    CorrectionForm,
    LiftForm,
    OutcomeForm,
    RequesterDebriefForm,
    SeenForm,
    TimeForm,
    zone_of,
)
from firsthand.requests.models import Ask
from firsthand.requests.moving import refuse_with, seen_as
from firsthand.requests.recording import record_form, take_record
from firsthand.requests.task import CANCEL_ID, CORRECTION_ID, LIFT_ID, Sent
from firsthand.requests.times import time_fixed_already, times_to_choose
from firsthand.requests.views.deeds import attempt, done, first_complaint, read
from firsthand.requests.who_may import who_may_not
from firsthand.requests.wording import unreached
from firsthand.requests.workflow import AskMove

OUTCOMES: dict[str, str] = {Ask.Status.HELD: "Counted. Both sides are asked how it went.", Ask.Status.MISSED: "Noted as missed."}


RELATED = (
    "reference__contact__person", "reference__contact__account__owner__team__lead", "reference__reference_account", "engagement",
    "reference_request__activity_type", "reference_request__opportunity__account", "reference_request__requester",
    "occasion", "approver", "policy",
)  # fmt: skip


def seen_by(request: SignedIn, pk: int) -> Ask:
    """The ask, if this person may see its request; otherwise it is not there (404)."""
    return get_object_or_404(Ask.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


@require_safe
def ask(request: SignedIn, pk: int) -> HttpResponse:
    return render(request, "requests/ask.html", {"page": ask_page(seen_by(request, pk), request.user)})


@require_http_methods(["GET", "POST"])
def approval(request: SignedIn, pk: int) -> HttpResponse:
    """The owner's answer, signed in. What is refused comes back with all that was typed; once answered, it shows the ask."""
    found = seen_by(request, pk)
    refuse_with(who_may_not(request.user, AskMove.APPROVE, found), status=403)
    if request.method != "POST" and found.status != Ask.Status.PROPOSED:
        return redirect("requests:ask", pk)
    answered, status = owner_forms(found, request.POST if request.method == "POST" else None), 400
    if request.method == "POST" and answered.sent.is_valid():
        try:
            words = take_answer(found, answered, by=request.user)
        except Refused as refusal:
            answered.sent.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            toast(request, words)
            return redirect("requests:ask", pk) if answered.answer == IN_PERSON else redirect("desk:request", found.reference_request_id)
    context = {"page": ask_page(found, request.user), "forms": answered}
    return render(request, "requests/approval.html", context, status=status if answered.sent.errors else 200)


@require_POST
def sending(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)
    actions.send(found, by=request.user, seen=read(SeenForm(request.POST))["seen"])
    return done(request, found.reference_request_id, f"Ask to {shown_name(found.reference, request.user)} is on its way.")


@require_POST
def in_person(request: SignedIn, pk: int) -> HttpResponse:
    """Approved, and unconfirmed since: it goes back to whoever approved, to ask in person."""
    found = seen_by(request, pk)
    given = actions.give_to_owner(found, by=request.user, seen=read(SeenForm(request.POST))["seen"])
    who = given.approver.name if given.approver and given.approver != request.user else "You"
    return done(request, found.reference_request_id, f"{who} {'ask' if who == 'You' else 'asks'} in person. The text for it is on its way.")


def take(
    request: SignedIn, pk: int, task: str, form: SeenForm, deed: Callable[[Mapping[str, Any]], str], *, stays: bool = False
) -> HttpResponse:
    """Do what the form of a task says. What is refused comes back on the ask's page with all that was typed, where the task is still there.

    `deed` takes what the form holds and gives the words that say it is done. It leads to the request, or `stays` on the ask.
    """
    words, status = attempt(form, deed)
    if words:
        toast(request, words)
        return redirect("requests:ask", pk) if stays else redirect("desk:request", Ask.objects.get(pk=pk).reference_request_id)
    found = seen_by(request, pk)
    # The page below shows how it stands now, so what is sent from there was seen by then.
    form.show_anew(request.POST, seen_as(found))
    page = ask_page(found, request.user, sent=Sent(task, form))
    if not any(each.id == task and each.form is form for each in page.tasks):
        raise Refused(first_complaint(form), status=status)
    return render(request, "requests/ask.html", {"page": page}, status=status)


@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Record what the reference answered in person."""
    found = seen_by(request, pk)
    form = record_form(found, request.user, request.POST)
    return take(request, pk, "answer", form, lambda _: take_record(found, form, by=request.user))


@require_POST
def time(request: SignedIn, pk: int) -> HttpResponse:
    """Fix or move the time."""
    found, zone = seen_by(request, pk), zone_of(request.user)
    offered = times_to_choose(found, request.user, time_fixed_already(found))
    form = TimeForm(request.POST, offered=offered, may_lift=request.user.runs_program)

    def fix(facts: Mapping[str, Any]) -> str:
        given = {name: facts.get(name, "") for name in ("place", "attendee", "attendee_email", "exception", "seen")}
        actions.schedule(found, by=request.user, starts_at=form.moment(zone), minutes=facts["minutes"] or 0, **given)
        return f"Time fixed. {unreached(found, request.user) or 'Calendar files are on their way.'}"

    return take(request, pk, "time", form, fix)


@require_POST
def introduction(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)
    actions.introduce(found, by=request.user, seen=read(SeenForm(request.POST))["seen"])
    return done(request, found.reference_request_id, "Introduction is on its way to both.")


@require_POST
def outcome(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def say(facts: Mapping[str, Any]) -> str:
        fresh = actions.say_outcome(found, by=request.user, says=facts["outcome"], hours=facts["hours"] or None, seen=facts["seen"])
        return OUTCOMES.get(fresh.status, "Noted. The reference is asked too; two equal answers settle it.")

    return take(request, pk, "outcome", OutcomeForm(request.POST), say)


@require_POST
def correction(request: SignedIn, pk: int) -> HttpResponse:
    """Settle anew whether it happened."""
    found = seen_by(request, pk)

    def correct(facts: Mapping[str, Any]) -> str:
        given = {"says": facts["outcome"], "reason": facts["reason"], "hours": facts["hours"] or None}
        actions.correct_outcome(found, by=request.user, seen=facts["seen"], **given)
        return "Outcome corrected. All that followed from it was counted anew."

    return take(request, pk, "correction", CorrectionForm(request.POST, auto_id=CORRECTION_ID), correct)


@require_POST
def cancellation(request: SignedIn, pk: int) -> HttpResponse:
    found = seen_by(request, pk)

    def cancel(facts: Mapping[str, Any]) -> str:
        actions.cancel(found, by=request.user, reason=facts["reason"], seen=facts["seen"])
        return "Ask canceled, its slot is free again."

    return take(request, pk, "cancellation", CancelForm(request.POST, auto_id=CANCEL_ID), cancel)


@require_POST
def exception(request: SignedIn, pk: int) -> HttpResponse:
    """Lift the program's bars for this ask."""
    found = seen_by(request, pk)

    def lift(facts: Mapping[str, Any]) -> str:
        actions.lift_bars(found, by=request.user, reason=facts["reason"], seen=facts["seen"])
        return "Rule lifted for this ask. The account owner sees it."

    return take(request, pk, "exception", LiftForm(request.POST, auto_id=LIFT_ID), lift, stays=True)


@require_http_methods(["GET", "POST"])
def debrief(request: SignedIn, pk: int) -> HttpResponse:
    """How it went, from the requester."""
    found = seen_by(request, pk)
    actions.debriefing.side_of(request.user, found)
    form, status = RequesterDebriefForm(request.POST or None), 400
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        given = {name: facts[name] for name in ("grade", "words", "found_own")}
        try:
            actions.give_debrief(found, by=request.user, hours=facts["hours"] or None, **given)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            return done(request, found.reference_request_id, "Thank you. The grade is kept.")
    context = {"page": ask_page(found, request.user), "form": form}
    return render(request, "requests/debrief.html", context, status=status if form.errors else 200)
