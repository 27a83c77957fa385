"""What a reference types on their own page."""

from django import forms

from firsthand.references.models import Period


class LimitForm(forms.Form):
    """At most so often; empty stands for no limit of their own."""

    limit_count = forms.IntegerField(required=False, min_value=0, max_value=100, label="At most")
    limit_period = forms.ChoiceField(choices=[(each.value, f"a {each.label}") for each in Period], label="Per")
