"""The forms on pages behind signed links: the reference's and the prospect's. One form per button, each asking no more than it needs."""

from datetime import datetime
from typing import Any

from django import forms

from firsthand.core.zones import zone_choices, zones
from firsthand.requests.forms import DayInput, MomentField, SeenForm, in_zone, offer
from firsthand.requests.models import Outcome

COMPANIONS = 3
TIMES = ("time_1", "time_2", "time_3")
WHO_READS_IT = "Your contact with us and whoever runs the program read it, nobody else."


class DeclineForm(SeenForm):
    reason = forms.CharField(required=False, max_length=300, label="Why not, if you like to say", help_text=WHO_READS_IT)


class NotNowForm(SeenForm):
    """Not before a day."""

    until = forms.DateField(widget=DayInput, label="Ask me again from")
    reason = forms.CharField(required=False, max_length=150, label="Why, if you like to say", help_text=WHO_READS_IT)


class ColleagueForm(SeenForm):
    """Somebody who fits better."""

    colleague = forms.CharField(max_length=80, label="Their name")
    why = forms.CharField(required=False, max_length=110, label="Why they fit better", help_text=WHO_READS_IT)

    @property
    def suggestion(self) -> str:
        """Name and reason as one line."""
        return ": ".join(filter(None, [self.cleaned_data["colleague"].strip(), self.cleaned_data["why"].strip()]))


class ZoneForm(forms.Form):
    """Base: times are those of this zone."""

    zone = forms.ChoiceField(required=False, label="Your time zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "zone", zone_choices())

    def clean_zone(self) -> str:
        chosen = str(self.cleaned_data["zone"])
        return chosen if chosen in zones() else ""


class TimesForm(ZoneForm):
    """Base: times that suit, in the zone chosen."""

    time_1 = MomentField(required=False, label="A time that suits you")
    time_2 = MomentField(required=False, label="Another")
    time_3 = MomentField(required=False, label="And another")

    def times(self, zone: str) -> list[datetime]:
        """The times typed, as moments; `zone` where none was chosen."""
        typed = [self.cleaned_data.get(name) for name in TIMES]
        return [in_zone(each, self.cleaned_data.get("zone") or zone) for each in typed if each]


class OfferForm(TimesForm, SeenForm):
    """Times that suit them."""

    words = forms.CharField(required=False, max_length=2000, label="Anything they should know?", widget=forms.Textarea(attrs={"rows": 2}))


class TakeBackForm(forms.Form):
    offered = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class HappenedForm(SeenForm):
    """What the reference says about whether it happened."""

    says = forms.ChoiceField(
        choices=(
            (Outcome.Says.HELD, "Yes, it happened"),
            (Outcome.Says.PROSPECT, "No, they did not come"),
            (Outcome.Says.REFERENCE, "No, I could not"),
            (Outcome.Says.US, "No, nobody arranged it"),
        ),
        widget=forms.RadioSelect,
        label="Did it happen?",
    )


class CannotForm(forms.Form):
    """No time suits, or they cannot come."""

    words = forms.CharField(required=False, max_length=300, label="A line to them, if you like")


class PickForm(forms.Form):
    """One of the times offered, the zone it was read in, and who comes along."""

    offered = forms.IntegerField(min_value=1, max_value=2**63 - 1, error_messages={"required": "Choose one of the times."})
    zone = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    name_1 = forms.CharField(required=False, max_length=200, label="Name")
    email_1 = forms.EmailField(required=False, max_length=254, label="E-mail")
    name_2 = forms.CharField(required=False, max_length=200, label="Second name")
    email_2 = forms.EmailField(required=False, max_length=254, label="Second e-mail")
    name_3 = forms.CharField(required=False, max_length=200, label="Third name")
    email_3 = forms.EmailField(required=False, max_length=254, label="Third e-mail")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for n in range(1, COMPANIONS + 1):
            if bool(facts.get(f"name_{n}")) != bool(facts.get(f"email_{n}")) and f"email_{n}" not in self.errors:
                self.add_error(f"email_{n}", "Write both a name and an e-mail, or leave both empty.")
        return facts

    @property
    def people(self) -> list[tuple[str, str]]:
        """Who comes along: name and address."""
        pairs = [(self.cleaned_data[f"name_{n}"], self.cleaned_data[f"email_{n}"]) for n in range(1, COMPANIONS + 1)]
        return [pair for pair in pairs if all(pair)]
