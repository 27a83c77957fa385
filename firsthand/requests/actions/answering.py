"""The reference is asked and answers: by their link, or in person to somebody who records it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from firsthand.core.clock import add_working_days
from firsthand.core.clock import today as today_in
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.core.words import day_year
from firsthand.customers.models import Contact
from firsthand.customers.touches import touch
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.references.actions import keep_slot, record_consent, set_hold, take_slot
from firsthand.references.capacity import ASK_DOOR, Promise
from firsthand.references.models import Consent, ConsentScope, Hold
from firsthand.requests.actions.filing import said
from firsthand.requests.actions.meeting import Fixed, fix_time, introduce_sides
from firsthand.requests.actions.sharing import take_part
from firsthand.requests.actions.standing import tell_what_stands
from firsthand.requests.actions.tendering import keep_what_shows
from firsthand.requests.beside import day_anew, time_shown, time_to_come
from firsthand.requests.checks import why_not_rest
from firsthand.requests.consents import is_confirmed
from firsthand.requests.envelope import wall_time
from firsthand.requests.following import follow, release
from firsthand.requests.letters import managers_of, tell, write_to_reference
from firsthand.requests.models import Ask, OfferedTime
from firsthand.requests.moving import Locked, actor_of, lock, move_ask, refuse_with
from firsthand.requests.permissions import lifted_for, why_no_address, why_not_on
from firsthand.requests.who_may import Mover
from firsthand.requests.workflow import AskMove

MOST_TIMES = 8
OWN_PAUSE = "Their own pause"


@dataclass(frozen=True)
class Answer:
    """How an answer reached us: by link, or told to `by` through a channel on a day. `moment` is when a fixed time was on the page."""

    by: Contact | Colleague
    seen: str = ""
    via: str = "link"
    at: datetime | None = None
    moment: datetime | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {"answered_at": self.at or timezone.now(), "answered_via": self.via}


@deed
def send(ask: Ask, *, by: Colleague, seen: str = "") -> Ask:
    """Ask the reference by mail. From here on it is a touch, whatever the answer."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    event = put_out(fresh, by=by, seen=seen)
    refuse_with(why_no_address(fresh.reference))
    write_to_reference("ask", fresh)
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester, fresh.reference.account.owner])
    return fresh


def put_out(ask: Ask, *, by: Mover, seen: str = "") -> Event:
    """The ask leaves the house by its door: the deadline for the answer starts, the touch is kept."""
    now, policy = timezone.now(), policy_of(ask)
    answer_by = add_working_days(now, policy.deadlines.answer_days, policy.time_zone)
    event = move_ask(ask, AskMove.SEND, by=by, seen=seen, sent_at=now, answer_by=answer_by, facts={"door": str(ask.door)})
    if ask.engagement is not None:
        keep_slot(ask.engagement, until=answer_by)
    touch(ask.reference.contact.person, door=ASK_DOOR, about=ask)
    return event


def policy_of(ask: Ask) -> Policy:
    """The policy the ask was proposed under: deadlines, reminders and route follow it."""
    return Policy.model_validate(ask.policy.rules) if ask.policy else in_force()


@deed
def accept(
    ask: Ask,
    *,
    by: Contact | Colleague,
    times: Sequence[datetime] = (),
    note: str = "",
    takes_time: bool = False,
    moment: datetime | None = None,
    introduces: bool = False,
    seen: str = "",
) -> Ask:
    """Yes, perhaps with times that suit. After a lapse the slot is taken anew, if one is free.

    With `takes_time` the time they were asked to come to is fixed at once; gone in the meantime, the yes stands without it. `moment` is
    when it was to be on the page they read, as is the time that one more would join: moved since, nothing is changed and `Refused` (409)
    tells the new one.
    With `introduces` both sides are introduced by mail and find a time themselves. Either is done, too, where the yes without it was told
    before, in person or on another page.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    answer = Answer(by, seen, moment=moment)
    said_before = fresh.status == Ask.Status.ACCEPTED and isinstance(by, Contact) and by.pk == fresh.reference.contact_id
    if not (said_before and (takes_time or introduces)):
        _accept(scene, fresh, answer, times=times, note=note)
    _go_on(scene, fresh, answer, takes_time=takes_time, introduces=introduces)
    return fresh


def _go_on(scene: Locked, ask: Ask, answer: Answer, *, takes_time: bool, introduces: bool) -> None:
    """What they said with their yes: they come to the time they were asked to, if it can still be theirs, or want to be introduced."""
    by = answer.by if isinstance(answer.by, Colleague) else actor_of(answer.by)
    occasion = time_to_come(ask) if takes_time else None
    if occasion is not None:
        refuse_with(_why_unread(ask, answer))
        fix_time(ask, Fixed(occasion.starts_at, occasion.minutes), by=by)
    elif introduces:
        introduce_sides(ask, by=by)
    follow(scene)


def _why_unread(ask: Ask, answer: Answer) -> str | None:
    """The sentence against a yes to a time that is not at the moment that stood on the page."""
    occasion = time_shown(ask)
    if occasion is None or answer.moment in {None, occasion.starts_at}:
        return None
    return f"The time was moved to {wall_time(occasion, answer.by)}. Nothing is recorded yet: choose again with that time in mind."


def _accept(scene: Locked, ask: Ask, answer: Answer, *, times: Sequence[datetime], note: str) -> None:
    offered = future(times)
    refuse_with(why_not_on(answer.by, ask, days_of(offered)), status=400)
    day = day_anew(ask)
    facts, words = {"times": len(offered)}, note.strip()[:2000]
    event = move_ask(ask, AskMove.ACCEPT, by=answer.by, seen=answer.seen, day=day, facts=facts, words=words, **answer.columns)
    if ask.joins is not None:
        take_part(ask, by=answer.by)
        refuse_with(_why_unread(ask, answer))
    elif day is not None:
        _take_anew(ask, day)
    elif ask.engagement is not None:
        keep_slot(ask.engagement)
    if ask.reference_request.activity_type.is_tender and not isinstance(answer.by, Contact):
        write_to_reference("what_to_show", ask)
    OfferedTime.objects.bulk_create([OfferedTime(ask=ask, starts_at=each) for each in offered], ignore_conflicts=True)
    follow(scene)
    reference_request = ask.reference_request
    tell(event, ask, [reference_request.requester], by_mail=True)
    tell(event, ask, [*managers_of(reference_request), ask.reference.account.owner])


def _take_anew(ask: Ask, day: date) -> None:
    """The slot of a late yes, on a day for which the rules were asked already."""
    ask.engagement = take_slot(
        ask.reference,
        activity_type=ask.reference_request.activity_type,
        day=day,
        reserved_until=None,
        lifted=lifted_for(ask),
        touch_of=ask.pk,
        promise=Promise(ask.sent_at) if ask.sent_at else None,
    )
    ask.save(update_fields=["engagement"])


@deed
def decline(ask: Ask, *, by: Contact | Colleague, reason: str = "", colleague_suggested: str = "", seen: str = "") -> Ask:
    """No, for this request only; perhaps with a colleague who fits better."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    decline_it(scene, fresh, Answer(by, seen), reason=reason, colleague_suggested=colleague_suggested)
    return fresh


def decline_it(scene: Locked, ask: Ask, answer: Answer, *, reason: str, colleague_suggested: str = "") -> None:
    """No, within locks that the caller has taken."""
    words: dict[str, Any] = {"declined_reason": reason.strip()[:300], "colleague_suggested": colleague_suggested.strip()[:200]}
    event = move_ask(ask, AskMove.DECLINE, by=answer.by, seen=answer.seen, **answer.columns, **words)
    release(ask)
    follow(scene)
    tell(event, ask, [ask.reference_request.requester, *managers_of(ask.reference_request)], by_mail=True)
    tell(event, ask, [ask.reference.account.owner])


def decline_until(scene: Locked, ask: Ask, answer: Answer, *, until: date, reason: str) -> None:
    """No, and their own pause until the day before, within locks that the caller has taken. Raises `Refused` (400) for no such day."""
    refuse_with(why_not_rest(until), status=400)
    words = f"Not before {day_year(until)}" + (f": {reason.strip()}" if reason.strip() else "")
    decline_it(scene, ask, answer, reason=words)
    set_hold(ask.reference, kind=Hold.Kind.OWN, by=actor_of(answer.by), reason=OWN_PAUSE, until=until - timedelta(days=1))
    tell_what_stands(ask.reference, by=actor_of(answer.by), from_day=until)


@deed
def record_answer(
    ask: Ask,
    *,
    by: Colleague,
    accepted: bool,
    channel: str,
    day: date,
    words: str = "",
    times: Sequence[datetime] = (),
    shows: Sequence[str] = (),
    until: date | None = None,
    colleague_suggested: str = "",
    takes_time: bool = False,
    moment: datetime | None = None,
    introduces: bool = False,
    seen: str = "",
) -> Ask:
    """Write down what the reference answered in person, by which channel and when; in a tender also what `shows` on the sheet.

    With `takes_time` it was a yes to the time they were asked to come to, which is fixed at once if it still can be. `times`, `moment` and
    `introduces` are as in `accept`.

    A yes is the consent of an unconfirmed person. A no may be one until a day, which is their own pause, or name a colleague instead.
    """
    via = said(channel, "Say how they answered, such as by phone or over lunch.", most=40)
    zone = in_force().time_zone
    if day > today_in(zone):
        raise Refused("An answer cannot be of a day that has not come yet.", status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    asked = min(fresh.created_at, fresh.sent_at or fresh.created_at).astimezone(ZoneInfo(zone)).date()
    if day < asked:
        raise Refused(f"An answer cannot be older than the ask, which is of {day_year(asked)}. Check the day.", status=400)
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    answer = Answer(by, seen, via, min(timezone.now(), noon), moment)
    if accepted:
        _accept(scene, fresh, answer, times=times, note=words)
        _confirm(fresh, by=by, via=via, day=day)
        _go_on(scene, fresh, answer, takes_time=takes_time, introduces=introduces)
        if shows and fresh.reference_request.activity_type.is_tender:
            keep_what_shows(fresh, shows, by=by)
    elif until is not None:
        decline_until(scene, fresh, answer, until=until, reason=words)
    else:
        decline_it(scene, fresh, answer, reason=words, colleague_suggested=colleague_suggested)
    return fresh


def _confirm(ask: Ask, *, by: Colleague, via: str, day: date) -> None:
    """It renews what they had agreed to, with this activity: a yes to one ask widens nothing else."""
    if is_confirmed(ask.reference):
        return
    before, asked = Consent.objects.standing([ask.reference.contact_id]).first(), ask.reference_request.activity_type_id
    covered = Q(pk__in=ConsentScope.objects.filter(consent=before).values("activity_type"))
    record_consent(
        ask.reference.contact,
        kind=Consent.Kind.GIVEN,
        by=by.actor,
        activity_types=None if before and before.covers_all else list(ActivityType.objects.filter(covered | Q(pk=asked))),
        wording="Agreed to be approached, and to this request.",
        method=via,
        evidence=f"Told {by.name} on {day:%-d %B %Y}, for {ask.reference_request}.",
        given_on=day,
        until=before.until if before else None,
    )


def days_of(times: Iterable[datetime]) -> list[date]:
    """The days on which they are, in the program's time zone."""
    zone = ZoneInfo(in_force().time_zone)
    return [each.astimezone(zone).date() for each in times]


def future(times: Sequence[datetime]) -> list[datetime]:
    """The times in order, each once. Raises `Refused` (400) for too many and for one that is past."""
    if len(times) > MOST_TIMES:
        raise Refused(f"Offer at most {MOST_TIMES} times.", status=400)
    if any(each <= timezone.now() for each in times):
        raise Refused("A time you offered is past. Choose times that are still to come.", status=400)
    return sorted(set(times))
