"""What may leave the house for the other side on a sheet, and by the pages behind links: the second opinion, from the rows."""

from collections.abc import Iterator

from firsthand.proofs.facts import Facts
from firsthand.proofs.readers import addresses, level, names, of_company, of_deal, prices
from firsthand.references.models import Reference
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.sheet import STORY

NAMED = frozenset({"public", "named"})
STAND = frozenset({"accepted", "held"})


def secrets_from_sheet(row: ReferenceRequest, facts: Facts) -> set[str]:
    """Words that may not stand on the sheet of a tender: everybody's, but what those who stand on it agreed to show."""
    asks = list(Ask.objects.filter(reference_request=row).select_related("reference_request__activity_type"))
    shown = {word for ask in asks if stands_on_it(ask, facts) for word in agreed_to(ask, facts)}
    own = set(of_deal(row.opportunity)) if row.opportunity else set()
    words = {word for reference in facts.references.values() for word in (*names(reference), *addresses(reference))}
    words |= {word for reference in facts.references.values() for word in of_company(facts.accounts[reference.contact.account_id])}
    words |= {word for deal in facts.deals for word in of_deal(deal)}
    return (words - shown - own) | set(prices(facts))


def stands_on_it(ask: Ask, facts: Facts) -> bool:
    """Whether they said yes, let themselves be named, and took nothing back since."""
    reference = facts.references[ask.reference_id]
    consent = facts.consent_of(reference)
    agrees = consent is not None and consent.kind not in {"withdrawn", "refused"}
    return ask.status in STAND and level(reference) in NAMED and agrees and reference.contact.person.unsubscribed_at is None


def agreed_to(ask: Ask, facts: Facts) -> Iterator[str]:
    """The words behind what they ticked; an address tells the first name and the domain along, a story its headline's."""
    reference: Reference = facts.references[ask.reference_id]
    account = facts.accounts[reference.contact.account_id]
    if any(code == "company" or code.startswith(STORY) for code in ask.shows):
        yield account.name
    if "name" in ask.shows:
        yield from names(reference)
    if "phone" in ask.shows:
        yield reference.contact.phone
    if "email" in ask.shows:
        yield from (reference.contact.email, reference.contact.person.first_name, account.domain)
