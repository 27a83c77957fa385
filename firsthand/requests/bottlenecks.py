"""Where requests wait: with whom, how many, how long so far, and how long it usually takes.

A step's *usual* is the median of those that ended in the last 90 days, read from history. The worker counts it once an hour and
keeps it in the cache, so that no page waits for it; below a least n it is not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Greatest

from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import OPEN_FOR_ASKS
from firsthand.requests.unsettled import IN_TENDER
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
    begins: frozenset[str]
    ends: frozenset[str]
    of_request: bool = False


COMES = frozenset({RM.SUBMIT, RM.GIVE_INFO, RM.REOPEN})  # from then on somebody is to be proposed
STEPS = (
    Step("matching", "Matching", COMES, frozenset({"propose", RM.ANSWER_WITH_CONTENT, RM.ASK_INFO}), of_request=True),
    Step("info", "Requester", frozenset({RM.ASK_INFO}), frozenset({RM.GIVE_INFO}), of_request=True),
    Step("content", "Content", frozenset({RM.ANSWER_WITH_CONTENT}), frozenset({RM.CONFIRM_CONTENT, RM.REOPEN}), of_request=True),
    Step("owner", "Owner", frozenset({"propose"}), frozenset({AM.APPROVE, AM.REFUSE})),
    Step("sending", "Sending", frozenset({AM.APPROVE}), frozenset({AM.SEND})),
    Step("reference", "Reference", frozenset({AM.SEND}), frozenset({AM.ACCEPT, AM.DECLINE})),
    Step("time", "Time", frozenset({AM.ACCEPT}), frozenset({AM.SCHEDULE, AM.INTRODUCE, AM.HOLD})),
    Step("outcome", "Did it happen", frozenset({AM.SCHEDULE, AM.RESCHEDULE, AM.INTRODUCE}), frozenset({AM.HOLD, AM.MISS})),
)
ASKS_IN = {"owner": A.PROPOSED, "sending": A.APPROVED, "reference": A.SENT, "time": A.ACCEPTED}
VERBS = sorted({str(verb) for step in STEPS for verb in step.begins | step.ends})


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
    if step.code in ASKS_IN:
        asks = Ask.objects.filter(status=ASKS_IN[step.code])
        asks = asks.exclude(IN_TENDER) if step.code == "time" else asks
        # An approval that went on to the deputy waits since it was proposed, as the usual counts it.
        return _middle(asks, "created_at" if step.code == "owner" else "waiting_since", now)
    if step.code == "outcome":
        over = Ask.objects.filter(Q(status=A.INTRODUCED) | Q(status=A.SCHEDULED, occasion__starts_at__lte=now))
        return _middle(over.annotate(since=Coalesce("occasion__starts_at", "waiting_since")), "since", now)
    rows = ReferenceRequest.objects.filter(submitted_at__isnull=False)
    if step.code == "matching":
        idle = rows.filter(~Exists(Ask.objects.open().filter(reference_request=OuterRef("pk"))), status__in=OPEN_FOR_ASKS)
        return _middle(idle.annotate(since=Greatest(_last(COMES), _last_end())), "since", now)
    status = {"info": R.NEEDS_INFO, "content": R.ANSWERED_WITH_CONTENT}[step.code]
    return _middle(rows.filter(status=status).annotate(since=_last(step.begins)), "since", now)


def _last(verbs: Iterable[str]) -> Coalesce:
    """When the last of these happened to a request, else when it was submitted."""
    of_row = Event.objects.filter(context_kind="referencerequest", context_id=OuterRef("pk"), verb__in=sorted(verbs))
    return Coalesce(Subquery(of_row.order_by("-pk").values("at")[:1]), "submitted_at")


def _last_end() -> Coalesce:
    """When the last ask of a request came into its present state, which is an end where none is open; else when it was submitted."""
    asks = Ask.objects.filter(reference_request=OuterRef("pk")).order_by("-waiting_since")
    return Coalesce(Subquery(asks.values("waiting_since")[:1]), "submitted_at")


def _middle(rows: "QuerySet[Ask] | QuerySet[ReferenceRequest]", since: str, now: datetime) -> tuple[int, float | None]:
    """How many, and the median age in days: read from the middle, not from all rows."""
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
    rows = (
        events.annotate(then=KT("facts__starts_at")).values_list("verb", "subject_id", "context_id", "at", "then").iterator(chunk_size=2000)
    )
    tenders = set(Ask.objects.filter(IN_TENDER, waiting_since__gte=since).values_list("pk", flat=True))
    timed = (row for row in rows if row[0] != AM.ACCEPT or row[1] not in tenders)
    lengths: dict[str, list[float]] = {}
    for code, begun, ended in _passed(timed):
        if ended >= since and (ended - begun).total_seconds() > AT_ONCE_SECONDS:
            lengths.setdefault(code, []).append((ended - begun).total_seconds() / A_DAY)
    return {code: Usual(median(days), len(days)) for code, days in lengths.items() if len(days) >= LEAST}


def _passed(rows: Iterable[tuple[str, int, int, datetime, str | None]]) -> Iterator[tuple[str, datetime, datetime]]:
    """Steps that were passed: code, when it began, when it ended. Whether it happened is asked from the time that was fixed on."""
    begun: dict[tuple[str, int], datetime] = {}
    for verb, subject, context, at, then in rows:
        for step in STEPS:
            key = (step.code, context if step.of_request else subject)
            if verb in step.ends and key in begun:
                yield step.code, begun.pop(key), at
            elif verb in step.begins:
                begun[key] = datetime.fromisoformat(then) if then and step.code == "outcome" else at


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
