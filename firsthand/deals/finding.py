"""How deals are found by search. A deal whose account is known is found through that account as well."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from firsthand.core import search
from firsthand.core.search import Entry
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague


def refresh_deals(deals: Iterable[Opportunity]) -> None:
    search.put(Entry("opportunity", deal.pk, deal.name or deal.external_id or "Deal", _typed_name(deal)) for deal in deals)


def _typed_name(deal: Opportunity) -> str:
    """Whom it is with where no account says so: an account is found only by those who see it."""
    return "" if deal.account_id else deal.prospect_name


def found(rows: QuerySet[Opportunity], text: str, user: Colleague) -> QuerySet[Opportunity]:
    """Deals found by their own words, or by those of an account that this user sees."""
    own = search.narrow(rows.select_related(None), "opportunity", text).values("pk")
    accounts = search.narrow(Account.objects.visible_to(user), "account", text).values("pk")
    return rows.filter(Q(pk__in=own) | Q(account__in=accounts))
