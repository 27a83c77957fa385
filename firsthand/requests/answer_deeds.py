"""What each button on the reference's page does. The same press twice is one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from firsthand.core.words import day_year
from firsthand.requests import actions
from firsthand.requests.actions.answering import days_of
from firsthand.requests.answer_page import SAID_YES
from firsthand.requests.beside import moment_shown
from firsthand.requests.checks import why_day_over
from firsthand.requests.forms import AcceptTimeForm, DebriefForm, SeenForm, zone_of
from firsthand.requests.link_forms import ColleagueForm, DeclineForm, HappenedForm, NotNowForm, OfferForm, TakeBackForm
from firsthand.requests.models import Ask, Debrief
from firsthand.requests.moving import seen_as

FORMS: Mapping[str, type[forms.Form]] = {
    "accept": SeenForm,
    "accept_time": AcceptTimeForm,
    "accept_introduction": SeenForm,
    "decline": DeclineForm,
    "not_now": NotNowForm,
    "colleague": ColleagueForm,
    "offer": OfferForm,
    "introduce": SeenForm,
    "take_back": TakeBackForm,
    "call_off": DeclineForm,
    "happened": HappenedForm,
    "shows": SeenForm,
    "debrief": DebriefForm,
}


def forms_of(ask: Ask, *, act: str, posted: QueryDict | None, zone: str) -> dict[str, forms.Form]:
    """The form of every button; the one that was pressed holds what was typed."""
    first = {"seen": seen_as(ask), "zone": zone, "moment": moment_shown(ask)}
    to_time: Mapping[str, type[forms.Form]] = {"accept": AcceptTimeForm} if ask.joins_id else {}  # a yes to one more is to that time
    return {
        name: form(
            posted if name == act else None,
            initial=first,
            auto_id=f"id_{name}_%s",
        )
        for name, form in {**FORMS, **to_time}.items()
    }


def accept(ask: Ask, form: forms.Form, **how: Any) -> str:
    facts = form.cleaned_data
    if not _is_said(ask, moment=facts.get("moment"), **how):
        actions.accept(ask, by=ask.reference.contact, seen=facts["seen"], moment=facts.get("moment"), **how)
    return "You accepted."


def _is_said(ask: Ask, *, takes_time: bool = False, moment: datetime | None = None, introduces: bool = False) -> bool:
    """Whether this very yes stands: to the time they read, with the introduction, or as it is."""
    if takes_time:
        return ask.status == Ask.Status.SCHEDULED and ask.occasion is not None and moment in {None, ask.occasion.starts_at}
    return ask.status == Ask.Status.INTRODUCED if introduces else ask.status in SAID_YES


def decline(ask: Ask, form: forms.Form) -> str:
    if ask.status != Ask.Status.DECLINED:
        actions.decline(ask, by=ask.reference.contact, reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
    return "Noted."


def not_now(ask: Ask, form: forms.Form) -> str:
    facts = form.cleaned_data
    if ask.status != Ask.Status.DECLINED:
        actions.not_now(ask, by=ask.reference.contact, until=facts["until"], reason=facts["reason"], seen=facts["seen"])
    return "Noted. Nobody asks you before that day."


def colleague(ask: Ask, form: forms.Form) -> str:
    if ask.status != Ask.Status.DECLINED and isinstance(form, ColleagueForm):
        actions.decline(ask, by=ask.reference.contact, colleague_suggested=form.suggestion, seen=form.cleaned_data["seen"])
    return "Thank you. We ask nobody before we have spoken with you or your contact with us."


def offer(ask: Ask, form: forms.Form) -> str:
    contact, facts = ask.reference.contact, form.cleaned_data
    if isinstance(form, OfferForm):
        times = form.times(zone_of(contact))
        actions.offer_times(ask, by=contact, times=times, time_zone=facts["zone"], note=facts["words"])
        needed_by = ask.reference_request.needed_by
        if times and max(days_of(times)) > needed_by and not why_day_over(needed_by):
            return f"Saved, though they need it by {day_year(needed_by)}: a later time may be too late for them."
    return "Saved. We write to you as soon as a time is fixed."


def introduce(ask: Ask, form: forms.Form) -> str:
    actions.ask_introduction(ask, by=ask.reference.contact, seen=form.cleaned_data["seen"] if ask.status == Ask.Status.ACCEPTED else "")
    return "The mail that introduces you is on its way."


def take_back(ask: Ask, form: forms.Form) -> str:
    actions.withdraw_time(ask, form.cleaned_data["offered"], by=ask.reference.contact)
    return "Taken back. Nobody can choose it any more."


def call_off(ask: Ask, form: forms.Form) -> str:
    if ask.status != Ask.Status.CANCELED:
        actions.call_off(ask, by=ask.reference.contact, reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
    return "Noted. Everybody who was to come is told."


def happened(ask: Ask, form: forms.Form) -> str:
    says, said = form.cleaned_data["says"], ask.outcomes.filter(side=Debrief.Side.REFERENCE).first()
    if said is None or said.says != says:
        actions.say_outcome(ask, by=ask.reference.contact, says=says, seen=form.cleaned_data["seen"])
    return "Thank you for telling us."


def shows(ask: Ask, form: forms.Form) -> str:
    items = form.data.getlist("shows") if isinstance(form.data, QueryDict) else []
    actions.agree_to_show(ask, by=ask.reference.contact, items=items)
    return "Saved. The sheet shows exactly this."


def debrief(ask: Ask, form: forms.Form) -> str:
    facts = form.cleaned_data
    actions.give_debrief(ask, by=ask.reference.contact, grade=facts["grade"], words=facts["words"], hours=facts["hours"] or None)
    return "Thank you."


DEEDS: Mapping[str, Callable[[Ask, forms.Form], str]] = {
    "accept": accept,
    "accept_time": lambda ask, form: accept(ask, form, takes_time=True),
    "accept_introduction": lambda ask, form: accept(ask, form, introduces=True),
    "decline": decline,
    "not_now": not_now,
    "colleague": colleague,
    "offer": offer,
    "introduce": introduce,
    "take_back": take_back,
    "call_off": call_off,
    "happened": happened,
    "shows": shows,
    "debrief": debrief,
}
