"""What the moves are judged by, and how it changes under their feet: consent, holds, escalations, the policy."""

from datetime import timedelta
from typing import Any

from firsthand.customers.actions import SignalFacts, add_signal, resolve_signal
from firsthand.customers.models import Signal
from firsthand.program.actions import save_policy
from firsthand.program.models import PolicyVersion
from firsthand.program.policy import Policy, in_force
from firsthand.proofs.movers import Movers, pick
from firsthand.references.actions import lift_hold, record_consent, set_hold
from firsthand.references.models import Hold, Reference

# What makes people askable again is drawn more often, so that not everybody is barred after a while.
CHANGES = (
    "withdraw_consent", *["give_consent"] * 2, "hold_back", *["lift_holds"] * 2, "open_escalation", *["resolve_escalations"] * 2,
    "change_limits",
)  # fmt: skip


class Changes(Movers):
    """Changes, drawn like moves."""

    def withdraw_consent(self, which: int, how: int) -> None:
        contact = pick(self.company.references, which).contact
        self.attempt(record_consent, contact, kind="refused" if how < 3 else "withdrawn", by=self.company.manager.actor)

    def give_consent(self, which: int, how: int) -> None:
        for reference in self.company.references:
            recheck = self.today + timedelta(days=30) if how < 3 else None
            facts = {"method": "mail", "evidence": "a mail", "recheck_on": recheck}
            self.attempt(record_consent, reference.contact, kind="given", by=self.company.manager.actor, **facts)

    def hold_back(self, which: int, how: int) -> None:
        reference = Reference.objects.select_related("reference_account").get(pk=pick(self.company.references, which).pk)
        days = [None, 0, 2, 20][how % 4]
        until = None if days is None else self.today + timedelta(days=days)
        target = reference.reference_account if which > 8 else reference
        self.attempt(set_hold, target, kind=["own", "owner", "legal"][how % 3], by=self.company.manager, reason="Busy", until=until)

    def lift_holds(self, which: int, how: int) -> None:
        for hold in Hold.objects.filter(lifted_at=None):
            self.attempt(lift_hold, hold, by=self.company.manager)

    def open_escalation(self, which: int, how: int) -> None:
        facts = SignalFacts("escalation", self.today, "severe" if how < 4 else "minor")
        self.attempt(add_signal, pick(self.company.accounts, which), facts, by=self.company.manager)

    def resolve_escalations(self, which: int, how: int) -> None:
        for signal in Signal.objects.filter(resolved_on=None):
            self.attempt(resolve_signal, signal, by=self.company.manager, on=max(self.today, signal.happened_on))

    def change_limits(self, which: int, how: int) -> None:
        limits = {
            "reference": {"count": 1 + how % 4, "period": "quarter"},
            "customer": {"count": 1 + which % 6, "period": "month"},
            "asks": {"count": 2 + which, "period": "quarter"},
        }
        self.save_policy(limits={**limits, "min_gap_days": [0, 0, 3, 14][which % 4]})

    def save_policy(self, **changes: Any) -> None:
        """The rules in force, with these changed."""
        rules = {**in_force().model_dump(mode="json"), **changes}
        over = PolicyVersion.objects.latest("pk").pk
        self.attempt(save_policy, Policy.model_validate(rules), reason="For the run", by=self.company.manager, over=over)
