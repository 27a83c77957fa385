"""Record pages, made of the rooms' panels."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from firsthand.core.panels import placed
from firsthand.customers.models import Account
from firsthand.customers.permissions import Move, why_not
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
    }
    return render(request, "desk/account.html", context)
