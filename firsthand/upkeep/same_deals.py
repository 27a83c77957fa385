"""Which deals of the CRM a typed deal may be: by the prospect's name, the amount and the close date. Suggests, changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from firsthand.core.words import counted
from firsthand.core.words_key import key
from firsthand.customers.sight import may_see
from firsthand.deals.actions import CRM_ID
from firsthand.deals.crm_ids import written
from firsthand.deals.models import Opportunity, ToldApart
from firsthand.deals.naming import shown_title
from firsthand.deals.panels import amount
from firsthand.deals.permissions import why_not_join
from firsthand.people.models import Colleague
from firsthand.upkeep.duplicates import ALIKE, FIRST_LETTERS, likeness

NEAR_AMOUNT = 0.75  # the smaller amount, as a part of the larger
NEAR_DAYS = 92
SAME_ID = 101.0  # before any likeness
MOST_CANDIDATES, MOST_TYPED, MOST_SHOWN = 2000, 50, 3


@dataclass(frozen=True)
class Suggestion:
    """A typed deal, one of the CRM that it may be, and why; titles as the reader may know them."""

    typed: Opportunity
    imported: Opportunity
    why: str
    typed_title: str
    title: str

    @property
    def amount(self) -> str:
        return amount(self.imported)


def for_deal(typed: Opportunity | None, user: Colleague) -> list[Suggestion]:
    """What this deal may be, the likest first; nothing for a deal of the CRM."""
    return suggestions([typed], user) if typed is not None and typed.source == Opportunity.Source.TYPED else []


@dataclass(frozen=True)
class Apart:
    """A deal of the CRM of which somebody said that it is another one, as the reader may know it."""

    imported: Opportunity
    title: str
    who: str
    at: datetime


def told_apart(typed: Opportunity | None, user: Colleague) -> list[Apart]:
    """From which deals this one was told apart, for those who may say so; nothing for a deal of the CRM."""
    if typed is None or typed.source != Opportunity.Source.TYPED:
        return []
    rows = ToldApart.objects.filter(typed=typed, imported__in=Opportunity.objects.visible_to(user))
    related = ("imported__account__owner", "imported__stage", "colleague")
    return [
        Apart(row.imported, shown_title(row.imported, user), row.colleague.name if row.colleague else "Somebody", row.at)
        for row in rows.select_related(*related).order_by("-pk")[:MOST_SHOWN]
        if why_not_join(user, typed, row.imported) is None
    ]


def for_managers(user: Colleague) -> list[Suggestion]:
    """The newest typed deals that the CRM may have sent meanwhile."""
    typed = Opportunity.objects.filter(source=Opportunity.Source.TYPED).select_related("account__owner", "owner__team")
    return suggestions(list(typed.order_by("-pk")[:MOST_TYPED]), user)


def suggestions(typed: Sequence[Opportunity], user: Colleague) -> list[Suggestion]:
    """Up to three for each of them, of deals that this user sees and may join."""
    seen = [deal for deal in typed if deal.account is None or may_see(user, deal.account)]
    pool = _pool(seen, user) if seen else []
    apart = set(ToldApart.objects.filter(typed__in=seen).values_list("typed", "imported")) if pool else set()
    found = []
    for deal in seen:
        scored = [(*score, row) for row in pool if (deal.pk, row.pk) not in apart and (score := _score(deal, row))]
        best = sorted(scored, key=lambda each: (-each[0], -each[2].pk))[:MOST_SHOWN]
        found += [
            Suggestion(deal, row, why, shown_title(deal, user), shown_title(row, user))
            for _, why, row in best
            if why_not_join(user, deal, row) is None
        ]
    return found


def ids_agree(typed: Opportunity, imported: Opportunity) -> bool:
    """Whether the CRM's ids do not tell the two apart: one of them has none, or they are the same."""
    one, other = _id_of(typed), imported.external_id
    return not (one and other) or other in written(one)


def _id_of(typed: Opportunity) -> str:
    return typed.external_id or str(typed.custom.get(CRM_ID, ""))


def _pool(typed: Sequence[Opportunity], user: Colleague) -> list[Opportunity]:
    wanted = Q(external_id__in={crm_id for deal in typed for crm_id in written(_id_of(deal))})
    for deal in typed:
        begin = key(deal.prospect)[:FIRST_LETTERS]
        if deal.account_id or deal.prospect_name:
            wanted |= Q(account__key__startswith=begin) | Q(account=None, prospect_name__istartswith=deal.prospect[:FIRST_LETTERS])
        if deal.account_id:
            wanted |= Q(account=deal.account_id)
    rows = Opportunity.objects.visible_to(user).filter(wanted, source=Opportunity.Source.CRM)
    found = rows.select_related("account__owner", "owner", "stage").order_by("-pk")[:MOST_CANDIDATES]
    return [row for row in found if row.account is None or may_see(user, row.account)]


def _score(typed: Opportunity, row: Opportunity) -> tuple[float, str] | None:
    """From 0 to 100 how like they are, and in words; None where something tells them apart."""
    if not ids_agree(typed, row):
        return None
    if row.external_id in written(_id_of(typed)):
        return SAME_ID, "the same CRM id"
    same = typed.account_id is not None and typed.account_id == row.account_id
    name = 100.0 if same else likeness(key(typed.prospect), key(row.prospect))
    if name < ALIKE or not (typed.account_id or typed.prospect_name):
        return None
    days = abs((typed.close_date - row.close_date).days) if typed.close_date and row.close_date else None
    near = _amounts_are_near(typed, row)
    if near is False or (days is not None and days > NEAR_DAYS):
        return None
    said = ["the same prospect" if name >= 100 else "prospects with names very alike"]
    said += ["amounts near each other"] if near else []
    said += [] if days is None else [f"close dates {counted(days, 'day')} apart" if days else "the same close date"]
    return name - (days or 0) / NEAR_DAYS, ", ".join(said)


def _amounts_are_near(typed: Opportunity, row: Opportunity) -> bool | None:
    """None where they cannot be compared: one is not known, or in another currency that nobody converted."""
    one, other = typed.amount_base, row.amount_base
    if one is None or other is None:
        one, other = (typed.amount, row.amount) if typed.currency == row.currency else (None, None)
    if one is None or other is None:
        return None
    return float(min(one, other)) >= NEAR_AMOUNT * float(max(one, other))
