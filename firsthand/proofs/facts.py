"""What a second opinion on the rules is formed from: the rows as they are, and slots and asks counted once more in plain Python."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from firsthand.customers.models import Account, Signal, Touch
from firsthand.deals.models import Opportunity, Stage
from firsthand.program.models import FacetValue, PolicyVersion
from firsthand.program.policy import Policy
from firsthand.references.models import Consent, ConsentScope, Engagement, Hold, NoGo, Reference, ReferenceTopic, Willingness
from firsthand.requests.models import Ask, BarException, Criterion

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(day: date, period: str) -> tuple[int, int]:
    """Which month, quarter or year a day lies in."""
    return day.year, (day.month - 1) // MONTHS[period]


def after_working_days(moment: datetime, days: int, zone: str) -> datetime:
    """Counted day by day, Monday to Friday, on the wall clock of the zone."""
    wall = moment.astimezone(ZoneInfo(zone))
    while days:
        wall += timedelta(days=1)
        days -= wall.isoweekday() < 6
    return wall


@dataclass
class Facts:
    """Everything a rule may ask about, read once after a step. `now` is the moment of the step, `last_slot` the last one before it."""

    now: datetime
    last_slot: int | None = None

    @cached_property
    def policy(self) -> Policy:
        return Policy.model_validate(PolicyVersion.objects.latest("pk").rules)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.policy.time_zone)).date()

    @cached_property
    def references(self) -> dict[int, Reference]:
        return {
            row.pk: row for row in Reference.objects.select_related("contact__person", "contact__account__owner__team", "reference_account")
        }

    @cached_property
    def engagements(self) -> list[Engagement]:
        return list(Engagement.objects.all())

    @cached_property
    def touches(self) -> list[Touch]:
        return [row for row in Touch.objects.filter(door="ask") if row.sent_at]

    @cached_property
    def touched(self) -> set[int]:
        """Asks by which somebody was approached, or would have been."""
        return set(Touch.objects.filter(door="ask", about_kind="ask").values_list("about_id", flat=True))

    @cached_property
    def consents(self) -> list[Consent]:
        return list(Consent.objects.order_by("pk"))

    @cached_property
    def covered(self) -> set[tuple[int, int]]:
        """Consents with each activity type they cover besides those that cover all."""
        return {(row.consent_id, row.activity_type_id) for row in ConsentScope.objects.all()}

    @cached_property
    def holds(self) -> list[Hold]:
        return [row for row in Hold.objects.all() if row.lifted_at is None]

    @cached_property
    def escalations(self) -> list[Signal]:
        return [row for row in Signal.objects.all() if row.kind == "escalation" and row.resolved_on is None]

    @cached_property
    def no_gos(self) -> list[NoGo]:
        return list(NoGo.objects.select_related("account"))

    @cached_property
    def refused_topics(self) -> set[tuple[int, int]]:
        return {(row.reference_id, row.value_id) for row in ReferenceTopic.objects.all() if not row.is_welcome}

    @cached_property
    def above(self) -> dict[int, int | None]:
        """Facet value to the one it is a kind of."""
        return {row.pk: row.parent_id for row in FacetValue.objects.all()}

    @cached_property
    def criteria(self) -> dict[int, list[int]]:
        """What each request wants to hear of, by facet value; what it rather avoids is not spoken of."""
        found: dict[int, list[int]] = {}
        for row in Criterion.objects.all():
            if row.importance != "avoid":
                found.setdefault(row.reference_request_id, []).append(row.value_id)
        return found

    @cached_property
    def stages(self) -> dict[str, Stage]:
        return {row.key: row for row in Stage.objects.all()}

    @cached_property
    def deals(self) -> list[Opportunity]:
        return list(Opportunity.objects.select_related("account"))

    @cached_property
    def accounts(self) -> dict[int, Account]:
        return {row.pk: row for row in Account.objects.select_related("owner")}

    @cached_property
    def willing(self) -> dict[tuple[int, int], Willingness]:
        return {(row.reference_id, row.activity_type_id): row for row in Willingness.objects.all()}

    @cached_property
    def lifted(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for row in BarException.objects.all():
            found.setdefault(row.ask_id, set()).add(row.rule)
        return found

    def slot_day(self, slot: Engagement) -> date:
        """The day under which a slot counts: still open and past, it counts today."""
        return max(slot.day, self.today) if slot.state == "reserved" else slot.day

    def others(self, slot: Engagement) -> Iterator[Engagement]:
        """Every other slot that counted when this one was taken: those a step takes after it are not there yet."""
        for other in self.engagements:
            if self.last_slot is not None and other.pk > max(slot.pk, self.last_slot):
                continue
            counts = other.state in {"reserved", "held"} or (other.state == "missed" and other.missed_by == "prospect")
            if counts and other.pk != slot.pk:
                yield other

    def reached(
        self, slot: Engagement, limit: tuple[int | None, str], same: Callable[[Reference, Engagement], bool], kept: date | None
    ) -> bool:
        """Whether the other slots that are the `same` leave no room under a limit in the period of this one.

        Those taken after it do not count where it was `kept` in that period already.
        """
        count, period = limit
        if count is None:
            return False
        mine = period_of(self.slot_day(slot), period)
        was_here = kept is not None and period_of(kept, period) == mine
        others = [other for other in self.others(slot) if not (was_here and other.pk > slot.pk)]
        alike = [other for other in others if same(self.references[other.reference_id], other)]
        return sum(period_of(self.slot_day(other), period) == mine for other in alike) >= count

    def full(self, slot: Engagement, kept: date | None = None) -> set[str]:
        """Codes of the limits that leave no room for this slot beside the others; `kept` is the day it stood on for an ask that is out."""
        reference, limits = self.references[slot.reference_id], self.policy.limits
        customer: tuple[int | None, str] = (limits.customer.count or None, limits.customer.period)
        if reference.reference_account.limit_count is not None:
            customer = (reference.reference_account.limit_count, reference.reference_account.limit_period)
        default = (limits.reference.count or None, limits.reference.period)
        found = {
            "own_limit": self.at_own_limit(slot, reference, kept),
            "default_limit": reference.limit_count is None and self.reached(slot, default, lambda of, _: of.pk == reference.pk, kept),
            "customer_limit": self.reached(slot, customer, lambda of, _: of.reference_account_id == reference.reference_account_id, kept),
        }
        return {code for code, is_reached in found.items() if is_reached}

    def at_own_limit(self, slot: Engagement, reference: Reference, kept: date | None) -> bool:
        """The limit in this job, over all jobs, or for this activity."""
        person, said = reference.contact.person, self.willing.get((reference.pk, slot.activity_type_id))
        in_job = (reference.limit_count, reference.limit_period)
        over_all = (person.limit_count, person.limit_period)
        for_this = (said.limit_count, said.limit_period) if said else (None, "year")
        return (
            self.reached(slot, in_job, lambda of, _: of.pk == reference.pk, kept)
            or self.reached(slot, over_all, lambda of, _: of.contact.person_id == person.pk, kept)
            or self.reached(
                slot, for_this, lambda of, other: of.pk == reference.pk and other.activity_type_id == slot.activity_type_id, kept
            )
        )

    def too_near(self, ask: Ask, slot: Engagement, kept: date | None = None, *, is_out: bool = False) -> set[str]:
        """The gap, both ways from the slot's day, and from any ask sent, whatever its answer; for one that is out, any sent before."""
        reference, day = self.references[slot.reference_id], self.slot_day(slot)
        own = reference.min_gap_days
        days = self.policy.limits.min_gap_days if own is None else own
        theirs = [other for other in self.others(slot) if other.reference_id == slot.reference_id]
        if kept is not None:
            theirs = [other for other in theirs if other.pk < slot.pk or abs((self.slot_day(other) - kept).days) >= days]
        near = [abs((self.slot_day(other) - day).days) < days for other in theirs]
        asked = [(self.today - self.local_day(touch.sent_at)).days < days for touch in self.asked(ask, is_out=is_out)]
        return {"default_gap" if own is None else "own_gap"} if any(near + asked) else set()

    def asked(self, ask: Ask, *, is_out: bool) -> Iterable[Touch]:
        """Other asks of the same person that left the house; of one that is out, those that left it before or in the same second."""
        person = self.references[ask.reference_id].contact.person_id
        others = [touch for touch in self.touches if touch.person_id == person and touch.about_id != ask.pk]
        until = ask.sent_at if is_out else None
        return [touch for touch in others if until is None or (touch.sent_at and touch.sent_at.replace(microsecond=0) <= until)]

    def local_day(self, moment: datetime | None) -> date:
        return moment.astimezone(ZoneInfo(self.policy.time_zone)).date() if moment else date.min

    def asked_too_often(self, ask: Ask, *, is_out: bool) -> bool:
        limit = self.policy.limits.asks
        alike = [
            period_of(self.local_day(touch.sent_at), limit.period) == period_of(self.today, limit.period)
            for touch in self.asked(ask, is_out=is_out)
        ]
        return bool(limit.count) and sum(alike) >= limit.count

    def consent_of(self, reference: Reference) -> Consent | None:
        """The newest entry of the ledger that is neither void nor voided."""
        voided = {row.voids_id for row in self.consents}
        entries = [row for row in self.consents if row.contact_id == reference.contact_id and row.kind != "void" and row.pk not in voided]
        return entries[-1] if entries else None

    def is_confirmed(self, ask: Ask) -> bool:
        consent = self.consent_of(self.references[ask.reference_id])
        if consent is None or consent.kind not in {"given", "narrowed"}:
            return False
        if consent.recheck_on is not None:
            return consent.recheck_on > self.today
        given, months = consent.given_on, self.policy.deadlines.consent_recheck_months
        return (12 * self.today.year + self.today.month, self.today.day) < (12 * given.year + given.month + months, given.day)
