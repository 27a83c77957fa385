"""A request is written, submitted, asked about and answered."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.deals.models import Follower, Opportunity
from firsthand.deals.naming import shown_prospect
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force, newest
from firsthand.requests.charge import least_loaded_manager
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Criterion, Note, ReferenceRequest
from firsthand.requests.moving import lock, move_request
from firsthand.requests.workflow import RequestMove
from firsthand.stories.models import Story

MOST_WORDS = 4000
AHEAD = timedelta(days=5 * 365)
TOO_FAR = "Choose a day within the next five years."


@dataclass(frozen=True)
class Wish:
    """What a requester fills in. `criteria` are pairs of a facet value's id and must, should or avoid."""

    activity_type: ActivityType
    needed_by: date
    words: str
    opportunity: Opportunity | None = None
    purpose: str = ReferenceRequest.Purpose.DEAL
    outlet: str = ""
    audience: str = ReferenceRequest.Audience.PROSPECTS
    n_wanted: int = 1
    questions: str = ""
    criteria: tuple[tuple[int, str], ...] = ()
    like_account: Account | None = None
    like_story: Story | None = None


def file_request(wish: Wish, *, by: Colleague, form_key: uuid.UUID | None = None, as_draft: bool = False) -> ReferenceRequest:
    """Write a request and, unless it stays a draft, submit it. The same form sent twice leads to the first request.

    Raises `Refused` (400) for a day that is past, no wish, a deal that is lost, or not between 1 and 20 references.
    """
    key = form_key or uuid.uuid4()
    try:
        return _file(wish, by=by, form_key=key, as_draft=as_draft)
    except IntegrityError:
        first = ReferenceRequest.objects.filter(form_key=key, requester=by).first()
        if first is None:
            raise
        return first


@deed
def _file(wish: Wish, *, by: Colleague, form_key: uuid.UUID, as_draft: bool) -> ReferenceRequest:
    first = ReferenceRequest.objects.filter(form_key=form_key, requester=by).first()
    if first is not None:
        return first
    _check(wish, by)
    reference_request = ReferenceRequest.objects.create(form_key=form_key, requester=by, **_columns(wish))
    _write_criteria(reference_request, wish)
    if wish.opportunity is not None and wish.opportunity.owner_id != by.pk:
        Follower.objects.get_or_create(opportunity=wish.opportunity, colleague=by)
    record("file", reference_request, by=by.actor)
    if not as_draft:
        _submit(reference_request, by=by)
    return reference_request


@deed
def change_draft(reference_request: ReferenceRequest, wish: Wish, *, by: Colleague) -> ReferenceRequest:
    """Write a draft anew. Raises `Refused` (409) once it is submitted."""
    fresh = locked(ReferenceRequest.objects.filter(pk=reference_request.pk)).get()
    if fresh.status != ReferenceRequest.Status.DRAFT or fresh.requester_id != by.pk:
        raise Refused("This request is submitted. Write a note to the program manager to change it.")
    _check(wish, by)
    for name, value in _columns(wish).items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.save()
    fresh.criteria.all().delete()
    _write_criteria(fresh, wish)
    return fresh


@deed
def submit(reference_request: ReferenceRequest, *, by: Colleague) -> ReferenceRequest:
    """Hand a draft to the program. The clock starts here."""
    fresh = lock(reference_request).reference_request
    _submit(fresh, by=by)
    return fresh


def _submit(reference_request: ReferenceRequest, *, by: Colleague) -> None:
    if reference_request.needed_by < today_in(in_force().time_zone):
        raise Refused("The day it is needed by is past. Choose a later day.", status=400)
    event = move_request(
        reference_request,
        RequestMove.SUBMIT,
        by=by,
        submitted_at=timezone.now(),
        policy=newest(),
        manager=least_loaded_manager(),
    )
    tell(event, reference_request, managers_of(reference_request), by_mail=True)


@deed
def ask_info(reference_request: ReferenceRequest, *, by: Colleague, question: str) -> ReferenceRequest:
    """Ask the requester something; the request waits for the answer."""
    words = said(question, "Write the question.")
    fresh = lock(reference_request).reference_request
    event = move_request(fresh, RequestMove.ASK_INFO, by=by, facts={"words": words})
    tell(event, fresh, [fresh.requester], by_mail=True)
    return fresh


@deed
def give_info(reference_request: ReferenceRequest, *, by: Colleague, answer: str) -> ReferenceRequest:
    """Answer the program's question; the request goes on."""
    words = said(answer, "Write the answer.")
    fresh = lock(reference_request).reference_request
    event = move_request(fresh, RequestMove.GIVE_INFO, by=by, facts={"words": words})
    tell(event, fresh, managers_of(fresh), by_mail=True)
    return fresh


@deed
def add_note(reference_request: ReferenceRequest, *, by: Colleague, words: str) -> Note:
    """Write to the others on a request. Whoever may see the request may write."""
    note = Note.objects.create(reference_request=reference_request, author=by, words=said(words, "Write something first."))
    event = record("note", reference_request, by=by.actor, note=note.pk)
    tell(event, reference_request, [reference_request.requester, *managers_of(reference_request)])
    return note


def said(words: str, otherwise: str, *, most: int = 2000) -> str:
    """The words, stripped. Raises `Refused` (400) when there are none or too many."""
    stripped = words.strip()
    if not stripped:
        raise Refused(otherwise, status=400)
    if len(stripped) > most:
        raise Refused(f"That is {len(stripped):,} characters; {most:,} fit. Shorten it.", status=400)
    return stripped


def _check(wish: Wish, by: Colleague) -> None:
    said(wish.words, "Say what the prospect wants to hear. The reference reads it word for word.", most=MOST_WORDS)
    if wish.needed_by < today_in(in_force().time_zone):
        raise Refused("The day it is needed by is past. Choose a later day.", status=400)
    if wish.needed_by > last_day():
        raise Refused(TOO_FAR, status=400)
    if not 1 <= wish.n_wanted <= 20:
        raise Refused(f"A request is for 1 to 20 references, not {wish.n_wanted}.", status=400)
    deal = wish.opportunity
    if deal is not None and deal.outcome == "lost":
        raise Refused(
            f"The deal with {shown_prospect(deal, by)} is lost already, so no reference is needed. Choose another deal.", status=400
        )


def last_day() -> date:
    """The last day a request may be needed by."""
    return today_in(in_force().time_zone) + AHEAD


def _columns(wish: Wish) -> dict[str, Any]:
    return {
        "purpose": wish.purpose,
        "opportunity": wish.opportunity,
        "outlet": wish.outlet,
        "activity_type": wish.activity_type,
        "audience": wish.audience,
        "n_wanted": wish.n_wanted,
        "needed_by": wish.needed_by,
        "wish": wish.words.strip(),
        "questions": wish.questions.strip(),
        "like_account": wish.like_account,
        "like_story": wish.like_story,
    }


def _write_criteria(reference_request: ReferenceRequest, wish: Wish) -> None:
    rows = [Criterion(reference_request=reference_request, value_id=value, importance=how) for value, how in dict(wish.criteria).items()]
    Criterion.objects.bulk_create(rows)
