"""Where requests wait: with whom, how many, how long so far, and how long it usually takes.

A step's *usual* is the median of those that ended in the last 90 days, read from history. The worker counts it once an hour and
keeps it in the cache, so that no page waits for it; below a least n it is not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.db.models import Count, Min, QuerySet

from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.workflow import AskMove, RequestMove

A, R, AM, RM = Ask.Status, ReferenceRequest.Status, AskMove, RequestMove
DAYS = 90
LEAST = 10
KEY = "requests.usual"
FRESH, KEPT = 3600, 6 * 3600  # seconds: counted anew after the first, gone after the second where no worker runs
A_DAY = 86400.0
AT_ONCE_SECONDS = 1.0  # what took less was done in one go and waited for nobody


@dataclass(frozen=True)
class Step:
    """`begins` and `ends` are verbs of history; `of_request` steps are told apart by request, the others by ask."""

    code: str
    label: str
    begins: str
    ends: frozenset[str]
    status: str = ""
    of_request: bool = False


STEPS = (
    Step("matching", "Matching", RM.SUBMIT, frozenset({"propose", RM.ANSWER_WITH_CONTENT}), of_request=True),
    Step("info", "Requester", RM.ASK_INFO, frozenset({RM.GIVE_INFO}), of_request=True),
    Step("owner", "Owner", "propose", frozenset({AM.APPROVE, AM.REFUSE}), A.PROPOSED),
    Step("sending", "Sending", AM.APPROVE, frozenset({AM.SEND}), A.APPROVED),
    Step("reference", "Reference", AM.SEND, frozenset({AM.ACCEPT, AM.DECLINE}), A.SENT),
    Step("time", "Time", AM.ACCEPT, frozenset({AM.SCHEDULE, AM.INTRODUCE}), A.ACCEPTED),
)
VERBS = sorted({str(verb) for step in STEPS for verb in (step.begins, *step.ends)})


@dataclass(frozen=True)
class Usual:
    """The median in days of `n` that ended."""

    days: float
    n: int


@dataclass(frozen=True)
class Waiting:
    """How many are in a step now, their median days so far (None: nobody), and the step's usual where enough ended."""

    step: Step
    n: int
    days: float | None
    usual: Usual | None

    @property
    def is_slow(self) -> bool:
        return self.days is not None and self.usual is not None and self.days > self.usual.days


def waiting_by_step(now: datetime) -> list[Waiting]:
    """Every step, in the order a request passes them."""
    known: dict[str, Usual] = {code: Usual(*pair) for code, pair in (cache.get(KEY) or {}).items()}
    return [Waiting(step, *_now(step, now), usual=known.get(step.code)) for step in STEPS]


def _now(step: Step, now: datetime) -> tuple[int, float | None]:
    if step.status:
        return _middle(Ask.objects.filter(status=step.status), "waiting_since", now)
    rows = ReferenceRequest.objects.filter(submitted_at__isnull=False)
    if step.code == "info":
        return _middle(rows.filter(status=R.NEEDS_INFO), "submitted_at", now)
    idle = rows.filter(status=R.SUBMITTED).exclude(pk__in=Ask.objects.values("reference_request"))
    return _middle(idle, "submitted_at", now)


def _middle(rows: "QuerySet[Ask] | QuerySet[ReferenceRequest]", since: str, now: datetime) -> tuple[int, float | None]:
    """How many, and the median age in days: read from the middle of the index, not from all rows."""
    n = rows.count()
    if not n:
        return 0, None
    first = (n - 1) // 2
    moments = list(rows.order_by(since, "pk").values_list(since, flat=True)[first : first + 2 - n % 2])
    return n, median((now - moment).total_seconds() for moment in moments) / A_DAY


def keep_usual(now: datetime) -> int:
    """Count the usual of every step, once an hour. Says whether it did."""
    if cache.get(f"{KEY}.fresh"):
        return 0
    cache.set(KEY, {code: (usual.days, usual.n) for code, usual in usual_of(now).items()}, KEPT)
    cache.set(f"{KEY}.fresh", True, FRESH)
    return 1


def usual_of(now: datetime) -> dict[str, Usual]:
    """By step, the median of those that ended in the last 90 days; steps with fewer than the least n are left out."""
    since = now - timedelta(days=DAYS)
    events = Event.objects.filter(verb__in=VERBS, at__gte=since - timedelta(days=DAYS), at__lte=now).order_by("pk")
    rows = events.values_list("verb", "subject_id", "context_id", "at").iterator(chunk_size=2000)
    lengths: dict[str, list[float]] = {}
    for code, begun, ended in _passed(rows):
        if ended >= since and (ended - begun).total_seconds() > AT_ONCE_SECONDS:
            lengths.setdefault(code, []).append((ended - begun).total_seconds() / A_DAY)
    return {code: Usual(median(days), len(days)) for code, days in lengths.items() if len(days) >= LEAST}


def _passed(rows: Iterable[tuple[str, int, int, datetime]]) -> Iterator[tuple[str, datetime, datetime]]:
    """Steps that were passed: code, when it began, when it ended."""
    begun: dict[tuple[str, int], datetime] = {}
    for verb, subject, context, at in rows:
        for step in STEPS:
            key = (step.code, context if step.of_request else subject)
            if verb in step.ends and key in begun:
                yield step.code, begun.pop(key), at
            elif verb == step.begins:
                begun[key] = at


@dataclass(frozen=True)
class Pile:
    """How many approvals wait for one colleague, and since when the oldest does."""

    colleague: Colleague
    n: int
    since: datetime


def piles(most: int = 5) -> list[Pile]:
    """The owners and deputies with the most approvals waiting; several, else nobody is a bottleneck."""
    waiting = Ask.objects.filter(status=A.PROPOSED, approver__isnull=False).order_by().values_list("approver")
    rows = list(waiting.annotate(n=Count("pk"), since=Min("waiting_since")).filter(n__gte=2).order_by("-n", "since")[:most])
    people = Colleague.objects.in_bulk([pk for pk, _, _ in rows])
    return [Pile(people[pk], n, since) for pk, n, since in rows]
