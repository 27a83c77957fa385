"""The forms of this room. They check what was typed; whether it may be done is the deeds' matter."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from firsthand.people.actions import ColleagueFacts, OwnSettings, TeamFacts, request_new_password
from firsthand.people.models import Colleague, Team

PASSWORD_HINT = "At least 8 characters, and nothing that others use often."  # noqa: S105
THEMES = (("", "As the system"), ("light", "Light"), ("dark", "Dark"))


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    """Every place with a zone of its own, by name: `Europe/Oslo`."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(available_timezones()) if name.startswith(regions))]


def own_time_zone_choices() -> list[tuple[str, str]]:
    """As above, and the program's, which follows when the program moves."""
    return [("", "The program’s"), *time_zone_choices()]


class ForgottenPasswordForm(forms.Form):
    """Ask for a link to a new password. Allauth's view throttles it and calls `save`."""

    email = forms.EmailField(label="Work e-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))

    def save(self, request: object) -> None:
        request_new_password(self.cleaned_data["email"])


class NewPasswordForm(forms.Form):
    """Choose a password, for the colleague that a link was made for."""

    password = forms.CharField(
        label="Password",
        help_text=PASSWORD_HINT,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, colleague: Colleague, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleague = colleague

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.colleague)
        return password


class ChangePasswordForm(NewPasswordForm):
    """Choose another password, knowing the present one."""

    current = forms.CharField(
        label="Current password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password")

    def __init__(self, *args: Any, colleague: Colleague, **kwargs: Any) -> None:
        super().__init__(*args, colleague=colleague, **kwargs)
        self.fields["password"].label = "New password"

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not self.colleague.check_password(current):
            raise ValidationError("This is not your current password.")
        return current


class ColleagueForm(forms.Form):
    """Everything known of a colleague. `revision` says over which state it is written."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField(label="E-mail", max_length=254, required=False, help_text="Needed to sign in.")
    title = forms.CharField(max_length=120, required=False)
    office = forms.CharField(max_length=120, required=False)
    team = forms.ModelChoiceField(Team.objects.order_by("name"), required=False, empty_label="No team")
    deputy = forms.ModelChoiceField(
        Colleague.objects.active().order_by("name", "id"),
        required=False,
        empty_label="Nobody",
        help_text="Answers for their customers while they are away.",
    )
    role = forms.ChoiceField(choices=Colleague.Role.choices)
    is_marketer = forms.BooleanField(label="Marketer: keeps stories and rights", required=False)
    is_support_lead = forms.BooleanField(label="Support lead: sees escalations", required=False)
    revision = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, colleague: Colleague | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if colleague and not self.is_bound:
            facts = {name: getattr(colleague, name) for name in self.fields}
            self.initial = {**facts, "team": colleague.team_id, "deputy": colleague.deputy_id}

    @property
    def facts(self) -> ColleagueFacts:
        return ColleagueFacts(**{name: value for name, value in self.cleaned_data.items() if name != "revision"})


class TeamForm(forms.Form):
    """A team's name and its lead."""

    name = forms.CharField(max_length=120)
    lead = forms.ModelChoiceField(
        Colleague.objects.active().order_by("name", "id"),
        required=False,
        empty_label="Nobody",
        help_text="Sees the requests and deals of the team, and answers when an owner stays silent.",
    )

    @property
    def facts(self) -> TeamFacts:
        return TeamFacts(**self.cleaned_data)


class SettingsForm(forms.Form):
    """What everybody sets for themselves."""

    name = forms.CharField(max_length=200)
    time_zone = forms.ChoiceField(label="Time zone", required=False, choices=own_time_zone_choices)
    theme = forms.ChoiceField(choices=THEMES, required=False, widget=forms.RadioSelect, help_text="Kept in this browser.")
    letter_keys = forms.BooleanField(
        label="Letter keys", required=False, help_text="N starts a request, G and a letter goes to a page. Works outside fields only."
    )

    @property
    def settings(self) -> OwnSettings:
        given = self.cleaned_data
        return OwnSettings(given["name"], given["time_zone"], letter_keys=given["letter_keys"])


def complain(form: forms.Form, sentence: str) -> None:
    """Show a refusal on the form, so that nothing typed is lost."""
    form.add_error(None, ValidationError(sentence))
