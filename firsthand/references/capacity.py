"""Limits and gaps: the one place that counts slots.

Each `SlotRule` is a set question over references, so that a match, a button and `take_slot` count the same rows in the
same way. Own limits and gaps are the reference's wish and absolute; the program's defaults, the customer's limit and the
limit of asks are program rules, which a manager may lift for one ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from firsthand.core.clock import bounds, period_name
from firsthand.customers.models import Touch
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy
from firsthand.references.models import Engagement, Period, Reference

ASK_DOOR = "ask"


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
    """`short(slot, policy)` gives the references that have no slot under this rule, `words` why one of them has none."""

    code: str
    is_absolute: bool
    title: str
    meaning: str
    short: Callable[[Slot, Policy], QuerySet[Reference]]
    words: Callable[[Reference, Slot, Policy], str]


def in_period(slot: Slot, period: str, prefix: str = "") -> Q:
    """Engagements of the calendar period that holds the slot's day; one still reserved whose day is past counts today."""
    first, last = bounds(slot.day, period)
    inside = Q(**{f"{prefix}day__gte": first, f"{prefix}day__lte": last})
    if first <= slot.today <= last:
        inside |= Q(**{f"{prefix}state": Engagement.State.RESERVED, f"{prefix}day__lt": first})
    return inside


def counted(slot: Slot) -> "QuerySet[Engagement]":
    """Slots that count, besides the one in question."""
    return Engagement.objects.counting().exclude(pk=slot.besides) if slot.besides else Engagement.objects.counting()


def _full(slot: Slot, limit: str, period: str, group: str) -> "QuerySet[Engagement]":
    """Values of `group` whose slots in their own period (column `period`) reach their own limit (column `limit`)."""
    inside = Q()
    for each in Period.values:
        inside |= Q(**{period: each}) & in_period(slot, each)
    slots = counted(slot).filter(inside, **{f"{limit}__isnull": False})
    full: QuerySet[Engagement] = slots.values(group).annotate(slots=Count("pk")).filter(slots__gte=F(limit)).values(group)
    return full


def at_own_limit(slot: Slot, policy: Policy) -> QuerySet[Reference]:
    """The person's own limit, or the limit they set for this activity, or the limit over all their jobs, is reached."""
    del policy
    type_full = (
        counted(slot)
        .filter(
            _in_willingness_period(slot),
            activity_type=slot.activity_type,
            reference__willingness__activity_type=slot.activity_type,
            reference__willingness__limit_count__isnull=False,
        )
        .values("reference", "reference__willingness__limit_count")
        .annotate(slots=Count("pk"))
        .filter(slots__gte=F("reference__willingness__limit_count"))
        .values("reference")
    )
    own = _full(slot, "reference__limit_count", "reference__limit_period", "reference")
    person = _full(
        slot, "reference__contact__person__limit_count", "reference__contact__person__limit_period", "reference__contact__person"
    )
    return Reference.objects.filter(
        Q(pk__in=own) | Q(pk__in=type_full) | Q(contact__person__in=person) | Q(limit_count=0) | Q(contact__person__limit_count=0)
    )


def _in_willingness_period(slot: Slot) -> Q:
    inside = Q()
    for each in Period.values:
        inside |= Q(reference__willingness__limit_period=each) & in_period(slot, each)
    return inside


def at_default_limit(slot: Slot, policy: Policy) -> QuerySet[Reference]:
    """Those without a limit of their own who reached the program's."""
    limit = policy.limits.reference
    if not limit.count:
        return Reference.objects.none()
    full = (
        counted(slot)
        .filter(in_period(slot, limit.period), reference__limit_count=None)
        .values("reference")
        .annotate(slots=Count("pk"))
        .filter(slots__gte=limit.count)
        .values("reference")
    )
    return Reference.objects.filter(pk__in=full)


def at_customer_limit(slot: Slot, policy: Policy) -> QuerySet[Reference]:
    """All people of a customer together reached the customer's limit, or the program's default for one."""
    group = "reference__reference_account"
    full = Q(reference_account__in=_full(slot, f"{group}__limit_count", f"{group}__limit_period", group))
    default = policy.limits.customer
    if default.count:
        of_default = (
            counted(slot)
            .filter(in_period(slot, default.period), **{f"{group}__limit_count": None})
            .values(group)
            .annotate(slots=Count("pk"))
            .filter(slots__gte=default.count)
            .values(group)
        )
        full |= Q(reference_account__in=of_default)
    return Reference.objects.filter(full | Q(reference_account__limit_count=0))


def inside_own_gap(slot: Slot, policy: Policy) -> QuerySet[Reference]:
    """A slot nearer than the person's own minimum gap, either way."""
    del policy
    gaps = Reference.objects.filter(min_gap_days__gt=0).values_list("min_gap_days", flat=True).distinct()
    near = Q(pk__in=[])
    for days in filter(None, gaps):
        near |= Q(min_gap_days=days) & _near(slot, days)
    return Reference.objects.filter(near)


def inside_default_gap(slot: Slot, policy: Policy) -> QuerySet[Reference]:
    """The same for those without a gap of their own, under the program's."""
    days = policy.limits.min_gap_days
    return Reference.objects.filter(_near(slot, days), min_gap_days=None) if days else Reference.objects.none()


def _near(slot: Slot, days: int) -> Q:
    """A counted slot less than `days` from the slot's day, or an ask sent less than `days` ago, whatever its answer."""
    first, last = slot.day - timedelta(days=days - 1), slot.day + timedelta(days=days - 1)
    slots = counted(slot).filter(day__gte=first, day__lte=last).values("reference")
    return Q(pk__in=slots) | Q(contact__person__in=_touched(slot, slot.today - timedelta(days=days - 1)).values("person"))


def _touched(slot: Slot, since: date) -> "QuerySet[Touch]":
    touches = Touch.objects.filter(door=ASK_DOOR, sent_at__date__gte=since)
    return touches.exclude(about_id=slot.touch_of) if slot.touch_of else touches


def at_ask_limit(slot: Slot, policy: Policy) -> QuerySet[Reference]:
    """Asked as often as the program allows in the period that holds today, whatever the answers."""
    limit = policy.limits.asks
    if not limit.count:
        return Reference.objects.none()
    first, _ = bounds(slot.today, limit.period)
    often = _touched(slot, first).values("person").annotate(n=Count("pk")).filter(n__gte=limit.count).values("person")
    return Reference.objects.filter(contact__person__in=often)


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
    def words(self) -> str:
        """In words: "3 used and 1 reserved of 4 in Q1 2026"."""
        when = period_name(self.day, self.period)
        return f"{self.used} used and {self.reserved} reserved of {self.limit} in {when}"


def use_of(reference: Reference, slot: Slot, policy: Policy) -> Use:
    """The person's slots in their period: under their own limit, else under the program's."""
    default = policy.limits.reference
    own = reference.limit_count is not None
    period = reference.limit_period if own else default.period
    limit = reference.limit_count if own else default.count or None
    return _use(counted(slot).filter(in_period(slot, period), reference=reference), limit, period, slot)


def customer_use_of(reference: Reference, slot: Slot, policy: Policy) -> Use:
    """The slots of all the customer's people together."""
    account, default = reference.reference_account, policy.limits.customer
    own = account.limit_count is not None
    period = account.limit_period if own else default.period
    limit = account.limit_count if own else default.count or None
    return _use(counted(slot).filter(in_period(slot, period), reference__reference_account=account), limit, period, slot)


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
    return [(rule, rule.words(reference, slot, policy)) for rule in SLOT_RULES if rule.short(slot, policy).filter(pk=reference.pk).exists()]
