"""Whom a rule bars, counted once more in plain Python from the rows as they are: the second opinion on `matching.rules`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from firsthand.customers.models import Signal, Touch
from firsthand.program.models import PolicyVersion
from firsthand.program.policy import Policy
from firsthand.references.models import Consent, Engagement, Hold, Reference, Willingness
from firsthand.requests.models import Ask, BarException

ABSOLUTE = frozenset(
    {
        "consent",
        "unsubscribed",
        "unwilling",
        "paused",
        "owner_hold",
        "legal_hold",
        "severe_escalation",
        "resting",
        "family",
        "own_limit",
        "own_gap",
    }
)
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
    """Everything a rule may ask about, read once after a step. `now` is the moment of the step."""

    now: datetime

    @cached_property
    def policy(self) -> Policy:
        return Policy.model_validate(PolicyVersion.objects.latest("pk").rules)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.policy.time_zone)).date()

    @cached_property
    def references(self) -> dict[int, Reference]:
        return {row.pk: row for row in Reference.objects.select_related("contact__person", "contact__account", "reference_account")}

    @cached_property
    def engagements(self) -> list[Engagement]:
        return list(Engagement.objects.all())

    @cached_property
    def touches(self) -> list[Touch]:
        return [row for row in Touch.objects.filter(door="ask") if row.sent_at]

    @cached_property
    def consents(self) -> list[Consent]:
        return list(Consent.objects.order_by("pk"))

    @cached_property
    def holds(self) -> list[Hold]:
        return [row for row in Hold.objects.all() if row.lifted_at is None]

    @cached_property
    def escalations(self) -> list[Signal]:
        return [row for row in Signal.objects.all() if row.kind == "escalation" and row.resolved_on is None]

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
        """Every other slot that counts."""
        for other in self.engagements:
            counts = other.state in {"reserved", "held"} or (other.state == "missed" and other.missed_by == "prospect")
            if counts and other.pk != slot.pk:
                yield other

    def reached(self, slot: Engagement, limit: tuple[int | None, str], same: Callable[[Reference, Engagement], bool]) -> bool:
        """Whether the other slots that are the `same` leave no room under a limit in the period of this one."""
        count, period = limit
        if count is None:
            return False
        mine = period_of(self.slot_day(slot), period)
        alike = [other for other in self.others(slot) if same(self.references[other.reference_id], other)]
        return sum(period_of(self.slot_day(other), period) == mine for other in alike) >= count

    def full(self, slot: Engagement) -> set[str]:
        """Codes of the limits that leave no room for this slot beside the others."""
        reference, limits = self.references[slot.reference_id], self.policy.limits
        customer: tuple[int | None, str] = (limits.customer.count or None, limits.customer.period)
        if reference.reference_account.limit_count is not None:
            customer = (reference.reference_account.limit_count, reference.reference_account.limit_period)
        default = (limits.reference.count or None, limits.reference.period)
        found = {
            "own_limit": self.at_own_limit(slot, reference),
            "default_limit": reference.limit_count is None and self.reached(slot, default, lambda of, _: of.pk == reference.pk),
            "customer_limit": self.reached(slot, customer, lambda of, _: of.reference_account_id == reference.reference_account_id),
        }
        return {code for code, is_reached in found.items() if is_reached}

    def at_own_limit(self, slot: Engagement, reference: Reference) -> bool:
        """The limit in this job, over all jobs, or for this activity."""
        person, said = reference.contact.person, self.willing.get((reference.pk, slot.activity_type_id))
        in_job = (reference.limit_count, reference.limit_period)
        over_all = (person.limit_count, person.limit_period)
        for_this = (said.limit_count, said.limit_period) if said else (None, "year")
        return (
            self.reached(slot, in_job, lambda of, _: of.pk == reference.pk)
            or self.reached(slot, over_all, lambda of, _: of.contact.person_id == person.pk)
            or self.reached(slot, for_this, lambda of, other: of.pk == reference.pk and other.activity_type_id == slot.activity_type_id)
        )

    def too_near(self, ask: Ask, slot: Engagement) -> set[str]:
        """The gap, both ways from the slot's day, and from any ask sent, whatever its answer."""
        reference, day = self.references[slot.reference_id], self.slot_day(slot)
        own = reference.min_gap_days
        days = self.policy.limits.min_gap_days if own is None else own
        near = [abs((self.slot_day(other) - day).days) < days for other in self.others(slot) if other.reference_id == slot.reference_id]
        asked = [(self.today - self.local_day(touch.sent_at)).days < days for touch in self.asked(ask)]
        return {"default_gap" if own is None else "own_gap"} if any(near + asked) else set()

    def asked(self, ask: Ask) -> Iterable[Touch]:
        """Other asks of the same person that left the house."""
        person = self.references[ask.reference_id].contact.person_id
        return [touch for touch in self.touches if touch.person_id == person and touch.about_id != ask.pk]

    def local_day(self, moment: datetime | None) -> date:
        return moment.astimezone(ZoneInfo(self.policy.time_zone)).date() if moment else date.min

    def asked_too_often(self, ask: Ask) -> bool:
        limit = self.policy.limits.asks
        alike = [period_of(self.local_day(touch.sent_at), limit.period) == period_of(self.today, limit.period) for touch in self.asked(ask)]
        return bool(limit.count) and sum(alike) >= limit.count

    def consent_of(self, reference: Reference) -> Consent | None:
        """The newest entry of the ledger that is neither void nor voided."""
        voided = {row.voids_id for row in self.consents}
        entries = [row for row in self.consents if row.contact_id == reference.contact_id and row.kind != "void" and row.pk not in voided]
        return entries[-1] if entries else None

    def standing_bars(self, ask: Ask, day: date) -> set[str]:
        """Bars that ask nothing of slots: consent, wishes, holds, escalations, family."""
        reference = self.references[ask.reference_id]
        consent = self.consent_of(reference)
        said = self.willing.get((reference.pk, ask.reference_request.activity_type_id))
        open_here = [row.severity == "severe" for row in self.escalations if row.account_id == reference.contact.account_id]
        deal = ask.reference_request.opportunity
        prospect = deal.account if deal else None
        standing = {
            hold.kind
            for hold in self.holds
            if hold.reference_id == reference.pk or hold.reference_account_id == reference.reference_account_id
            if any(hold.starts_on <= each and (hold.until is None or hold.until >= each) for each in (self.today, day))
        }
        holds = {
            "consent": consent is None or consent.kind in {"withdrawn", "refused"} or (consent.until is not None and consent.until < day),
            "unsubscribed": reference.contact.person.unsubscribed_at is not None,
            "unwilling": said is not None and said.answer == "no",
            "paused": "own" in standing,
            "owner_hold": "owner" in standing,
            "legal_hold": "legal" in standing,
            "severe_escalation": any(open_here),
            "minor_escalation": not all(open_here),
            "resting": reference.status == "resting",
            "family": prospect is not None and prospect.family_id == reference.contact.account.family_id,
        }
        return {code for code, is_so in holds.items() if is_so}

    def bars(self, ask: Ask, slot: Engagement) -> set[str]:
        """Every bar against this ask with this slot, besides itself."""
        found = self.standing_bars(ask, self.slot_day(slot)) | self.full(slot) | self.too_near(ask, slot)
        return found | ({"ask_limit"} if self.asked_too_often(ask) else set())

    def is_confirmed(self, ask: Ask) -> bool:
        consent = self.consent_of(self.references[ask.reference_id])
        if consent is None or consent.kind not in {"given", "narrowed"}:
            return False
        return consent.recheck_on is None or consent.recheck_on > self.today
