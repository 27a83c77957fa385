"""What this room shows on record pages: whether a typed deal is one that the CRM sent."""

from firsthand.core.panels import Panel
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.upkeep import same_deals


def same_deal(deal: Opportunity | None, user: Colleague) -> Panel | None:
    """The question, for those who may answer it."""
    pairs = same_deals.for_deal(deal, user)
    return Panel("upkeep/_panel_same_deal.html", {"pairs": pairs}, "top") if pairs else None
