"""A request as the match understands it."""

from dataclasses import replace
from datetime import date
from typing import cast

from firsthand.core.clock import today as today_in
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.matching.need import NO_DEAL, Criterion, Deal, Importance, Need
from firsthand.program.policy import in_force
from firsthand.references.capacity import Promise
from firsthand.references.models import Engagement
from firsthand.requests.models import Ask, ReferenceRequest


def need_of(
    reference_request: ReferenceRequest, ask: Ask | None = None, *, day: date | None = None, joins: Engagement | None = None
) -> Need:
    """What the request asks of the match, for `day` or the day it is needed by.

    With an ask, judged for that ask: for the day of its slot, and its own slot and touch do not bar it, nor, once it is out, a later
    ask. `joins` is an engagement
    that is fixed already and would be shared.
    """
    slot = joins or (ask.slot if ask else None)
    if day is None:
        day = slot.day if slot else reference_request.slot_day
    criteria = reference_request.criteria.order_by("pk") if reference_request.pk else ()
    return Need(
        activity_type=reference_request.activity_type,
        needed_by=day,
        today=today_in(in_force().time_zone),
        n=reference_request.n_wanted,
        criteria=tuple(Criterion(each.value_id, cast("Importance", each.importance)) for each in criteria),
        audience=reference_request.audience,
        like_account_id=reference_request.like_account_id,
        like_story_id=reference_request.like_story_id,
        takes_values=False,
        wish=reference_request.wish,
        outlet=reference_request.outlet,
        deal=deal_of(reference_request.opportunity),
        besides=frozenset({slot.pk}) if slot else frozenset(),
        touch_of=frozenset({ask.pk}) if ask else frozenset(),
        promise=promise_of(ask) if ask else None,
        shares_slot=joins is not None or (ask is not None and ask.joins_id is not None),
    )


def promise_of(ask: Ask) -> Promise | None:
    """What no later ask undoes: an ask that is out, with its slot unless that was given back."""
    if ask.sent_at is None:
        return None
    slot = ask.slot if ask.status != Ask.Status.LAPSED else None
    return Promise(ask.sent_at, slot.pk, slot.day) if slot else Promise(ask.sent_at)


def deal_of(opportunity: Opportunity | None) -> Deal:
    """What the rules ask of an opportunity."""
    if opportunity is None:
        return NO_DEAL
    account = opportunity.account
    return replace(
        deal_with(account),
        prospect_name=opportunity.prospect_name or (account.name if account else ""),
        stage_key=opportunity.stage.key if opportunity.stage else "",
        amount_base=opportunity.amount_base,
    )


def deal_with(account: Account | None) -> Deal:
    """What the rules about a company ask, whatever is sold to it."""
    if account is None:
        return NO_DEAL
    return Deal(account_id=account.pk, family_id=account.family_id or account.pk, prospect_name=account.name)
