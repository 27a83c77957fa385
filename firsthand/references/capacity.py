"""Limits and gaps: the one place that counts slots.

Each `SlotRule` is a question to a roster of references, everybody or one with those counted together, so that a match, a
button and `take_slot` count the same rows in the same way. Own limits and gaps are the reference's wish and absolute; the
program's defaults, the customer's limit and the limit of asks are program rules, which a manager may lift for one ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, DateField, DateTimeField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from firsthand.core.clock import bounds, period_name
from firsthand.core.fetched import day_number, seconds
from firsthand.core.numbers import Bools, Ints, np
from firsthand.core.statement import Given
from firsthand.customers.models import Person, Touch
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy
from firsthand.references.models import Engagement, Reference, ReferenceAccount, Willingness, open_from
from firsthand.references.roster import NONE, PERIODS, TODAY, Fact, Roster, period_place

ASK_DOOR = "ask"


@dataclass(frozen=True)
class Promise:
    """An ask that is out, asked at that moment: no later ask counts against it.

    Nor does a slot that was taken after its own (`slot`, kept on `day`), as far as the two stand in each other's way already: moved
    to a day where they do not yet, it has to leave room like any other.
    """

    asked_at: datetime
    slot: int = 0
    day: date = date.min


@dataclass(frozen=True)
class Slot:
    """The slot in question: one activity on `day`, judged `today` (both days of the program's time zone).

    `besides` are engagements that are this very slot already, `touch_of` the ids of the asks whose own touch does not count: one,
    or several where one question is asked about people of whom none counts with another.
    """

    activity_type: ActivityType
    day: date
    today: date
    besides: frozenset[int] = frozenset()
    touch_of: frozenset[int] = frozenset()
    promise: Promise | None = None


@dataclass(frozen=True)
class SlotRule:
    """`short(roster, slot, policy)` marks the references that have no slot under this rule, `words` say why one of them has none."""

    code: str
    is_absolute: bool
    title: str
    meaning: str
    short: Callable[[Roster, Slot, Policy], Bools]
    words: Callable[[Reference, Slot, Policy], str]


FIRST, LAST, OPEN_FROM = Given("first", DateField()), Given("last", DateField()), Given("open_from", DateField())
SINCE = Given("since", DateTimeField())
OVERDUE = Q(state=Engagement.State.RESERVED, day__lt=TODAY)
LIMIT = ("limit_count", period_place("limit_period"))


def _slots() -> "QuerySet[Engagement]":
    return Engagement.objects.between(FIRST, LAST, open_from=OPEN_FROM)


# The last number of each is what a slot in question is told by, so that it does not count against itself.
SLOTS = Fact("reference", _slots, more=("pk",))
SLOTS_OF_TYPE = Fact("reference", _slots, more=("pk",), by_type=True)
SLOT_DAYS = Fact("reference", _slots, more=(day_number(Case(When(OVERDUE, then=TODAY), default="day", output_field=DateField())), "pk"))
ASKED = Fact("person", lambda: Touch.objects.filter(door=ASK_DOOR, sent_at__gte=SINCE), more=(seconds("sent_at"), "about_id"))
LIMITS_BY_TYPE = Fact("reference", lambda: Willingness.objects.filter(limit_count__isnull=False), more=LIMIT, by_type=True)
LIMITS_OF_PEOPLE = Fact("person", lambda: Person.objects.filter(limit_count__isnull=False), "pk", LIMIT)
LIMITS_OF_CUSTOMERS = Fact("reference_account", lambda: ReferenceAccount.objects.filter(limit_count__isnull=False), "pk", LIMIT)


def counted(slot: Slot, period: str) -> "QuerySet[Engagement]":
    """Slots that count in the calendar period that holds the slot's day, besides the one in question."""
    slots = Engagement.objects.counting(*bounds(slot.day, period), slot.today)
    return slots.exclude(pk__in=slot.besides) if slot.besides else slots


def _given(slot: Slot, first: date, last: date) -> dict[str, Any]:
    """What the facts about slots are given for these days."""
    return {"first": first, "last": last, "open_from": open_from(first, last, slot.today)}


def _others(rows: Ints, own: frozenset[int]) -> Ints:
    """The columns without the rows whose last number is one of these."""
    found: Ints = rows[:, ~np.isin(rows[-1], np.fromiter(own, np.int64))] if own else rows
    return found


def taken(roster: Roster, slot: Slot, period: str) -> Ints:
    """How many slots each reference has in the period of this kind that holds the slot's day."""
    return roster.tally("reference", _counting(roster.pulled(SLOTS, **_given(slot, *bounds(slot.day, period))), slot, period)[0])


def _counting(rows: Ints, slot: Slot, period: str) -> Ints:
    """The columns of the period without the slot in question, and without those taken after it where it is kept in it already."""
    others, kept = _others(rows, slot.besides), slot.promise
    if kept and kept.slot and bounds(kept.day, period) == bounds(slot.day, period):
        others = others[:, others[-1] < kept.slot]
    return others


def taken_in_own_period(roster: Roster, slot: Slot) -> Ints:
    """The same for those with a limit of their own, each in the period of that limit; 0 for the others."""
    own, count = roster.limit != NONE, np.zeros(len(roster), dtype=np.int64)
    for place in np.unique(roster.period[own]):
        count = np.where(own & (roster.period == place), taken(roster, slot, PERIODS[place]), count)
    return count


def left_of(roster: Roster, slot: Slot, policy: Policy) -> tuple[Ints, Ints]:
    """Slots left and limit of each reference, its own or the program's; both are `NONE` where there is no limit."""
    default, own = policy.limits.reference, roster.limit != NONE
    limit, used = roster.limit, taken_in_own_period(roster, slot)
    if default.count:
        limit = np.where(own, limit, default.count)
        used = np.where(own, used, taken(roster, slot, default.period))
    return np.where(limit == NONE, NONE, np.maximum(limit - used, 0)), limit


def at_own_limit(roster: Roster, slot: Slot, policy: Policy) -> Bools:
    """The person's own limit, or the limit they set for this activity, or the limit over all their jobs, is reached."""
    del policy
    at_limit: Bools = (roster.limit != NONE) & (taken_in_own_period(roster, slot) >= roster.limit)
    return at_limit | _at_limit_of_activity(roster, slot) | _at_limit_of_person(roster, slot)


def _at_limit_of_activity(roster: Roster, slot: Slot) -> Bools:
    def used(period: str) -> Ints:
        given = _given(slot, *bounds(slot.day, period))
        return np.bincount(_counting(roster.pulled(SLOTS_OF_TYPE, activity_type=slot.activity_type, **given), slot, period)[0])

    limits = roster.pulled(LIMITS_BY_TYPE, activity_type=slot.activity_type)
    return roster.among("reference", _full(limits, used))


def _at_limit_of_person(roster: Roster, slot: Slot) -> Bools:
    limits = roster.pulled(LIMITS_OF_PEOPLE)
    return roster.among("person", _full(limits, lambda period: _sums(roster.person, taken(roster, slot, period))))


def _sums(ids: Ints, numbers: Ints) -> Ints:
    """The sum of the numbers by id, as a table."""
    return np.bincount(ids, numbers).astype(np.int64)


def _full(limits: Ints, used: Callable[[str], Ints]) -> Ints:
    """The ids among columns of id, limit and period whose use, a table by id for each kind of period, reaches the limit."""
    ids, limit, period = limits
    full: Ints = ids[limit == 0]
    for place in np.unique(period[period != NONE]):
        here, table = ids[period == place], used(PERIODS[place])
        table = np.pad(table, (0, max(0, int(here.max()) + 1 - len(table))))
        full = np.append(full, here[table[here] >= limit[period == place]])
    return full


def at_default_limit(roster: Roster, slot: Slot, policy: Policy) -> Bools:
    """Those without a limit of their own who reached the program's."""
    limit = policy.limits.reference
    return (roster.limit == NONE) & (taken(roster, slot, limit.period) >= limit.count) if limit.count else roster.none()


def at_customer_limit(roster: Roster, slot: Slot, policy: Policy) -> Bools:
    """All people of a customer together reached the customer's limit, or the program's default for one."""

    def used(period: str) -> Ints:
        return _sums(roster.reference_account, taken(roster, slot, period))

    own, default = roster.pulled(LIMITS_OF_CUSTOMERS), policy.limits.customer
    full = roster.among("reference_account", _full(own, used))
    if default.count:
        others = used(default.period)[roster.reference_account] >= default.count
        full |= others & ~roster.among("reference_account", own[0])
    return full


def inside_own_gap(roster: Roster, slot: Slot, policy: Policy) -> Bools:
    """A slot nearer than the person's own minimum gap, either way."""
    near = roster.none()
    for days in np.unique(roster.gap[roster.gap > 0]).tolist():
        near |= (roster.gap == days) & _near(roster, slot, days, policy)
    return near


def inside_default_gap(roster: Roster, slot: Slot, policy: Policy) -> Bools:
    """The same for those without a gap of their own, under the program's."""
    days = policy.limits.min_gap_days
    return _near(roster, slot, days, policy) & (roster.gap == NONE) if days else roster.none()


def _near(roster: Roster, slot: Slot, days: int, policy: Policy) -> Bools:
    """A counted slot less than `days` from the slot's day, or an ask sent less than `days` ago, whatever its answer."""
    widest = timedelta(days=max(int(roster.gap.max(initial=0)), policy.limits.min_gap_days) - 1)
    slots = roster.pulled(SLOT_DAYS, **_given(slot, slot.day - widest, slot.day + widest), today=slot.today)
    reference, day, number = _others(slots, slot.besides)
    person, sent, _ = _asked_since(roster, slot, slot.today - widest, policy)
    near = _apart(day, slot.day) < days
    if slot.promise and slot.promise.slot:
        near &= (number < slot.promise.slot) | (_apart(day, slot.promise.day) >= days)
    lately = sent >= _start(slot.today - timedelta(days=days - 1), policy).timestamp()
    return roster.among("reference", reference[near]) | roster.among("person", person[lately])


def _apart(days_since: Ints, day: date) -> Ints:
    """How many days each day, counted since 1970, is from that one, either way."""
    found: Ints = np.abs(days_since - (day - date(1970, 1, 1)).days)
    return found


def _asked_since(roster: Roster, slot: Slot, since: date, policy: Policy) -> Ints:
    """The people asked since that day began, each time with the second and the ask, besides the ask in question and later ones."""
    found = _others(roster.pulled(ASKED, since=_start(since, policy)), slot.touch_of)
    return found[:, found[1] <= slot.promise.asked_at.timestamp()] if slot.promise else found


def _start(day: date, policy: Policy) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(policy.time_zone))


def at_ask_limit(roster: Roster, slot: Slot, policy: Policy) -> Bools:
    """Asked as often as the program allows in the period that holds today, whatever the answers."""
    limit = policy.limits.asks
    if not limit.count:
        return roster.none()
    first, _ = bounds(slot.today, limit.period)
    return roster.tally("person", _asked_since(roster, slot, first, policy)[0]) >= limit.count


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
    return f"the limit they set for {slot.activity_type.a_noun}, or over all their jobs, is reached."


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
    roster = Roster.around(reference)
    row = roster.row(reference)
    return [(rule, rule.words(reference, slot, policy)) for rule in SLOT_RULES if rule.short(roster, slot, policy)[row]]
