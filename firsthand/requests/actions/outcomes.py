"""Did it happen? Each side says so; two that agree settle it, two that do not are a manager’s to settle."""

from datetime import datetime
from decimal import Decimal

from firsthand.core.clock import add_working_days
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.history.actions import PROGRAM, record
from firsthand.people.models import Colleague
from firsthand.requests.actions.answering import policy_of
from firsthand.requests.actions.meeting import hold_it, miss_it
from firsthand.requests.checks import why_not_hours
from firsthand.requests.following import follow
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, Debrief, Outcome
from firsthand.requests.moving import Locked, actor_of, lock, refuse_with
from firsthand.requests.permissions import why_not_now
from firsthand.requests.who_may import Mover, who_may_not
from firsthand.requests.workflow import AskMove

PATIENCE = 2  # working days until the word of one side alone counts
Says = Outcome.Says
NOTHING_FIXED = "No time was fixed that could have been missed. Cancel the ask instead, with the reason."
HEARD = (Ask.Status.ACCEPTED, Ask.Status.INTRODUCED, Ask.Status.SCHEDULED)


@deed
def say_outcome(ask: Ask, *, by: Contact | Colleague, says: str, hours: Decimal | None = None, seen: str = "") -> Ask:
    """Say whether it happened (`Outcome.Says`). Managers and the owner's side settle it; so does a requester unless they were introduced.

    After an introduction both sides are heard: the same word of both settles it, differing words go to the managers.
    Raises `Refused`: 403 for who has no say, 409 before its time or once it is settled, 400 for another word.
    """
    if says not in Says.values:
        raise Refused("Say whether it happened, or who missed it.", status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    side = side_of(by, fresh)
    if fresh.status == Ask.Status.ACCEPTED and says != Says.HELD:
        raise Refused(NOTHING_FIXED)
    if side is None:
        _settle(scene, fresh, says, by=by, hours=hours, seen=seen)
        return fresh
    refuse_with(why_not_now(by, AskMove.HOLD, fresh))
    refuse_with(why_not_hours(hours), status=400)
    Outcome.objects.update_or_create(ask=fresh, side=side, defaults={"says": says, "hours": hours if says == Says.HELD else None})
    other = fresh.outcomes.exclude(side=side).first()
    knows = side == Debrief.Side.REQUESTER and fresh.status != Ask.Status.INTRODUCED
    if other.says == says if other else knows:
        _settle(scene, fresh, says, by=actor_of(by), hours=hours, seen=seen)
        return fresh
    event = record("say_outcome", fresh, by=actor_of(by), context=fresh.reference_request, says=says, differs=other is not None)
    tell(event, fresh, [fresh.reference_request.requester])
    if other is not None:
        tell(event, fresh, managers_of(fresh.reference_request), by_mail=True)
    return fresh


def side_of(by: Contact | Colleague, ask: Ask) -> Debrief.Side | None:
    """Whose word it is; None for managers and the owner's side, whose word settles it. Raises `Refused` (403) for everybody else."""
    if isinstance(by, Contact):
        if by.pk != ask.reference.contact_id:
            raise Refused("This page belongs to somebody else.", status=403)
        return Debrief.Side.REFERENCE
    refuse_with(who_may_not(by, AskMove.HOLD, ask), status=403)
    is_requester = by.pk == ask.reference_request.requester_id and not by.runs_program
    return Debrief.Side.REQUESTER if is_requester else None


def settle_outcomes(now: datetime) -> int:
    """Where one side spoke and the other has been silent for some working days, the one word counts. Says how many."""
    waiting = Ask.objects.filter(status__in=HEARD, outcomes__isnull=False)
    settled = 0
    for ask in waiting.distinct().order_by("pk"):
        settled += _settle_alone(ask, now)
    return settled


@deed
def _settle_alone(ask: Ask, now: datetime) -> int:
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    said = list(fresh.outcomes.all())
    if len(said) != 1 or add_working_days(said[0].said_at, PATIENCE, policy_of(fresh).time_zone) > now:
        return 0
    if why_not_now(PROGRAM, AskMove.HOLD, fresh) is not None:
        return 0
    _settle(scene, fresh, said[0].says, by=PROGRAM)
    return 1


def _settle(scene: Locked, ask: Ask, says: str, *, by: Mover, hours: Decimal | None = None, seen: str = "") -> None:
    if says == Says.HELD:
        told = ask.outcomes.exclude(hours=None).order_by("pk").first()  # by whom it was said before it was settled
        hold_it(ask, by=by, hours=hours if hours is not None or told is None else told.hours, seen=seen)
    else:
        miss_it(ask, by=by, missed_by=says, seen=seen)
    follow(scene)
