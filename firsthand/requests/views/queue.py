"""The queue's own deeds: who is in charge."""

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firsthand.people.signed_in import SignedIn
from firsthand.requests import actions
from firsthand.requests.actions.managing import manager_of
from firsthand.requests.views.deeds import done, read, seen_by

WHO, WHY = "Choose the program manager who takes over.", "Say why it is handed over. Both managers read it."


class HandOverForm(forms.Form):
    """Who takes over, and why."""

    to = forms.IntegerField(min_value=1, max_value=2**63 - 1, error_messages={"required": WHO, "invalid": WHO})
    reason = forms.CharField(max_length=500, error_messages={"required": WHY})


@require_POST
def manager(request: SignedIn, pk: int) -> HttpResponse:
    """Put another manager in charge."""
    found = seen_by(request, pk)
    facts = read(HandOverForm(request.POST))
    to = manager_of(facts["to"])
    actions.hand_over(found, to=to, by=request.user, reason=facts["reason"])
    return done(request, pk, f"{to.name} is in charge now and hears why.")
