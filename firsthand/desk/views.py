"""Record pages, made of the rooms' panels."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from firsthand.core.panels import placed
from firsthand.core.ui.nav import url_of
from firsthand.customers.models import Account
from firsthand.customers.permissions import Move, why_not
from firsthand.deals.listing import seen_prospects, title_of
from firsthand.deals.marks import OUTCOMES
from firsthand.deals.models import Opportunity
from firsthand.deals.panels import amount
from firsthand.deals.permissions import Move as DealMove
from firsthand.deals.permissions import why_not as why_not_deal
from firsthand.desk import panels
from firsthand.people.signed_in import SignedIn


@require_GET
def account(request: SignedIn, account_id: int) -> HttpResponse:
    """Account 360."""
    found = get_object_or_404(Account.objects.visible_to(request.user).select_related("owner", "parent"), pk=account_id)
    context = {
        "account": found,
        "said": panels.account_line(found, request.user),
        "panels": placed(panels.of_account(found, request.user)),
        "may_edit": why_not(request.user, Move.EDIT, found) is None,
        "may_merge": why_not(request.user, Move.MERGE, found) is None,
    }
    return render(request, "desk/account.html", context)


@require_GET
def deal(request: SignedIn, deal_id: int) -> HttpResponse:
    """A deal: where it stands, the requests on it, what happened."""
    deals = Opportunity.objects.visible_to(request.user).select_related("account", "owner__team", "stage")
    found = get_object_or_404(deals, pk=deal_id)
    prospect = seen_prospects([found], request.user)[found.pk]
    ask_url = url_of("requests:new")
    context = {
        "deal": found,
        "title": title_of(found, prospect),
        "said": " · ".join(
            part for part in (prospect if found.name else "", amount(found), panels.owner_words(found.owner, request.user)) if part
        ),
        "mark": OUTCOMES[found.outcome],
        "panels": placed(panels.of_deal(found, request.user, prospect)),
        "may_edit": why_not_deal(request.user, DealMove.EDIT, found) is None,
        "ask_url": f"{ask_url}?deal={found.pk}" if ask_url else "",
        "log_url": f"{url_of('requests:outside_new')}?deal={found.pk}",
    }
    return render(request, "desk/deal.html", context)
