"""Whom a deal is with, as far as its reader may know. A prospect's name is said to a colleague through here and nowhere else."""

from firsthand.customers.sight import may_see
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague

UNDISCLOSED = "a prospect that is not disclosed"


def shown_prospect(deal: Opportunity, reader: Colleague | None) -> str:
    """The prospect's name, but for an account that is hidden from the reader; None is the program itself."""
    if reader is None or deal.account is None or may_see(reader, deal.account):
        return deal.prospect
    return UNDISCLOSED


def shown_title(deal: Opportunity, reader: Colleague | None) -> str:
    """The deal's own name, or whom it is with. For readers who see the deal: see `sees_deal`."""
    return deal.name or f"Deal with {shown_prospect(deal, reader)}"


def sees_deal(reader: Colleague, deal: Opportunity) -> bool:
    """Whether its name, amount, stage and close date are theirs to read; whoever owns a customer asked for it reads whom it is with."""
    return Opportunity.objects.visible_to(reader).filter(pk=deal.pk).exists()
