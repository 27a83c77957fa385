"""Pages behind signed links: the reference's answer and debrief, the prospect's time, the owner's answer. Nothing happens on GET."""

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from firsthand.core.links import link_of
from firsthand.core.models import Link
from firsthand.core.public import public
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.core.zones import guessed_zone
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests import actions, pick_deeds
from firsthand.requests.actions.debriefing import has_told
from firsthand.requests.answer_deeds import DEEDS, forms_of
from firsthand.requests.answer_page import answer_page
from firsthand.requests.approvals import owner_forms, take_answer, typed
from firsthand.requests.ask_page import ask_page
from firsthand.requests.beside import who_still_comes
from firsthand.requests.contents import answered_with
from firsthand.requests.envelope import whom_met
from firsthand.requests.forms import GRADES, DebriefForm, InfoForm
from firsthand.requests.letters import ANSWER, APPROVAL, INFO, PICK, PROSPECT_DEBRIEF, STATUS
from firsthand.requests.models import Ask, Attendee, Debrief, ReferenceRequest
from firsthand.requests.moving import seen_as
from firsthand.requests.page import request_page
from firsthand.requests.permissions import why_not_request
from firsthand.requests.pick_page import pick_page
from firsthand.requests.recording import record_form, take_record
from firsthand.requests.silence import events
from firsthand.requests.views.asks import RELATED
from firsthand.requests.who_may import who_may_not
from firsthand.requests.wording import heading
from firsthand.requests.workflow import AskMove, RequestMove


def ask_behind(link: Link) -> Ask:
    """The ask a link is about."""
    return get_object_or_404(Ask.objects.select_related(*RELATED), pk=link.subject_id)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, link_id: int) -> HttpResponse:
    """The reference's own page of one ask: say yes or no, offer times, and afterwards whether and how it was."""
    found = ask_behind(link_of(request, ANSWER, link_id))
    person, act = found.reference.contact.person, request.POST.get("act", "")
    zone = person.time_zone or guessed_zone(request.headers.get("Accept-Language", "")) or in_force().time_zone
    forms = forms_of(found, act=act, posted=request.POST if request.method == "POST" else None, zone=zone)
    if request.method == "POST":
        if act not in DEEDS:
            raise Refused("Choose one of the buttons on the page.", status=400)
        if forms[act].is_valid():
            toast(request, DEEDS[act](found, forms[act]))
            return redirect("requests:answer_link", link_id)
    context = {"page": answer_page(found), "forms": forms, "pressed": forms.get(act)}
    return render(request, "requests/answer.html", context, status=400 if request.method == "POST" else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, link_id: int) -> HttpResponse:
    """Somebody of the other side picks one of the times offered and names who comes along, then or once it is fixed."""
    link = link_of(request, PICK, link_id)
    found = who_still_comes(ask_behind(link))
    attendee = get_object_or_404(Attendee.objects.coming_to(found), pk=link.holder_id)
    posted, act = request.POST if request.method == "POST" else None, request.POST.get("act", "")
    act = act if act in pick_deeds.DEEDS else pick_deeds.PICK
    page = pick_page(found, attendee, guessed=guessed_zone(request.headers.get("Accept-Language", "")))
    forms = pick_deeds.forms_of(page, act=act, posted=posted)
    pressed, status = forms[act], 400 if posted is not None else 200
    if posted is not None and pressed.is_valid():
        try:
            words = pick_deeds.DEEDS[act](found, attendee, pressed)
        except Refused as refusal:
            if act not in {pick_deeds.BRING, pick_deeds.OFF} or refusal.status == HTTPStatus.FORBIDDEN:
                raise
            pressed.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            if words:
                toast(request, words)
            return redirect("requests:pick_link", link_id)
    return render(request, "requests/pick.html", {"page": page, "forms": forms, "pressed": pressed}, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prospect_debrief(request: HttpRequest, link_id: int) -> HttpResponse:
    """How it was, in one tap, from somebody of the other side. The first tap counts."""
    link = link_of(request, PROSPECT_DEBRIEF, link_id)
    found = ask_behind(link)
    attendee = get_object_or_404(found.reference_request.attendees, pk=link.holder_id)
    told = found.debriefs.filter(side=Debrief.Side.PROSPECT).first()
    form = DebriefForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.give_debrief(found, by=attendee, grade=form.cleaned_data["grade"], words=form.cleaned_data["words"])
        return redirect("requests:prospect_debrief", link_id)
    context = {
        "company": in_force().company,
        "attendee": attendee,
        "what": found.reference_request.activity_type.noun,
        "name": whom_met(found, attendee),
        "grades": GRADES,
        "form": form,
        "told": told,
        "by_them": told is not None and has_told(attendee, found),
    }
    return render(request, "requests/prospect_debrief.html", context, status=400 if form.errors else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, link_id: int) -> HttpResponse:
    """The owner's answer by mailed link, without signing in; and what they were told, where they ask in person."""
    link = link_of(request, APPROVAL, link_id)
    found = ask_behind(link)
    owner = Colleague.objects.active().filter(pk=link.holder_id or 0).first()
    if owner is None or not Ask.objects.visible_to(owner).filter(pk=found.pk).exists():
        raise Refused("This question went on to somebody else. Nothing waits for you here.", status=410)
    data = request.POST if request.method == "POST" else None
    records = data is not None and "answer_of" in data
    answered, record = owner_forms(found, None if records else data), record_form(found, owner, data if records else None)
    sent: forms.Form = record if records else answered.sent
    status = 400 if data is not None else 200
    if data is not None and sent.is_valid():
        try:
            toast(request, take_record(found, record, by=owner) if records else take_answer(found, answered, by=owner))
        except Refused as refusal:
            sent.add_error(None, refusal.sentence)
            found, status = ask_behind(link), refusal.status
            if records:
                record.show_anew(data, seen_as(found))
        else:
            return redirect("requests:approval_link", link_id)
    context = {
        "page": ask_page(found, owner),
        "sent": sent if data is not None else None,
        "typed": typed(sent),
        "forms": answered,
        "record": record,
        "owner": owner,
        "why_not": who_may_not(owner, AskMove.APPROVE, found),
        "company": in_force().company,
    }
    return render(request, "requests/approval_link.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def info(request: HttpRequest, link_id: int) -> HttpResponse:
    """The program's question and the requester's answer, by mailed link."""
    link = link_of(request, INFO, link_id)
    requester = get_object_or_404(Colleague.objects.active(), pk=link.holder_id)
    rows = ReferenceRequest.objects.filter(requester=requester).select_related("activity_type", "opportunity__account", "manager")
    found = get_object_or_404(rows, pk=link.subject_id)
    form, status = InfoForm(request.POST or None), 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            if not _is_answered(found, form.cleaned_data["words"]):
                actions.give_info(found, by=requester, answer=form.cleaned_data["words"])
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            found, status = get_object_or_404(rows, pk=link.subject_id), refusal.status
        else:
            return redirect("requests:info_link", link_id)
    asked = events(found.pk, RequestMove.ASK_INFO).first()
    context = {
        "found": found,
        "title": heading(found, requester),
        "question": asked.said if asked else "",
        "asker": found.manager.name if found.manager else "The program",
        "is_open": why_not_request(requester, RequestMove.GIVE_INFO, found) is None,
        "form": form,
        "typed": typed(form),
        "requester": requester,
        "company": in_force().company,
    }
    return render(request, "requests/info_link.html", context, status=status)


def _is_answered(found: ReferenceRequest, words: str) -> bool:
    """Whether this very answer was the last thing said: the same press twice is one."""
    last = events(found.pk, RequestMove.ASK_INFO, RequestMove.GIVE_INFO).first()
    return last is not None and last.verb == RequestMove.GIVE_INFO and last.said == words.strip()


@public
@never_cache
@require_safe
def status(request: HttpRequest, link_id: int) -> HttpResponse:
    """How a request stands, for whoever asked for it, from the link of a mail. It shows and changes nothing."""
    link = link_of(request, STATUS, link_id)
    requester = get_object_or_404(Colleague.objects.active(), pk=link.holder_id)
    related = ("activity_type", "opportunity__account", "requester", "manager")
    found = ReferenceRequest.objects.visible_to(requester).select_related(*related).filter(pk=link.subject_id).first()
    if found is None:
        raise Refused("This request is not yours to see any more.", status=410)
    title, company = heading(found, requester), in_force().company
    is_answered = found.status == ReferenceRequest.Status.ANSWERED_WITH_CONTENT
    stories = answered_with(found, requester) if is_answered else []
    context = {"page": request_page(found, requester), "title": title, "reader": requester, "company": company, "contents": stories}
    return render(request, "requests/status_link.html", context)
