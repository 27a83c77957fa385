"""What each button does on the page of somebody of the other side: the zone, the time, who comes and who cannot."""

from collections.abc import Callable, Mapping

from django import forms
from django.http import QueryDict

from firsthand.requests import actions
from firsthand.requests.guest_forms import BringForm, TakeOffForm
from firsthand.requests.link_forms import CannotForm, PickForm, ZoneForm
from firsthand.requests.models import Ask, Attendee
from firsthand.requests.pick_page import PickPage
from firsthand.requests.task import OFF_ID

ZONE, PICK, BRING, OFF, CANNOT = "zone", "pick", "bring", "off", "cannot"


def forms_of(page: PickPage, *, act: str, posted: QueryDict | None) -> dict[str, forms.Form]:
    """The form of every button; the one that was pressed holds what was typed."""
    sent = {act: posted}
    seen = {"seen": page.ask.status}
    brought = Attendee.objects.filter(invited_by=page.attendee).order_by("pk") if posted is not None else page.brought
    people = [(each.pk, each.name) for each in brought]  # with who is taken off already: the same press twice is one
    return {
        ZONE: ZoneForm(sent.get(ZONE), initial={"zone": page.zone}, auto_id="id_zone_%s"),
        PICK: PickForm(sent.get(PICK), initial={"zone": page.zone}),
        BRING: BringForm(sent.get(BRING), initial=seen),
        OFF: TakeOffForm(sent.get(OFF), people=people, initial=seen, auto_id=OFF_ID),
        CANNOT: CannotForm(sent.get(CANNOT), auto_id="id_cannot_%s"),
    }


def zone(ask: Ask, by: Attendee, form: forms.Form) -> str:
    actions.choose_zone(by, form.cleaned_data["zone"])
    return ""


def pick(ask: Ask, by: Attendee, form: forms.Form) -> str:
    facts = form.cleaned_data
    people = form.people if isinstance(form, PickForm) else []
    actions.pick_time(ask, facts["offered"], by=by, time_zone=facts["zone"], people=people)
    return "The time is fixed. A calendar file is on its way to you."


def bring(ask: Ask, by: Attendee, form: forms.Form) -> str:
    facts = form.cleaned_data
    return f"{actions.bring(ask, by=by, name=facts['attendee'], email=facts['attendee_email']).name} gets the calendar file."


def off(ask: Ask, by: Attendee, form: forms.Form) -> str:
    chosen = Attendee.objects.get(pk=form.cleaned_data["attendee"])
    return f"{actions.take_off(ask, chosen, by=by).name} comes no more."


def cannot(ask: Ask, by: Attendee, form: forms.Form) -> str:
    actions.say_cannot(ask, by=by, words=form.cleaned_data["words"])
    return "Thank you for telling us."


DEEDS: Mapping[str, Callable[[Ask, Attendee, forms.Form], str]] = {ZONE: zone, PICK: pick, BRING: bring, OFF: off, CANNOT: cannot}
