"""The form of a deal. It checks what was typed; whether it may be done is the deeds' matter."""

from typing import Any

from django import forms

from firsthand.customers.forms import Day, account_by_name
from firsthand.customers.models import Account
from firsthand.deals.actions import DealFacts
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.program.policy import in_force

FACETS = ("product", "rival")


class DealForm(forms.Form):
    """A deal's facts. The account is typed by name; a prospect without an account is a name alone."""

    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)
    name = forms.CharField(max_length=250, required=False, help_text="Such as “Atlas rollout, 4 countries”.")
    account = forms.CharField(max_length=200, required=False, help_text="The prospect’s account, by its name.")
    prospect_name = forms.CharField(max_length=200, required=False, label="Prospect", help_text="Where there is no account yet.")
    owner = forms.ModelChoiceField(Colleague.objects.none(), required=False, empty_label="Nobody")
    stage = forms.ModelChoiceField(Stage.objects.all(), required=False, empty_label="Not known")
    amount = forms.DecimalField(min_value=0, max_digits=18, decimal_places=2, required=False)
    currency = forms.RegexField(r"^[A-Za-z]{3}$", required=False, error_messages={"invalid": "A currency has three letters, such as EUR."})
    close_date = Day(required=False, label="Closes")
    values = forms.ModelMultipleChoiceField(FacetValue.objects.none(), required=False, label="Products and rivals")

    def __init__(self, *args: Any, user: Colleague, deal: Opportunity | None = None, account: Account | None = None, **kwargs: Any) -> None:
        self.user, self.deal = user, deal
        self.unseen = deal.account if deal and deal.account and not _sees(user, deal.account) else None
        kwargs.setdefault("initial", _initial(deal, self.unseen) if deal else _blank(user, account))
        super().__init__(*args, **kwargs)
        kept = Colleague.objects.filter(pk=(deal.owner_id if deal else 0) or 0)
        active = Colleague.objects.active().exclude(role=Colleague.Role.ADMIN)
        self._offer("owner", (active | kept).order_by("name", "pk"))
        self._offer("values", FacetValue.objects.in_use().filter(facet__code__in=FACETS).select_related("facet"))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def clean_account(self) -> Account | None:
        """The account typed; one that this person may not see stays, since the field never showed it."""
        if self.unseen and not self.cleaned_data["account"]:
            return self.unseen
        return account_by_name(self.cleaned_data["account"], self.user, kept=self.deal.account if self.deal and not self.unseen else None)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    @property
    def facts(self) -> DealFacts:
        given = {name: self.cleaned_data[name] for name in DealFacts.__dataclass_fields__ if name != "values"}
        return DealFacts(**given, values=tuple(self.cleaned_data["values"]))


def _blank(user: Colleague, account: Account | None) -> dict[str, Any]:
    return {"owner": user.pk, "currency": in_force().base_currency, "account": account.name if account else ""}


def _sees(user: Colleague, account: Account) -> bool:
    return Account.objects.visible_to(user).filter(pk=account.pk).exists()


def _initial(deal: Opportunity, unseen: Account | None) -> dict[str, Any]:
    plain = {name: getattr(deal, name) for name in ("revision", "name", "prospect_name", "amount", "currency", "close_date")}
    values = list(deal.values.values_list("value", flat=True))
    account = deal.account.name if deal.account and not unseen else ""
    return {**plain, "account": account, "owner": deal.owner_id, "stage": deal.stage_id, "values": values}
