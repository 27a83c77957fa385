"""The new-request form: what is taken from the deal, what the requester chose, and the need it makes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q

from firsthand.core.clock import today as today_in
from firsthand.core.ui.parts import Choice
from firsthand.core.words import number
from firsthand.customers.models import AccountValue
from firsthand.deals.models import Opportunity, OpportunityValue
from firsthand.deals.naming import shown_title
from firsthand.matching.need import Criterion, Importance, Need
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, FacetValue
from firsthand.program.policy import in_force
from firsthand.requests.actions import Wish
from firsthand.requests.actions.filing import TOO_FAR, last_day
from firsthand.requests.forms import DayInput, new_key
from firsthand.requests.models import Criterion as KeptCriterion
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.needs import deal_of

DEALS_OFFERED = 100
USUAL_DAYS = 14
MOST_CRITERIA = 30
Chosen = dict[int, str]


class NewRequestForm(forms.Form):
    """Three fields are required; the rest comes from the deal."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    opportunity = forms.ModelChoiceField(Opportunity.objects.none(), required=False, label="Deal", empty_label="Not for a deal")
    purpose = forms.ChoiceField(choices=ReferenceRequest.Purpose.choices, required=False, label="For")
    outlet = forms.CharField(required=False, max_length=200, label="Which outlet, firm or event?")
    activity = forms.ModelChoiceField(
        ActivityType.objects.none(), to_field_name="code", label="What should the reference do?", widget=forms.RadioSelect, empty_label=None
    )
    needed_by = forms.DateField(widget=DayInput, label="Needed by")
    n_wanted = forms.IntegerField(min_value=1, max_value=20, initial=1, required=False, label="How many references")
    wish = forms.CharField(max_length=4000, label="What does the prospect want to hear?", widget=forms.Textarea(attrs={"rows": 3}))
    questions = forms.CharField(required=False, max_length=4000, label="Questions they have sent", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: Colleague, deal: Opportunity | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Opportunity.objects.visible_to(user)
        mine = offered.filter(owner=user).open().order_by("close_date", "-pk").values("pk")[:DEALS_OFFERED]
        chosen = Q(pk=deal.pk) if deal else Q(pk__in=[])
        deals, types = self.fields["opportunity"], self.fields["activity"]
        if isinstance(deals, forms.ModelChoiceField) and isinstance(types, forms.ModelChoiceField):
            deals.label_from_instance = lambda obj: shown_title(obj, user)  # type: ignore[method-assign]
            deals.queryset = offered.filter(Q(pk__in=list(mine.values_list("pk", flat=True))) | chosen).select_related("account")
            types.queryset = ActivityType.objects.filter(retired_at=None)

    def clean_needed_by(self) -> date:
        """Judged here too, since the preview matches what was typed before any deed does."""
        day: date = self.cleaned_data["needed_by"]
        if day > last_day():
            raise forms.ValidationError(TOO_FAR)
        return day

    def wish_of(self, chosen: Chosen) -> Wish:
        """What the deeds take. The form is valid."""
        facts = self.cleaned_data
        deal = facts["opportunity"]
        purpose = facts["purpose"] or ReferenceRequest.Purpose.DEAL
        return Wish(
            activity_type=facts["activity"],
            needed_by=facts["needed_by"],
            words=facts["wish"],
            opportunity=deal,
            purpose=ReferenceRequest.Purpose.DEAL if deal else purpose,
            outlet="" if deal else facts["outlet"],
            n_wanted=facts["n_wanted"] or 1,
            questions=facts["questions"],
            audience=AUDIENCES.get(purpose, ReferenceRequest.Audience.PROSPECTS) if not deal else ReferenceRequest.Audience.PROSPECTS,
            criteria=tuple(chosen.items()),
        )


AUDIENCES: dict[str, str] = {
    "press": ReferenceRequest.Audience.PRESS,
    "analyst": ReferenceRequest.Audience.ANALYSTS,
    "event": ReferenceRequest.Audience.PUBLIC,
    "launch": ReferenceRequest.Audience.PUBLIC,
}


@dataclass(frozen=True)
class Chip:
    """A criterion as it is shown: filled where it is a must."""

    value: FacetValue
    importance: str


def first_values(reference_request: ReferenceRequest | None, deal: Opportunity | None) -> dict[str, Any]:
    """What stands in the form when it is opened."""
    if reference_request is not None:
        return {
            "form_key": reference_request.form_key,
            "opportunity": reference_request.opportunity_id,
            "purpose": reference_request.purpose,
            "outlet": reference_request.outlet,
            "activity": reference_request.activity_type.code,
            "needed_by": reference_request.needed_by,
            "n_wanted": reference_request.n_wanted,
            "wish": reference_request.wish,
            "questions": reference_request.questions,
        }
    first = ActivityType.objects.filter(retired_at=None).first()
    return {
        "form_key": new_key(),
        "opportunity": deal.pk if deal else None,
        "purpose": ReferenceRequest.Purpose.DEAL,
        "activity": first.code if first else None,
        "needed_by": usual_day(),
    }


def usual_day() -> date:
    """The day that stands in the form until another is chosen."""
    return today_in(in_force().time_zone) + timedelta(days=USUAL_DAYS)


def of_deal(deal: Opportunity | None) -> Chosen:
    """The prospect's facet values and the deal's own, as should-criteria."""
    if deal is None:
        return {}
    values = [*OpportunityValue.objects.filter(opportunity=deal).values_list("value", flat=True)]
    if deal.account_id:
        values += AccountValue.objects.filter(account=deal.account_id).values_list("value", flat=True)
    return dict.fromkeys(values, "should")


def of_request(reference_request: ReferenceRequest) -> Chosen:
    return {row.value_id: row.importance for row in reference_request.criteria.order_by("pk")}


def read_chosen(posted: list[str]) -> Chosen:
    """Criteria as the page posts them back, `12:must`; what is not ours is left out."""
    chosen: Chosen = {}
    for text in posted[:MOST_CRITERIA]:
        pk, _, importance = text.partition(":")
        if pk.isascii() and pk.isdigit() and len(pk) < 19 and importance in KeptCriterion.Importance.values:
            chosen[int(pk)] = importance
    known = set(FacetValue.objects.filter(pk__in=chosen).values_list("pk", flat=True))
    return {pk: importance for pk, importance in chosen.items() if pk in known}


def changed(chosen: Chosen, *, remove: str = "", must: str = "", add: str = "") -> Chosen:
    """The criteria after one press of a button: one removed, one made a must or not, one added."""
    other = {"must": "should"}
    after = {pk: other.get(importance, "must") if str(pk) == must else importance for pk, importance in chosen.items() if str(pk) != remove}
    return after | {pk: after.get(pk, importance) for pk, importance in read_chosen([f"{add}:should"]).items()}


def chips(chosen: Chosen) -> dict[str, list[Chip]]:
    """The criteria by facet, in the facets' order."""
    shown: dict[str, list[Chip]] = {}
    for value in FacetValue.objects.filter(pk__in=chosen).select_related("facet").order_by("facet__position", "position", "name"):
        shown.setdefault(value.facet.name, []).append(Chip(value, chosen[value.pk]))
    return shown


def addable(chosen: Chosen) -> dict[str, list[FacetValue]]:
    """Values that may be added, by facet."""
    offered: dict[str, list[FacetValue]] = {}
    values = FacetValue.objects.in_use().filter(facet__retired_at=None).exclude(pk__in=chosen)
    for value in values.select_related("facet").order_by("facet__position", "position", "name"):
        offered.setdefault(value.facet.name, []).append(value)
    return offered


def activity_cards() -> list[Choice]:
    """The activity types as rich options."""
    return [Choice(each.code, each.name, each.icon, _effort(each)) for each in ActivityType.objects.filter(retired_at=None)]


def _effort(activity_type: ActivityType) -> str:
    return f"{activity_type.minutes} min" if 0 < activity_type.minutes < 180 else f"{number(activity_type.effort_hours)} h"


def draft_need(form: NewRequestForm, chosen: Chosen, deal: Opportunity | None) -> Need | None:
    """The need of a form that may not be complete yet: what was typed so far, the usual for the rest."""
    form.is_valid()
    facts = form.cleaned_data
    activity_type = facts.get("activity") or ActivityType.objects.filter(retired_at=None).first()
    if activity_type is None:
        return None
    today = today_in(in_force().time_zone)
    return Need(
        activity_type=activity_type,
        needed_by=facts.get("needed_by") or usual_day(),
        today=today,
        n=facts.get("n_wanted") or 1,
        criteria=tuple(Criterion(pk, cast("Importance", importance)) for pk, importance in chosen.items()),
        wish=facts.get("wish") or "",
        deal=deal_of(facts.get("opportunity") or deal),
    )
