"""Places on an occasion: how many requests take part, and who may still join."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from firsthand.core.words import counted, day
from firsthand.customers.models import Contact
from firsthand.people.models import Colleague
from firsthand.references.disclosure import may_know, shown_company, shown_name
from firsthand.references.models import Reference
from firsthand.requests.beside import why_with_others
from firsthand.requests.forms import zone_of
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.requests.permissions import CHANGED, bars_of, why_full, why_not_request
from firsthand.requests.who_may import Mover

MOST_PLACES = 50
SHOWN = 50
A = Ask.Status


def taken(occasion: Occasion, *, besides: Ask | None = None) -> int:
    """Requests that take part, or whose asking to join still waits for an answer."""
    coming = Ask.objects.filter(
        Q(occasion=occasion, status__in=[A.SCHEDULED, A.HELD, A.MISSED]) | Q(joins__occasion=occasion, status__in=Ask.OPEN)
    )
    if besides is not None:
        coming = coming.exclude(pk=besides.pk)
    return coming.values("reference_request").distinct().count()


def why_taken(occasion: Occasion, *, besides: Ask | None = None) -> str | None:
    """The sentence when no place is left for one more request."""
    now_taken = taken(occasion, besides=besides)
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
    occasion = host.occasion
    activity_type = reference_request.activity_type
    if occasion is None or not activity_type.is_shared or occasion.activity_type_id != activity_type.pk:
        return f"Only {activity_type.a_noun} that is fixed already can be shared."
    if reference_request.asks.open().filter(reference=host.reference).exists() or host.reference_request_id == reference_request.pk:
        return f"{shown_name(host.reference, viewer)} is proposed for this request already."
    sentence = why_over(host, occasion) or why_with_others(occasion) or why_taken(occasion) or why_full(reference_request)
    if sentence is not None:
        return sentence
    bars = bars_of(reference_request, host.reference, viewer=viewer, joins=host.slot)
    return next((bar.sentence for bar in bars if bar.is_absolute or not lifts), None)


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
    hosts = hosts_of(reference_request, user)
    allowed = why_not_request(user, "ask", reference_request)
    return [_joinable(reference_request, host, user, allowed) for host in hosts[:SHOWN]]


def hosts_of(reference_request: ReferenceRequest, user: Colleague) -> list[Ask]:
    """The asks whose time this request might join."""
    if not reference_request.activity_type.is_shared:
        return []
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
    return list(rows.exclude(reference_request=reference_request).select_related(*related).order_by("occasion__starts_at", "pk"))


def _joinable(reference_request: ReferenceRequest, host: Ask, user: Colleague, allowed: str | None) -> Joinable:
    reference, occasion = host.reference, host.occasion
    if occasion is None:
        raise LookupError("It has no time.")
    zone = zone_of(user)
    local = occasion.starts_at.astimezone(ZoneInfo(zone))
    left = max(0, occasion.places - taken(occasion))
    knows = may_know(reference, user)
    why_not = allowed or why_not_join(reference_request, host, viewer=user) or ""
    return Joinable(
        host,
        shown_name(reference, user),
        ", ".join(filter(None, [reference.contact.title, shown_company(reference, user)])) if knows else "",
        occasion.starts_at,
        f"{day(local, timezone.now().date())}, {local:%H:%M} ({zone})",
        f"{counted(left, 'place')} of {occasion.places}",
        why_not,
        bool(why_not) and user.runs_program and allowed is None and why_not_join(reference_request, host, viewer=user, lifts=True) is None,
    )
