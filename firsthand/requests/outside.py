"""What stands on the pages about references arranged outside: the form, whom it was with, and their share."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from firsthand.core.clock import today as today_in
from firsthand.core.ui.parts import Figure
from firsthand.core.words import percent
from firsthand.customers.sight import may_see
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_title
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.choosing import is_hidden_reference, person_named, person_unseen
from firsthand.references.disclosure import may_know, shown_company, shown_name
from firsthand.references.models import Engagement, Reference
from firsthand.requests.actions.outside import Outside
from firsthand.requests.deal_fields import DealFields
from firsthand.requests.forms import DayInput, new_key
from firsthand.requests.models import ArrangedOutside, Debrief

DEALS_OFFERED = 50
DAYS, LEAST = 90, 5
WHOM = ("contact__person", "contact__account__owner", "contact__reference__reference_account")
ANYBODY = "a customer whose name is not disclosed"


class OutsideForm(DealFields):
    """Who, when, for which deal: twenty seconds. A deal that is not here yet is typed, as for a request."""

    purpose = None  # type: ignore[assignment]  # so Django leaves the field out: it is for a deal, or for none
    outlet = None  # type: ignore[assignment]

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.CharField(
        max_length=300, label="Who did they speak to?", error_messages={"required": "Say who it was with: a name is enough."}
    )
    day = forms.DateField(widget=DayInput, label="When?", error_messages={"required": "Choose the day on which they spoke."})
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), required=False, label="For which deal?", empty_label="For none of mine"
    )
    activity = forms.ModelChoiceField(ActivityType.objects.none(), to_field_name="code", label="What was it?", empty_label=None)
    by_prospect = forms.BooleanField(required=False, label="The buyer found them on their own")

    def __init__(self, *args: Any, user: Colleague, deal: Opportunity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        seen = Opportunity.objects.visible_to(user)
        mine = seen.filter(owner=user).open().order_by("close_date", "-pk").values_list("pk", flat=True)[:DEALS_OFFERED]
        chosen = Q(pk=deal.pk) if deal else Q(pk__in=[])
        self._offer("opportunity", seen.filter(Q(pk__in=list(mine)) | chosen).select_related("account"))
        self._offer("activity", ActivityType.objects.filter(retired_at=None))
        deals = self.fields["opportunity"]
        if isinstance(deals, forms.ModelChoiceField):
            deals.label_from_instance = lambda obj: shown_title(obj, user)  # type: ignore[method-assign]

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """Whom the name means depends on the day: somebody may have left since."""
        facts = super().clean() or self.cleaned_data
        if "who" in facts and "day" in facts:
            try:
                facts |= self._spoke(facts["who"].strip(), facts["day"])
            except ValidationError as error:
                self.add_error("who", error)
        return facts

    def _spoke(self, text: str, day: date) -> dict[str, Any]:
        """Somebody we know, with the name as it was typed unless they may be named to whoever typed it."""
        seen = person_named(text, self.user, on=day)
        if seen is not None and not is_hidden_reference(seen, self.user):
            return {"contact": seen, "name": ""}
        return {"contact": seen or person_unseen(text, on=day), "name": text}

    @property
    def said(self) -> Outside:
        """What the deed takes. The form is valid."""
        facts = self.cleaned_data
        return Outside(
            day=facts["day"],
            activity_type=facts["activity"],
            contact=facts["contact"],
            name=facts["name"],
            opportunity=self.deal,
            typed=self.typed,
            crm_id=facts["crm_id"],
            by_prospect=facts["by_prospect"],
        )


def first_values(deal: Opportunity | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the form when it is opened: today, a call, the deal, else what was `said` of one that is not here yet."""
    call = ActivityType.objects.filter(retired_at=None).first()
    typed = {} if deal else said
    return {
        **typed,
        "form_key": new_key(),
        "day": today_in(in_force().time_zone),
        "opportunity": deal,
        "activity": call.code if call else None,
    }


def whom_with(outside: ArrangedOutside, reader: Colleague | None) -> str:
    """Whom it was with, as far as the reader may know; None is the program itself.

    Who may not know reads what was typed, as if nobody were known by it.
    """
    contact = outside.contact
    if contact is None:
        return outside.name or "somebody who is not named any more"
    reference = reference_of(outside)
    if reference is not None and (may_know(reference, reader) or not outside.name):
        name, company = shown_name(reference, reader), shown_company(reference, reader)
        return name if name == company else f"{name}, {company}"
    if reference is None and (reader is None or may_see(reader, contact.account)):
        return f"{contact.person.name}, {contact.account.name}"
    return outside.name or ANYBODY


def uses_slot(outside: ArrangedOutside, reader: Colleague | None) -> bool:
    """Whether a slot of theirs stands for it, as far as the reader may know: who may not know of the reference does not hear of it."""
    reference = reference_of(outside) if outside.engagement_id else None
    return reference is not None and may_know(reference, reader)


def reference_of(outside: ArrangedOutside) -> Reference | None:
    """The reference it was with. Read with `WHOM`, neither this nor the name asks the database again."""
    found: Reference | None = getattr(outside.contact, "reference", None)
    return found


def share_outside(now: datetime) -> Figure:
    """References arranged outside or found by the buyer, of all that happened, by day of the last 90 days.

    Of all: asked, unasked, imported and logged ones alike. Imported as arranged outside counts as such.
    """
    today = today_in(in_force().time_zone)
    days = (today - timedelta(days=DAYS), today)
    held = Engagement.objects.filter(state=Engagement.State.HELD, day__range=days)
    unslotted = _named_only(days) + _found_by_buyers(now)
    outside = held.filter(source=Engagement.Source.OUTSIDE).count() + unslotted
    total = held.count() + unslotted
    if total < LEAST:
        return Figure("Arranged outside", "–", basis=f"Not shown: {total} references in {DAYS} days, and {LEAST} are needed.")
    basis = f"{outside} of {total} references that happened in {DAYS} days were arranged outside or found by the buyer"
    return Figure("Arranged outside", percent(outside / total), basis=basis)


def _named_only(days: tuple[date, date]) -> int:
    """Those logged with somebody who is no reference of the program, so no slot stands for them."""
    return ArrangedOutside.objects.standing().filter(day__range=days, engagement=None).count()


def _found_by_buyers(now: datetime) -> int:
    """Debriefs that say so; a reference that was itself logged as found by the buyer is counted already."""
    said = Debrief.objects.filter(given_at__gte=now - timedelta(days=DAYS), facts__found_own=True, outside__retracted_at=None)
    return said.exclude(outside__by_prospect=True).count()
