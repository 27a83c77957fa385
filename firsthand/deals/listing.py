"""The list of deals, for one person."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from firsthand.core import words
from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.core.ui.parts import Link
from firsthand.customers.models import Account
from firsthand.deals import finding
from firsthand.deals.marks import OUTCOMES
from firsthand.deals.models import Opportunity, OpportunityValue, Stage
from firsthand.deals.naming import UNDISCLOSED
from firsthand.people.models import Colleague
from firsthand.people.saved_filters import saved_filters
from firsthand.program.narrowing import facet_choices

FACETS = ("product", "rival")
PRESETS = (Link("My open deals", "?owner=me&outcome=open&sort=closes"), Link("Open deals", "?outcome=open&sort=closes"))


@dataclass(frozen=True)
class DealRow:
    """One row, with everything its cells read. `prospect` is said only where the reader may see the account."""

    deal: Opportunity
    title: str
    prospect: str
    values: str


def deals_for(user: Colleague) -> Listing[Opportunity, DealRow]:
    stages = tuple((str(pk), name) for pk, name in Stage.objects.values_list("pk", "name"))
    return Listing(
        name="deals",
        one="deal",
        many="deals",
        rows=Opportunity.objects.visible_to(user).select_related("account", "owner", "stage"),
        items=lambda rows: _items(rows, user),
        columns=(
            Column("name", "Deal", lambda row: row.title, cell=_named, is_head=True),
            Column("prospect", "Prospect", lambda row: row.prospect, in_page=False),
            Column("stage", "Stage", lambda row: row.deal.stage.name if row.deal.stage else None),
            Column(
                "outcome", "Outcome", lambda row: row.deal.get_outcome_display(), cell=lambda row: markup.status(OUTCOMES[row.deal.outcome])
            ),
            Column("amount", "Amount", lambda row: row.deal.amount, cell=_amount, sort="amount_base", numeric=True),
            Column("currency", "Currency", lambda row: row.deal.currency, in_page=False),
            Column("closes", "Closes", lambda row: row.deal.close_date, sort="close_date"),
            Column("products", "Products", lambda row: row.values),
            Column("owner", "Owner", lambda row: row.deal.owner.name if row.deal.owner else None),
            Column("id", "Deal id", lambda row: row.deal.external_id, in_page=False),
            Column("added", "Created", lambda row: row.deal.created_on, sort="id"),
        ),
        order="-added",
        choices=(
            Choice("owner", "Owner", (("me", "Mine"), ("nobody", "Nobody")), lambda rows, value: _owned(rows, value, user)),
            Choice("outcome", "Outcome", tuple(Stage.Outcome.choices), lambda rows, value: rows.filter(outcome=value)),
            Choice("stage", "Stage", stages, lambda rows, value: rows.filter(stage=int(value))),
            *facet_choices(FACETS, OpportunityValue, "opportunity"),
        ),
        search=lambda rows, text: finding.found(rows, text, user),
        search_label="Deal, account or prospect",
        saved=saved_filters("deals", user, presets=PRESETS),
    )


def title_of(deal: Opportunity, prospect: str) -> str:
    """The deal's name, or whom it is with."""
    return deal.name or f"Deal with {prospect}"


def seen_prospects(deals: list[Opportunity], user: Colleague) -> dict[int, str]:
    """The prospect of each deal, by deal id, without the name of an account that this user may not see."""
    accounts = {deal.account_id for deal in deals if deal.account_id}
    seen = dict(Account.objects.visible_to(user).filter(pk__in=accounts).values_list("pk", "name"))
    return {deal.pk: _prospect(deal, seen) for deal in deals}


def _prospect(deal: Opportunity, seen: dict[int, str]) -> str:
    if deal.account_id:
        return seen.get(deal.account_id, UNDISCLOSED)
    return deal.prospect_name or "a prospect not named yet"


def _owned(rows: QuerySet[Opportunity], value: str, user: Colleague) -> QuerySet[Opportunity]:
    return rows.filter(owner=user if value == "me" else None)


def _items(rows: list[Opportunity], user: Colleague) -> list[DealRow]:
    values: dict[int, list[str]] = defaultdict(list)
    held = OpportunityValue.objects.filter(opportunity__in=rows, value__facet__code="product").order_by("value__name")
    for deal_id, name in held.values_list("opportunity", "value__name"):
        values[deal_id].append(name)
    prospects = seen_prospects(rows, user)
    return [DealRow(row, title_of(row, prospects[row.pk]), prospects[row.pk], ", ".join(values[row.pk])) for row in rows]


def _named(row: DealRow) -> str:
    sub = row.prospect if row.deal.name else row.deal.external_id
    return markup.who(row.title, sub, url=reverse("desk:deal", args=[row.deal.pk]), shape="company")


def _amount(row: DealRow) -> str:
    return words.money(row.deal.amount, row.deal.currency or "")
