"""The forms of this room that are not the policy's. They check what was typed; whether it may be done is the deeds' matter."""

from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.contrib.auth.password_validation import validate_password

from firsthand.people.forms import PASSWORD_HINT, time_zone_choices
from firsthand.people.models import Colleague
from firsthand.program.actions import ActivityFacts, ValueFacts
from firsthand.program.models import Facet, FacetValue
from firsthand.program.tree import in_order

AUDIENCES = (("prospects", "Prospects"), ("analysts", "Analysts"), ("press", "Press"), ("public", "Public"))
NO_MONEY = {"XXX", "XTS", "XAU", "XAG", "XPT", "XPD"}


class FirstRunForm(forms.Form):
    """The first person of an installation, and what the program must know at once."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Work e-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        max_length=200, strip=False, help_text=PASSWORD_HINT, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    company = forms.CharField(label="Company", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    base_currency = forms.CharField(
        label="Base currency", initial="EUR", max_length=3, help_text="Three letters, such as EUR. Amounts are compared in it."
    )
    time_zone = forms.ChoiceField(
        label="Time zone", choices=time_zone_choices, initial="UTC", help_text="Limits count calendar months in it."
    )

    def clean_base_currency(self) -> str:
        return currency(str(self.cleaned_data["base_currency"]))

    def clean_password(self) -> str:
        given = self.cleaned_data
        validate_password(str(given["password"]), Colleague(name=given.get("name", ""), email=given.get("email")))
        return str(given["password"])


def currency(text: str) -> str:
    """An ISO 4217 code in capitals. Raises a form's error when there is no such currency."""
    code = text.strip().upper()
    if code not in list_currencies() or code in NO_MONEY:
        raise forms.ValidationError(f"{text} is not a currency. Write three letters, such as EUR or USD.")
    return code


class FacetForm(forms.Form):
    """A facet's name and what its values look like."""

    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField(label="Its values are", choices=Facet.Kind.choices, initial=Facet.Kind.FLAT, widget=forms.RadioSelect)


class FacetNameForm(forms.Form):
    """What a facet is called."""

    name = forms.CharField(label="Name of the facet", max_length=80)


class ValueForm(forms.Form):
    """A value: its name, its place, what a band spans, its other names."""

    name = forms.CharField(max_length=120)
    low = forms.IntegerField(label="From", required=False, min_value=0, max_value=2**62)
    high = forms.IntegerField(label="To", required=False, min_value=0, max_value=2**62, help_text="Included. Empty: open.")
    aliases = forms.CharField(
        label="Other names",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line. Imports and typed wishes find the value by them; case, accents and punctuation do not matter.",
    )
    revision = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, facet: Facet, value: FacetValue | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if facet.kind == Facet.Kind.TREE:
            self.fields["parent"] = _parent_field(facet, value)
            self.order_fields(["name", "parent", "aliases"])
        if facet.kind != Facet.Kind.BAND:
            del self.fields["low"], self.fields["high"]
        if value:
            aliases = "\n".join(value.aliases.order_by("text").values_list("text", flat=True))
            facts = {"name": value.name, "parent": value.parent_id, "low": value.low, "high": value.high}
            self.initial = {**facts, "aliases": aliases, "revision": value.revision}

    def clean_aliases(self) -> str:
        too_long = next((line for line in self._lines() if len(line) > 120), None)
        if too_long:
            raise forms.ValidationError(f"“{too_long[:30]}…” is too long: another name has at most 120 letters.")
        return str(self.cleaned_data["aliases"])

    @property
    def facts(self) -> ValueFacts:
        given = self.cleaned_data
        return ValueFacts(given["name"], given.get("parent"), tuple(self._lines()), given.get("low"), given.get("high"))

    def _lines(self) -> list[str]:
        return [line.strip() for line in str(self.cleaned_data.get("aliases", "")).splitlines() if line.strip()]


def _parent_field(facet: Facet, value: FacetValue | None) -> forms.TypedChoiceField:
    """The values a value may stand below, indented; not itself, and none below it."""
    rows = [row for row in facet.values.in_use() if value is None or value.pk not in row.line]
    by_id = {str(row.pk): row for row in rows}
    choices = [("", "Nothing: it is at the top"), *((str(row.pk), "\N{EM SPACE}" * row.depth + row.name) for row in in_order(rows))]
    return forms.TypedChoiceField(label="Stands below", required=False, choices=choices, coerce=by_id.get, empty_value=None)


class ActivityTypeForm(forms.Form):
    """What an activity type costs a reference, and for whom it is."""

    name = forms.CharField(max_length=80)
    plural = forms.CharField(max_length=80)
    effort_hours = forms.DecimalField(
        label="Effort in hours",
        min_value=0,
        max_value=200,
        max_digits=5,
        decimal_places=2,
        help_text="Of the reference, preparation included.",
    )
    minutes = forms.IntegerField(label="Length in minutes", min_value=0, max_value=1440, help_text="Of the meeting. 0: there is none.")
    places = forms.IntegerField(
        label="Places", min_value=1, max_value=50, help_text="How many requests may share one. 1: each has its own."
    )
    audience = forms.ChoiceField(choices=AUDIENCES, help_text="Who hears it, at least.")
    is_live = forms.BooleanField(label="Live: a person speaks to somebody", required=False, help_text="Kept for serious deals.")
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    @property
    def facts(self) -> ActivityFacts:
        return ActivityFacts(**{name: value for name, value in self.cleaned_data.items() if name != "revision"})
