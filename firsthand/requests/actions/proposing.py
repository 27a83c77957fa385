"""Candidates become asks, each with a slot reserved."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.core.clock import add_working_days
from firsthand.core.clock import today as today_in
from firsthand.core.locks import deed
from firsthand.history.actions import PROGRAM, record
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force, newest
from firsthand.references.actions import take_slot
from firsthand.references.models import Reference
from firsthand.requests.actions.lifting import lift, who_may_not_lift
from firsthand.requests.following import follow
from firsthand.requests.letters import ask_for_approval, owner_side, tell
from firsthand.requests.models import Ask, BarException, ReferenceRequest
from firsthand.requests.moving import Locked, lock, move_ask, refuse_with
from firsthand.requests.permissions import bars_of, why_full, why_late, why_nobody_more, why_not_request_now
from firsthand.requests.routing import chain, owner_is_asked
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.workflow import AskMove, RequestMove


@deed
def propose(
    reference_request: ReferenceRequest,
    references: Sequence[Reference],
    *,
    by: Colleague,
    note: str = "",
    exception: str = "",
) -> list[Ask]:
    """Propose an ask to each reference and reserve a slot for it: all of them or none. Those already proposed are left as they are.

    `exception` is a manager's reason to lift the program's bars for these asks; absolute bars stand whatever is said.
    """
    scene = lock(reference_request, and_references=references)
    fresh = scene.reference_request
    refuse_with(who_may_not_request(by, RequestMove.ASK, fresh), status=403)
    refuse_with(why_not_request_now(RequestMove.ASK, fresh) or why_nobody_more(fresh) or why_late(fresh))
    if exception:
        refuse_with(who_may_not_lift(by), status=403)
    open_for = {ask.reference_id for ask in scene.open_asks()}
    new = [each for each in sorted(references, key=lambda each: each.pk) if each.pk not in open_for]
    refuse_with(why_full(fresh, len(new)) if new else None)
    if exception and not new:
        refuse_with(_lifted_by_others(scene, references, by, exception))
    asks = [propose_one(scene, reference, by=by, note=note, exception=exception) for reference in new]
    follow(scene)
    _tell_requester(fresh, asks)
    return asks


def _tell_requester(reference_request: ReferenceRequest, asks: Sequence[Ask]) -> None:
    """One mail, however many are proposed."""
    events = proposals(asks)
    if events:
        tell(events[0], reference_request, [reference_request.requester], by_mail=True, also=events[1:])


def proposals(asks: Sequence[Ask]) -> list[Event]:
    """That these asks were proposed, as history has it."""
    return list(Event.objects.filter(verb="propose", subject_kind="ask", subject_id__in=[ask.pk for ask in asks]).order_by("pk"))


def _lifted_by_others(scene: Locked, references: Sequence[Reference], by: Colleague, reason: str) -> str | None:
    """The sentence for a second manager who grants what another has just granted; the same form sent twice is one grant."""
    asks = [ask for ask in scene.open_asks() if ask.reference_id in {each.pk for each in references}]
    rows = list(BarException.objects.filter(ask__in=asks).select_related("granted_by").order_by("pk"))
    if any(row.granted_by_id == by.pk and row.reason == reason.strip() for row in rows):
        return None
    return f"They are proposed already{_by_whom(rows)}. Your exception was not needed and is not kept."


def _by_whom(rows: Sequence[BarException]) -> str:
    return f", and {rows[0].granted_by.name} lifted the rule" if rows and rows[0].granted_by else ""


def propose_one(
    scene: Locked, reference: Reference, *, by: Colleague, note: str = "", exception: str = "", comes_to: Ask | None = None
) -> Ask:
    """One ask, within locks that its caller has taken; `comes_to` is the one whose time it is asked to come to."""
    reference_request, policy, now = scene.reference_request, in_force(), timezone.now()
    occasion = comes_to.occasion if comes_to else None
    day = occasion.starts_at.astimezone(ZoneInfo(policy.time_zone)).date() if occasion else reference_request.slot_day
    bars = bars_of(reference_request, reference, viewer=by, day=day)
    lifted = [bar for bar in bars if exception and not bar.is_absolute]
    refuse_with(next((bar.sentence for bar in bars if bar not in lifted), None))
    slot = take_slot(
        reference,
        activity_type=reference_request.activity_type,
        day=max(day, today_in(policy.time_zone)),
        reserved_until=add_working_days(now, policy.deadlines.reservation_days, policy.time_zone),
        lifted=frozenset(bar.rule.code for bar in lifted),
    )
    ask = Ask.objects.create(
        reference_request=reference_request,
        reference=reference,
        engagement=slot,
        policy=newest(),
        proposed_by=by,
        approver=next(iter(chain(reference, reference_request)), None),
        waiting_since=now,
        note=note.strip(),
        comes_to=comes_to,
    )
    scene.asks.append(ask)
    record("propose", ask, by=by.actor, context=reference_request)
    lift(ask, lifted, by=by, reason=exception)
    _put_to_owner(ask)
    return ask


def _put_to_owner(ask: Ask) -> None:
    if owner_is_asked(ask.reference, ask.reference_request):
        ask_for_approval(ask)
        return
    event = move_ask(ask, AskMove.APPROVE, by=PROGRAM, facts={"without_asking": True})
    tell(event, ask, [each for each in owner_side(ask) if each.pk != ask.proposed_by_id], by_mail=True)
