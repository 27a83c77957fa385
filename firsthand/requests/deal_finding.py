"""Which deal a request is for: the one in the address, one of those offered, or one that is typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from firsthand.core.words_key import key
from firsthand.customers.models import Account
from firsthand.deals import finding
from firsthand.deals.crm_ids import deals_by_id
from firsthand.deals.models import Opportunity, Stage
from firsthand.deals.naming import shown_prospect, shown_title
from firsthand.deals.panels import amount
from firsthand.people.models import Colleague

OFFERED = 4
LONGEST = {"opportunity": 60, "account": 200, "amount": 24, "currency": 3, "stage": 80, "close_date": 10, "name": 250}
BLANK = re.compile(r"[\s'’]")
SIGN = r"(?:[A-Z]{3}|[€£¥$₹])?"
MONEY = re.compile(rf"{SIGN}(?P<whole>\d+|[1-9]\d{{0,2}}(?:(?P<mark>[.,])\d{{3}})(?:(?P=mark)\d{{3}})*)(?:[.,](?P<cents>\d{{1,2}}))?{SIGN}")


@dataclass(frozen=True)
class Offer:
    """A deal among those to choose from."""

    pk: int
    title: str
    sub: str


def offers(user: Colleague, text: str = "") -> list[Offer]:
    """Open deals this person may see: those the text finds, or without a text their own, the one that closes first on top."""
    open_ones = Opportunity.objects.visible_to(user).open().select_related("account", "stage")
    words = text.strip()[:200]
    rows: QuerySet[Opportunity] = finding.found(open_ones, words, user) if words else open_ones.filter(owner=user)
    return [_offer(deal, user) for deal in rows.order_by("close_date", "-pk")[:OFFERED]]


def _offer(deal: Opportunity, user: Colleague) -> Offer:
    prospect, title = shown_prospect(deal, user), shown_title(deal, user)
    stage = deal.stage.name if deal.stage else ""
    said = [prospect if prospect != title else "", stage, amount(deal) if deal.amount is not None else ""]
    return Offer(deal.pk, title, " · ".join(part for part in said if part))


def by_number(text: str, user: Colleague) -> Opportunity | None:
    """The deal with our own id, if this person may see it."""
    rows = Opportunity.objects.visible_to(user).select_related("account", "stage")
    return rows.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None


def by_crm_id(text: str, user: Colleague) -> Opportunity | None:
    """The deal with that id in the CRM, if this person may see it."""
    found = deals_by_id([text]).get(text)
    rows = Opportunity.objects.visible_to(user).select_related("account", "stage")
    return rows.filter(pk=found).first() if found else None


def from_address(query: Mapping[str, str]) -> dict[str, Any]:
    """What a button in the CRM says of a deal that is not here yet, as first values of the form.

    `opportunity`, `account`, `amount`, `currency`, `stage` (by name), `close_date` (ISO); what is not understood is left out.
    """
    said = {name: query.get(name, "").strip()[:most] for name, most in LONGEST.items()}
    stage = Stage.objects.filter(Q(key=key(said["stage"])) | Q(name=said["stage"])).first() if said["stage"] else None
    values = {
        "crm_id": said["opportunity"],
        "prospect": said["account"],
        "amount": plain_amount(said["amount"]),
        "currency": said["currency"].upper(),
        "stage": stage.pk if stage else None,
        "close_date": said["close_date"],
    }
    return {name: value for name, value in values.items() if value}


def plain_amount(text: str) -> str:
    """An amount as another program prints it, with a point and no groups; empty where it is none.

    One or two digits after the last mark are decimals, three are a group: an amount has no third decimal.
    """
    found = MONEY.fullmatch(BLANK.sub("", text))
    if found is None:
        return ""
    cents = f".{found['cents']}" if found["cents"] else ""
    return found["whole"].replace(",", "").replace(".", "") + cents


def to_address(facts: Mapping[str, Any]) -> dict[str, str]:
    """The same as `from_address` reads, of what a form holds; what is empty or was not understood is left out."""
    stage, money = facts.get("stage"), facts.get("amount")
    said = {
        "opportunity": facts.get("crm_id"),
        "account": facts.get("prospect"),
        "amount": f"{money:f}" if money else None,
        "currency": facts.get("currency"),
        "stage": stage.name if stage else "",
        "close_date": facts.get("close_date"),
    }
    return {name: str(value) for name, value in said.items() if value}


def account_called(name: str, user: Colleague) -> Account | None:
    """The account a typed prospect is, where exactly one that this person sees is called so."""
    found = list(Account.objects.visible_to(user).filter(key=key(name)[:200])[:2]) if key(name) else []
    return found[0] if len(found) == 1 else None
