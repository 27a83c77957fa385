"""How a request ends, and how an ask is taken back."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.people.models import Colleague
from firsthand.requests.checks import NO_STORY
from firsthand.requests.following import end_ask, end_asks, follow, give_up_times
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import Locked, lock, move_request
from firsthand.requests.unsettled import may_have_happened
from firsthand.requests.workflow import RequestMove
from firsthand.stories.models import Story


@deed
def withdraw(reference_request: ReferenceRequest, *, by: Colleague, reason: str = "", seen: str = "") -> ReferenceRequest:
    """Take the request back: its open asks end, their slots are given back, and whoever was told is told.

    What may have taken place by now stays open, and is settled as ever.
    """
    scene = lock(reference_request)
    fresh = scene.reference_request
    was_draft = fresh.status == ReferenceRequest.Status.DRAFT
    event = move_request(fresh, RequestMove.WITHDRAW, by=by, seen=seen, ended_at=timezone.now(), closing_note=reason.strip()[:500])
    _end_asks(scene, "The request was withdrawn.", by=by)
    tell(event, fresh, [fresh.requester, *([] if was_draft else managers_of(fresh))])
    return fresh


@deed
def close(reference_request: ReferenceRequest, *, by: Colleague, reason: str, note: str = "", seen: str = "") -> ReferenceRequest:
    """End it short of what was wanted, for one of `ReferenceRequest.UnfulfilledReason`: fulfilled with fewer where one happened.

    Raises `Refused` (400) for another reason, and for "fewer are enough" while none has happened.
    """
    if reason not in ReferenceRequest.UnfulfilledReason.values:
        raise Refused("Choose the reason why the request ends short of what was wanted.", status=400)
    scene = lock(reference_request)
    fresh = scene.reference_request
    is_fulfilled = fresh.status == ReferenceRequest.Status.PARTLY_FULFILLED
    if reason == ReferenceRequest.UnfulfilledReason.ENOUGH and not is_fulfilled:
        raise Refused("None of its references has happened yet. Choose the reason why there is none.", status=400)
    now = timezone.now()
    ends: dict[str, Any] = {"ended_at": now, "unfulfilled_reason": reason, "closing_note": note.strip()[:500]}
    ends |= {"fulfilled_at": now} if is_fulfilled else {}
    event = move_request(fresh, RequestMove.CLOSE, by=by, seen=seen, facts={"reason": reason}, **ends)
    _end_asks(scene, "The request was closed.", by=by)
    tell(event, fresh, [fresh.requester, *(managers_of(fresh) if is_fulfilled else [])], by_mail=True)
    return fresh


@deed
def answer_with_content(
    reference_request: ReferenceRequest, *, by: Colleague, stories: Sequence[Story], note: str = "", seen: str = ""
) -> ReferenceRequest:
    """Offer stories in place of a person; the requester says whether that did it.

    Raises `Refused` (400) without a story, and for one that is retired or that one of the two may not see.
    """
    if not stories:
        raise Refused(NO_STORY, status=400)
    fresh = lock(reference_request).reference_request
    _refuse_untold(stories, by, fresh.requester)
    facts = {"stories": [story.pk for story in stories]}
    event = move_request(fresh, RequestMove.ANSWER_WITH_CONTENT, by=by, seen=seen, facts=facts, words=note.strip()[:2000])
    tell(event, fresh, [fresh.requester], by_mail=True)
    return fresh


def _refuse_untold(stories: Sequence[Story], *readers: Colleague) -> None:
    for reader in readers:
        seen = set(Story.objects.visible_to(reader).filter(pk__in=[story.pk for story in stories]).values_list("pk", flat=True))
        if any(story.pk not in seen for story in stories):
            raise Refused(f"{reader.name} may not see one of these stories. Choose others.", status=400)
    retired = next((story for story in stories if story.retired_at is not None), None)
    if retired is not None:
        raise Refused(f"“{retired.headline}” is retired. Choose another.", status=400)


@deed
def confirm_content(reference_request: ReferenceRequest, *, by: Colleague, seen: str = "") -> ReferenceRequest:
    """The content did it: the request is fulfilled without a person."""
    fresh = lock(reference_request).reference_request
    now = timezone.now()
    event = move_request(fresh, RequestMove.CONFIRM_CONTENT, by=by, seen=seen, fulfilled_at=now, ended_at=now)
    tell(event, fresh, managers_of(fresh))
    return fresh


@deed
def reopen(reference_request: ReferenceRequest, *, by: Colleague, seen: str = "") -> ReferenceRequest:
    """A person is still needed: the request goes on with its first clock."""
    scene = lock(reference_request)
    event = move_request(scene.reference_request, RequestMove.REOPEN, by=by, seen=seen)
    follow(scene)
    tell(event, scene.reference_request, managers_of(scene.reference_request), by_mail=True)
    return scene.reference_request


@deed
def cancel(ask: Ask, *, by: Colleague, reason: str = "", seen: str = "") -> Ask:
    """Take one ask back: its slot is given back, and the reference is told if they were asked.

    Raises `Refused` (409) once its time has come, or one side has said whether it happened.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    event = end_ask(fresh, by=by, reason=reason.strip()[:300], seen=seen)
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester], by_mail=True)
    return fresh


def _end_asks(scene: Locked, reason: str, *, by: Colleague) -> None:
    """What may have taken place stays open: whoever spoke is credited once somebody says so."""
    now = timezone.now()
    end_asks([ask for ask in scene.open_asks() if not may_have_happened(ask, now)], by=by, reason=reason)
    give_up_times(scene)
