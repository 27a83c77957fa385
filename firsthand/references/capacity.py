"""Limits and gaps: the one place that counts slots.

Each `SlotRule` is a condition on references that one statement can ask of all, so that a match, a button and `take_slot`
count the same rows in the same way. Own limits and gaps are the reference's wish and absolute; the program's defaults, the
customer's limit and the limit of asks are program rules, which a manager may lift for one ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from firsthand.core.clock import bounds, period_name
from firsthand.customers.models import Person, Touch
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy
from firsthand.references.models import Engagement, Period, Reference, ReferenceAccount, Willingness

ASK_DOOR = "ask"
NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class Slot:
    """The slot in question: one activity on `day`, judged `today` (both days of the program's time zone).

    `besides` is an engagement that is this very slot already, `touch_of` the id of the ask whose own touch does not count.
    """

    activity_type: ActivityType
    day: date
    today: date
    besides: int | None = None
    touch_of: int | None = None


@dataclass(frozen=True)
class SlotRule:
    """`short(slot, policy)` holds for the references that have no slot under this rule, `words` say why one of them has none."""

    code: str
    is_absolute: bool
    title: str
    meaning: str
    short: Callable[[Slot, Policy], Q]
    words: Callable[[Reference, Slot, Policy], str]


def counted(slot: Slot, period: str) -> "QuerySet[Engagement]":
    """Slots that count in the calendar period that holds the slot's day, besides the one in question."""
    return _counting(slot, *bounds(slot.day, period))


def _counting(slot: Slot, first: date, last: date) -> "QuerySet[Engagement]":
    slots = Engagement.objects.counting(first, last, slot.today)
    return slots.exclude(pk=slot.besides) if slot.besides else slots


def at_own_limit(slot: Slot, policy: Policy) -> Q:
    """The person's own limit, or the limit they set for this activity, or the limit over all their jobs, is reached."""
    del policy
    full = Q(limit_count=0)
    for period in Reference.objects.filter(limit_count__isnull=False).values_list("limit_period", flat=True).distinct():
        full |= Q(pk__in=_at_their_limit(slot, period))
    said = Willingness.objects.filter(activity_type=slot.activity_type, limit_count__isnull=False)
    if said.exists():
        reached = said.filter(_reached(slot, "reference", OuterRef("reference"), activity_type=slot.activity_type))
        full |= Q(pk__in=reached.values("reference"))
    people = Person.objects.filter(limit_count__isnull=False)
    if people.exists():
        full |= Q(contact__person__in=people.filter(_reached(slot, "reference__contact__person", OuterRef("pk"))).values("pk"))
    return full


def _at_their_limit(slot: Slot, period: str) -> "QuerySet[Engagement, Any]":
    """References whose slots reach their own limit of this kind of period: many have one, so all are counted in one pass."""
    limited = counted(slot, period).filter(reference__limit_period=period, reference__limit_count__isnull=False)
    counts = limited.values("reference", "reference__limit_count").annotate(slots=Count("pk"))
    return counts.filter(slots__gte=F("reference__limit_count")).values("reference")


def _reached(slot: Slot, group: str, key: OuterRef, **only: object) -> Q:
    """Whether the slots of one row's `group` reach its own limit in its own period. Few rows have one, so each is counted by itself."""
    reached = Q(limit_count=0)
    for each in Period.values:
        slots = counted(slot, each).filter(**{group: key}, **only).order_by().values(group).annotate(slots=Count("pk"))
        reached |= Q(limit_period=each, limit_count__lte=Subquery(slots.values("slots")))
    return reached


def at_default_limit(slot: Slot, policy: Policy) -> Q:
    """Those without a limit of their own who reached the program's."""
    limit = policy.limits.reference
    if not limit.count:
        return NOBODY
    full = (
        counted(slot, limit.period)
        .filter(reference__limit_count=None)
        .values("reference")
        .annotate(slots=Count("pk"))
        .filter(slots__gte=limit.count)
        .values("reference")
    )
    return Q(pk__in=full)


def at_customer_limit(slot: Slot, policy: Policy) -> Q:
    """All people of a customer together reached the customer's limit, or the program's default for one."""
    default = policy.limits.customer
    own = ReferenceAccount.objects.filter(limit_count__isnull=False)
    periods = {*own.values_list("limit_period", flat=True).distinct(), *([default.period] if default.count else [])}
    full = Q(reference_account__in=own.filter(limit_count=0).values("pk"))
    for period in sorted(periods):
        full |= Q(reference_account__in=_customers_at_limit(slot, period, default.count if period == default.period else 0))
    return full


def _customers_at_limit(slot: Slot, period: str, default: int) -> "QuerySet[Engagement, Any]":
    """Customers whose slots of this kind of period reach their limit of it, or the default (0 for none): counted in one pass."""
    limited = Q(reference__reference_account__limit_period=period, reference__reference_account__limit_count__isnull=False)
    unlimited = Q(reference__reference_account__limit_count=None)
    slots = counted(slot, period).filter(limited | unlimited if default else limited)
    counts = slots.values("reference__reference_account", "reference__reference_account__limit_count").annotate(slots=Count("pk"))
    limit = Coalesce("reference__reference_account__limit_count", Value(default))
    return counts.filter(slots__gte=limit).values("reference__reference_account")


def inside_own_gap(slot: Slot, policy: Policy) -> Q:
    """A slot nearer than the person's own minimum gap, either way."""
    gaps = Reference.objects.filter(min_gap_days__gt=0).values_list("min_gap_days", flat=True).distinct()
    near = NOBODY
    for days in filter(None, gaps):
        near |= Q(min_gap_days=days) & _near(slot, days, policy)
    return near


def inside_default_gap(slot: Slot, policy: Policy) -> Q:
    """The same for those without a gap of their own, under the program's."""
    days = policy.limits.min_gap_days
    return _near(slot, days, policy) & Q(min_gap_days=None) if days else NOBODY


def _near(slot: Slot, days: int, policy: Policy) -> Q:
    """A counted slot less than `days` from the slot's day, or an ask sent less than `days` ago, whatever its answer."""
    first, last = slot.day - timedelta(days=days - 1), slot.day + timedelta(days=days - 1)
    slots = _counting(slot, first, last).values("reference")
    return Q(pk__in=slots) | Q(contact__person__in=_touched(slot, slot.today - timedelta(days=days - 1), policy).values("person"))


def _touched(slot: Slot, since: date, policy: Policy) -> "QuerySet[Touch]":
    start = datetime.combine(since, time.min, ZoneInfo(policy.time_zone))
    touches = Touch.objects.filter(door=ASK_DOOR, sent_at__gte=start)
    return touches.exclude(about_id=slot.touch_of) if slot.touch_of else touches


def at_ask_limit(slot: Slot, policy: Policy) -> Q:
    """Asked as often as the program allows in the period that holds today, whatever the answers."""
    limit = policy.limits.asks
    if not limit.count:
        return NOBODY
    first, _ = bounds(slot.today, limit.period)
    often = _touched(slot, first, policy).values("person").annotate(n=Count("pk")).filter(n__gte=limit.count).values("person")
    return Q(contact__person__in=often)


@dataclass(frozen=True)
class Use:
    """Slots of one limit in its period: `left` is None where there is no limit."""

    used: int
    reserved: int
    limit: int | None
    period: str
    day: date

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used - self.reserved)

    @property
    def free_again(self) -> date:
        """The first day of the next period."""
        return bounds(self.day, self.period)[1] + timedelta(days=1)

    @property
    def period_words(self) -> str:
        """The period as people call it: "Q1 2026"."""
        return period_name(self.day, self.period)

    @property
    def words(self) -> str:
        """In words: "3 used and 1 reserved of 4 in Q1 2026"."""
        return f"{self.used} used and {self.reserved} reserved of {self.limit} in {self.period_words}"


def use_of(reference: Reference, slot: Slot, policy: Policy) -> Use:
    """The person's slots in their period: under their own limit, else under the program's."""
    default = policy.limits.reference
    own = reference.limit_count is not None
    period = reference.limit_period if own else default.period
    limit = reference.limit_count if own else default.count or None
    return _use(counted(slot, period).filter(reference=reference), limit, period, slot)


def customer_use_of(reference: Reference, slot: Slot, policy: Policy) -> Use:
    """The slots of all the customer's people together."""
    account, default = reference.reference_account, policy.limits.customer
    own = account.limit_count is not None
    period = account.limit_period if own else default.period
    limit = account.limit_count if own else default.count or None
    return _use(counted(slot, period).filter(reference__reference_account=account), limit, period, slot)


def _use(slots: "QuerySet[Engagement]", limit: int | None, period: str, slot: Slot) -> Use:
    reserved = Q(state=Engagement.State.RESERVED)
    zero = Value(0, output_field=IntegerField())
    numbers = slots.aggregate(used=Coalesce(Count("pk", filter=~reserved), zero), reserved=Coalesce(Count("pk", filter=reserved), zero))
    return Use(used=numbers["used"], reserved=numbers["reserved"], limit=limit, period=period, day=slot.day)


def _own_limit_words(reference: Reference, slot: Slot, policy: Policy) -> str:
    use = use_of(reference, slot, policy)
    if reference.limit_count is not None and use.left == 0:
        return f"{use.words}, as they wish. Free again {use.free_again:%-d %b %Y}."
    return f"the limit they set for a {slot.activity_type.name.lower()}, or over all their jobs, is reached."


def _default_limit_words(reference: Reference, slot: Slot, policy: Policy) -> str:
    use = use_of(reference, slot, policy)
    return f"{use.words}, the program's limit. Free again {use.free_again:%-d %b %Y}."


def _customer_limit_words(reference: Reference, slot: Slot, policy: Policy) -> str:
    use = customer_use_of(reference, slot, policy)
    return f"their company has {use.words}. Free again {use.free_again:%-d %b %Y}."


def _gap_words(reference: Reference, slot: Slot, policy: Policy) -> str:
    own = reference.min_gap_days is not None
    days = reference.min_gap_days if reference.min_gap_days is not None else policy.limits.min_gap_days
    return f"asked or speaking less than {days} days away, {'their own gap' if own else 'the program’s gap'}."


def _ask_limit_words(reference: Reference, slot: Slot, policy: Policy) -> str:
    limit = policy.limits.asks
    del reference
    return f"already asked {limit.count} times in {period_name(slot.today, limit.period)}, the program's limit of asks."


SLOT_RULES: tuple[SlotRule, ...] = (
    SlotRule("own_limit", True, "At their own limit", "every slot they offer in the period is used or reserved",
             at_own_limit, _own_limit_words),
    SlotRule("own_gap", True, "Inside their own gap", "too near to another engagement or ask, by their own wish",
             inside_own_gap, _gap_words),
    SlotRule("default_limit", False, "At limit", "every slot of the period under the program's limit is used or reserved",
             at_default_limit, _default_limit_words),
    SlotRule("default_gap", False, "Inside the minimum gap", "too near to another engagement or ask",
             inside_default_gap, _gap_words),
    SlotRule("customer_limit", False, "Customer at limit", "all people of the customer together reached its limit",
             at_customer_limit, _customer_limit_words),
    SlotRule("ask_limit", False, "Asked often enough", "asked as often as the program allows, whatever the answers",
             at_ask_limit, _ask_limit_words),
)  # fmt: skip


def why_no_slot(reference: Reference, slot: Slot, policy: Policy) -> list[tuple[SlotRule, str]]:
    """Every slot rule that leaves this reference without a slot, with the words that say why (to follow "cannot be asked: ")."""
    return [
        (rule, rule.words(reference, slot, policy))
        for rule in SLOT_RULES
        if Reference.objects.filter(rule.short(slot, policy), pk=reference.pk).exists()
    ]
