"""The forms of this room. They read what was typed; whether it may be done is the deeds' matter."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from firsthand.customers.models import Contact
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.models import Engagement
from firsthand.requests.checks import NO_STORY
from firsthand.requests.models import ReferenceRequest

GRADES = ((5, "5, excellent"), (4, "4, good"), (3, "3, fair"), (2, "2, weak"), (1, "1, poor"))


class DayInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time; it knows no zone, the form does."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.Field):
    """A day and time as typed on somebody's wall clock; `in_zone` makes a moment of it."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            raise forms.ValidationError("That is not a day and time. Write it as 2026-03-27T14:30.") from None
        if not 1970 <= read.year <= 2200:
            raise forms.ValidationError("That is not a year we can plan for.")
        return read.replace(tzinfo=None)


def in_zone(moment: datetime, zone: str) -> datetime:
    """The moment at which the wall clocks of that zone show it."""
    return moment.replace(tzinfo=ZoneInfo(zone))


def zone_of(somebody: Colleague | Contact) -> str:
    """Their time zone, else the program's."""
    own = somebody.time_zone if isinstance(somebody, Colleague) else somebody.person.time_zone
    return own or in_force().time_zone


def offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Let a field of the form be chosen from these: values and how they are shown, or groups of such."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


UNSEEN = "The page did not say what you saw when you chose. Nothing was changed; reload it and choose again."


class SeenForm(forms.Form):
    """Base: the status that stood on the page, so that nobody acts on what is no longer so. Without it the form is refused."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("seen"):
            raise forms.ValidationError(UNSEEN)
        return facts

    def show_anew(self, data: QueryDict, now: str) -> None:
        """For the page that comes back after a refusal: what was typed stays, and what is sent next was seen as it stands `now`."""
        self.data = data.copy()
        self.data["seen"] = now
        if "moment" in self.fields:
            self.data["moment"] = self.initial.get("moment", "")


class MomentSeenForm(SeenForm):
    """Base: also the moment of the time that stood on the page, for a yes to it."""

    moment = forms.DateTimeField(required=False, widget=forms.HiddenInput, error_messages={"invalid": UNSEEN})


class AcceptTimeForm(MomentSeenForm):
    """Yes, at that time."""

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if not facts.get("moment") and not self.errors:
            raise forms.ValidationError(UNSEEN)
        return facts


CHOOSE_TIME, SAY_TIME = "Choose one of the times they offered, or another.", "Say the day and the time."


class TimeForm(SeenForm):
    """Fix or move a time: one that was offered, or another."""

    offered = forms.ChoiceField(required=False, label="Times they offered", widget=forms.RadioSelect)
    starts_at = MomentField(required=False, label="Another time")
    minutes = forms.IntegerField(required=False, min_value=5, max_value=24 * 60, label="Minutes")
    place = forms.CharField(required=False, max_length=300, label="Where", help_text="A link, a number or an address.")
    attendee = forms.CharField(required=False, max_length=200, label="Who comes from the prospect", help_text="The brief names them.")
    attendee_email = forms.EmailField(required=False, max_length=254, label="Their e-mail", help_text="They get the calendar file.")

    exception = forms.CharField(
        required=False, max_length=500, label="Reason for an exception",
        help_text="Lifts the program’s own rules that stand against that day, for this ask alone. The owner and the sponsor see it.",
    )  # fmt: skip

    def __init__(self, *args: Any, offered: list[tuple[str, str]], may_lift: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_lift:
            del self.fields["exception"]
        offer(self, "offered", offered)
        self.has_offers = bool(offered)
        if not offered:
            self.fields["starts_at"].label = "When"

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("offered") and not facts.get("starts_at") and not self.errors:
            self.add_error(
                "starts_at", "Choose one of the times they offered, or another." if self.has_offers else "Say the day and the time."
            )
        if facts.get("attendee_email") and not facts.get("attendee"):
            self.add_error("attendee", "Write the name too: the reference reads who comes.")
        return facts

    def moment(self, zone: str) -> datetime:
        """The time chosen; another one that was typed wins over an offered one."""
        typed: datetime | None = self.cleaned_data["starts_at"]
        return in_zone(typed, zone) if typed else datetime.fromisoformat(self.cleaned_data["offered"])


class OutcomeForm(SeenForm):
    """It happened, or who missed it."""

    OUTCOMES = (("held", "It happened"), *((value, f"Missed by {label.lower()}") for value, label in Engagement.MissedBy.choices))
    outcome = forms.ChoiceField(choices=OUTCOMES, widget=forms.RadioSelect, label="Did it happen?")
    hours = forms.DecimalField(required=False, max_digits=4, decimal_places=2, min_value=0, label="Hours it took the reference")

    def __init__(self, *args: Any, may_be_missed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_missed:
            offer(self, "outcome", self.OUTCOMES[:1])


class CorrectionForm(OutcomeForm):
    """What was settled is corrected, with the reason."""

    reason = forms.CharField(max_length=300, label="Why is it corrected?", widget=forms.Textarea(attrs={"rows": 2}))


class DebriefForm(forms.Form):
    """One tap, detail optional."""

    grade = forms.TypedChoiceField(choices=GRADES, coerce=int, widget=forms.RadioSelect, label="How did it go?")
    words = forms.CharField(required=False, max_length=4000, label="In a sentence or two", widget=forms.Textarea(attrs={"rows": 3}))
    hours = forms.DecimalField(required=False, max_digits=4, decimal_places=2, min_value=0, label="Hours it took")


class RequesterDebriefForm(DebriefForm):
    """The same from whoever asked for the reference, who also hears what the buyer did on their own."""

    found_own = forms.BooleanField(required=False, label="The buyer also spoke to a customer they found on their own")


class WordsForm(forms.Form):
    """A note."""

    words = forms.CharField(max_length=2000, label="Words", widget=forms.Textarea(attrs={"rows": 3}))


class InfoForm(forms.Form):
    """The requester's answer to the program's question."""

    words = forms.CharField(
        max_length=2000, label="Your answer", widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": "Write the answer."}
    )


class QuestionForm(WordsForm, SeenForm):
    """A question, or its answer on the page of the request."""


class ContentForm(SeenForm):
    """The stories that answer a wish, and a word to the requester."""

    story = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Stories",
        error_messages={"required": NO_STORY, "invalid_choice": "Choose among the stories that are in use and that you both may see."},
    )  # fmt: skip
    words = forms.CharField(required=False, max_length=500, label="A word to the requester")

    def __init__(self, *args: Any, stories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "story", stories)


class HandOverForm(forms.Form):
    """Who takes over, and why."""

    WHO, WHY = "Choose the program manager who takes over.", "Say why it is handed over. Both managers read it."
    to = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, label="Program manager", widget=forms.Select, error_messages={"required": WHO, "invalid": WHO}
    )
    reason = forms.CharField(max_length=500, label="Reason", error_messages={"required": WHY})

    def __init__(self, *args: Any, people: Iterable[Colleague], **kwargs: Any) -> None:
        """`people` are offered; whether somebody else can be chosen the deed says."""
        super().__init__(*args, **kwargs)
        widget = self.fields["to"].widget
        if isinstance(widget, forms.Select):
            widget.choices = [(each.pk, each.name) for each in people]


class NewRequesterForm(HandOverForm):
    """Who asks for it now, and why."""

    WHO, WHY = "Choose the colleague who asks for it now.", "Say why somebody else asks for it now. They read it."
    to = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, label="Colleague", widget=forms.Select, error_messages={"required": WHO, "invalid": WHO}
    )
    reason = forms.CharField(max_length=500, label="Reason", error_messages={"required": WHY})


class ReasonForm(SeenForm):
    """Why something ends."""

    reason = forms.CharField(required=False, max_length=500, label="Reason", widget=forms.Textarea(attrs={"rows": 2}))


class CancelForm(SeenForm):
    """Why an ask is taken back, if they like to say."""

    reason = forms.CharField(required=False, max_length=300, label="Reason")


class LiftForm(SeenForm):
    """Why the program's own rules do not count this once."""

    reason = forms.CharField(max_length=500, label="Reason", error_messages={"required": "Say why the rule may be lifted this once."})


class RetractForm(forms.Form):
    """Why what was logged as arranged outside is taken back."""

    reason = forms.CharField(
        max_length=300, label="What was wrong?", error_messages={"required": "Say what was wrong with it."},
        help_text="The slot and the credit are taken back, and the account owner is told. It stays in the history.",
    )  # fmt: skip


class PlacesForm(SeenForm):
    """How many requests may share a time."""

    places = forms.IntegerField(min_value=1, max_value=50, label="Places", help_text="How many requests may share this time.")


class WindowForm(SeenForm):
    """When evaluators of a tender may call. `seen` is the window that stood there."""

    first = forms.DateField(widget=DayInput, label="From")
    last = forms.DateField(widget=DayInput, label="Until")


class CloseForm(SeenForm):
    """Why a request ends short of what was wanted. That fewer are enough can be said once one has happened."""

    reason = forms.ChoiceField(choices=ReferenceRequest.UnfulfilledReason.choices, label="Reason")
    note = forms.CharField(required=False, max_length=500, label="In words", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, is_short: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = ReferenceRequest.UnfulfilledReason
        offered = [reasons.ENOUGH, *(each for each in reasons if each != reasons.ENOUGH)] if is_short else list(reasons)[:-1]
        offer(self, "reason", [(each.value, each.label) for each in offered])


class PersonalNoteForm(forms.Form):
    """Words to the reference, and whether the prospect agreed to be named in them."""

    words = forms.CharField(max_length=4000, label="What you write", widget=forms.Textarea(attrs={"rows": 10}))
    prospect_agreed = forms.BooleanField(required=False, label="The prospect agreed to be named")


def one_per_line(text: str) -> str:
    """The lines, stripped, without empty ones."""
    return "\n".join(line for each in text.splitlines() if (line := each.strip()))


def new_key() -> uuid.UUID:
    """A form's own key, so that a second POST of it leads to the first row."""
    return uuid.uuid4()
