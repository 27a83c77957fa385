"""What the moves are judged by, and how it changes under their feet: consent, wishes, holds, names, deals, the policy."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from firsthand.customers.actions import AccountFacts, SignalFacts, add_signal, change_account, mark_back, mark_left, resolve_signal
from firsthand.customers.models import Account, Signal
from firsthand.deals.actions import DealFacts, change_deal
from firsthand.deals.models import Stage
from firsthand.people.models import Colleague
from firsthand.program.actions import save_policy
from firsthand.program.models import PolicyVersion
from firsthand.program.policy import Policy, in_force
from firsthand.proofs.company import EARLY, LATE
from firsthand.proofs.movers import FORWARD, Movers, pick
from firsthand.references.actions import change_reference, change_standing, lift_hold, record_consent, set_hold, set_willingness
from firsthand.references.models import Hold, Reference, ReferenceAccount
from firsthand.requests.actions import propose
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.stories.actions import AssetFacts, StoryFacts, bring_back_story, change_asset, change_story, retire_story
from firsthand.stories.models import Story

# What makes people askable again is drawn more often, so that not everybody is barred after a while.
CHANGES = (
    "withdraw_consent", *["give_consent"] * 2, "hold_back", *["lift_holds"] * 2, "open_escalation", *["resolve_escalations"] * 2,
    "change_limits", "change_disclosure", "change_deal", "change_wishes", "leave_or_come_back", "renew", "change_owner",
    *["set_right"] * 3, "prefer_content", "change_story",
)  # fmt: skip


class Changes(Movers):
    """Changes, drawn like moves."""

    def try_at_once(self, which: int) -> None:
        """Right after a change: one reference, and one of the customer, are proposed for what is wanted, and an ask of theirs is led on."""
        rows = ReferenceRequest.objects.filter(status__in=["submitted", "asking", "partly_fulfilled"]).order_by("-pk")
        if not rows.exists():
            self.file(1, 0, 3)
        for who in {which % 4, which % 2 * 2}:
            reference, row = self.fresh(who), rows.exclude(asks__in=Ask.objects.open().filter(reference=self.fresh(who))).first()
            if row is not None:
                self.attempt(propose, row, [reference], by=self.company.manager)
            ask = Ask.objects.filter(reference=reference, status__in=FORWARD).order_by("-pk").first()
            if ask is not None:
                self.lead_on(ask, which, who)

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
        live = {"earliest_stage": ["", "", EARLY, LATE][which % 4], "least_amount": [0, 0, 400_000, 500_000][how % 4]}
        self.save_policy(limits={**limits, "min_gap_days": [0, 0, 3, 14][which % 4]}, live=live)

    def change_disclosure(self, which: int, how: int) -> None:
        """How far the name of a customer, or of one person there, may go; and whom the customer does not speak to."""
        level = pick(["named", "anonymous", "public", "internal", "anonymous", "hidden"], how)
        if which % 3 == 0:
            self.attempt(change_reference, self.fresh(which), by=self.company.manager, disclosure=level)
            return
        standing = ReferenceAccount.objects.get(account=pick(self.company.accounts, which))
        no_go = [[], [], ["Fennmark Mills"], ["Zephyr Foods"], ["Secunda Bank"]][which % 5]
        self.attempt(change_standing, standing, by=self.company.manager, no_go=no_go, disclosure=level)

    def change_deal(self, which: int, how: int) -> None:
        """It goes back a stage, it shrinks."""
        deal = self.a_deal(1 + which % (len(self.company.deals) - 1))
        assert deal is not None
        stage = Stage.objects.get(key=EARLY if how % 3 == 0 else LATE)
        amount = Decimal([431_207, 431_207, 100_331][how % 3])
        facts = DealFacts(deal.name, deal.account, deal.prospect_name, deal.owner, stage, amount, "EUR")
        self.attempt(change_deal, deal, facts, by=self.company.manager)

    def change_wishes(self, which: int, how: int) -> None:
        """What they do, before whom, and whether they rest."""
        reference, by = self.fresh(which), self.company.manager
        if how % 3 == 0:
            status = ["resting", "alumni", "retired", "resting"][which % 4]
            self.attempt(change_reference, reference, by=by, status=status)
            return
        wishes = {"to_prospects": how % 4 != 1, "to_press": how % 2 == 0}
        self.attempt(set_willingness, reference, self.company.call, by=by.actor, answer="no" if how == 5 else "yes", **wishes)

    def leave_or_come_back(self, which: int, how: int) -> None:
        contact, by = self.fresh(which).contact, self.company.manager
        if how % 2:
            self.attempt(mark_back, contact, by=by)
        else:
            self.attempt(mark_left, contact, self.today + timedelta(days=how - 4), by=by)

    def renew(self, which: int, how: int) -> None:
        """The date of a customer's renewal comes near."""
        self.set_renewal(which, self.today + timedelta(days=5 * how))

    def set_renewal(self, which: int, day: date | None) -> None:
        account = Account.objects.select_related("owner").get(pk=pick(self.company.accounts, which).pk)
        facts = AccountFacts(account.name, account.domain, owner=account.owner, is_customer=True, renewal_date=day)
        self.attempt(change_account, account, facts, by=self.company.manager)

    def change_owner(self, which: int, how: int) -> None:
        """Somebody else owns a customer from now on."""
        self.give_account(pick(self.company.accounts, which), to=pick(self.company.people, how))

    def give_account(self, account: Account, *, to: Colleague) -> None:
        facts = AccountFacts(account.name, account.domain, owner=to, is_customer=True, renewal_date=account.renewal_date)
        self.attempt(change_account, Account.objects.get(pk=account.pk), facts, by=self.company.manager)

    def set_right(self, which: int, how: int) -> None:
        """Everything that kept one reference from being asked is over, but for limits."""
        reference, by = self.fresh(which), self.company.manager
        self.give_consent(which, how)
        self.lift_holds(which, how)
        self.resolve_escalations(which, how)
        level = ["named", "named", "public", "anonymous"][how % 4]
        self.attempt(change_standing, reference.reference_account, by=by, no_go=[], disclosure=level)
        self.attempt(change_reference, reference, by=by, disclosure="", status="active")
        self.attempt(set_willingness, reference, self.company.call, by=by.actor, answer="yes", to_prospects=True, to_press=True)
        self.attempt(mark_back, reference.contact, by=by)
        self.set_renewal(which, None)

    def prefer_content(self, which: int, how: int) -> None:
        """Deals before this stage are offered a fitting story first, or none are."""
        self.save_policy(content={"first_before": ["", EARLY, LATE, LATE][how % 4]})

    def change_story(self, which: int, how: int) -> None:
        """How far one story goes, and what is there of it to be sent."""
        story, by = Story.objects.get(pk=pick(self.company.stories, which).pk), self.company.manager
        if how % 3 == 0:
            self.attempt(bring_back_story if story.retired_at else retire_story, story, by=by)
            return
        asset = story.assets.get()
        self.attempt(change_story, story, StoryFacts(story.headline, disclosure=["", "internal", "public"][how % 3]), by=by)
        self.attempt(change_asset, asset, AssetFacts(asset.url, reach=["sendable", "internal", "public"][which % 3]), by=by)

    def fresh(self, which: int) -> Reference:
        """A reference as it stands now."""
        related = ("reference_account__account", "contact__person", "contact__account")
        return Reference.objects.select_related(*related).get(pk=pick(self.company.references, which).pk)

    def save_policy(self, **changes: Any) -> None:
        """The rules in force, with these changed."""
        rules = {**in_force().model_dump(mode="json"), **changes}
        over = PolicyVersion.objects.latest("pk").pk
        self.attempt(save_policy, Policy.model_validate(rules), reason="For the run", by=self.company.manager, over=over)
