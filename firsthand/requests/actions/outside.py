"""A reference that was arranged outside is logged: the load counts at once, the owner is told, the deal is credited."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.core.words_key import key
from firsthand.customers.models import Contact
from firsthand.deals.actions import DealFacts, deal_for
from firsthand.deals.models import Opportunity
from firsthand.history.actions import Letter, post, record
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.actions import free_slot, grade_slot, hold_slot, lock_for_slots, log_slot
from firsthand.references.models import Reference
from firsthand.requests.actions.filing import said as said_words
from firsthand.requests.charge import managers
from firsthand.requests.checks import why_not_hours
from firsthand.requests.models import ArrangedOutside, Debrief, Use
from firsthand.requests.moving import refuse_with
from firsthand.requests.routing import who_hears
from firsthand.requests.silence import asked_of

BACK, AHEAD = timedelta(days=366), timedelta(days=90)


@dataclass(frozen=True)
class Outside:
    """What is logged: a person we know or a name, the day, the deal it was for. `by_prospect`: the buyer found them on their own.

    Both a person and a name where whoever logs it may not know the person: they read the name, and it counts all the same.
    `typed` is a deal that is not imported yet, with its `crm_id` if known: it is kept, and joined to the imported one later.
    """

    day: date
    activity_type: ActivityType
    contact: Contact | None = None
    name: str = ""
    opportunity: Opportunity | None = None
    typed: DealFacts | None = None
    crm_id: str = ""
    by_prospect: bool = False


def log_outside(said: Outside, *, by: Colleague, form_key: uuid.UUID | None = None) -> ArrangedOutside:
    """Keep it, with a used slot and the deal's credit where the person is enrolled. The same form sent twice logs it once.

    Raises `Refused` (400) where nobody is named, or the day is too far off.
    """
    wanted = form_key or uuid.uuid4()
    try:
        return _log(said, by=by, form_key=wanted)
    except IntegrityError:
        first = ArrangedOutside.objects.filter(form_key=wanted, colleague=by).first()
        if first is None:
            raise
        return first


@deed
def _log(said: Outside, *, by: Colleague, form_key: uuid.UUID) -> ArrangedOutside:
    first = ArrangedOutside.objects.filter(form_key=form_key, colleague=by).first()
    if first is not None:
        return first
    _check(said)
    deal = deal_for(said.opportunity, said.typed, by=by, crm_id=said.crm_id)
    reference = Reference.objects.filter(contact=said.contact).first() if said.contact else None
    slot = log_slot(reference, activity_type=said.activity_type, day=said.day) if reference else None
    outside = ArrangedOutside.objects.create(
        form_key=form_key,
        colleague=by,
        opportunity=deal,
        activity_type=said.activity_type,
        contact=said.contact,
        name=said.name.strip()[:200],
        day=said.day,
        engagement=slot,
        by_prospect=said.by_prospect,
    )
    if slot is not None:
        Use.objects.create(engagement=slot, opportunity=deal)
    record("arranged_outside", outside, by=by.actor, context=deal)
    _tell(outside)
    return outside


def _check(said: Outside) -> None:
    today = today_in(in_force().time_zone)
    if said.contact is None and not key(said.name):
        raise Refused("Say who it was with: a name is enough.", status=400)
    if not today - BACK <= said.day <= today + AHEAD:
        raise Refused("Choose the day on which they spoke: within the last year, or the next 90 days.", status=400)


def _tell(outside: ArrangedOutside) -> None:
    """The customer's owner hears of it at once, whoever logged it is asked how it went once the day is over."""
    _tell_owner("outside", outside, besides=outside.colleague)
    due = asked_of(outside, in_force())
    post([Letter("debrief_outside", outside.colleague, outside, f"debrief_outside:{outside.pk}", due_at=due)])


@deed
def retract_outside(outside: ArrangedOutside, *, by: Colleague, reason: str) -> ArrangedOutside:
    """It was logged by mistake, or did not take place: the slot is given back, the credit taken, the owner told. It stays in history.

    Raises `Refused`: 403 for all but whoever logged it and managers, 400 without a reason, 409 where it is taken back already.
    """
    refuse_with(who_may_not_retract(by, outside), status=403)
    words = said_words(reason, "Say what was wrong with it.", most=300)
    if outside.engagement is not None:
        lock_for_slots(outside.engagement.reference)
    fresh = locked(ArrangedOutside.objects.filter(pk=outside.pk)).get()
    if fresh.retracted_at is not None:
        raise Refused("It was taken back already, and counts nowhere.")
    fresh.retracted_at = timezone.now()
    fresh.save(update_fields=["retracted_at"])
    if fresh.engagement is not None:
        Use.objects.filter(engagement=fresh.engagement).delete()
        free_slot(fresh.engagement)
    record("outside_retracted", fresh, by=by.actor, context=fresh.opportunity, words=words)
    _tell_owner("outside_retracted", fresh, besides=by)
    return fresh


def _tell_owner(kind: str, outside: ArrangedOutside, *, besides: Colleague) -> None:
    """The owner of a customer we know, or whoever hears for them; the managers where nobody can be reached."""
    if outside.contact is None:
        return
    found = who_hears(outside.contact.account)
    people = [each for each in ([found] if found else managers()) if each.pk != besides.pk]
    channels = (Message.Channel.NOTICE, Message.Channel.MAIL)
    post(Letter(kind, each, outside, f"{kind}:{outside.pk}:{each.pk}", channel=channel) for each in people for channel in channels)


def who_may_not_retract(by: Colleague, outside: ArrangedOutside) -> str | None:
    """The sentence for all but whoever logged it, and managers."""
    if by.runs_program or by.pk == outside.colleague_id:
        return None
    return "Whoever logged it, or a program manager, takes it back."


@deed
def debrief_outside(
    outside: ArrangedOutside, *, by: Colleague, grade: int, words: str = "", hours: Decimal | None = None, found_own: bool = False
) -> Debrief:
    """How it went, from whoever logged it, and the hours it took, if they know. Given twice, the first grade stands.

    Raises `Refused`: 403 when it is not theirs to give, 409 once it was taken back, 400 for a grade outside 1 to 5 or hours that cannot be.
    """
    fresh = locked(ArrangedOutside.objects.filter(pk=outside.pk)).get()
    if fresh.colleague_id != by.pk:
        raise Refused("Only whoever logged it says how it went.", status=403)
    if fresh.retracted_at is not None:
        raise Refused("It was taken back, so there is nothing to tell of.")
    if not 1 <= grade <= 5:
        raise Refused("The grade is a number from 1 to 5.", status=400)
    refuse_with(why_not_hours(hours), status=400)
    told = {"grade": grade, "words": words.strip()[:4000], "hours": hours, "facts": {"found_own": True} if found_own else {}}
    debrief, is_new = Debrief.objects.get_or_create(outside=fresh, side=Debrief.Side.REQUESTER, defaults=told)
    if is_new and fresh.engagement is not None:
        hold_slot(fresh.engagement, hours=hours)
        grade_slot(fresh.engagement, grade=Decimal(grade))
    if is_new:
        record("debrief_outside", fresh, by=by.actor, context=fresh.opportunity, grade=grade)
    return debrief
