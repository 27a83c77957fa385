"""What this room shows on record pages: an account's deals, a deal's facts and its way through the stages."""

from firsthand.core import words
from firsthand.core.panels import Panel
from firsthand.customers.models import Account
from firsthand.deals.listing import title_of
from firsthand.deals.marks import OUTCOMES
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague

SHOWN = 8


def deals(account: Account, user: Colleague) -> Panel | None:
    """The account's deals that this user may see, open ones first."""
    rows = Opportunity.objects.visible_to(user).filter(account=account)
    count = rows.count()
    if not count:
        return None
    shown = rows.select_related("stage", "owner").order_by("-outcome", "-close_date", "-pk")
    data = {"rows": [_row(deal, account.name) for deal in _open_first(list(shown[:SHOWN]))], "count": count}
    return Panel("deals/_panel_deals.html", data)


def stages(deal: Opportunity, user: Colleague) -> Panel | None:
    """Which stage it entered when."""
    entered = list(deal.stage_changes.select_related("stage").order_by("entered_at", "pk"))
    return Panel("deals/_panel_stages.html", {"entered": entered}) if entered else None


def facts(deal: Opportunity, user: Colleague, prospect: str) -> Panel:
    """What is known of the deal. `prospect` is the name this user may read."""
    values = [each.value for each in deal.values.select_related("value__facet").order_by("value__facet__position", "value__name")]
    is_seen = deal.account is not None and prospect == deal.account.name
    custom = [(name, value) for name, value in deal.custom.items() if value not in {None, ""}]
    data = {"deal": deal, "prospect": prospect, "is_seen": is_seen, "amount": amount(deal), "values": values, "custom": custom}
    return Panel("deals/_panel_facts.html", data, "rail")


def amount(deal: Opportunity) -> str:
    return words.money(deal.amount, deal.currency or "")


def _row(deal: Opportunity, prospect: str) -> dict[str, object]:
    return {"deal": deal, "title": title_of(deal, prospect), "mark": OUTCOMES[deal.outcome], "amount": amount(deal)}


def _open_first(rows: list[Opportunity]) -> list[Opportunity]:
    return sorted(rows, key=lambda deal: deal.outcome != "open")
