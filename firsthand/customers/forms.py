"""The forms of this room. They check what was typed; whether it may be done is the deeds' matter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from firsthand.core import words_key
from firsthand.core.clock import today
from firsthand.customers.actions import AccountFacts, ContactFacts, SignalFacts
from firsthand.customers.models import Account, Contact, Relationship, Signal
from firsthand.customers.sight import shown_parent
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.program.policy import in_force

CUSTOM = "custom:"
STRENGTHS = ((1, "1, met once"), (2, "2, knows them"), (3, "3, worked together"), (4, "4, knows them well"), (5, "5, trusts them"))


class Day(forms.DateField):
    """A date, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class AccountForm(forms.Form):
    """An account's facts, custom fields included. The parent is typed by name, since there may be very many accounts."""

    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)
    name = forms.CharField(max_length=200)
    domain = forms.CharField(max_length=120, required=False, help_text="Such as ostvik.example.")
    parent = forms.CharField(max_length=200, required=False, help_text="The account it belongs to, by its name.")
    owner = forms.ModelChoiceField(Colleague.objects.none(), required=False, empty_label="Nobody")
    is_customer = forms.BooleanField(required=False, label="Customer")
    is_prospect = forms.BooleanField(required=False, label="Prospect")
    is_partner = forms.BooleanField(required=False, label="Partner")
    location = forms.CharField(max_length=200, required=False)
    employees = forms.IntegerField(min_value=0, max_value=10_000_000, required=False, label="Number of people")
    annual_revenue = forms.DecimalField(min_value=0, max_digits=18, decimal_places=2, required=False)
    currency = forms.RegexField(r"^[A-Za-z]{3}$", required=False, error_messages={"invalid": "A currency has three letters, such as EUR."})
    customer_since = Day(required=False)
    renewal_date = Day(required=False)
    health = forms.ChoiceField(choices=[("", "Not known"), *Account.Health.choices], required=False)

    def __init__(self, *args: Any, user: Colleague, account: Account | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(account, user))
        super().__init__(*args, **kwargs)
        self.user, self.account = user, account
        colleagues = Colleague.objects.active().exclude(role=Colleague.Role.ADMIN)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            kept = Colleague.objects.filter(pk=account.owner_id or 0) if account else Colleague.objects.none()
            owner.queryset = (colleagues | kept).order_by("name", "pk")
        self.custom = {f"{CUSTOM}{number}": name for number, name in enumerate(sorted(account.custom) if account else [])}
        for key, name in self.custom.items():
            value = account.custom[name] if account else ""
            self.fields[key] = forms.CharField(label=name, max_length=1000, required=False, initial="" if value is None else value)

    @property
    def custom_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.custom]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not words_key.key(name):
            raise ValidationError("A name needs at least one letter or digit.")
        return name

    def clean_parent(self) -> Account | None:
        """The parent typed; one that this person may not see stays, since the field never showed it."""
        parent = self.account.parent if self.account else None
        is_shown = bool(self.account and shown_parent(self.account, self.user))
        if parent and not is_shown and not self.cleaned_data["parent"]:
            return parent
        return account_by_name(self.cleaned_data["parent"], self.user, kept=parent if is_shown else None)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    @property
    def facts(self) -> AccountFacts:
        given = self.cleaned_data
        custom = dict(self.account.custom) if self.account else {}
        for key, name in self.custom.items():
            if str(custom[name] if custom[name] is not None else "") != given[key]:
                custom[name] = given[key]
        return AccountFacts(**{name: given[name] for name in AccountFacts.__dataclass_fields__ if name != "custom"}, custom=custom)


def account_by_name(name: str, user: Colleague, *, kept: Account | None = None) -> Account | None:
    """The account of that name, among those this person sees. `kept` stays what it is while its name stands there."""
    if not name:
        return None
    if kept is not None and kept.name == name:
        return kept
    found = list(Account.objects.visible_to(user).filter(key=words_key.key(name)[:200])[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise ValidationError(f"Two accounts are called {name}. Merge them or rename one first.")
    raise ValidationError(f"No account is called {name}.")


def _initial(account: Account | None, user: Colleague) -> dict[str, Any]:
    if account is None:
        return {"owner": user.pk, "is_customer": True, "currency": in_force().base_currency}
    plain = {name: getattr(account, name) for name in AccountFacts.__dataclass_fields__ if name not in {"parent", "owner", "custom"}}
    return {**plain, "revision": account.revision, "parent": shown_parent(account, user) or "", "owner": account.owner_id}


class ContactForm(forms.Form):
    """A person and their job at the account."""

    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)
    title = forms.CharField(max_length=200, required=False, label="Job title")
    email = forms.EmailField(max_length=254, required=False, label="E-mail")
    phone = forms.CharField(max_length=60, required=False)
    persona = forms.ModelChoiceField(FacetValue.objects.none(), required=False, empty_label="Not known")
    started_on = Day(required=False, label="In this job since")

    def __init__(self, *args: Any, contact: Contact | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _of_contact(contact) if contact else {})
        super().__init__(*args, **kwargs)
        self.contact = contact
        persona = self.fields["persona"]
        if isinstance(persona, forms.ModelChoiceField):
            persona.queryset = FacetValue.objects.in_use().filter(facet__code="persona")

    @property
    def facts(self) -> ContactFacts:
        given = {name: value for name, value in self.cleaned_data.items() if name != "persona"}
        persona = self.cleaned_data["persona"]
        zone = self.contact.person.time_zone if self.contact else ""
        return ContactFacts(**given, time_zone=zone, persona_id=persona.pk if persona else None)


def _of_contact(contact: Contact) -> dict[str, Any]:
    person = contact.person
    job = {name: getattr(contact, name) for name in ("title", "email", "phone", "started_on")}
    return {"first_name": person.first_name, "last_name": person.last_name, "persona": contact.persona_id, **job}


class LeavingForm(forms.Form):
    left_on = Day(label="Last day")


class TieForm(forms.Form):
    """Who knows a contact, how well."""

    colleague = forms.ModelChoiceField(Colleague.objects.none(), empty_label=None)
    kind = forms.ChoiceField(choices=[(kind.value, kind.label.capitalize()) for kind in Relationship.Kind], label="How")
    strength = forms.TypedChoiceField(choices=STRENGTHS, coerce=int)
    role = forms.CharField(max_length=80, required=False, help_text="Such as “ran their rollout”.")

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleague = self.fields["colleague"]
        if isinstance(colleague, forms.ModelChoiceField):
            colleague.queryset = colleagues


class SignalForm(forms.Form):
    """What an account signals."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Signal.Kind if kind not in {Signal.Kind.LEFT, Signal.Kind.OWNER}]
    )
    happened_on = Day(label="Day")
    severity = forms.ChoiceField(choices=[("", "Not an escalation"), *Signal.Severity.choices[1:]], required=False)
    value = forms.DecimalField(
        required=False, max_digits=6, decimal_places=2, label="Score", help_text="NPS from 0 to 10, CSAT from 1 to 5."
    )
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False, empty_label="Nobody in particular", label="From")
    words = forms.CharField(max_length=2000, required=False, label="What happened", widget=forms.Textarea(attrs={"rows": 3}))
    external_id = forms.CharField(max_length=60, required=False, label="Case number")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"happened_on": today(in_force().time_zone), "kind": Signal.Kind.ESCALATION})
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        if isinstance(contact, forms.ModelChoiceField):
            contact.queryset = Contact.objects.filter(account=account).select_related("person", "account")

    @property
    def facts(self) -> SignalFacts:
        return SignalFacts(**self.cleaned_data)
