"""A manager lifts a rule of the program for one ask, with a reason: on its own, or together with the move that needs it."""

from collections.abc import Sequence
from datetime import date

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.matching.rules import Bar
from firsthand.people.models import Colleague
from firsthand.requests.actions.filing import said
from firsthand.requests.letters import owner_side, tell
from firsthand.requests.models import Ask, BarException
from firsthand.requests.moving import lock, moved_on, refuse_with
from firsthand.requests.permissions import bars_of, bars_on


@deed
def lift_bars(ask: Ask, *, by: Colleague, reason: str, seen: str = "") -> list[BarException]:
    """Lift, for this ask alone, every program rule that bars it now. Listed for the sponsor and shown to the account owner.

    Raises `Refused`: 403 for all but managers, 409 where nothing bars it or an absolute bar stands.
    """
    words = said(reason, "Say why the rule may be lifted this once.", most=500)
    refuse_with(who_may_not_lift(by), status=403)
    fresh = lock(ask.reference_request).ask(ask)
    if fresh.status not in Ask.OPEN:
        raise Refused(f"This ask is {fresh.get_status_display().lower()}; there is nothing to lift any more.")
    if seen and seen != fresh.status:
        raise Refused(moved_on(fresh))
    bars = bars_of(fresh.reference_request, fresh.reference, ask=fresh, viewer=by)
    refuse_with(next((bar.sentence for bar in bars if bar.is_absolute), None))
    if not bars:
        lifted = fresh.exceptions.select_related("granted_by").order_by("-pk").first()
        if lifted is not None and lifted.granted_by is not None:
            raise Refused(f"{lifted.granted_by.name} lifted it already: “{lifted.reason}” There is nothing more to lift.")
        raise Refused("No rule stands in the way of this ask.")
    return lift(fresh, bars, by=by, reason=words)


def lift_for_day(ask: Ask, day: date, *, by: Colleague, reason: str) -> None:
    """Lift the program rules that stand against a locked ask on the day it is about to be moved to. An empty reason lifts nothing.

    What nobody lifts is left to the move that follows, which is refused with it. Raises `Refused` (403) for all but managers.
    """
    if not reason.strip():
        return
    refuse_with(who_may_not_lift(by), status=403)
    bars = bars_on(ask, day, viewer=by)
    lift(ask, [bar for bar in bars if not bar.is_absolute], by=by, reason=reason)


def who_may_not_lift(by: Colleague) -> str | None:
    """The sentence for all but managers."""
    return None if by.runs_program else "A program manager lifts a rule, with a reason."


def lift(ask: Ask, bars: Sequence[Bar], *, by: Colleague, reason: str) -> list[BarException]:
    """Keep an exception for each of these bars of a locked ask, and tell the account owner, or whoever hears for them."""
    if not bars:
        return []
    words = said(reason, "Say why the rule may be lifted this once.", most=500)
    rows = [BarException.objects.create(ask=ask, rule=bar.rule.code, reason=words, granted_by=by) for bar in bars]
    event = record("lift", ask, by=by.actor, context=ask.reference_request, rules=[row.rule for row in rows])
    tell(event, ask, owner_side(ask), by_mail=True)
    return rows
