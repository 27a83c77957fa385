"""The forms about who of the other side comes, or came, to a time."""

from typing import Any

from django import forms

from firsthand.requests.forms import SeenForm, offer


class InviteForm(SeenForm):
    """Who of the other side picks a time."""

    attendee = forms.CharField(max_length=200, label="Who picks the time")
    attendee_email = forms.EmailField(max_length=254, label="E-mail for the link")


class BringForm(SeenForm):
    """Who else of the other side comes to a time that is fixed."""

    attendee = forms.CharField(max_length=200, label="Who comes, too")
    attendee_email = forms.EmailField(max_length=254, label="Their e-mail", help_text="They get the calendar file and the brief.")


class TakeOffForm(SeenForm):
    """One of those who come, who comes no more."""

    attendee = forms.TypedChoiceField(coerce=int, label="Who comes no more", widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "attendee", people)


class ReleaseDebriefForm(SeenForm):
    """Who of the other side is asked how it was: one of those who took part, or a name where nobody is known."""

    attendee = forms.TypedChoiceField(coerce=int, label="Who tells how it was")
    name = forms.CharField(max_length=200, label="Who tells how it was")
    email = forms.EmailField(max_length=254, label="Their e-mail")

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "attendee", people)
        for unused in ("name", "email") if people else ("attendee",):
            del self.fields[unused]
