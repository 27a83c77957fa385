"""What time does to requests. `tick` calls these each minute; each ask is its own transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from firsthand.core.clock import add_working_days
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.customers.touches import drop_touch
from firsthand.deals.models import Stage, StageChange
from firsthand.history.actions import PROGRAM, record
from firsthand.history.models import Event, Message
from firsthand.program.models import PolicyVersion
from firsthand.program.policy import Policy, in_force
from firsthand.references.capacity import ASK_DOOR
from firsthand.requests.actions.answering import policy_of
from firsthand.requests.following import STANDS, end_ask, follow, give_up_times, is_kept, release
from firsthand.requests.letters import ask_for_approval, ask_if_it_happened, managers_of, tell
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import lock, move_ask
from firsthand.requests.permissions import why_ended
from firsthand.requests.routing import chain, next_in_chain
from firsthand.requests.unsettled import INTRODUCED_FOR
from firsthand.requests.workflow import AskMove

AT_ONCE = 200
LOST = Q(reference_request__opportunity__outcome=Stage.Outcome.LOST)
UNANSWERED = (Ask.Status.PROPOSED, Ask.Status.APPROVED, Ask.Status.SENT)
OVER = "What it was asked for has ended."
NOT_SENT = "A rule stood against it when it was to be sent."
UNDELIVERED = "The mail to them could not be sent."


def expire_reservations(now: datetime) -> int:
    """Give back slots whose reservation ran out before the ask was sent. Says how many asks expired."""
    waiting = Ask.objects.filter(status__in=[Ask.Status.PROPOSED, Ask.Status.APPROVED], engagement__reserved_until__lte=now)
    return _each(waiting, _expire)


@deed
def _expire(ask: Ask) -> None:
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    over = why_ended(fresh.reference_request) is not None
    event = move_ask(fresh, AskMove.EXPIRE, by=PROGRAM, seen=ask.status, facts={"has_ended": True} if over else None)
    release(fresh)
    follow(scene)
    tell(event, fresh, managers_of(fresh.reference_request), by_mail=True)
    tell(event, fresh, [fresh.reference_request.requester, fresh.approver, fresh.reference.account.owner])


def lapse_asks(now: datetime) -> int:
    """End the wait for answers that did not come in time; their slots are free again."""
    return _each(Ask.objects.filter(status=Ask.Status.SENT, answer_by__lte=now), _lapse)


@deed
def _lapse(ask: Ask) -> None:
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    event = move_ask(fresh, AskMove.LAPSE, by=PROGRAM, seen=ask.status)
    release(fresh)
    follow(scene)
    tell(event, fresh, [fresh.approver], by_mail=fresh.door == Ask.Door.OWNER)  # whoever asks in person may have the answer
    tell(event, fresh, [*managers_of(fresh.reference_request), fresh.reference_request.requester, fresh.reference.account.owner])


def escalate_approvals(now: datetime) -> int:
    """Hand approvals on after the policy's days of silence: from the owner to the deputy, then the lead, then the managers.

    From somebody who does not answer for the customer any more they go to whoever does, at once. A reservation is not kept
    longer for it: on its last working day the managers decide, whoever is silent then. Of a lost deal there is nothing to decide.
    """
    silent = Ask.objects.filter(status=Ask.Status.PROPOSED, approver__isnull=False).exclude(LOST)
    long_silent = Q(waiting_since__lte=now - timedelta(days=_least_days(silent)))
    owner = "reference__contact__account__owner"
    answers = Q(approver=F(owner)) | Q(approver=F(f"{owner}__deputy")) | Q(approver=F(f"{owner}__team__lead"))
    able = silent.filter(answers, approver__deactivated_at=None).exclude(approver=F("reference_request__requester"))
    theirs = Q(pk__in=able)
    old = silent.filter(long_silent | ~theirs | Q(engagement__reserved_until__lte=_in_a_working_day(now))).select_related(
        "policy", "approver", "engagement", "reference_request", "reference__contact__account__owner__deputy",
        "reference__contact__account__owner__team__lead",
    )  # fmt: skip
    due = [ask.pk for ask in old if _is_silent(ask, now)]
    return _each(Ask.objects.filter(pk__in=due), lambda ask: _hand_on(ask, now))


def _in_a_working_day(now: datetime) -> datetime:
    return add_working_days(now, 1, in_force().time_zone)


def _is_last_day(ask: Ask, now: datetime) -> bool:
    """Whether its slot is kept for no more than a working day."""
    until = ask.engagement.reserved_until if ask.engagement else None
    return until is not None and until <= _in_a_working_day(now)


def _least_days(asks: "QuerySet[Ask]") -> int:
    """The fewest days after which one of these could be handed on. A working day is never shorter than a day: nobody is left out."""
    versions = PolicyVersion.objects.filter(pk__in=asks.values("policy"))
    rules = [Policy.model_validate(version.rules).deadlines for version in versions] + [in_force().deadlines]
    return min(min(each.owner_days, each.lead_days) for each in rules)


def _is_silent(ask: Ask, now: datetime) -> bool:
    if _is_last_day(ask, now) or _has_passed(ask):
        return True
    policy = policy_of(ask)
    days = policy.deadlines.lead_days if _waits_for_lead(ask) else policy.deadlines.owner_days
    zone = (ask.approver.time_zone if ask.approver else "") or policy.time_zone
    return add_working_days(ask.waiting_since, days, zone) <= now  # their own working days: Monday begins when it begins for them


def _has_passed(ask: Ask) -> bool:
    """Whether whoever it waits for does not answer for the customer any more."""
    return ask.approver not in chain(ask.reference, ask.reference_request)


def _waits_for_lead(ask: Ask) -> bool:
    """Also where no deputy stands between the owner and the lead."""
    owner = ask.reference.account.owner
    lead = owner.team.lead if owner and owner.team else None
    return owner is not None and lead is not None and ask.approver_id == lead.pk and lead.pk not in {owner.pk, owner.deputy_id}


@deed
def _hand_on(ask: Ask, now: datetime) -> None:
    fresh = lock(ask.reference_request).ask(ask)
    if fresh.status != Ask.Status.PROPOSED or fresh.approver_id != ask.approver_id:
        raise Refused("It was answered in the meantime.")
    verb = "hand_to_owner" if _has_passed(fresh) else "hand_on"
    silent, fresh.approver = fresh.approver, None if _is_last_day(fresh, now) else next_in_chain(fresh)
    fresh.waiting_since = now
    fresh.save(update_fields=["approver", "waiting_since"])
    facts: dict[str, Any] = {"silent": silent.pk if silent else None, "to": fresh.approver.pk if fresh.approver else None}
    record(verb, fresh, by=PROGRAM, context=fresh.reference_request, **facts)
    ask_for_approval(fresh, by_the_clock=now)


def ask_whether_it_happened(now: datetime) -> int:
    """Once it must have happened, ask: the requester after a fixed time, both sides some days after an introduction.

    A time that was moved is another one, as is an introduction to a new requester, and is asked about afresh.
    """
    asked = Message.objects.filter(kind="did_it_happen", subject_kind="ask", subject_id=OuterRef("pk"))
    of_this_time = asked.annotate(of=Cast(KT("facts__sequence"), IntegerField())).filter(of=OuterRef("occasion__sequence"))
    over = Q(status=Ask.Status.SCHEDULED, occasion__starts_at__lte=now) & ~Exists(of_this_time)
    long_ago = now - timedelta(days=INTRODUCED_FOR)
    since = asked.filter(created_at__gte=OuterRef("waiting_since"))
    introduced = Q(status=Ask.Status.INTRODUCED, waiting_since__lte=long_ago) & ~Exists(since)
    return _each(Ask.objects.filter(over | introduced), lambda ask: _ask_once(ask, now))


@deed
def _ask_once(ask: Ask, now: datetime) -> None:
    if ask.occasion is not None:
        ends = ask.occasion.starts_at + timedelta(minutes=ask.occasion.minutes)
    else:
        ends = add_working_days(ask.waiting_since, INTRODUCED_FOR)
    if ends > now:
        raise Refused("It may still be going on.")
    ask_if_it_happened(ask)


def pass_kept_times(now: datetime) -> int:
    """Nobody has taken over a time that was kept for it, and it is near: it is given up, and the other side is told."""
    near = Q(asked_along__status__in=Ask.OPEN, occasion__starts_at__lte=_in_a_working_day(now))
    come = Q(asked_along__isnull=False, occasion__starts_at__lte=now)
    left = Ask.objects.filter(near | come, status=Ask.Status.CANCELED, occasion__canceled_at=None)
    stands = Ask.objects.filter(status__in=STANDS, occasion=OuterRef("occasion"))
    kept = left.exclude(Exists(stands)).distinct().select_related("occasion")
    return _each(Ask.objects.filter(pk__in=[ask.pk for ask in kept if not is_kept(ask, now)]), _pass)


@deed
def _pass(ask: Ask) -> None:
    give_up_times(lock(ask.reference_request))


def end_unanswered(now: datetime) -> int:
    """Take back what waits for an answer and is for a deal that is lost: nobody is asked for that any more. Says how many."""
    return _each(Ask.objects.filter(LOST, status__in=UNANSWERED), _end_unanswered)


@deed
def _end_unanswered(ask: Ask) -> None:
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    if fresh.status not in UNANSWERED or why_ended(fresh.reference_request) is None:
        raise Refused("It was answered in the meantime.")
    event = end_ask(fresh, by=PROGRAM, reason=OVER)
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester, *managers_of(fresh.reference_request)])


def tell_of_lost_deals(now: datetime) -> int:
    """Tell whoever is in charge and whoever asked, once each time, that the deal of an open request is lost, by whatever door.

    The requester reads by mail what becomes of it. Says of how many.
    """
    lost = _lost_untold(now).order_by("pk")[:AT_ONCE]
    return sum(_tell_of_lost_deal(each, now) for each in lost)


def _lost_untold(now: datetime) -> "QuerySet[ReferenceRequest]":
    """Open requests whose deal is lost, and was last moved to a stage after that was last told, if ever."""
    told = Event.objects.filter(verb="ended", subject_kind="referencerequest", subject_id=OuterRef("pk")).order_by("-pk").values("at")[:1]
    moves = StageChange.objects.filter(opportunity=OuterRef("opportunity"), entered_at__lte=now).order_by("-entered_at")
    rows = ReferenceRequest.objects.open().filter(opportunity__outcome=Stage.Outcome.LOST)
    rows = rows.annotate(told_at=Subquery(told), moved_at=Subquery(moves.values("entered_at")[:1]))
    return rows.filter(Q(told_at=None) | Q(told_at__lt=F("moved_at")))


@deed
def _tell_of_lost_deal(reference_request: ReferenceRequest, now: datetime) -> int:
    fresh = lock(reference_request).reference_request
    if not _lost_untold(now).filter(pk=fresh.pk).exists():
        return 0
    event = record("ended", fresh, by=PROGRAM)
    tell(event, fresh, [fresh.requester], by_mail=True)
    tell(event, fresh, managers_of(fresh))
    return 1


@deed
def not_sent(message: Message) -> None:
    """A rule stood against the mail, or no server took it: the ask ends, its slot and its touch are taken back, our side is told.

    The rule stays with the message, which managers read: the requester reads why an ask ended, and may not have the fact.
    """
    ask = Ask.objects.get(pk=message.subject_id)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    drop_touch(door=ASK_DOOR, about=fresh)
    if fresh.status != Ask.Status.SENT:
        return
    reason = UNDELIVERED if message.state == Message.State.FAILED else NOT_SENT
    event = move_ask(fresh, AskMove.CANCEL, by=PROGRAM, canceled_reason=reason, facts={"not_sent": True})
    release(fresh)
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester, *managers_of(fresh.reference_request)], by_mail=True)


def lock_of_ask(message: Message) -> None:
    """Take every lock that `not_sent` needs, in the one order."""
    ask = Ask.objects.filter(pk=message.subject_id).first()
    if ask is not None:
        lock(ask.reference_request)


def _each(asks: "QuerySet[Ask]", deed_of: Callable[[Ask], None]) -> int:
    """Do it to each; what cannot be done any more, because somebody was faster, is left. Says how many were done."""
    done = 0
    for ask in asks.order_by("pk")[:AT_ONCE]:
        try:
            deed_of(ask)
        except Refused:
            continue
        done += 1
    return done
