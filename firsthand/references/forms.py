"""What people type about references."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from firsthand.program.models import ActivityType
from firsthand.references.models import Consent, Disclosure, Hold, NoGo, OwnerApproval, Period, Reference, ReferenceAccount, Willingness

if TYPE_CHECKING:
    ReferenceBase = forms.ModelForm[Reference]
    StandingBase = forms.ModelForm[ReferenceAccount]
else:
    ReferenceBase = StandingBase = forms.ModelForm

DAY = forms.DateInput(attrs={"type": "date"})
TYPED_KINDS = (Consent.Kind.GIVEN, Consent.Kind.NARROWED, Consent.Kind.REFUSED, Consent.Kind.WITHDRAWN)
METHODS = [("", "Choose"), *((each, each) for each in ("Mail", "In person", "On the phone", "Signed form", "Contract", "Own page"))]


class HoldForm(forms.Form):
    """Not askable until a day, and why."""

    kind = forms.ChoiceField(label="Whose hold", choices=Hold.Kind.choices, initial=Hold.Kind.OWNER)
    until = forms.DateField(label="Until", required=False, widget=DAY, help_text="Leave it empty to hold until somebody lifts it.")
    reason = forms.CharField(label="Reason", max_length=300, help_text="Sellers see it.")
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only the owner and managers see it.",
    )
    whole_customer = forms.BooleanField(label="Hold all people of this customer", required=False)


class ConsentForm(forms.Form):
    """One entry of the consent ledger."""

    kind = forms.ChoiceField(label="What happened", choices=[(each.value, each.label) for each in TYPED_KINDS])
    covers = forms.ModelMultipleChoiceField(
        label="For", queryset=ActivityType.objects.filter(retired_at=None), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to cover all activities.",
    )  # fmt: skip
    wording = forms.CharField(label="Wording", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
                              help_text="What they agreed to, in the words they read.")  # fmt: skip
    method = forms.ChoiceField(label="How", choices=METHODS, required=False)
    evidence = forms.CharField(
        label="Evidence", required=False, max_length=500, help_text="Where it can be found: a link, or “mail of 4 March”."
    )
    given_on = forms.DateField(label="On", widget=DAY)
    until = forms.DateField(label="Ends on", required=False, widget=DAY)

    def clean(self) -> dict[str, Any] | None:
        """A consent that is given says how and where the proof is, and does not end before it begins."""
        given = super().clean() or {}
        if given.get("kind") in {Consent.Kind.GIVEN, Consent.Kind.NARROWED}:
            for name, sentence in (("method", "Say how they gave it."), ("evidence", "Say where the proof can be found.")):
                if not given.get(name):
                    self.add_error(name, sentence)
        on, until = given.get("given_on"), given.get("until")
        if isinstance(on, date) and isinstance(until, date) and until < on:
            self.add_error("until", "It ends before it was given. Choose a later day.")
        return given


class WillingnessForm(forms.Form):
    """What one activity type is to them."""

    answer = forms.ChoiceField(choices=[("", "Not asked yet"), *Willingness.Answer.choices], required=False, label="Willing")
    audience = forms.MultipleChoiceField(
        choices=[("to_prospects", "Prospects"), ("to_analysts", "Analysts"), ("to_press", "Press"), ("to_public", "Public")],
        required=False, widget=forms.CheckboxSelectMultiple, label="To",
    )  # fmt: skip
    limit_count = forms.IntegerField(label="At most", required=False, min_value=0, max_value=100)
    limit_period = forms.ChoiceField(label="per", choices=Period.choices, initial=Period.QUARTER)


class ReferenceForm(ReferenceBase):
    """The person's own standing and wishes."""

    status = forms.ChoiceField(label="Status", choices=Reference.Status.choices)
    disclosure = forms.ChoiceField(
        label="Disclosure",
        required=False,
        choices=[("", "As the customer's"), *Disclosure.choices],
        help_text="Narrower than the customer's.",
    )
    owner_approval = forms.ChoiceField(
        label="Owner is asked first", required=False, choices=[("", "As the policy says"), *OwnerApproval.choices]
    )
    limit_count = forms.IntegerField(
        label="At most", required=False, min_value=0, max_value=100, help_text="Engagements. Empty: the program's limit holds."
    )
    min_gap_days = forms.IntegerField(
        label="Days between", required=False, min_value=0, max_value=730, help_text="Empty: the program's gap holds."
    )

    class Meta:
        model = Reference
        fields = (
            "status", "disclosure", "owner_approval", "limit_count", "limit_period", "min_gap_days", "driver", "motivation",
            "preferred_benefit", "no_benefit", "tier", "last_verified_on", "notes",
        )  # fmt: skip
        widgets: Mapping[str, Any] = {"last_verified_on": DAY, "notes": forms.Textarea(attrs={"rows": 4})}


class StandingForm(StandingBase):
    """The customer's own standing, for all its people together."""

    limit_count = forms.IntegerField(
        label="At most",
        required=False,
        min_value=0,
        max_value=1000,
        help_text="Engagements of all their people. Empty: the program's limit.",
    )
    no_go = forms.CharField(
        label="Companies they will not speak to", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line.",
    )  # fmt: skip

    class Meta:
        model = ReferenceAccount
        fields = ("manager", "tier", "disclosure", "under_nda", "limit_count", "limit_period", "logo_right", "logo_right_until", "source")
        widgets: Mapping[str, Any] = {"logo_right_until": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = NoGo.objects.filter(reference_account=self.instance).order_by("pk")
        self.initial["no_go"] = "\n".join(no_go.account.name if no_go.account else no_go.name for no_go in names.select_related("account"))
