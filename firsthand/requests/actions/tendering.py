"""Named in a tender: when evaluators may call, what a reference agrees to show, and the end of the window."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.history.actions import PROGRAM, record
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.requests.actions.meeting import hold_it
from firsthand.requests.checks import why_not_window
from firsthand.requests.following import follow
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import actor_of, lock, refuse_with
from firsthand.requests.sheet import offered


@deed
def set_window(reference_request: ReferenceRequest, *, by: Colleague, first: date, last: date, seen: str = "") -> ReferenceRequest:
    """From when until when evaluators may call. `seen` is the `window` that stood on the page.

    Raises `Refused`: 403 for who may not, 400 for days that cannot be, 409 once somebody was asked or stood by, or another window was
    set meanwhile.
    """
    fresh = lock(reference_request).reference_request
    if not (by.runs_program or by.pk == fresh.requester_id):
        raise Refused("The requester or a program manager sets the window.", status=403)
    if not fresh.activity_type.is_tender:
        raise Refused("Only a tender has a window in which evaluators may call.")
    if seen and seen != fresh.window:
        raise Refused("Somebody set another window in the meantime. Reload to see how it stands.")
    refuse_with(why_not_window(first, last), status=400)
    if fresh.asks.open().exists():
        raise Refused("Somebody was asked for the window as it stands. Cancel the open asks first.")
    if fresh.asks.filter(status=Ask.Status.HELD).exists():
        raise Refused("Somebody has stood by for evaluators in the window as it stands, so it stays. File a request for another window.")
    fresh.window_from, fresh.window_until = first, last
    fresh.revision += 1
    fresh.save(update_fields=["window_from", "window_until", "revision"])
    record("window", fresh, by=by.actor, first=first.isoformat(), last=last.isoformat())
    return fresh


@deed
def agree_to_show(ask: Ask, *, by: Contact, items: Sequence[str]) -> Ask:
    """What the sheet may show of them from now on: exactly these, of what is offered to them. An empty list shows nothing by name.

    Raises `Refused`: 403 for somebody else, 409 where they have not said yes, 400 for what is not offered.
    """
    fresh = lock(ask.reference_request).ask(ask)
    if by.pk != fresh.reference.contact_id:
        raise Refused("This page belongs to somebody else.", status=403)
    if fresh.status not in {Ask.Status.ACCEPTED, Ask.Status.HELD} or not fresh.reference_request.activity_type.is_tender:
        raise Refused("There is no sheet you stand on.")
    keep_what_shows(fresh, items, by=by)
    return fresh


def keep_what_shows(ask: Ask, items: Sequence[str], *, by: Contact | Colleague) -> None:
    """The same for a locked ask, by the reference or by whoever was told in person. Raises `Refused` (400) for what is not offered."""
    known = [code for code, _ in offered(ask)]
    if not set(items) <= set(known):
        raise Refused("That cannot be shown on the sheet. Choose from the list.", status=400)
    ask.shows = [code for code in known if code in items]
    ask.revision += 1
    ask.save(update_fields=["shows", "revision"])
    record("show", ask, by=actor_of(by), context=ask.reference_request, shows=ask.shows)


def end_windows(now: datetime) -> int:
    """Count those who stood by for evaluators until the window's last day as held. Says how many."""
    today = now.astimezone(ZoneInfo(in_force().time_zone)).date()
    over = Ask.objects.filter(
        status=Ask.Status.ACCEPTED, reference_request__activity_type__code=ActivityType.TENDER, reference_request__window_until__lt=today
    )
    return sum(_end_window(ask) for ask in over.order_by("pk"))


@deed
def _end_window(ask: Ask) -> int:
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    if fresh.status != Ask.Status.ACCEPTED:
        return 0
    hold_it(fresh, by=PROGRAM)
    follow(scene)
    return 1
