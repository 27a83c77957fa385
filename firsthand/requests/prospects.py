"""What a reference is told of the prospect: what kind of company before they accept, its name afterwards."""

from firsthand.customers.describing import described as described_account
from firsthand.customers.models import Account
from firsthand.requests.models import Ask, ReferenceRequest

ACCEPTED = frozenset({Ask.Status.ACCEPTED, Ask.Status.INTRODUCED, Ask.Status.SCHEDULED, Ask.Status.HELD, Ask.Status.MISSED})


def prospect_for(ask: Ask) -> str:
    """The prospect as this reference may know it now."""
    reference_request = ask.reference_request
    if ask.status not in ACCEPTED:
        return described(reference_request)
    if reference_request.opportunity is not None:
        return reference_request.opportunity.prospect
    return reference_request.outlet or described(reference_request)


def described(reference_request: ReferenceRequest) -> str:
    """Without a name: "a bank in Norway, about 5,000 employees"; for press, analysts and events, what it is."""
    if reference_request.purpose != ReferenceRequest.Purpose.DEAL:
        return {"press": "a journalist", "analyst": "an analyst", "event": "an event", "launch": "a launch"}[reference_request.purpose]
    account = reference_request.opportunity.account if reference_request.opportunity else None
    if account is None:
        return "a company that thinks of working with us"
    return described_account(account, Account.objects.all(), "a company that thinks of working with us")
