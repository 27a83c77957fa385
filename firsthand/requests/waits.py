"""On whom an open request waits, since when, and whether that is too long: for the list, the desk and the reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from firsthand.core.words import span
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_ended
from firsthand.requests.silence import ASKED_BY, last_asked, last_ended
from firsthand.requests.unsettled import since_of, unsettled

A, R = Ask.Status, ReferenceRequest.Status
UNSENT = (A.PROPOSED, A.APPROVED)
ENDED = tuple(status for status in A.values if status not in Ask.OPEN)


@dataclass(frozen=True)
class Wait:
    """Whom it waits for and the words beside it.

    `since` is None where nobody is waited for yet; `kind` and `word` mark what is too long.
    """

    whom: str
    words: str = ""
    since: datetime | None = None
    kind: str = ""
    word: str = ""


def wait_of(row: ReferenceRequest, asks: Sequence[Ask], since: datetime | None, now: datetime, policy: Policy) -> Wait:
    """The wait of a request with these open asks; the one that waits longest speaks. `since` is that of the request itself.

    What is not sent yet of a lost deal waits for nobody's answer: its manager closes the request.
    """
    if row.status in {R.NEEDS_INFO, R.ANSWERED_WITH_CONTENT}:
        return _marked(Wait(row.requester.name, "to answer", since), now, policy)
    if row.status not in R_OPEN:
        return Wait("Nobody")
    is_lost = why_ended(row) is not None
    still = [ask for ask in asks if not (is_lost and ask.status in UNSENT)]
    if not still:
        idle = since or min((ask.waiting_since for ask in asks), default=None)
        return _marked(Wait(_manager(row), "to close it" if is_lost else "to propose somebody", idle), now, policy)
    waiting = [(found, ask) for ask in still if (found := since_of(ask, now)) is not None]
    begun, ask = min(waiting, key=lambda pair: pair[0], default=(None, still[0]))
    words = f"for {span(now - (begun or ask.waiting_since))}"
    return _marked(Wait(_whom(row, ask, is_over=begun is not None), words, begun), now, policy)


R_OPEN = frozenset(ReferenceRequest.OPEN)


def _manager(row: ReferenceRequest) -> str:
    return row.manager.name if row.manager else "A program manager"


def _whom(row: ReferenceRequest, ask: Ask, *, is_over: bool) -> str:
    return {
        A.PROPOSED: f"Owner {ask.approver.name}" if ask.approver else "A program manager",
        A.APPROVED: f"{_manager(row)}, to send",
        A.SENT: "The reference" if ask.door == Ask.Door.PROGRAM else f"{ask.approver.name if ask.approver else 'The owner'}, in person",
        A.ACCEPTED: _after_a_yes(row.activity_type),
        A.INTRODUCED: "Both sides, whether it happened" if is_over else "Both sides",
        A.SCHEDULED: f"{row.requester.name}, whether it happened" if is_over else "Nobody: the time is fixed",
    }[A(ask.status)]


def _after_a_yes(activity_type: ActivityType) -> str:
    if activity_type.needs_time:
        return "A time to be fixed"
    return "Evaluators, who may call" if activity_type.is_tender else f"The {activity_type.noun} itself"


def _marked(wait: Wait, now: datetime, policy: Policy) -> Wait:
    """With the word and the color of the policy's thresholds."""
    days = (now - wait.since) / timedelta(days=1) if wait.since else 0.0
    if days > policy.ageing.late:
        return Wait(wait.whom, wait.words, wait.since, "bad", "Stuck")
    return Wait(wait.whom, wait.words, wait.since, "wait", "Ageing") if days > policy.ageing.wait else wait


def begun_waiting(rows: Sequence[ReferenceRequest], asks: Mapping[int, object]) -> dict[int, datetime]:
    """Since when open requests without an open ask wait for themselves, by id: the last question, the last end of an ask, the filing."""
    idle = [row for row in rows if row.status in R_OPEN and row.pk not in asks]
    asked, ended = last_asked(idle), last_ended(idle)
    found = {row.pk: (asked if row.status in ASKED_BY else ended).get(row.pk) or row.submitted_at for row in idle}
    return {pk: since for pk, since in found.items() if since}


def ageing(still: "QuerySet[ReferenceRequest]", now: datetime, policy: Policy) -> "QuerySet[ReferenceRequest]":
    """Of open requests, those in which somebody has waited longer than the policy's first threshold: in a step, or with nobody asked.

    Each state is a set of its own, so that an index finds it.
    """
    before = now - timedelta(days=policy.ageing.wait)
    parts = (Q(status__in=[A.PROPOSED, A.APPROVED, A.SENT], waiting_since__lt=before), *unsettled(before))
    steps = reduce(or_, (Q(pk__in=Ask.objects.filter(part).values("reference_request")) for part in parts))
    under_way = Ask.objects.open().values("reference_request")
    just_ended = Ask.objects.filter(status__in=ENDED, waiting_since__gte=before).values("reference_request")
    return still.filter(steps | (Q(submitted_at__lt=before) & ~Q(pk__in=under_way) & ~Q(pk__in=just_ended)))
