"""From a form to a deed, with refusals said on the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from firsthand.core.refused import Refused


def did(request: HttpRequest, form: forms.BaseForm, deed: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sent and `deed` was done with what it holds.

    A refused deed becomes the form's own error, so that one sentence stands above everything that was typed.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed(dict(form.cleaned_data))
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True
