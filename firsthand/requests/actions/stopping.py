"""A reference wants no more of it: whatever is asked of them ends, a fixed time included, and both sides are told."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import QuerySet
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.locks import deed
from firsthand.history.actions import PROGRAM
from firsthand.matching.need import Need
from firsthand.matching.rules import BY_CODE
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.models import Reference
from firsthand.references.roster import Roster
from firsthand.requests.following import end_ask, follow
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import Locked, lock, lock_all
from firsthand.requests.permissions import WITHDRAWN, withdrawn_bar
from firsthand.requests.unsettled import may_have_happened, to_be_settled

AT_ONCE = 200
REASONS = {
    "left": "They have left.",
    "consent": "Their consent does not cover it any more.",
    "unsubscribed": "They want no more messages from us.",
}


@deed
def end_for_reference(reference: Reference, *, reason: str) -> int:
    """The reference withdrew: every open ask of theirs ends at once, but what may have taken place. Says how many."""
    theirs = Ask.objects.open().filter(reference=reference).exclude(to_be_settled(timezone.now()))
    scenes = lock_all(ReferenceRequest.objects.filter(pk__in=theirs.values("reference_request")))
    asks = theirs.filter(reference_request__in=scenes).order_by("reference_request", "pk")
    return sum(_end(scenes[ask.reference_request_id], ask, reason) for ask in asks)


def end_withdrawn(now: datetime) -> int:
    """End open asks whose reference has withdrawn, by whatever door: a page, a colleague or a file. Says how many.

    The rooms where a consent is written know no asks, so time does this, and whoever writes a withdrawal wakes the worker.
    """
    ended = 0
    for ask in _open_of_withdrawn(now).select_related("reference_request"):
        ended += _end_if_withdrawn(ask)
    return ended


def _open_of_withdrawn(now: datetime) -> "QuerySet[Ask]":
    """The first of them, judged per activity type that is being asked for; who is found is judged once more, under the lock."""
    policy, found = in_force(), list[int]()
    today, roster = today_in(policy.time_zone), Roster.everybody()
    open_asks = Ask.objects.open().exclude(to_be_settled(now))
    for activity_type in ActivityType.objects.filter(pk__in=open_asks.values("reference_request__activity_type")):
        need = Need(activity_type=activity_type, needed_by=today, today=today)
        barred = reduce(or_, (BY_CODE[code].bars(roster, need, policy) for code in WITHDRAWN))
        withdrawn = set(roster.reference[barred].tolist())
        asked = open_asks.filter(reference_request__activity_type=activity_type).values_list("pk", "reference_id")
        found += [pk for pk, reference in asked if reference in withdrawn]
    return open_asks.filter(pk__in=sorted(found)[:AT_ONCE]).order_by("pk")


@deed
def _end_if_withdrawn(ask: Ask) -> int:
    bar = withdrawn_bar(ask)
    return _end(lock(ask.reference_request), ask, REASONS[bar.rule.code]) if bar else 0


def _end(scene: Locked, ask: Ask, reason: str) -> int:
    fresh = scene.ask(ask)
    if fresh.status not in Ask.OPEN or may_have_happened(fresh, timezone.now()):
        return 0
    event = end_ask(fresh, by=PROGRAM, reason=reason, tells_reference=False)
    follow(scene)
    tell(event, fresh, [fresh.reference_request.requester], by_mail=True)
    tell(event, fresh, managers_of(fresh.reference_request))
    return 1
