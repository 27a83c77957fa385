"""What a reference is told of the prospect: what kind of company before they accept, its name afterwards."""

from firsthand.customers.models import AccountValue
from firsthand.requests.models import Ask, ReferenceRequest

ACCEPTED = frozenset({Ask.Status.ACCEPTED, Ask.Status.INTRODUCED, Ask.Status.SCHEDULED, Ask.Status.HELD, Ask.Status.MISSED})


def prospect_for(ask: Ask) -> str:
    """The prospect as this reference may know it now."""
    opportunity = ask.reference_request.opportunity
    if ask.status in ACCEPTED and opportunity is not None:
        return opportunity.prospect
    return described(ask.reference_request)


def described(reference_request: ReferenceRequest) -> str:
    """Without a name: "a company in Banking, Norway"; for press, analysts and events, what it is."""
    if reference_request.purpose != ReferenceRequest.Purpose.DEAL:
        return {"press": "a journalist", "analyst": "an analyst", "event": "an event", "launch": "a launch"}[reference_request.purpose]
    account = reference_request.opportunity.account if reference_request.opportunity else None
    if account is None:
        return "a company that thinks of working with us"
    values = AccountValue.objects.filter(account=account, value__facet__code__in=["industry", "geography"])
    names = list(values.order_by("-value__facet__code", "value__name").values_list("value__name", flat=True)[:2])
    return f"a company in {', '.join(names)}" if names else "a company that thinks of working with us"
