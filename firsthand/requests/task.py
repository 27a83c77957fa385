"""A task on the page of an ask: what it does, where it goes, with which form."""

from dataclasses import dataclass

from django import forms
from django.urls import reverse

from firsthand.requests.models import Ask

# Beside other forms of the page.
OFF_ID, INVITE_ID, CORRECTION_ID, PROSPECT_ID = "id_off_%s", "id_invite_%s", "id_correction_%s", "id_prospect_%s"
LIFT_ID, CANCEL_ID = "id_lift_%s", "id_cancel_%s"


@dataclass(frozen=True)
class Sent:
    """The form of a task as it was sent and refused, with what was typed and the complaint."""

    task: str
    form: forms.Form


@dataclass(frozen=True)
class Task:
    """A form on the page: what it does, where it goes. Where it may not be done the sentence stands in place of the form.

    `is_fold`: rarely wanted, so it stands closed; `is_open` once it was sent and refused.
    """

    id: str
    title: str
    text: str
    url: str
    submit: str
    form: forms.Form | None = None
    why_not: str = ""
    is_danger: bool = False
    is_link: bool = False
    is_fold: bool = False
    is_open: bool = False
    is_primary: bool = False


def url_of(name: str, ask: Ask) -> str:
    """Where what the task is for is sent."""
    return reverse(f"requests:{name}", args=[ask.pk])
