"""Pages behind signed links: the reference's answer and debrief, the owner's answer. Nothing happens on GET."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firsthand.core.links import link_of
from firsthand.core.models import Link
from firsthand.core.public import public
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests import actions
from firsthand.requests.answer_page import SAID_YES, answer_page
from firsthand.requests.approvals import owner_forms, record_form, take_answer, take_record
from firsthand.requests.ask_page import ask_page
from firsthand.requests.forms import DebriefForm, ReferenceAnswerForm, zone_of
from firsthand.requests.letters import ANSWER, APPROVAL
from firsthand.requests.models import Ask
from firsthand.requests.permissions import who_may_not
from firsthand.requests.workflow import AskMove


def ask_behind(link: Link) -> Ask:
    """The ask a link is about."""
    related = (
        "reference__contact__person", "reference__contact__account__owner__team__lead", "reference__reference_account", "engagement",
        "reference_request__activity_type", "reference_request__opportunity__account", "reference_request__requester",
        "occasion", "approver", "policy",
    )  # fmt: skip
    return get_object_or_404(Ask.objects.select_related(*related), pk=link.subject_id)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, link_id: int) -> HttpResponse:
    """The reference's own page of one ask: say yes or no, and afterwards how it was."""
    found = ask_behind(link_of(request, ANSWER, link_id))
    page = answer_page(found)
    form = ReferenceAnswerForm(request.POST or None, initial={"seen": found.status})
    debrief = DebriefForm(request.POST if request.POST.get("act") == "debrief" else None)
    if request.method == "POST":
        valid = debrief if request.POST.get("act") == "debrief" else form
        if valid.is_valid():
            _take(found, request.POST.get("act", ""), form, debrief)
            return redirect("requests:answer_link", link_id)
    context = {"page": page, "form": form, "debrief": debrief}
    return render(request, "requests/answer.html", context, status=400 if form.errors or debrief.errors else 200)


def _take(found: Ask, act: str, form: ReferenceAnswerForm, debrief: DebriefForm) -> None:
    """Do what they answered. The same answer given twice is one answer."""
    contact = found.reference.contact
    if act == "accept" and found.status not in SAID_YES:
        times = form.times(zone_of(contact))
        actions.accept(found, by=contact, times=times, note=form.cleaned_data["words"], seen=form.cleaned_data["seen"])
    elif act == "decline" and found.status != Ask.Status.DECLINED:
        facts = form.cleaned_data
        actions.decline(found, by=contact, reason=facts["reason"], colleague_suggested=facts["colleague"], seen=facts["seen"])
    elif act == "debrief":
        facts = debrief.cleaned_data
        actions.give_debrief(found, by=contact, grade=facts["grade"], words=facts["words"], hours=facts["hours"] or None)
    elif act not in {"accept", "decline"}:
        raise Refused("Choose yes or no with one of the buttons.", status=400)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, link_id: int) -> HttpResponse:
    """The owner's answer by mailed link, without signing in; and what they were told, where they ask in person."""
    link = link_of(request, APPROVAL, link_id)
    found = ask_behind(link)
    owner = get_object_or_404(Colleague.objects.active(), pk=link.holder_id)
    if not Ask.objects.visible_to(owner).filter(pk=found.pk).exists():
        raise Refused("This question went on to somebody else. Nothing waits for you here.", status=410)
    data = request.POST if request.method == "POST" else None
    records = data is not None and "answer_of" in data
    answered, record = owner_forms(found, None if records else data), record_form(found, data if records else None)
    if data is not None and (record if records else answered.sent).is_valid():
        toast(request, take_record(found, record, by=owner) if records else take_answer(found, answered, by=owner))
        return redirect("requests:approval_link", link_id)
    context = {
        "page": ask_page(found, owner),
        "forms": answered,
        "record": record,
        "owner": owner,
        "why_not": who_may_not(owner, AskMove.APPROVE, found),
        "company": in_force().company,
    }
    return render(request, "requests/approval_link.html", context, status=400 if data is not None else 200)
