"""What a reference answered in person, as both doors write it down: it may be any answer that they could give by their link."""

from typing import Any

from django import forms
from django.http import QueryDict

from firsthand.core.clock import today as today_in
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests import actions
from firsthand.requests.beside import time_shown
from firsthand.requests.envelope import wall_time
from firsthand.requests.forms import UNSEEN, DayInput, MomentSeenForm, offer, zone_of
from firsthand.requests.link_forms import TIMES, TimesForm
from firsthand.requests.models import Ask
from firsthand.requests.moving import seen_as
from firsthand.requests.permissions import why_not_introduce
from firsthand.requests.sheet import offered

Choices = tuple[tuple[str, str], ...]
NOES: Choices = (("no", "They declined"), ("not_now", "Not before a day"), ("colleague", "Better a colleague of theirs"))
NEEDED = (("not_now", "until", "the day they named"), ("colleague", "colleague", "whom they named"))


class RecordAnswerForm(TimesForm, MomentSeenForm):
    """Which answer, by which channel, on which day."""

    answer = forms.ChoiceField(widget=forms.RadioSelect, label="What did they say?")
    until = forms.DateField(required=False, widget=DayInput, label="Not before", help_text="If they named a day. Nobody asks them sooner.")
    colleague = forms.CharField(
        required=False, max_length=200, label="Whom to ask instead", help_text="If they named a colleague, and why."
    )
    channel = forms.CharField(max_length=40, label="How did they say it?", help_text="By phone, over lunch, by mail to you.")
    day = forms.DateField(widget=DayInput, label="When did they say it?")
    shows = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What may the sheet show?",
        help_text="Only what they told you. They can change it on their own page.",
    )  # fmt: skip
    words = forms.CharField(required=False, max_length=270, label="In their words", widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("seen", "moment", "answer", *TIMES, "zone", "until", "colleague", "channel", "day", "shows", "words")

    def __init__(self, *args: Any, yes: Choices, items: list[tuple[str, str]], has_times: bool, **kwargs: Any) -> None:
        """`yes` are the ways in which they can say yes. `items` may be ticked: what a reference in a tender may agree to show.

        Fields for that are left out where there is nothing to show, and those for times where there are none to offer.
        """
        super().__init__(*args, **kwargs)
        self.answers = (*yes, *NOES)
        offer(self, "answer", self.answers)
        offer(self, "shows", items)
        self.fields["time_1"].label, self.fields["zone"].label = "A time that suits them", "Time zone of these times"
        for unused in (*(() if items else ("shows",)), *(() if has_times else (*TIMES, "zone"))):
            del self.fields[unused]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("answer") == "yes_time" and not facts.get("moment") and "moment" not in self.errors:
            raise forms.ValidationError(UNSEEN)
        for answer, name, what in NEEDED:
            if facts.get("answer") == answer and not facts.get(name) and name not in self.errors:
                self.add_error(name, f"Write {what}, or choose another answer.")
        for answer, name in (*((answer, name) for answer, name, _ in NEEDED), *(("yes", name) for name in TIMES)):
            if facts.get(name) and facts.get("answer") not in {answer, None}:
                self.add_error(name, f"This goes with “{dict(self.answers)[answer]}”. Choose that answer, or leave this empty.")
        return facts


def record_form(ask: Ask, reader: Colleague, data: QueryDict | None = None) -> RecordAnswerForm:
    """What the reference said in person, for the same page, with the time that a yes is to on the reader’s clock."""
    activity_type, occasion = ask.reference_request.activity_type, time_shown(ask)
    moment = occasion.starts_at.isoformat() if occasion else ""
    first = {"seen": seen_as(ask), "moment": moment, "day": today_in(in_force().time_zone), "zone": zone_of(reader)}
    items, has_times = offered(ask) if activity_type.is_tender else [], activity_type.has_time and not ask.joins_id
    return RecordAnswerForm(data, yes=_ways_to_say_yes(ask, wall_time(occasion, reader)), items=items, has_times=has_times, initial=first)


def _ways_to_say_yes(ask: Ask, at: str) -> Choices:
    """As their own page has them: to one more who joins a fixed time they say yes to that alone. `at` is that time, or empty."""
    to_time: Choices = (("yes_time", f"Yes, on {at}"),) if at else ()
    if ask.joins_id:
        return to_time
    introduced: Choices = () if why_not_introduce(ask) else (("yes_introduced", "Yes, and introduce us by mail"),)
    return (*to_time, ("yes", "Yes, at another time" if at else "They said yes"), *introduced)


def take_record(ask: Ask, form: RecordAnswerForm, *, by: Colleague) -> str:
    """Keep what the reference said in person and say so. The form is valid. Raises what the deed raises."""
    facts = form.cleaned_data
    answer, until, instead = facts["answer"], facts["until"], facts["colleague"]
    is_yes = answer not in dict(NOES)
    actions.record_answer(
        ask,
        by=by,
        accepted=is_yes,
        takes_time=answer == "yes_time",
        introduces=answer == "yes_introduced",
        times=form.times(zone_of(by)),
        shows=facts.get("shows", ()),
        colleague_suggested=instead,
        **{name: facts[name] for name in ("channel", "day", "words", "until", "seen", "moment")},
    )
    if is_yes:
        return "Their yes is recorded."
    if until:
        return f"Noted: nobody asks them before {until:%-d %B %Y}."
    return "Noted: they would rather have a colleague asked." if instead else "Noted: they declined."
