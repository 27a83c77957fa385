"""What a reference says beyond yes and no: times, others in their place, not now, not after all. And the prospect picks a time."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from firsthand.core.locks import BUSY, deed
from firsthand.core.refused import Refused
from firsthand.core.zones import zones
from firsthand.customers.actions import keep_time_zone
from firsthand.customers.models import Contact
from firsthand.history.actions import record
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.requests.actions.answering import MOST_TIMES, Answer, days_of, decline_until, future
from firsthand.requests.actions.attending import add_attendee, attendee_told
from firsthand.requests.actions.guests import tell_time
from firsthand.requests.actions.meeting import Fixed, fix_time, introduce_sides, others_on_slot
from firsthand.requests.beside import STAYS
from firsthand.requests.following import end_ask, follow
from firsthand.requests.invitations import reminded_at
from firsthand.requests.letters import managers_of, tell, write_pick_link
from firsthand.requests.models import Ask, Attendee, Occasion, OfferedTime, ReferenceRequest
from firsthand.requests.moving import Locked, actor_of, lock, lock_all, refuse_with
from firsthand.requests.permissions import why_no_time, why_not_on
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import AskMove

AGREED = (Ask.Status.ACCEPTED, Ask.Status.INTRODUCED, Ask.Status.SCHEDULED)
THEIRS = "This page belongs to somebody else. Only the reference says so here."
TAKEN_BACK = "That time was taken back a moment ago, so nothing was fixed. Choose another one."
FIXED = "That time is fixed already, so it cannot be taken back. Say that you cannot come, if you cannot."
BRIEF = Q(kind="reminder", recipient_kind="attendee", subject_kind="ask", state=Message.State.DUE)
CALLED_OFF = "The reference cannot after all."


@deed
def offer_times(ask: Ask, *, by: Contact, times: Sequence[datetime], time_zone: str = "", note: str = "") -> Ask:
    """Times that suit the reference, after their yes; `time_zone` is kept as theirs. At most `MOST_TIMES` stand at once.

    Raises `Refused`: 403 for somebody else, 409 before a yes and on a panel whose time is fixed, 400 for a time that is past or on a day
    a rule stands against.
    """
    fresh = _of_the_reference(ask, by)
    if fresh.status not in AGREED:
        raise Refused("Times can be offered once you have accepted, and until it happened.")
    refuse_with(why_no_time(fresh) or (STAYS if Ask.objects.beside(fresh).exists() else None))
    offered = future(times)
    standing = set(fresh.offered_times.filter(starts_at__gt=timezone.now()).values_list("starts_at", flat=True))
    if len(standing | set(offered)) > MOST_TIMES:
        raise Refused(f"Offer at most {MOST_TIMES} times. Take one back to offer another.", status=400)
    refuse_with(why_not_on(by, fresh, days_of(offered)), status=400)
    if time_zone in zones():
        keep_time_zone(by.person, time_zone)
    OfferedTime.objects.bulk_create([OfferedTime(ask=fresh, starts_at=each) for each in offered], ignore_conflicts=True)
    if offered or note.strip():
        event = record("offer", fresh, by=actor_of(by), context=fresh.reference_request, times=len(offered), words=note.strip()[:2000])
        tell(event, fresh, [fresh.reference_request.requester], by_mail=True)
        tell(event, fresh, managers_of(fresh.reference_request))
    return fresh


@deed
def ask_introduction(ask: Ask, *, by: Contact, seen: str = "") -> Ask:
    """The reference would rather find a time themselves: both sides are introduced by mail. Asked for twice, it is one introduction.

    Raises `Refused`: 403 for somebody else, 409 before a yes, once a time is fixed, or where nobody can be introduced.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    if by.pk != fresh.reference.contact_id:
        raise Refused(THEIRS, status=403)
    if fresh.status != Ask.Status.INTRODUCED:
        introduce_sides(fresh, by=actor_of(by), seen=seen)
        follow(scene)
    return fresh


@deed
def withdraw_time(ask: Ask, offered_id: int, *, by: Contact) -> Ask:
    """Take one offered time back; taken back twice, it is gone once. Raises `Refused` (409) where it is the time that is fixed."""
    fresh = _of_the_reference(ask, by)
    offered = fresh.offered_times.filter(pk=offered_id)
    if fresh.status == Ask.Status.SCHEDULED and fresh.occasion and offered.filter(starts_at=fresh.occasion.starts_at).exists():
        raise Refused(FIXED)
    gone, _ = offered.delete()
    if gone:
        event = record("withdraw_time", fresh, by=actor_of(by), context=fresh.reference_request)
        tell(event, fresh, [fresh.reference_request.requester])
    return fresh


@deed
def not_now(ask: Ask, *, by: Contact, until: date, reason: str = "", seen: str = "") -> Ask:
    """Not before a day: this ask is declined, and the reference’s own pause stands until the day before."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    decline_until(scene, fresh, Answer(by, seen), until=until, reason=reason)
    return fresh


@deed
def call_off(ask: Ask, *, by: Contact, reason: str = "", seen: str = "") -> Ask:
    """The reference agreed and cannot after all: the ask ends, a fixed time leaves every calendar, our side is told by mail.

    A time that several requests share is off for all of them. The reason is of this ask alone, and for the close to read.
    """
    scenes = _lock_sharing(ask)
    fresh = scenes[ask.reference_request_id].ask(ask)
    if by.pk != fresh.reference.contact_id:
        raise Refused(THEIRS, status=403)
    if fresh.status not in AGREED:
        raise Refused(f"There is nothing to call off: this is {fresh.get_status_display().lower()}.")
    if reason.strip():
        fresh.declined_reason = reason.strip()[:300]
        fresh.save(update_fields=["declined_reason"])
    others = others_on_slot(fresh)
    if not scenes.keys() >= {each.reference_request_id for each in others}:
        raise Refused(BUSY)  # somebody joined in this very moment, and the locks must be taken in order
    sharing = [scenes[each.reference_request_id].ask(each) for each in others]
    holder_last = sorted([fresh, *sharing], key=lambda each: each.engagement_id is not None)  # so that the slot is passed on to nobody
    for each in holder_last:
        event = end_ask(each, by=actor_of(by), reason=CALLED_OFF, seen=seen if each is fresh else "", tells_reference=False)
        tell(event, each, [each.reference_request.requester, *managers_of(each.reference_request)], by_mail=True)
    for scene in scenes.values():
        follow(scene)
    return fresh


def _lock_sharing(ask: Ask) -> dict[int, Locked]:
    """The locked requests that share the time of this ask, its own among them, by id."""
    sharing = ReferenceRequest.objects.filter(Q(pk=ask.reference_request_id) | Q(asks__in=[ask, *others_on_slot(ask)])).distinct()
    return lock_all(sharing)


@deed
def let_pick(ask: Ask, *, by: Colleague, name: str, email: str) -> Attendee:
    """Release the offered times to somebody of the other side: they get a link and pick one themselves.

    Where the mail was lost, or the times are others now, it is sent once more.
    Raises `Refused`: 403 for who may not fix the time, 409 before the yes, after the time is fixed, or while a link is on its way.
    """
    fresh = lock(ask.reference_request).ask(ask)
    refuse_with(who_may_not(by, AskMove.SCHEDULE, fresh), status=403)
    if fresh.status != Ask.Status.ACCEPTED:
        raise Refused(f"Times are released while a time is to be fixed; this ask is {fresh.get_status_display().lower()}.")
    refuse_with(why_no_time(fresh))
    attendee = attendee_told(fresh, name=name, email=email, otherwise="Say who picks the time.")
    if not write_pick_link(attendee, fresh):
        raise Refused(f"The link is on its way to {attendee.name} already.")
    record("release_times", fresh, by=by.actor, context=fresh.reference_request, attendee=attendee.pk)
    return attendee


@deed
def pick_time(ask: Ask, offered_id: int, *, by: Attendee, time_zone: str = "", people: Iterable[tuple[str, str]] = ()) -> Ask:
    """The other side picks one of the offered times and names who comes along. Picking the one that is fixed adds who is named anew.

    Raises `Refused` (409) with a plain sentence where the time was taken back, is past, or another one is fixed.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    if not Attendee.objects.coming_to(fresh).filter(pk=by.pk).exists():
        raise Refused("This link is for another meeting.", status=403)
    offered = fresh.offered_times.filter(pk=offered_id).first()
    if fresh.status == Ask.Status.SCHEDULED and fresh.occasion is not None:
        if offered is not None and offered.starts_at == fresh.occasion.starts_at:
            _bring_along(fresh, by, people)
            return fresh
        raise Refused("A time is fixed already. Ask whoever sent you the link to move it.")
    if fresh.status != Ask.Status.ACCEPTED:
        raise Refused("No time is being looked for any more. Ask whoever sent you the link.")
    if offered is None:
        raise Refused(TAKEN_BACK)
    choose_zone(by, time_zone)
    _name(fresh, by, people)
    fix_time(fresh, Fixed(offered.starts_at), by=actor_of(by))
    follow(scene)
    return fresh


def _name(ask: Ask, by: Attendee, people: Iterable[tuple[str, str]]) -> list[Attendee]:
    return [add_attendee(ask, name=name, email=email, invited_by=by, time_zone=by.time_zone) for name, email in people]


def _bring_along(ask: Ask, by: Attendee, people: Iterable[tuple[str, str]]) -> None:
    """Somebody fixed the very time they chose: whoever they named comes, too, and gets the file."""
    for each in _name(ask, by, people):
        tell_time(each, ask)


@deed
def choose_zone(attendee: Attendee, zone: str) -> None:
    """The zone in which somebody of the other side reads the times; what is no zone is left.

    A brief that is still to leave comes at the same hour of their clocks; where that is past by then, as it was to come.
    """
    if zone not in zones() or zone == attendee.time_zone:
        return
    attendee.time_zone = zone
    attendee.save(update_fields=["time_zone"])
    for message in Message.objects.filter(BRIEF, recipient_id=attendee.pk):
        occasion = Occasion.objects.filter(asks=message.subject_id).first()
        due = reminded_at(occasion.starts_at, zone) if occasion else message.due_at
        if due > timezone.now():
            Message.objects.filter(BRIEF, pk=message.pk).update(due_at=due)


def _of_the_reference(ask: Ask, by: Contact) -> Ask:
    fresh = lock(ask.reference_request).ask(ask)
    if by.pk != fresh.reference.contact_id:
        raise Refused(THEIRS, status=403)
    return fresh
