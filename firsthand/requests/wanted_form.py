"""The form in which what is wanted of a submitted request is changed."""

from typing import Any

from django import forms

from firsthand.requests.actions import Wanted
from firsthand.requests.checks import MOST_WORDS, NO_WISH
from firsthand.requests.forms import DayInput, SeenForm, offer, one_per_line


class WantedForm(SeenForm):
    """What is wanted of a request that is submitted. `seen` is its revision."""

    wish = forms.CharField(
        max_length=MOST_WORDS, label="What does the prospect want to hear?", widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_WISH},
    )  # fmt: skip
    questions = forms.CharField(
        required=False, max_length=MOST_WORDS, label="Questions they want answered", help_text="One per line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    needed_by = forms.DateField(widget=DayInput, label="Needed by", error_messages={"required": "Choose the day it is needed by."})
    listed = forms.CharField(required=False, max_length=1200, widget=forms.HiddenInput)
    criteria = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What they are matched by",
        help_text="Untick what is not meant. Whoever refuses to speak of something wanted here is not asked. "
        "A new wish brings what it says, and takes along what only the old one said.",
    )  # fmt: skip

    def __init__(self, *args: Any, criteria: list[tuple[str, str]], **kwargs: Any) -> None:
        """`criteria` are the ids of the values and how they are shown; the field is left out where there are none."""
        super().__init__(*args, **kwargs)
        offer(self, "criteria", criteria)
        if not criteria:
            del self.fields["criteria"]

    @property
    def wanted(self) -> Wanted:
        """What the deed takes; what stood on the page and was unticked there is dropped. The form is valid."""
        facts = self.cleaned_data
        listed = {int(each) for each in facts["listed"].split() if each.isascii() and each.isdigit() and len(each) < 19}
        dropped = tuple(sorted(listed - {int(each) for each in facts.get("criteria", ())}))
        return Wanted(facts["wish"], facts["questions"], facts["needed_by"], dropped)

    def clean_seen(self) -> int:
        """A number that no page sent is none."""
        text = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def clean_questions(self) -> str:
        return one_per_line(self.cleaned_data["questions"])

    def keep(self, part: str, why: str) -> None:
        """Show a part that stays, with the sentence why; where it was typed over, it can be set back."""
        if not self.is_bound:
            self.fields[part].widget.attrs["readonly"] = True
        self.fields[part].help_text = why
