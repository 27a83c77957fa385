"""Who changes what is wanted of a request that is submitted, and what of it stays since somebody has read it or holds its day."""

from datetime import date

from django.urls import reverse

from firsthand.people.models import Colleague
from firsthand.requests.checks import why_day_over
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.waits import UNSENT

A = Ask.Status
SLOT_HELD = "A slot is held for the day it is needed by."
ASKED = (A.SENT, A.ACCEPTED, A.INTRODUCED, A.SCHEDULED)


def who_may_not_change(user: Colleague, reference_request: ReferenceRequest) -> str | None:
    """The sentence for all but the requester and the program managers."""
    if user.runs_program or user.pk == reference_request.requester_id:
        return None
    return "The requester or a program manager changes what is wanted."


def change_url(reference_request: ReferenceRequest, user: Colleague) -> str:
    """Where this reader changes what is wanted; empty where they may not, or not any more."""
    if who_may_not_change(user, reference_request) or why_not_change(reference_request):
        return ""
    return reverse("requests:wanted", args=[reference_request.pk])


def why_not_change(reference_request: ReferenceRequest) -> str | None:
    """The sentence once nobody waits for it any more, or before it is submitted."""
    if reference_request.status in ReferenceRequest.OPEN:
        return None
    return f"What is wanted is changed here while the request is open: it is {reference_request.get_status_display().lower()}."


def why_wish_stays(reference_request: ReferenceRequest) -> str | None:
    """The sentence while a reference who is waited for, or has agreed, has read the wish. Questions may change until it is held.

    Of one who did not answer in time a late yes counts; it is to the words as they stood on their page (`moving.seen_as`).
    """
    if reference_request.asks.filter(status__in=ASKED).exists():
        return "A reference has been asked with these words, so the wish stays. Change the questions, or cancel that ask first."
    return None


def why_day_stays(reference_request: ReferenceRequest, day: date | None = None) -> str | None:
    """The sentence while the slot of somebody who was asked is held by the day it is needed by.

    It may be a later `day` while nobody was asked yet, or once it is past: then nobody keeps to it. None asks whether any day may do.
    """
    is_earlier, asks = day is not None and day < reference_request.needed_by, reference_request.asks.open()
    if not asks.exists():
        return None
    if why_day_over(reference_request.needed_by) or not asks.exclude(status__in=UNSENT).exists():
        return f"{SLOT_HELD} It can only be later." if is_earlier else None
    return f"{SLOT_HELD} Cancel the open asks first, or fix a time on another day with the reference."
