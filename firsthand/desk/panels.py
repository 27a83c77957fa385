"""Which panels stand on which record page, in their order."""

from firsthand.core import words
from firsthand.core.panels import Panel
from firsthand.customers import panels as customers
from firsthand.customers.listing import kinds
from firsthand.customers.models import Account
from firsthand.deals import panels as deals
from firsthand.deals.models import Opportunity
from firsthand.desk import timeline
from firsthand.people.models import Colleague
from firsthand.references import panels as references
from firsthand.references.models import Reference
from firsthand.requests import panels as requests
from firsthand.requests import record_panels as records
from firsthand.requests.consents import want_no_more
from firsthand.requests.models import Ask
from firsthand.requests.page import RequestPage
from firsthand.stories import panels as stories
from firsthand.upkeep import panels as upkeep


def of_account(account: Account, user: Colleague) -> list[Panel | None]:
    return [
        customers.escalations(account, user),
        customers.figures(account, user),
        customers.people(account, user, accepted=_accepted(account, user), enrolled=_enrolled(account, user)),
        records.of_account(account, user),
        references.of_account(account, user),
        stories.of_account(account, user),
        deals.deals(account, user),
        customers.facts(account, user),
        customers.facets(account, user),
        customers.signals(account, user),
        timeline.panel(account, user),
    ]


def of_deal(deal: Opportunity, user: Colleague, prospect: str) -> list[Panel | None]:
    return [
        upkeep.same_deal(deal, user),
        upkeep.other_deals(deal, user),
        records.of_deal(deal, user),
        records.outside_of_deal(deal, user),
        deals.stages(deal, user),
        deals.facts(deal, user, prospect),
        timeline.panel(deal, user),
    ]


def of_request(page: RequestPage, user: Colleague) -> list[Panel | None]:
    return [
        requests.next_step(page, user),
        requests.steps(page, user),
        upkeep.same_deal(page.reference_request.opportunity, user),
        requests.question(page, user),
        requests.tender(page, user),
        requests.content(page, user),
        requests.asks(page, user),
        requests.notes(page, user),
        requests.wish(page, user),
        requests.happened(page, user),
    ]


def _accepted(account: Account, user: Colleague) -> set[int]:
    """Contacts of this account who said yes to a request of this user's, and took nothing back since."""
    asks = Ask.objects.accepted_for(user).filter(reference__contact__account=account)
    found = set(asks.values_list("reference__contact", flat=True))
    return found - want_no_more(found) if found else found


def _enrolled(account: Account, user: Colleague) -> dict[int, int]:
    """The references this user may see among the account's contacts, by contact."""
    references = Reference.objects.visible_to(user).filter(contact__account=account)
    return dict(references.values_list("contact", "pk"))


def account_line(account: Account, user: Colleague) -> str:
    """The line under an account's name: what it is, since when, whose."""
    since = f"customer since {words.day_year(account.customer_since)}" if account.customer_since else ""
    size = f"{words.number(account.employees)} people" if account.employees is not None else ""
    said = [kinds(account), account.location, size, since, owner_words(account.owner, user)]
    return " · ".join(part for part in said if part)


def owner_words(owner: Colleague | None, user: Colleague) -> str:
    if owner is None:
        return "owned by nobody"
    return "yours" if owner.pk == user.pk else f"owned by {owner.name}"
