"""Places on an occasion: how many requests take part, and who may still join."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.utils import timezone

from firsthand.core.words import counted, day
from firsthand.customers.models import Contact
from firsthand.matching.need import Need
from firsthand.matching.rules import Bar, why_barred
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force
from firsthand.references.disclosure import may_know, shown_company, shown_name
from firsthand.references.models import Reference
from firsthand.references.roster import Roster
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.requests.needs import need_of
from firsthand.requests.permissions import CHANGED, why_full, why_not_request
from firsthand.requests.who_may import Mover

MOST_PLACES = 50
SHOWN = 50
A = Ask.Status
WITH_OTHERS = "Several references of one request speak at that time, so no other request comes to it."
TAKES_PART = (A.SCHEDULED, A.HELD, A.MISSED)


def taken(occasion: Occasion, *, besides: Ask | None = None) -> int:
    """Requests that take part, or whose asking to join still waits for an answer."""
    return _taken([occasion.pk], besides)[occasion.pk]


def why_taken(occasion: Occasion, *, besides: Ask | None = None) -> str | None:
    """The sentence when no place is left for one more request."""
    return _why_taken(occasion, taken(occasion, besides=besides))


def _why_taken(occasion: Occasion, now_taken: int) -> str | None:
    if now_taken < occasion.places:
        return None
    return f"Every place is taken: {now_taken} of {occasion.places}. A program manager may add places on the ask."


def why_over(host: Ask, occasion: Occasion) -> str | None:
    """The sentence when the time is off or past."""
    if host.status != A.SCHEDULED or occasion.canceled_at is not None or occasion.starts_at <= timezone.now():
        return "That time does not stand any more. Choose another, or ask somebody else."
    return None


def why_not_take_part(mover: Mover, ask: Ask, occasion: Occasion) -> str | None:
    """The sentence against a yes to sharing this time; the reference reads that it has changed, and nothing of places."""
    sentence = (why_over(ask.joins, occasion) if ask.joins else None) or why_with_others(occasion) or why_taken(occasion, besides=ask)
    return CHANGED if sentence and isinstance(mover, Contact) else sentence


def why_not_join(reference_request: ReferenceRequest, host: Ask, *, viewer: Colleague, lifts: bool = False) -> str | None:
    """None when this request may ask to join the host's time: the same activity, a place free, no rule against this deal.

    With `lifts` the program's rules do not count, only those that nobody lifts.
    """
    judge = Judge.of(reference_request, [host], viewer, Roster.around(host.reference))
    return judge.why_not(host) or next((bar.sentence for bar in judge.bars(host) if bar.is_absolute or not lifts), None)


@dataclass(frozen=True)
class Judge:
    """What all hosts of a request are judged by, read once: how many places of each are taken, who is asked already, the rules."""

    reference_request: ReferenceRequest
    viewer: Colleague
    taken: dict[int, int]
    crowded: frozenset[int]
    asked: frozenset[int]
    full: str | None
    need: Need
    roster: Roster
    policy: Policy

    @classmethod
    def of(cls, reference_request: ReferenceRequest, hosts: Sequence[Ask], viewer: Colleague, roster: Roster) -> "Judge":
        asked = reference_request.asks.open().values_list("reference", flat=True)
        full, need = why_full(reference_request), replace(need_of(reference_request), shares_slot=True)
        times = [host.occasion_id for host in hosts if host.occasion_id]
        return cls(reference_request, viewer, _taken(times), _crowded(times), frozenset(asked), full, need, roster, in_force())

    def why_not(self, host: Ask) -> str | None:
        """The sentence for what is no rule: another activity, proposed already, off, full."""
        occasion, activity_type = host.occasion, self.reference_request.activity_type
        if occasion is None or not activity_type.is_shared or occasion.activity_type_id != activity_type.pk:
            return f"Only {activity_type.a_noun} that is fixed already can be shared."
        if host.reference_id in self.asked or host.reference_request_id == self.reference_request.pk:
            return f"{shown_name(host.reference, self.viewer)} is proposed for this request already."
        with_others = WITH_OTHERS if occasion.pk in self.crowded else None
        return why_over(host, occasion) or with_others or _why_taken(occasion, self.taken[occasion.pk]) or self.full

    def bars(self, host: Ask) -> list[Bar]:
        """The rules against the host's reference on the day that is fixed, absolute ones first."""
        slot = host.slot
        need = replace(self.need, needed_by=slot.day, besides=frozenset({slot.pk})) if slot else self.need
        return why_barred(need, host.reference, self.policy, self.viewer, roster=self.roster)


def why_with_others(occasion: Occasion) -> str | None:
    """The sentence against another request at a time that several references of one share: each would have to agree to its deal."""
    return WITH_OTHERS if _crowded([occasion.pk]) else None


def _crowded(occasions: Sequence[int]) -> frozenset[int]:
    """Those of the occasions at which several references of one request speak."""
    of_each = Ask.objects.filter(occasion__in=occasions, status=A.SCHEDULED, joins=None).order_by()
    return frozenset(of_each.values_list("occasion").annotate(n=Count("pk")).filter(n__gt=1).values_list("occasion", flat=True))


def _taken(occasions: Sequence[int], besides: Ask | None = None) -> dict[int, int]:
    """`taken` of each of these occasions, by id."""
    requests: dict[int, set[int]] = {occasion: set() for occasion in occasions}
    asks = Ask.objects.exclude(pk=besides.pk) if besides else Ask.objects.all()
    coming = asks.filter(occasion__in=occasions, status__in=TAKES_PART).values_list("occasion", "reference_request")
    asking = asks.filter(joins__occasion__in=occasions, status__in=Ask.OPEN).values_list("joins__occasion", "reference_request")
    for occasion, reference_request in chain(coming, asking):
        requests[occasion].add(reference_request)
    return {occasion: len(found) for occasion, found in requests.items()}


@dataclass(frozen=True)
class Joinable:
    """A fixed time as the joining page shows it: whose, when, how many places; never for whom.

    `may_lift`: only rules of the program stand against it, and the reader may lift those.
    """

    ask: Ask
    name: str
    sub: str
    starts_at: datetime
    when: str
    free: str
    why_not: str
    may_lift: bool


def joinable(reference_request: ReferenceRequest, user: Colleague) -> list[Joinable]:
    """Fixed times of the request's activity that are still to come, with references this colleague sees, the soonest first."""
    hosts = list(hosts_of(reference_request, user)[:SHOWN])
    allowed = why_not_request(user, "ask", reference_request)
    judge = Judge.of(reference_request, hosts, user, Roster.of_some(host.reference for host in hosts)) if hosts else None
    return [_joinable(judge, host, allowed) for host in hosts] if judge else []


def hosts_of(reference_request: ReferenceRequest, user: Colleague) -> "QuerySet[Ask]":
    """The asks whose time this request might join."""
    if not reference_request.activity_type.is_shared:
        return Ask.objects.none()
    related = (
        "occasion", "engagement", "reference__reference_account", "reference__contact__person", "reference__contact__account__owner",
    )  # fmt: skip
    rows = Ask.objects.filter(
        status=A.SCHEDULED,
        joins=None,
        occasion__activity_type=reference_request.activity_type_id,
        occasion__starts_at__gt=timezone.now(),
        occasion__canceled_at=None,
        reference__in=Reference.objects.visible_to(user),
    )
    return rows.exclude(reference_request=reference_request).select_related(*related).order_by("occasion__starts_at", "pk")


def _joinable(judge: Judge, host: Ask, allowed: str | None) -> Joinable:
    reference, occasion, user = host.reference, host.occasion, judge.viewer
    if occasion is None:
        raise LookupError("It has no time.")
    zone = user.time_zone or judge.policy.time_zone
    local = occasion.starts_at.astimezone(ZoneInfo(zone))
    left = max(0, occasion.places - judge.taken[occasion.pk])
    knows = may_know(reference, user)
    stands = allowed or judge.why_not(host)
    bars = [] if stands else judge.bars(host)
    return Joinable(
        host,
        shown_name(reference, user),
        ", ".join(filter(None, [reference.contact.title, shown_company(reference, user)])) if knows else "",
        occasion.starts_at,
        f"{day(local, timezone.now().date())}, {local:%H:%M} ({zone})",
        f"{counted(left, 'place')} of {occasion.places}",
        stands or next((bar.sentence for bar in bars), ""),
        bool(bars) and user.runs_program and not any(bar.is_absolute for bar in bars),
    )
