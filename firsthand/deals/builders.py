"""Deals, for tests."""

from decimal import Decimal

from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague


def make_stage(name: str = "Proposal", *, outcome: str = Stage.Outcome.OPEN, position: int = 10) -> Stage:
    """The stage of that name, made when it is missing."""
    return Stage.objects.get_or_create(key=name.lower(), defaults={"name": name, "outcome": outcome, "position": position})[0]


def make_deal(
    name: str = "Relay rollout", *, owner: Colleague | None = None, account: Account | None = None, stage: str = "Proposal"
) -> Opportunity:
    """An open deal worth 420,000 in the base currency."""
    return Opportunity.objects.create(
        name=name,
        owner=owner,
        account=account,
        stage=make_stage(stage),
        amount=Decimal(420_000),
        amount_base=Decimal(420_000),
        currency="EUR",
    )
