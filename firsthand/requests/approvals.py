"""The owner's answer, as both its doors take it: signed in, or by a mailed link."""

from firsthand.people.models import Colleague
from firsthand.requests import actions
from firsthand.requests.forms import ApprovalForm
from firsthand.requests.models import Ask

SAID = {
    "approve": "Ask approved.",
    "in_person": "You ask in person. The text for it is on its way to you.",
    "postpone": "Noted, and nobody asks before that day.",
    "refuse": "Ask refused.",
}


def take_answer(ask: Ask, form: ApprovalForm, *, by: Colleague) -> str:
    """Do what the owner answered and say so. The form is valid. Raises what the deed raises."""
    facts = form.cleaned_data
    answer, seen = facts["answer"], facts["seen"]
    if answer == "approve":
        actions.approve(ask, by=by, expected_grade=facts["expected_grade"], seen=seen)
    elif answer == "in_person":
        actions.ask_in_person(ask, by=by, expected_grade=facts["expected_grade"], seen=seen)
    elif answer == "postpone":
        actions.postpone(ask, by=by, until=facts["until"], reason=facts["reason"], seen=seen)
    else:
        actions.refuse(ask, by=by, reason=facts["reason"], seen=seen)
    return SAID[answer]
