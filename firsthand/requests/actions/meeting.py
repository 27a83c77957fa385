"""A time is fixed or moved, both are introduced, it happens or does not."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.actions import hold_slot, miss_slot, move_slot
from firsthand.references.models import Engagement
from firsthand.requests.following import follow
from firsthand.requests.letters import managers_of, tell, write, write_to_reference
from firsthand.requests.models import Ask, Attendee, Occasion, Use
from firsthand.requests.moving import lock, move_ask
from firsthand.requests.permissions import lifted_for
from firsthand.requests.workflow import AskMove


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
    seen: str = "",
) -> Ask:
    """Fix the time, or move it. Every rule is asked for the new day first; calendar files go to all sides.

    `minutes` 0 takes the activity type's length. `attendee` is who comes from the prospect, if known.
    """
    if starts_at <= timezone.now():
        raise Refused("That time is past. Choose one that is still to come.", status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    length = minutes or fresh.reference_request.activity_type.minutes
    if not 5 <= length <= 60 * 24:
        raise Refused("It takes between 5 minutes and a day.", status=400)
    move = AskMove.RESCHEDULE if fresh.status == Ask.Status.SCHEDULED else AskMove.SCHEDULE
    day = starts_at.astimezone(ZoneInfo(in_force().time_zone)).date()
    event = move_ask(fresh, move, by=by, seen=seen, day=day, facts={"starts_at": starts_at.isoformat()})
    if fresh.engagement is not None:
        move_slot(fresh.engagement, day=day, starts_at=starts_at, lifted=lifted_for(fresh), touch_of=fresh.pk)
    _write_occasion(fresh, starts_at=starts_at, minutes=length, place=place.strip()[:300])
    _write_attendee(fresh, attendee.strip()[:200], attendee_email.strip().lower())
    _send_calendar_files(fresh)
    follow(scene)
    tell(event, fresh, [*managers_of(fresh.reference_request), fresh.reference.account.owner])
    return fresh


def _write_occasion(ask: Ask, *, starts_at: datetime, minutes: int, place: str) -> None:
    occasion = ask.occasion
    if occasion is None:
        activity_type = ask.reference_request.activity_type
        ask.occasion = Occasion.objects.create(activity_type=activity_type, starts_at=starts_at, minutes=minutes, place=place)
        ask.save(update_fields=["occasion"])
        return
    occasion.starts_at, occasion.minutes, occasion.place = starts_at, minutes, place or occasion.place
    occasion.sequence += 1
    occasion.save(update_fields=["starts_at", "minutes", "place", "sequence"])


def _write_attendee(ask: Ask, name: str, email: str) -> None:
    if name and email:
        Attendee.objects.get_or_create(reference_request=ask.reference_request, email=email, defaults={"name": name})


def _send_calendar_files(ask: Ask) -> None:
    if ask.occasion is None:
        return
    sequence = ask.occasion.sequence
    write_to_reference("fixed", ask, sequence=sequence)
    write("fixed", ask.reference_request.requester, ask, sequence=sequence)
    for attendee in ask.reference_request.attendees.exclude(email=""):
        write("fixed", attendee, ask, sequence=sequence)


@deed
def introduce(ask: Ask, *, by: Colleague, seen: str = "") -> Ask:
    """Introduce requester and reference by mail; they find a time themselves, and both are asked whether it happened."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    event = move_ask(fresh, AskMove.INTRODUCE, by=by, seen=seen)
    write_to_reference("introduction", fresh)
    write("introduction", fresh.reference_request.requester, fresh)
    follow(scene)
    tell(event, fresh, [*managers_of(fresh.reference_request), fresh.reference.account.owner])
    return fresh


@deed
def hold(ask: Ask, *, by: Colleague, hours: Decimal | None = None, seen: str = "") -> Ask:
    """It happened: the slot is used, the request credited, both sides are asked how it went."""
    if hours is not None and not 0 < hours < 100:
        raise Refused("Hours are a number above 0 and below 100.", status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    event = move_ask(fresh, AskMove.HOLD, by=by, seen=seen, held_at=timezone.now())
    if fresh.engagement is not None:
        hold_slot(fresh.engagement, hours=hours)
        served = fresh.reference_request
        Use.objects.get_or_create(engagement=fresh.engagement, reference_request=served, defaults={"opportunity": served.opportunity})
    write_to_reference("debrief", fresh)
    write("debrief", fresh.reference_request.requester, fresh)
    follow(scene)
    tell(event, fresh, [fresh.reference.account.owner])
    return fresh


@deed
def miss(ask: Ask, *, by: Colleague, missed_by: str, seen: str = "") -> Ask:
    """It was fixed and did not happen, because of `missed_by` (`Engagement.MissedBy`); by the prospect, the slot counts as used."""
    if missed_by not in Engagement.MissedBy.values:
        raise Refused("Say who missed it: the reference, the prospect or us.", status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    event = move_ask(fresh, AskMove.MISS, by=by, seen=seen, facts={"missed_by": missed_by})
    if fresh.engagement is not None:
        miss_slot(fresh.engagement, by=missed_by)
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester, *managers_of(fresh.reference_request), fresh.reference.account.owner])
    return fresh
