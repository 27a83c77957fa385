"""What was settled about whether it happened was wrong: a manager corrects it with a reason, and all that followed is done anew."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import PROGRAM
from firsthand.people.models import Colleague
from firsthand.references.actions import miss_slot
from firsthand.requests.actions.debriefing import regrade
from firsthand.requests.actions.filing import said
from firsthand.requests.actions.meeting import credit, others_on_slot
from firsthand.requests.checks import why_not_hours
from firsthand.requests.following import follow, missed_by
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, Outcome, ReferenceRequest, Use
from firsthand.requests.moving import Locked, lock, move_ask, move_request, refuse_with
from firsthand.requests.silence import events
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import AskMove, RequestMove

A, R, Says = Ask.Status, ReferenceRequest.Status, Outcome.Says


@deed
def correct_outcome(ask: Ask, *, by: Colleague, says: str, reason: str, hours: Decimal | None = None, seen: str = "") -> Ask:
    """Settle anew whether it happened (`Outcome.Says`): the slot, the credit, the grade and the request are counted again.

    Raises `Refused`: 403 for all but managers, 400 for another word, without a reason or for odd hours, 409 where nothing is settled or
    it stands so already. No limit is asked: it is a record of what was, and a reference it puts over a limit gets no new slot.
    """
    if says not in Says.values:
        raise Refused("Say whether it happened, or who missed it.", status=400)
    words = said(reason, "Say why the outcome is corrected. Everybody on the request reads it.", most=300)
    refuse_with(why_not_hours(hours), status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    refuse_with(who_may_not(by, AskMove.NOT_HELD, fresh), status=403)
    refuse_with(_why_not(fresh, says))
    facts = {"says": says, "was": A.HELD.value if fresh.status == A.HELD else missed_by(fresh)}
    if says == Says.HELD:
        event = move_ask(fresh, AskMove.HELD_AFTER_ALL, by=by, seen=seen, facts=facts, words=words, held_at=_happened_at(fresh))
        credit(fresh, hours=hours)
    else:
        event = move_ask(fresh, AskMove.NOT_HELD, by=by, seen=seen, facts=facts, words=words, held_at=None)
        _take_credit_back(fresh, says)
    if fresh.slot is not None:
        regrade(fresh.slot)
    _count_again(scene)
    tell(event, fresh, [*managers_of(fresh.reference_request), fresh.reference.account.owner], by_mail=True)
    return fresh


def _why_not(ask: Ask, says: str) -> str | None:
    if ask.status not in {A.HELD, A.MISSED}:
        return f"Nothing is settled yet: this ask is {ask.get_status_display().lower()}. Say first whether it happened."
    if says == (Says.HELD if ask.status == A.HELD else missed_by(ask)):
        return "That is how it stands already, so nothing was corrected."
    return None


def _happened_at(ask: Ask) -> datetime:
    """When it took place: at its time, else when it was settled that it had not."""
    return ask.occasion.starts_at if ask.occasion is not None else ask.waiting_since


def _take_credit_back(ask: Ask, says: str) -> None:
    """The slot stays used where another request's part in it happened or still may."""
    slot = ask.slot
    if slot is None:
        return
    Use.objects.filter(engagement=slot, reference_request=ask.reference_request).delete()
    if not others_on_slot(ask, A.SCHEDULED, A.HELD):
        miss_slot(slot, by=says)


def _count_again(scene: Locked) -> None:
    """A request whose references no longer suffice goes on with its first clock; one that was ended otherwise stays ended."""
    found = scene.reference_request
    held = sum(ask.status == A.HELD for ask in scene.asks)
    falls_short = _is_short(found, held) if found.status == R.FULFILLED else found.status == R.PARTLY_FULFILLED and not held
    if falls_short:
        cleared: dict[str, Any] = {"fulfilled_at": None, "ended_at": None, "unfulfilled_reason": "", "closing_note": ""}
        move_request(found, RequestMove.COUNT_BACK, by=PROGRAM, **cleared)
    if found.status in {R.ASKING, R.PARTLY_FULFILLED}:
        follow(scene)


def _is_short(found: ReferenceRequest, held: int) -> bool:
    """Whether a fulfilled request has too few now; closed with fewer, one is enough, and content needs none."""
    if events(found.pk, RequestMove.CONFIRM_CONTENT).exists():
        return False
    return held < (1 if found.unfulfilled_reason else found.n_wanted)
