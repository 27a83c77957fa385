"""A time is fixed or moved, both are introduced, it happens or does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.actions import hold_slot, miss_slot, move_slot
from firsthand.references.models import Engagement
from firsthand.requests.actions.attending import add_attendee, hand_on
from firsthand.requests.actions.lifting import lift_for_day
from firsthand.requests.beside import time_to_come
from firsthand.requests.checks import why_not_hours
from firsthand.requests.following import follow
from firsthand.requests.invitations import send_calendar_files
from firsthand.requests.letters import (
    introduce_by_mail,
    managers_of,
    owner_side,
    tell,
    write,
    write_of_move,
    write_thanks_draft,
    write_to_reference,
)
from firsthand.requests.models import Ask, Occasion, Outcome, Use
from firsthand.requests.moving import actor_of, lock, move_ask, refuse_with
from firsthand.requests.needs import promise_of
from firsthand.requests.permissions import lifted_for, why_no_time
from firsthand.requests.who_may import Mover
from firsthand.requests.workflow import AskMove

RELATED = ("reference_request__requester", "reference_request__activity_type", "reference__contact__person", "engagement", "occasion")


@dataclass(frozen=True)
class Fixed:
    """A time to be fixed. `minutes` 0 leaves the length as it is, or takes the activity type's; `place` empty leaves the place as it is."""

    starts_at: datetime
    minutes: int = 0
    place: str = ""


@deed
def schedule(
    ask: Ask,
    *,
    by: Colleague,
    starts_at: datetime,
    minutes: int = 0,
    place: str = "",
    attendee: str = "",
    attendee_email: str = "",
    exception: str = "",
    seen: str = "",
) -> Ask:
    """Fix the time, or move it. Every rule is asked for the new day first; calendar files go to all sides.

    `attendee` is who comes from the prospect, if known; `exception` a manager's reason to lift the program rules that stand against
    that day, for this ask alone.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    if attendee.strip():
        add_attendee(fresh, name=attendee, email=attendee_email)
    for each in (fresh, *Ask.objects.beside(fresh)):  # who moves one of a panel moves all of them
        lift_for_day(each, day_of(starts_at), by=by, reason=exception)
    fix_time(fresh, Fixed(starts_at, minutes, place), by=by, seen=seen)
    follow(scene)
    return fresh


def day_of(moment: datetime) -> date:
    """The day on which it is in the program's time zone, under which a slot is counted."""
    return moment.astimezone(ZoneInfo(in_force().time_zone)).date()


def fix_time(ask: Ask, fixed: Fixed, *, by: Mover, seen: str = "") -> None:
    """Move a locked ask to its time, in its own occasion or the one it comes to, and tell all sides.

    Where others of a panel come, the time that stands stays as it is for whoever comes to it, and is moved for all of them at once.
    """
    if fixed.starts_at <= timezone.now():
        raise Refused("That time is past. Choose one that is still to come.", status=400)
    refuse_with(why_no_time(ask))
    known = ask.occasion or _time_that_stands(ask, fixed.starts_at)
    others = list(Ask.objects.beside(ask, known).select_related(*RELATED)) if known else []
    comes = known if others and ask.status != Ask.Status.SCHEDULED else None
    refuse_with(_why_stays(comes, fixed) if comes else None, status=400)
    length = comes.minutes if comes else fixed.minutes or (known.minutes if known else ask.reference_request.activity_type.minutes)
    if not 5 <= length <= 60 * 24:
        raise Refused("It takes between 5 minutes and a day.", status=400)
    moved = [ask] if comes else [ask, *others]
    events = [_move(each, fixed.starts_at, by=by, seen=seen if each is ask else "") for each in moved]
    _write_occasion(moved, known, replace(fixed, minutes=length, place="" if comes else fixed.place))
    for each in others:
        each.occasion = ask.occasion
    Outcome.objects.filter(ask__in=[sharing for each in moved for sharing in (each, *others_on_slot(each))]).delete()  # of another time
    send_calendar_files([ask, *others], newly=moved)
    for event, each in zip(events, moved, strict=True):
        for sharing in others_on_slot(each):
            send_calendar_files([sharing], newly=[sharing])
        _tell_joining(each, by)
        tell(event, each, [*(managers_of(each.reference_request) if each is ask else []), each.reference.account.owner])
    if known is not None and known.starts_at != fixed.starts_at:
        _tell_asked_along(ask, moved, by)


def _why_stays(comes: Occasion, fixed: Fixed) -> str | None:
    """The sentence against another length or place for a time to which others come as well."""
    if fixed.minutes in {0, comes.minutes} and fixed.place.strip() in {"", comes.place}:
        return None
    kept = f"its {comes.minutes} minutes and its place"
    return f"Others come to that time too, so it keeps {kept}. Leave both as they are, or fix another time."


def _time_that_stands(ask: Ask, starts_at: datetime) -> Occasion | None:
    """The one it is asked to come to. Where others come it is for that very moment, and at another it gets one of its own."""
    occasion = time_to_come(ask)
    is_theirs = occasion is not None and occasion.starts_at != starts_at and Ask.objects.beside(ask, occasion).exists()
    return None if is_theirs else occasion


def _move(ask: Ask, starts_at: datetime, *, by: Mover, seen: str) -> Event:
    """One of those who come, with their slot. Every rule is asked for the new day first."""
    move, day = AskMove.RESCHEDULE if ask.status == Ask.Status.SCHEDULED else AskMove.SCHEDULE, day_of(starts_at)
    event = move_ask(ask, move, by=by, seen=seen, day=day, facts={"starts_at": starts_at.isoformat()})
    if ask.engagement is not None:
        lifted, promise = lifted_for(ask), promise_of(ask)
        move_slot(ask.engagement, day=day, starts_at=starts_at, lifted=lifted, touch_of=ask.pk, promise=promise)
    return event


def _tell_joining(ask: Ask, by: Mover) -> None:
    """Whoever waits for an answer about coming to this time reads that it is another one. The reference's page shows it already."""
    for each in others_on_slot(ask, Ask.Status.SENT):
        event = record("join_moved", each, by=actor_of(by), context=each.reference_request)
        tell(event, each, [each.reference_request.requester], by_mail=True)
        tell(event, each, managers_of(each.reference_request))


def _tell_asked_along(ask: Ask, moved: Sequence[Ask], by: Mover) -> None:
    """Whoever speaks with those who are asked to come to this time hears that it is another one, before a yes to the old one is told.

    The reference's page shows it already, and takes a yes to no other; whom we asked by mail hears by mail.
    """
    waiting = Ask.objects.asked_to(ask.occasion, ask.reference_request_id).filter(status__in=Ask.MAY_COME)
    for each in waiting.exclude(pk__in=[one.pk for one in moved]).select_related(*RELATED).order_by("pk"):
        event = record("along_moved", each, by=actor_of(by), context=each.reference_request)
        tell(event, each, owner_side(each), by_mail=True)
        tell(event, each, [each.reference_request.requester, *managers_of(each.reference_request)])
        if each.status == Ask.Status.SENT and each.door == Ask.Door.PROGRAM:
            write_of_move(event, each)


def _write_occasion(asks: Sequence[Ask], known: Occasion | None, fixed: Fixed) -> None:
    """The time of these asks. One that was held or missed with another of the panel stays what it was, and theirs is a new one."""
    place = fixed.place.strip()[:300]
    occasion = locked(Occasion.objects.filter(pk=known.pk)).get() if known else None
    over = occasion is not None and _is_settled_for_others(asks[0], occasion)
    if occasion is None or over:
        hand_on(occasion or _taken_over(asks[0]), asks)
        activity_type = asks[0].reference_request.activity_type
        before = {"place": occasion.place, "sequence": occasion.sequence} if occasion else {"sequence": -1}
        occasion = Occasion(activity_type=activity_type, places=activity_type.places, **before)
    occasion.starts_at, occasion.minutes, occasion.place = fixed.starts_at, fixed.minutes, place or occasion.place
    occasion.sequence += 1
    occasion.save()
    for each in asks:
        each.occasion = occasion
        each.save(update_fields=["occasion"])


def _taken_over(ask: Ask) -> Occasion | None:
    """The time of whoever could not come, where it is asked in their place: the same people come to another one."""
    before = ask.comes_to
    return before.occasion if before is not None and before.status == Ask.Status.CANCELED else None


def _is_settled_for_others(ask: Ask, occasion: Occasion) -> bool:
    settled = occasion.asks.filter(status__in=[Ask.Status.HELD, Ask.Status.MISSED], reference_request=ask.reference_request_id)
    return settled.exclude(pk=ask.pk).exists()


def others_on_slot(ask: Ask, *statuses: str) -> list[Ask]:
    """Asks of other requests on the same slot, those with a fixed time unless said otherwise."""
    sharing = Ask.objects.on_slot(ask.slot).filter(status__in=statuses or [Ask.Status.SCHEDULED])
    return list(sharing.exclude(pk=ask.pk).select_related(*RELATED).order_by("pk"))


@deed
def introduce(ask: Ask, *, by: Colleague, seen: str = "") -> Ask:
    """Introduce requester and reference by mail; they find a time themselves, and both are asked whether it happened."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    introduce_sides(fresh, by=by, seen=seen)
    follow(scene)
    return fresh


def introduce_sides(ask: Ask, *, by: Mover, seen: str = "") -> None:
    """The same for a locked ask, by whoever may."""
    event = move_ask(ask, AskMove.INTRODUCE, by=by, seen=seen)
    introduce_by_mail(ask)
    tell(event, ask, [*managers_of(ask.reference_request), ask.reference.account.owner])


@deed
def hold(ask: Ask, *, by: Colleague, hours: Decimal | None = None, seen: str = "") -> Ask:
    """It happened: the slot is used, the request credited, both sides are asked how it went."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    hold_it(fresh, by=by, hours=hours, seen=seen)
    follow(scene)
    return fresh


def hold_it(ask: Ask, *, by: Mover, hours: Decimal | None = None, seen: str = "") -> None:
    """The same for a locked ask, by whoever may."""
    refuse_with(why_not_hours(hours), status=400)
    event = move_ask(ask, AskMove.HOLD, by=by, seen=seen, held_at=timezone.now())
    credit(ask, hours=hours)
    tell(event, ask, [ask.reference.account.owner])


def credit(ask: Ask, *, hours: Decimal | None) -> None:
    """It happened: the slot is used, the request is credited, both sides are asked how it went, and the owner to thank."""
    slot = ask.slot
    if slot is not None:
        if slot.state != Engagement.State.HELD or hours is not None:
            hold_slot(slot, hours=hours, day=_happened_on(ask, slot))
        served = ask.reference_request
        Use.objects.get_or_create(engagement=slot, reference_request=served, defaults={"opportunity": served.opportunity})
    if not others_on_slot(ask, Ask.Status.HELD):  # however many deals it served, they are asked and thanked once
        write_to_reference("debrief", ask)
        write_thanks_draft(ask)
    write("debrief", ask.reference_request.requester, ask)


def _happened_on(ask: Ask, slot: Engagement) -> date | None:
    """The day it counts on where no time was fixed: until then it stood on the day it was needed by. A tender keeps its window."""
    if slot.starts_at is not None or ask.held_at is None or ask.reference_request.activity_type.is_tender:
        return None
    return day_of(ask.held_at)


@deed
def miss(ask: Ask, *, by: Colleague, missed_by: str, seen: str = "") -> Ask:
    """It was fixed and did not happen, because of `missed_by` (`Engagement.MissedBy`); by the prospect, the slot counts as used."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    miss_it(fresh, by=by, missed_by=missed_by, seen=seen)
    follow(scene)
    return fresh


def miss_it(ask: Ask, *, by: Mover, missed_by: str, seen: str = "") -> None:
    """The same for a locked ask, by whoever may."""
    if missed_by not in Engagement.MissedBy.values:
        raise Refused("Say who missed it: the reference, the prospect or us.", status=400)
    event = move_ask(ask, AskMove.MISS, by=by, seen=seen, facts={"missed_by": missed_by})
    slot = ask.slot
    if slot is not None and not others_on_slot(ask, Ask.Status.SCHEDULED, Ask.Status.HELD):
        miss_slot(slot, by=missed_by)
    tell(event, ask, [ask.reference_request.requester, *managers_of(ask.reference_request), ask.reference.account.owner])
