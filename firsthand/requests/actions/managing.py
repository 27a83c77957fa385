"""Requests change hands: by a manager with a reason, or by themselves when whoever was in charge does not run the program any more."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from firsthand.core.links import revoke_links
from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.deals.actions import follow_deal
from firsthand.history.actions import PROGRAM, Actor, Letter, post, record
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.requests.actions.filing import said
from firsthand.requests.charge import (
    NO_NEW_REQUESTER,
    NOT_YOURS,
    least_of,
    loads,
    managers,
    orphans,
    requesters,
    why_not_hand_over,
    why_not_requester,
)
from firsthand.requests.invitations import pass_time_on
from firsthand.requests.letters import INFO, STATUS, ask_for_approval, ask_requester, introduce_by_mail, managers_of, tell
from firsthand.requests.models import Ask, Outcome, ReferenceRequest
from firsthand.requests.moving import lock, refuse_with
from firsthand.requests.routing import next_in_chain
from firsthand.requests.silence import events
from firsthand.requests.workflow import RequestMove

AT_ONCE = 200
LEFT = "Whoever was in charge does not run the program any more."


@deed
def hand_over(reference_request: ReferenceRequest, *, to: Colleague, by: Colleague, reason: str, by_mail: bool = True) -> Event:
    """Put another manager in charge, with a reason that both read. The requester gets a notice.

    `by_mail` off leaves the mail to whoever hands over many and tells them all in one (`tell_handed_over`).
    """
    words = said(reason, "Say why it is handed over. Both managers read it.", most=500)
    fresh = lock(reference_request).reference_request
    refuse_with(NOT_YOURS if not by.runs_program else None, status=403)
    refuse_with(why_not_hand_over(by, fresh, to))
    event = _put_in_charge(fresh, to, by=by.actor, words=words)
    if by_mail:
        tell_handed_over([event], by=by)
    return event


def hand_on_requests(now: datetime) -> int:
    """Give the open requests of managers who left to those with the fewest. Says how many."""
    del now
    left = list(orphans().order_by("needed_by", "pk")[:AT_ONCE])
    if not left:
        return 0
    counts = {load.manager: load.open for load in loads() if load.manager}
    if not counts:
        return 0  # nobody runs the program now; they wait until somebody does
    events = []
    for row in left:
        to = least_of(counts)
        if event := _hand_on(row, to):
            events.append(event)
            counts[to] += 1
    tell_handed_over(events, by=None)
    return len(events)


@deed
def give_requester(reference_request: ReferenceRequest, *, to: Colleague, by: Colleague, reason: str) -> Event:
    """Give the request to another requester, such as when whoever filed it has left.

    They get what is fixed by mail, an introduction, and the question that waits for an answer; their silence begins now. A time to come
    leaves the calendar of whoever asked before. Where they
    were to answer for a customer, somebody else does: nobody approves of what they ask for themselves.
    Raises `Refused`: 403 for all but managers, 400 without a reason, 409 where it has ended or they cannot ask for references.
    """
    words = said(reason, "Say why somebody else asks for it now. They read it.", most=500)
    scene = lock(reference_request)
    fresh = scene.reference_request
    refuse_with(NO_NEW_REQUESTER if not by.runs_program else None, status=403)
    refuse_with(why_not_requester(by, fresh, to))
    before, fresh.requester = fresh.requester, to
    fresh.revision += 1
    fresh.save(update_fields=["requester", "revision"])
    revoke_links([STATUS, INFO], fresh.pk, now=timezone.now())
    if fresh.opportunity is not None:
        follow_deal(fresh.opportunity, by=to)
    facts: dict[str, Any] = {"from": before.pk, "to": to.pk}
    event = record("new_requester", fresh, by=by.actor, words=words, **facts)
    tell(event, fresh, [to], by_mail=True)
    tell(event, fresh, [before, *managers_of(fresh)])
    fixed = [ask for ask in reversed(scene.open_asks()) if ask.status == Ask.Status.SCHEDULED]
    for ask in {ask.occasion_id: ask for ask in fixed}.values():  # of a panel one mail tells all
        pass_time_on(ask, before, event)
    for ask in scene.open_asks():
        if ask.status == Ask.Status.PROPOSED and ask.approver == to:
            _pass_on(ask, by=by)
        if ask.status in {Ask.Status.ACCEPTED, Ask.Status.INTRODUCED} and not ask.outcomes.filter(says=Outcome.Says.HELD).exists():
            _begin_anew(ask)
    asked = events(fresh.pk, RequestMove.ASK_INFO).first() if fresh.status == ReferenceRequest.Status.NEEDS_INFO else None
    if asked is not None:
        ask_requester(asked, fresh)
    return event


def _begin_anew(ask: Ask) -> None:
    """What waited for the one before waits for the new one from now on; an introduction is another, of which nobody has said anything."""
    ask.waiting_since = timezone.now()
    ask.save(update_fields=["waiting_since"])
    if ask.status == Ask.Status.INTRODUCED:
        ask.outcomes.all().delete()
        introduce_by_mail(ask)


def _pass_on(ask: Ask, *, by: Colleague) -> None:
    """To whoever answers for the customer after the one who asks for it now."""
    before, ask.approver = ask.approver, next_in_chain(ask)
    ask.waiting_since = timezone.now()
    ask.save(update_fields=["approver", "waiting_since"])
    facts: dict[str, Any] = {"from": before.pk if before else None, "to": ask.approver.pk if ask.approver else None}
    record("hand_past", ask, by=by.actor, context=ask.reference_request, **facts)
    ask_for_approval(ask)


@deed
def _hand_on(reference_request: ReferenceRequest, to: Colleague) -> Event | None:
    """None where it has ended, or somebody took it, in this very moment."""
    fresh = lock(reference_request).reference_request
    return _put_in_charge(fresh, to, by=PROGRAM, words=LEFT) if orphans().filter(pk=fresh.pk).exists() else None


def _put_in_charge(reference_request: ReferenceRequest, to: Colleague, *, by: Actor, words: str) -> Event:
    before = reference_request.manager
    reference_request.manager = to
    reference_request.revision += 1
    reference_request.save(update_fields=["manager", "revision"])
    facts: dict[str, Any] = {"from": before.pk if before else None, "to": to.pk}
    event = record("hand_over", reference_request, by=by, words=words, **facts)
    tell(event, reference_request, [to, before, reference_request.requester])
    return event


@deed
def tell_handed_over(events: Iterable[Event], *, by: Colleague | None) -> None:
    """One mail to each manager about all that came to them or went from them in one go, but for whoever did it."""
    about: dict[int, list[Event]] = {}
    for event in events:
        for pk in {event.facts["from"], event.facts["to"]} - {None, by.pk if by else None}:
            about.setdefault(pk, []).append(event)
    people = Colleague.objects.active().in_bulk(list(about))
    subjects = ReferenceRequest.objects.in_bulk([each[0].subject_id for each in about.values()])
    post(
        Letter(
            kind="handed_over",
            recipient=people[pk],
            subject=subjects[mine[0].subject_id],
            key=f"handed_over:{mine[0].pk}:{pk}",
            facts={"events": [event.pk for event in mine]},
        )
        for pk, mine in about.items()
        if pk in people
    )


def manager_of(pk: int) -> Colleague:
    """The manager of that id. Raises `Refused` (400) where there is none."""
    found = managers().filter(pk=pk).first()
    if found is None:
        raise Refused("Choose the program manager who takes over.", status=400)
    return found


def requester_of(pk: int) -> Colleague:
    """The colleague of that id who can ask for references. Raises `Refused` (400) where there is none."""
    found = requesters().filter(pk=pk).first()
    if found is None:
        raise Refused("Choose the colleague who asks for it now.", status=400)
    return found
