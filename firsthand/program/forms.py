"""The forms of this room that are not the policy's. They check what was typed; whether it may be done is the deeds' matter."""

from babel.numbers import list_currencies
from django import forms
from django.contrib.auth.password_validation import validate_password

from firsthand.people.forms import PASSWORD_HINT, time_zone_choices
from firsthand.people.models import Colleague

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
