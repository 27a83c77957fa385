"""What this room shows on record pages: whether a typed deal is one that the CRM sent."""

from firsthand.core.panels import Panel
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.upkeep import same_deals


def same_deal(deal: Opportunity | None, user: Colleague) -> Panel | None:
    """The question, for those who may answer it."""
    pairs = same_deals.for_deal(deal, user)
    return Panel("upkeep/_panel_same_deal.html", {"pairs": pairs}, "top") if pairs else None


def other_deals(deal: Opportunity | None, user: Colleague) -> Panel | None:
    """From which deals of the CRM it was told apart, with the way to ask again."""
    apart = same_deals.told_apart(deal, user)
    return Panel("upkeep/_panel_told_apart.html", {"deal": deal, "apart": apart}, "rail") if apart else None
