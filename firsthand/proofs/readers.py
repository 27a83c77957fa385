"""What a reader may not find in any text that leaves the house: the second opinion on disclosure, from the rows as they are.

Colleagues know every customer but hidden ones, and an address only of who accepted for them. A reference knows themselves,
and the prospect only after their yes. A prospect knows one reference, as far as the customer and the person let their names go.
"""

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q

from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.proofs.facts import Facts
from firsthand.references.models import Reference
from firsthand.requests.models import ArrangedOutside, Ask, Attendance, Attendee, ReferenceRequest

Reader = Colleague | Contact | Attendee
NARROW = ("public", "named", "anonymous", "internal", "hidden")


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """Which of the words stand in the text, as whole words in any case."""
    plain = " ".join(text.split()).casefold()
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", plain)]


def secrets_from(reader: Reader, facts: Facts, asks: Iterable[Ask] = ()) -> set[str]:
    """Words this reader may not read. `asks` are those that the text is about."""
    if isinstance(reader, Colleague):
        return set(from_colleague(reader, facts))
    mine = list(asks)
    return {*from_outsider(reader, facts, mine), *prices(facts)}


def is_off(reader: Reader, ask: Ask) -> bool:
    """Whether they were taken off the list of those who come to the call of this ask: they read no name of it any more."""
    if not isinstance(reader, Attendee):
        return False
    of_call = Q(ask=ask.pk) | Q(ask__occasion=ask.occasion_id or 0, ask__reference_request=ask.reference_request_id)
    moments = list(Attendance.objects.filter(of_call, attendee=reader).values_list("taken_off_at", flat=True))
    return bool(moments) and all(moments)


def from_colleague(reader: Colleague, facts: Facts) -> Iterator[str]:
    for reference in facts.references.values():
        is_close = reader.role in {"manager", "executive"} or owns(reader, reference.contact.account)
        if level(reference) == "hidden" and not is_close:
            yield from names(reference)
        if not (reader.role == "manager" or owns(reader, reference.contact.account) or has_accepted(reference, reader)):
            yield from addresses(reference)
    for account in facts.accounts.values():
        if account.is_hidden and not (reader.role in {"manager", "executive"} or owns(reader, account)):
            yield from of_company(account)


def owns(reader: Colleague, account: Account) -> bool:
    """The owner or the owner's deputy."""
    owner = account.owner
    return owner is not None and reader.pk in {owner.pk, owner.deputy_id}


def sees(reader: Colleague, row: ReferenceRequest, facts: Facts) -> bool:
    """Whether a request is for their eyes: who files it and their lead, who owns or answers for a customer asked, who reads everything."""
    lead = row.requester.team.lead_id if row.requester.team else None
    if reader.role in {"manager", "executive"} or reader.pk in {row.requester_id, lead}:
        return True
    asks = Ask.objects.filter(reference_request=row)
    return any(ask.approver_id == reader.pk or owns(reader, facts.references[ask.reference_id].contact.account) for ask in asks)


def from_outsider(reader: Contact | Attendee, facts: Facts, asks: list[Ask]) -> Iterator[str]:
    """Everybody and every deal but their own."""
    asks = [ask for ask in asks if not isinstance(reader, Attendee) or is_invited(reader, ask)]
    met = {ask.reference_id for ask in asks if level(facts.references[ask.reference_id]) in {"public", "named"}}
    requests = {ask.reference_request_id for ask in asks if isinstance(reader, Attendee) or said_yes(ask)}
    own = {reader.account_id} if isinstance(reader, Contact) else set()
    deals = set(ReferenceRequest.objects.filter(pk__in=requests).values_list("opportunity", flat=True))
    if isinstance(reader, Contact):  # whom they spoke to outside, they know
        deals |= set(ArrangedOutside.objects.filter(contact=reader).values_list("opportunity", flat=True))
    known = {row.account_id for row in facts.deals if row.pk in deals}
    for reference in facts.references.values():
        if isinstance(reader, Contact) and reference.contact_id == reader.pk:
            continue
        yield from addresses(reference)
        if isinstance(reader, Attendee) and reference.pk in met:
            own.add(reference.contact.account_id)
            continue
        yield from names(reference)
    customers = {reference.contact.account_id for reference in facts.references.values()}
    for pk in customers - own - known:
        yield from of_company(facts.accounts[pk])
    for deal in facts.deals:
        if deal.pk not in deals and deal.account_id not in own | known:
            yield from of_deal(deal)


def is_invited(guest: Attendee, ask: Ask) -> bool:
    """Whether somebody of the other side was to take part in the call of this ask, or was asked how it was."""
    asked = Event.objects.filter(verb="release_debrief", subject_kind="ask", facts__attendee=guest.pk).values_list("subject_id", flat=True)
    calls = Ask.objects.filter(Q(attendances__attendee=guest) | Q(pk__in=list(asked)), reference_request=ask.reference_request_id)
    return calls.filter(Q(pk=ask.pk) | Q(occasion=ask.occasion_id or 0)).exists()


def level(reference: Reference) -> str:
    """The narrower of the customer's disclosure and the person's own."""
    return max((reference.reference_account.disclosure, reference.disclosure or "public"), key=NARROW.index)


def names(reference: Reference) -> Iterator[str]:
    person = reference.contact.person
    yield from (person.first_name, person.last_name)


def addresses(reference: Reference) -> Iterator[str]:
    yield from (reference.contact.email, reference.contact.phone)


def of_company(account: Account) -> Iterator[str]:
    yield from filter(None, (account.name, account.domain))


def of_deal(deal: Opportunity) -> Iterator[str]:
    yield from of_company(deal.account) if deal.account else filter(None, [deal.prospect_name])


def prices(facts: Facts) -> Iterator[str]:
    """What a deal is worth and why one was lost is for nobody outside."""
    for deal in facts.deals:
        if deal.amount is not None:
            yield from (f"{deal.amount:,.0f}", f"{deal.amount:.0f}")
        if deal.loss_reason:
            yield deal.loss_reason


def said_yes(ask: Ask) -> bool:
    """Whether the reference ever accepted this ask."""
    return Event.objects.filter(verb="accept", subject_kind="ask", subject_id=ask.pk).exists()


def has_accepted(reference: Reference, reader: Colleague) -> bool:
    """Whether this reference ever accepted an ask for a request of the reader."""
    asks = Ask.objects.filter(reference=reference, reference_request__requester=reader).values("pk")
    return Event.objects.filter(verb="accept", subject_kind="ask", subject_id__in=asks).exists()
