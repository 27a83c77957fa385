"""The new-request form: whom it is for, what is wanted, and the need it makes."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from firsthand.core.clock import today as today_in
from firsthand.core.ui.parts import Choice
from firsthand.core.words import number
from firsthand.customers.models import Account, Contact
from firsthand.deals.actions import DealFacts
from firsthand.deals.models import Opportunity
from firsthand.matching.need import NO_DEAL, Criterion, Deal, Importance, Need
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.choosing import label, person_named
from firsthand.requests.actions.filing import Wish
from firsthand.requests.checks import HOW_MANY, NO_WINDOW, NO_WISH, why_not_day, why_not_window
from firsthand.requests.criteria import Chosen, of_account, of_story, of_wish
from firsthand.requests.deal_fields import DealFields, Purpose
from firsthand.requests.forms import DayInput, new_key, one_per_line
from firsthand.requests.liking import like_named
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.needs import deal_of
from firsthand.stories.models import Story

USUAL_DAYS = 14
AUDIENCES: dict[str, str] = {
    Purpose.DEAL: ReferenceRequest.Audience.PROSPECTS,
    Purpose.PRESS: ReferenceRequest.Audience.PRESS,
    Purpose.ANALYST: ReferenceRequest.Audience.ANALYSTS,
    Purpose.EVENT: ReferenceRequest.Audience.PUBLIC,
    Purpose.LAUNCH: ReferenceRequest.Audience.PUBLIC,
}


class WindowDayInput(DayInput):
    """It may stand hidden, so the browser does not insist on it."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class WindowDay(forms.DateField):
    """A day that a tender cannot do without and no other activity has; the form says so, since it knows which it is."""

    widget = WindowDayInput

    def clean(self, value: Any) -> Any:
        return None if value in self.empty_values else super().clean(value)


class NewRequestForm(DealFields):
    """Three things are required to submit, and nothing but a wish or a deal to keep a draft."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)
    activity = forms.ModelChoiceField(
        ActivityType.objects.none(), to_field_name="code", label="What should the reference do?", widget=forms.RadioSelect, empty_label=None
    )
    needed_by = forms.DateField(widget=DayInput, label="Needed by", error_messages={"required": "Choose the day it is needed by."})
    n_wanted = forms.IntegerField(
        required=False, initial=1, min_value=1, max_value=20, label="How many references",
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), HOW_MANY),
    )  # fmt: skip
    window_from = WindowDay(label="Evaluators may call from")
    window_until = WindowDay(label="Until")
    wish = forms.CharField(
        max_length=4000, label="What does the prospect want to hear?", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_WISH},
    )  # fmt: skip
    questions = forms.CharField(
        required=False, max_length=4000, label="Questions they want answered", widget=forms.Textarea(attrs={"rows": 2})
    )
    like = forms.CharField(required=False, max_length=300, label="Like a customer or a story")
    named = forms.CharField(required=False, max_length=300, label="Somebody in particular")
    named_why = forms.CharField(required=False, max_length=300, label="Why them")

    def __init__(self, *args: Any, as_draft: bool = False, draft: ReferenceRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_draft, self.draft = as_draft, draft
        types = self.fields["activity"]
        if isinstance(types, forms.ModelChoiceField):
            types.queryset = ActivityType.objects.filter(retired_at=None)
        if as_draft:
            for name in ("activity", "needed_by", "wish"):
                self.fields[name].required = False

    def clean_needed_by(self) -> date | None:
        """Judged here too, since the preview matches what was typed before any deed does."""
        day: date | None = self.cleaned_data["needed_by"]
        if day and (sentence := why_not_day(day)):
            raise ValidationError(sentence)
        return day

    def clean_questions(self) -> str:
        """One per line, without empty ones."""
        return one_per_line(self.cleaned_data["questions"])

    def clean_like(self) -> Account | Story | None:
        text = str(self.cleaned_data["like"]).strip()
        if not text:
            return None
        before = (self.draft.like_account or self.draft.like_story) if self.draft else None
        found = like_named(text, self.user, before=before)
        if found is None:
            raise ValidationError(f"No customer and no story is called “{text}”. Choose one from the list, or leave it empty.")
        return found

    def clean_named(self) -> Contact | None:
        text = str(self.cleaned_data["named"]).strip()
        person = person_named(text, self.user) if text else None
        if text and person is None:
            raise ValidationError(f"Nobody we know is called “{text}”. Choose them from the list, or say it in the wish.")
        return person

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("purpose") not in {None, "", Purpose.DEAL} and not facts.get("outlet") and "outlet" not in self.errors:
            self.add_error("outlet", "Say which outlet, firm or event it is for.")
        if facts.get("named") and not str(facts.get("named_why") or "").strip() and "named_why" not in self.errors:
            self.add_error("named_why", "Say why it should be this person. The account owner reads it.")
        self._check_window(facts)
        return facts

    def _check_window(self, facts: dict[str, Any]) -> None:
        """A tender says when evaluators may call; a draft may leave both days open, but not one of them."""
        if not _is_tender(facts) or {"window_from", "window_until"} & self.errors.keys():
            return
        first, last = facts.get("window_from"), facts.get("window_until")
        if first and last:
            if sentence := why_not_window(first, last):
                self.add_error("window_until", sentence)
        elif first or last or not self.as_draft:
            self.add_error("window_until" if first else "window_from", NO_WINDOW)

    @property
    def window(self) -> tuple[date, date] | None:
        """When evaluators of a tender may call."""
        facts = self.cleaned_data
        first, last = facts.get("window_from"), facts.get("window_until")
        return (first, last) if _is_tender(facts) and first and last else None

    def traits(self, of: Collection[str]) -> Chosen:
        """The facet values of whom `of` names: "like", whoever it should be like; "prospect", the one that was typed. It is checked."""
        like = self.cleaned_data.get("like") if "like" in of else None
        typed = self.typed if "prospect" in of else None
        found = of_account(typed.account) if typed else {}
        return found | (of_story(like) if isinstance(like, Story) else of_account(like))

    def wish_of(self, chosen: Chosen) -> Wish:
        """What the deeds take. The form is valid; what a draft leaves open is the usual."""
        facts, like = self.cleaned_data, self.cleaned_data["like"]
        return Wish(
            activity_type=facts["activity"] or first_activity(),
            needed_by=facts["needed_by"] or usual_day(),
            words=facts["wish"],
            opportunity=self.deal,
            typed=self.typed,
            crm_id=facts["crm_id"] if self.typed else "",
            purpose=self.what_for,
            outlet="" if self.what_for == Purpose.DEAL else facts["outlet"],
            n_wanted=facts["n_wanted"] or 1,
            window=self.window,
            questions=facts["questions"],
            audience=AUDIENCES[self.what_for],
            criteria=tuple(chosen.items()),
            like_account=like if isinstance(like, Account) else None,
            like_story=like if isinstance(like, Story) else None,
            named_contact=facts["named"],
            named_why=facts["named_why"].strip() if facts["named"] else "",
        )


def _is_tender(facts: dict[str, Any]) -> bool:
    activity_type: ActivityType | None = facts.get("activity")
    return activity_type is not None and activity_type.is_tender


def first_values(deal: Opportunity | None, address: dict[str, Any] | None = None) -> dict[str, Any]:
    """What stands in the form when it is opened anew; `address` is what the address says of a deal that is not here."""
    return {
        "form_key": new_key(),
        "opportunity": deal.pk if deal else None,
        "purpose": Purpose.DEAL,
        "activity": first.code if (first := ActivityType.objects.filter(retired_at=None).first()) else None,
        "needed_by": usual_day(deal),
        **({} if deal else address or {}),
    }


def values_of(draft: ReferenceRequest) -> dict[str, Any]:
    """What stands in the form of a draft."""
    like = draft.like_account or draft.like_story
    plain = (
        "form_key",
        "revision",
        "purpose",
        "outlet",
        "needed_by",
        "n_wanted",
        "window_from",
        "window_until",
        "wish",
        "questions",
        "named_why",
    )
    return {
        **{name: getattr(draft, name) for name in plain},
        "opportunity": draft.opportunity_id,
        "activity": draft.activity_type.code,
        "like": str(like) if like else "",
        "named": label(draft.named_contact) if draft.named_contact else "",
    }


def usual_day(deal: Opportunity | None = None) -> date:
    """The day that stands in the form until another is chosen: the deal's last one where that is sooner and still ahead."""
    today = today_in(in_force().time_zone)
    usual, closes = today + timedelta(days=USUAL_DAYS), deal.close_date if deal else None
    return closes if closes and today < closes < usual else usual


def first_activity() -> ActivityType:
    return ActivityType.objects.filter(retired_at=None)[0]


def activity_cards() -> list[Choice]:
    """The activity types as rich options."""
    return [Choice(each.code, each.name, each.icon, _effort(each)) for each in ActivityType.objects.filter(retired_at=None)]


def _effort(activity_type: ActivityType) -> str:
    return f"{activity_type.minutes} min" if 0 < activity_type.minutes < 180 else f"{number(activity_type.effort_hours)} h"


def draft_need(form: NewRequestForm, chosen: Chosen) -> Need | None:
    """The need of a form that may not be complete yet: what was typed so far, the usual for the rest."""
    form.is_valid()
    facts = form.cleaned_data
    activity_type = facts.get("activity") or ActivityType.objects.filter(retired_at=None).first()
    if activity_type is None:
        return None
    like, wanted = facts.get("like"), of_wish(facts.get("wish") or "") | chosen
    return Need(
        activity_type=activity_type,
        needed_by=form.window[0] if form.window else facts.get("needed_by") or usual_day(),
        today=today_in(in_force().time_zone),
        n=facts.get("n_wanted") or 1,
        criteria=tuple(Criterion(pk, cast("Importance", importance)) for pk, importance in wanted.items()),
        audience=AUDIENCES[form.what_for],
        like_story_id=like.pk if isinstance(like, Story) else None,
        takes_values=False,
        wish=facts.get("wish") or "",
        outlet="" if form.what_for == Purpose.DEAL else facts.get("outlet") or "",
        deal=deal_of(form.deal) if form.deal else _typed_deal(form.typed),
    )


def _typed_deal(typed: DealFacts | None) -> Deal:
    """What the rules ask of a deal that is typed and not kept yet."""
    if typed is None:
        return NO_DEAL
    return Deal(
        account_id=typed.account.pk if typed.account else None,
        family_id=(typed.account.family_id or typed.account.pk) if typed.account else None,
        prospect_name=typed.prospect_name or (typed.account.name if typed.account else ""),
        stage_key=typed.stage.key if typed.stage else "",
        amount_base=typed.columns()["amount_base"],
    )
