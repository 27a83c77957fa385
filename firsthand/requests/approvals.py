"""The owner's four answers as both doors take them, signed in or by a mailed link: each is a form that asks what it needs."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from firsthand.core.refused import Refused
from firsthand.people.models import Colleague
from firsthand.requests import actions
from firsthand.requests.forms import GRADES, DayInput, SeenForm
from firsthand.requests.models import Ask
from firsthand.requests.permissions import OPEN_FOR_ASKS

APPROVE, IN_PERSON, POSTPONE, REFUSE = "approve", "in_person", "postpone", "refuse"
WHY = "Say why, in a few words. The program manager reads it."


class GoAheadForm(SeenForm):
    """The program asks, or the owner does."""

    expected_grade = forms.TypedChoiceField(
        choices=(("", "No opinion"), *GRADES), coerce=int, empty_value=None, required=False, label="How well will it go?"
    )


class NotBeforeForm(SeenForm):
    """A day, and why."""

    until = forms.DateField(widget=DayInput, label="Not before", error_messages={"required": "Choose the first day they may be asked."})
    reason = forms.CharField(max_length=200, label="Reason", widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": WHY})


class RefusalForm(SeenForm):
    """Why not."""

    reason = forms.CharField(max_length=300, label="Reason", widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": WHY})


@dataclass(frozen=True)
class OwnerForms:
    """The forms of one page. `answer` is the one that was sent, or empty: only that form holds what was typed."""

    answer: str
    go_ahead: GoAheadForm
    not_before: NotBeforeForm
    refusal: RefusalForm

    @property
    def sent(self) -> forms.Form:
        """The form that was sent."""
        return {POSTPONE: self.not_before, REFUSE: self.refusal}.get(self.answer, self.go_ahead)


def owner_forms(ask: Ask, data: QueryDict | None = None) -> OwnerForms:
    """The forms, empty or with what was sent. Raises `Refused` (400) for an answer that is none of the four."""
    answer = data.get("answer", "") if data is not None else ""
    if data is not None and answer not in {APPROVE, IN_PERSON, POSTPONE, REFUSE}:
        raise Refused("Choose one of the four answers.", status=400)
    first = {"seen": ask.status}
    return OwnerForms(
        answer,
        GoAheadForm(data if answer in {APPROVE, IN_PERSON} else None, initial=first, auto_id="id_%s"),
        NotBeforeForm(data if answer == POSTPONE else None, initial=first, auto_id="id_not_before_%s"),
        RefusalForm(data if answer == REFUSE else None, initial=first, auto_id="id_refusal_%s"),
    )


def take_answer(ask: Ask, form: OwnerForms, *, by: Colleague) -> str:
    """Do what the owner answered and say so. The form that was sent is valid. Raises what the deed raises."""
    facts = form.sent.cleaned_data
    seen = facts["seen"]
    if form.answer == APPROVE:
        actions.approve(ask, by=by, expected_grade=facts["expected_grade"], seen=seen)
        return "Ask approved."
    if form.answer == IN_PERSON:
        actions.ask_in_person(ask, by=by, expected_grade=facts["expected_grade"], seen=seen)
        return "You ask in person. The text for it is on its way to you, too."
    if form.answer == POSTPONE:
        actions.postpone(ask, by=by, until=facts["until"], reason=facts["reason"], seen=seen)
        return f"Noted: nobody asks before {facts['until']:%-d %B %Y}."
    actions.refuse(ask, by=by, reason=facts["reason"], seen=seen)
    return "Ask refused."


def typed(form: forms.Form) -> str:
    """What somebody wrote in a form that was sent, word for word: it stays theirs to copy where the form itself is gone."""
    names = ("reason", "words", "colleague")
    return "\n".join(str(form.data[name]).strip() for name in names if form.data.get(name)) if form.is_bound else ""


def asked_in_person_by(ask: Ask, colleague: Colleague) -> bool:
    """Whether they are asking in person and the answer is still to come: a late one counts while the request is open."""
    if ask.door != Ask.Door.OWNER or ask.approver_id != colleague.pk:
        return False
    is_open = ask.reference_request.status in OPEN_FOR_ASKS
    return ask.status == Ask.Status.SENT or (is_open and Ask.objects.late().filter(pk=ask.pk).exists())
