"""Add a deal by hand and change it. Deals of the CRM come by import; what is typed here is joined to them later."""

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.deals import finding
from firsthand.deals.crm_ids import deals_by_id
from firsthand.deals.models import Follower, Opportunity, OpportunityValue, Stage, StageChange
from firsthand.deals.permissions import Move, demand
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.program.policy import in_force

CHANGED_MEANWHILE = "Somebody changed {deal} while you were editing. Look at it again; nothing was saved."
POINTERS = {"account", "owner", "stage"}
NO_COLUMNS = {*POINTERS, "values"}
CRM_ID = "CRM id"  # in `custom`: the id of a deal that is there already, which whoever typed this one may not see


@dataclass(frozen=True)
class DealFacts:
    """What a person may say of a deal on its form. `values` are its products and the rivals in it, as a whole; None leaves them."""

    name: str
    account: Account | None = None
    prospect_name: str = ""
    owner: Colleague | None = None
    stage: Stage | None = None
    amount: Decimal | None = None
    currency: str = ""
    close_date: date | None = None
    values: tuple[FacetValue, ...] | None = None

    def columns(self) -> dict[str, Any]:
        """As the deal's attributes hold them; the amount in base currency is known only where that is the deal's own."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in NO_COLUMNS}
        base = in_force().base_currency
        return {
            **plain,
            "prospect_name": "" if self.account else self.prospect_name,  # a second name beside a hidden account would tell it
            **{f"{name}_id": row.pk if (row := getattr(self, name)) else None for name in POINTERS},
            "outcome": self.stage.outcome if self.stage else Stage.Outcome.OPEN,
            "amount_base": self.amount if self.currency in {"", base} else None,
        }


@deed
def add_deal(facts: DealFacts, *, by: Colleague, crm_id: str = "") -> Opportunity:
    """A deal typed by hand, as of today. Without an owner it is whose it was typed by, who could not see it otherwise.

    `crm_id` is the CRM's own id, by which an import joins it later.
    """
    demand(by, Move.ADD)
    _check(facts)
    facts = replace(facts, owner=facts.owner or (None if by.runs_program else by))
    deal = Opportunity(source=Opportunity.Source.TYPED, created_on=timezone.localdate(), **facts.columns())
    _save_under(deal, crm_id)
    _enter(deal)
    finding.refresh_deals([deal])
    record("deal_added", deal, by=by.actor)
    _set_values(deal, facts.values, by)
    return deal


def _save_under(deal: Opportunity, crm_id: str) -> None:
    """Save it under the CRM's id. One that is taken is kept beside it: the two are suggested as one to whoever sees both."""
    if crm_id not in deals_by_id([crm_id]):
        with suppress(IntegrityError), transaction.atomic():  # somebody may have been quicker
            deal.external_id = crm_id
            deal.save()
            return
    deal.external_id, deal.custom = "", {CRM_ID: crm_id}
    deal.save()


@deed
def change_deal(deal: Opportunity, facts: DealFacts, *, by: Colleague, revision: int | None = None) -> Opportunity:
    """Write what differs; a new stage goes into its history. With `revision`, refuse (409) when it was changed since."""
    deal = locked(Opportunity.objects.filter(pk=deal.pk)).select_related("owner__team", "account").get()
    demand(by, Move.EDIT, deal)
    _check(facts)
    if revision is not None and revision != deal.revision:
        raise Refused(CHANGED_MEANWHILE.format(deal=deal.name or "this deal"))
    before = {name: getattr(deal, name) for name in facts.columns()}
    changed = {name: value for name, value in facts.columns().items() if before[name] != value}
    _set_values(deal, facts.values, by)
    if not changed:
        return deal
    for name, value in changed.items():
        setattr(deal, name, value)
    deal.revision += 1
    deal.save(update_fields=[*changed, "revision"])
    if "stage_id" in changed:
        _enter(deal)
        record("deal_stage_changed", deal, by=by.actor, stage=[before["stage_id"], changed["stage_id"]])
    if changed.keys() & {"name", "prospect_name"}:
        finding.refresh_deals([deal])
    plain = sorted(changed.keys() - {"stage_id", "outcome", "amount_base"})
    if plain:
        record("deal_changed", deal, by=by.actor, fields=plain)
    return deal


def deal_for(chosen: Opportunity | None, typed: DealFacts | None, *, by: Colleague, crm_id: str = "") -> Opportunity | None:
    """The deal something is for: the one chosen, else the one typed, which is kept now. Whoever asks sees it from now on.

    Runs inside the caller's transaction.
    """
    deal = chosen or (add_deal(typed, by=by, crm_id=crm_id) if typed else None)
    if deal is not None:
        follow_deal(deal, by=by)
    return deal


def follow_deal(deal: Opportunity, *, by: Colleague) -> None:
    """Whoever asks for a reference sees its deal from now on, whoever owns it later: the CRM may give it to somebody else.

    Runs inside the caller's transaction.
    """
    Follower.objects.get_or_create(opportunity=deal, colleague=by)


def _set_values(deal: Opportunity, values: tuple[FacetValue, ...] | None, by: Colleague) -> None:
    there = set(OpportunityValue.objects.filter(opportunity=deal).values_list("value", flat=True))
    wanted = there if values is None else {value.pk for value in values}
    if wanted == there:
        return
    OpportunityValue.objects.filter(opportunity=deal, value__in=there - wanted).delete()
    OpportunityValue.objects.bulk_create([OpportunityValue(opportunity=deal, value_id=pk) for pk in sorted(wanted - there)])
    deal.revision += 1  # its values are part of it: an import that changed them before can no longer be undone
    deal.save(update_fields=["revision"])
    record("deal_values_changed", deal, by=by.actor, added=sorted(wanted - there), dropped=sorted(there - wanted))


def _check(facts: DealFacts) -> None:
    if not (facts.name or facts.account or facts.prospect_name):
        raise Refused("A deal needs a name, an account or a prospect.", status=400)


def _enter(deal: Opportunity) -> None:
    if deal.stage_id:
        StageChange.objects.create(opportunity=deal, stage_id=deal.stage_id, entered_at=timezone.now(), amount=deal.amount)
