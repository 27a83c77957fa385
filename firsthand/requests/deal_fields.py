"""The fields of a form that say whom it is for: a deal that is here, or one that is typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from firsthand.core.words_key import key
from firsthand.deals.actions import DealFacts
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests.deal_finding import account_called
from firsthand.requests.forms import DayInput
from firsthand.requests.models import ReferenceRequest

MOST_AMOUNT = 10**15
TYPED = ("prospect", "amount", "currency", "stage", "close_date")  # what is said of a deal that is not here yet
Purpose = ReferenceRequest.Purpose


class DealFields(forms.Form):
    """Whom it is for: a deal that is here, one that is typed, or an outlet, firm or event."""

    crm_id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    opportunity = forms.ModelChoiceField(Opportunity.objects.none(), required=False, label="Deal", widget=forms.HiddenInput)
    purpose = forms.ChoiceField(choices=Purpose.choices, required=False, label="What it is for", widget=forms.RadioSelect)
    outlet = forms.CharField(required=False, max_length=200, label="Which outlet, firm or event?")
    prospect = forms.CharField(required=False, max_length=200, label="Prospect")
    amount = forms.DecimalField(required=False, min_value=0, max_value=MOST_AMOUNT, decimal_places=2, label="Amount")
    currency = forms.RegexField(r"^[A-Za-z]{3}$", required=False, error_messages={"invalid": "A currency has three letters, such as EUR."})
    stage = forms.ModelChoiceField(Stage.objects.all(), required=False, empty_label="Not known")
    close_date = forms.DateField(required=False, widget=DayInput, label="Closes")

    def __init__(self, *args: Any, user: Colleague, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        deals = self.fields["opportunity"]
        if isinstance(deals, forms.ModelChoiceField):
            deals.queryset = Opportunity.objects.visible_to(user).select_related("account", "stage")

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean_prospect(self) -> str:
        name = str(self.cleaned_data["prospect"]).strip()
        if name and not key(name):
            raise ValidationError("A prospect’s name needs at least one letter or digit.")
        return name

    @property
    def what_for(self) -> str:
        """What it is for; a deal where nothing is said."""
        return str(self.cleaned_data.get("purpose") or Purpose.DEAL)

    @property
    def deal(self) -> Opportunity | None:
        """The deal that was chosen."""
        return self.cleaned_data.get("opportunity") if self.what_for == Purpose.DEAL else None

    @property
    def typed(self) -> DealFacts | None:
        """The deal that was typed, where none was chosen."""
        facts = self.cleaned_data
        name = facts.get("prospect")
        if self.what_for != Purpose.DEAL or self.deal or not name:
            return None
        account = account_called(name, self.user)
        return DealFacts(
            name="",
            account=account,
            prospect_name="" if account else name,
            stage=facts.get("stage"),
            amount=facts.get("amount"),
            currency=facts.get("currency") or (in_force().base_currency if facts.get("amount") is not None else ""),
            close_date=facts.get("close_date"),
        )
