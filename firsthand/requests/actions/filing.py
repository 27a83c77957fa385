"""A request is written, submitted, asked about and answered."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Account, Contact
from firsthand.deals.actions import DealFacts, deal_for
from firsthand.deals.models import Opportunity, Stage
from firsthand.deals.naming import shown_prospect
from firsthand.history.actions import PROGRAM, record
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import newest
from firsthand.requests.charge import least_loaded_manager
from firsthand.requests.checks import (
    HOW_MANY,
    MOST_WANTED,
    MOST_WORDS,
    NO_WISH,
    NOTHING_YET,
    TOO_FAR,
    last_day,
    why_not_day,
    why_not_window,
    why_window_over,
)
from firsthand.requests.contents import offered_first
from firsthand.requests.criteria import Chosen, of_wish
from firsthand.requests.following import follow
from firsthand.requests.letters import ask_requester, managers_of, tell
from firsthand.requests.models import Criterion, Note, ReferenceRequest
from firsthand.requests.moving import lock, move_request, refuse_with
from firsthand.requests.needs import need_of
from firsthand.requests.unsaid import why_not_wish
from firsthand.requests.workflow import RequestMove
from firsthand.stories.models import Story

LEAVE_OUT = "Take it out, or say what kind of company or deal it is."


@dataclass(frozen=True)
class Wish:
    """What a requester fills in. `criteria` are pairs of a facet value's id and must, should or avoid.

    `window` is when evaluators of a tender may call, first and last day; other activities have none.
    `typed` is a deal that is not here yet, kept under the CRM's own id `crm_id`, if that is known.
    """

    activity_type: ActivityType
    needed_by: date
    words: str
    opportunity: Opportunity | None = None
    typed: DealFacts | None = None
    crm_id: str = ""
    purpose: str = ReferenceRequest.Purpose.DEAL
    outlet: str = ""
    audience: str = ReferenceRequest.Audience.PROSPECTS
    n_wanted: int = 1
    window: tuple[date, date] | None = None
    questions: str = ""
    criteria: tuple[tuple[int, str], ...] = ()
    like_account: Account | None = None
    like_story: Story | None = None
    named_contact: Contact | None = None
    named_why: str = ""


def file_request(wish: Wish, *, by: Colleague, form_key: uuid.UUID | None = None, as_draft: bool = False) -> ReferenceRequest:
    """Write a request and, unless it stays a draft, submit it. The same form sent twice leads to the first request.

    Raises `Refused` (400) for a day that is past, no wish, one that tells what stays inside, a deal that is lost, not between 1 and
    20 references, or a window that cannot be. A draft needs nothing but a wish or a deal.
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
    _check(wish, by, as_draft=as_draft)
    wish = replace(wish, opportunity=deal_for(wish.opportunity, wish.typed, by=by, crm_id=wish.crm_id))
    reference_request = ReferenceRequest.objects.create(form_key=form_key, requester=by, **_columns(wish))
    add_criteria(reference_request, dict(wish.criteria))
    record("file", reference_request, by=by.actor)
    if not as_draft:
        _submit(reference_request, by=by)
    return reference_request


@deed
def change_draft(
    reference_request: ReferenceRequest, wish: Wish, *, by: Colleague, revision: int | None = None, as_draft: bool = True
) -> ReferenceRequest:
    """Write a draft anew and, unless it stays one, submit it.

    Raises `Refused` (409) once it is submitted, and with `revision` when it was changed since.
    """
    fresh = locked(ReferenceRequest.objects.filter(pk=reference_request.pk)).get()
    if fresh.status != ReferenceRequest.Status.DRAFT or fresh.requester_id != by.pk:
        raise Refused("This request is submitted. Change what is wanted on its page.")
    if revision is not None and revision != fresh.revision:
        raise Refused("You changed this draft in another tab. Open it again there; nothing was saved here.")
    _check(wish, by, as_draft=as_draft)
    wish = replace(wish, opportunity=deal_for(wish.opportunity, wish.typed, by=by, crm_id=wish.crm_id))
    for name, value in _columns(wish).items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.save()
    fresh.criteria.all().delete()
    add_criteria(fresh, dict(wish.criteria))
    if not as_draft:
        _submit(fresh, by=by)
    return fresh


@deed
def submit(reference_request: ReferenceRequest, *, by: Colleague, seen: str = "") -> ReferenceRequest:
    """Hand a draft to the program. The clock starts here. Raises `Refused` (400) where it is not complete yet, or not so any more."""
    fresh = lock(reference_request).reference_request
    refuse_with(_incomplete(fresh.wish, fresh.needed_by, fresh.opportunity, by), status=400)
    _submit(fresh, by=by, seen=seen)
    return fresh


def _submit(reference_request: ReferenceRequest, *, by: Colleague, seen: str = "") -> None:
    refuse_with(why_window_over(reference_request.window_until), status=400)
    refuse_with(why_not_wish(reference_request, by, mend=LEAVE_OUT), status=400)
    event = move_request(
        reference_request,
        RequestMove.SUBMIT,
        by=by,
        seen=seen,
        submitted_at=timezone.now(),
        policy=newest(),
        manager=least_loaded_manager(),
    )
    add_criteria(reference_request, of_wish(reference_request.wish))
    offered = offered_first(need_of(reference_request), by)
    tell(event, reference_request, managers_of(reference_request), by_mail=not offered)
    if offered:
        facts = {"stories": [each.story.pk for each in offered], "first": True}
        move_request(reference_request, RequestMove.ANSWER_WITH_CONTENT, by=PROGRAM, facts=facts)


@deed
def ask_info(reference_request: ReferenceRequest, *, by: Colleague, question: str, seen: str = "") -> ReferenceRequest:
    """Ask the requester something; the request waits for the answer."""
    words = said(question, "Write the question.")
    fresh = lock(reference_request).reference_request
    event = move_request(fresh, RequestMove.ASK_INFO, by=by, seen=seen, words=words)
    tell(event, fresh, [fresh.requester])
    ask_requester(event, fresh)
    return fresh


@deed
def give_info(reference_request: ReferenceRequest, *, by: Colleague, answer: str, seen: str = "") -> ReferenceRequest:
    """Answer the program's question; the request goes on from where its asks stand."""
    words = said(answer, "Write the answer.")
    scene = lock(reference_request)
    fresh = scene.reference_request
    event = move_request(fresh, RequestMove.GIVE_INFO, by=by, seen=seen, words=words)
    follow(scene)
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


def _check(wish: Wish, by: Colleague, *, as_draft: bool) -> None:
    if len(wish.words) > MOST_WORDS:
        said(wish.words, NO_WISH, most=MOST_WORDS)
    if wish.needed_by > last_day():
        raise Refused(TOO_FAR, status=400)
    if not 1 <= wish.n_wanted <= MOST_WANTED:
        raise Refused(HOW_MANY, status=400)
    if wish.window and wish.activity_type.is_tender:
        refuse_with(why_not_window(*wish.window), status=400)
    if not as_draft:
        deal = wish.opportunity or (Opportunity(**wish.typed.columns()) if wish.typed else None)
        refuse_with(_incomplete(wish.words, wish.needed_by, deal, by), status=400)
    elif not (wish.words.strip() or wish.opportunity or wish.typed or wish.outlet):
        raise Refused(NOTHING_YET, status=400)


def _incomplete(words: str, needed_by: date, deal: Opportunity | None, by: Colleague) -> str | None:
    """The sentence for what keeps a request from being submitted."""
    if not words.strip():
        return NO_WISH
    if sentence := why_not_day(needed_by):
        return sentence
    if deal is not None and deal.outcome == Stage.Outcome.LOST:
        return f"The deal with {shown_prospect(deal, by)} is lost already, so no reference is needed. Choose another deal."
    return None


def _columns(wish: Wish) -> dict[str, Any]:
    first, last = wish.window if wish.window and wish.activity_type.is_tender else (None, None)
    return {
        "window_from": first,
        "window_until": last,
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
        "named_contact": wish.named_contact,
        "named_why": wish.named_why,
    }


def add_criteria(reference_request: ReferenceRequest, more: Chosen) -> None:
    """Keep these beside what is chosen already, which stays as it is."""
    chosen = set(reference_request.criteria.values_list("value", flat=True))
    rows = [Criterion(reference_request=reference_request, value_id=pk, importance=how) for pk, how in more.items() if pk not in chosen]
    Criterion.objects.bulk_create(rows)
