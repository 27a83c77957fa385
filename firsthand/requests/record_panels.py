"""What this room shows on the pages of accounts and deals: the requests that touch them, as far as the reader may see."""

from firsthand.core.panels import Panel
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.references.disclosure import shown_name
from firsthand.requests.models import ArrangedOutside, Ask, ReferenceRequest
from firsthand.requests.outside import WHOM, whom_with

SHOWN = 8


def of_account(account: Account, user: Colleague) -> Panel | None:
    """Asks of this customer's references, the newest first. A deal that is not the reader's is not named."""
    asks = Ask.objects.filter(reference__contact__account=account, reference_request__in=ReferenceRequest.objects.visible_to(user))
    related = ("reference_request__activity_type", "reference_request__requester", "reference__contact__person")
    rows = asks.select_related(*related, "reference__contact__account__owner", "reference__reference_account").order_by("-pk")
    shown = [{"ask": ask, "name": shown_name(ask.reference, user)} for ask in rows[:SHOWN]]
    return Panel("requests/_panel_of_account.html", {"rows": shown, "count": asks.count()}) if shown else None


def of_deal(deal: Opportunity, user: Colleague) -> Panel | None:
    """Requests filed for this deal."""
    rows = ReferenceRequest.objects.visible_to(user).filter(opportunity=deal).select_related("activity_type", "requester").order_by("-pk")
    return Panel("requests/_panel_of_deal.html", {"rows": rows[:SHOWN]}) if rows else None


def outside_of_deal(deal: Opportunity, user: Colleague) -> Panel | None:
    """References for this deal that the program did not arrange."""
    related = ("activity_type", "colleague", *WHOM)
    rows = ArrangedOutside.objects.visible_to(user).filter(opportunity=deal).select_related(*related).order_by("-day", "-pk")
    shown = [{"row": row, "whom": whom_with(row, user)} for row in rows[:SHOWN]]
    return Panel("requests/_panel_outside.html", {"rows": shown}) if shown else None
