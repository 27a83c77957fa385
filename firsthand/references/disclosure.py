"""How far a name goes. A reference's name is printed through `shown_name` and nowhere else."""

from enum import StrEnum

from firsthand.customers.describing import described
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.references.models import Disclosure, Reference

WIDEST_FIRST = [Disclosure.PUBLIC, Disclosure.NAMED, Disclosure.ANONYMOUS, Disclosure.INTERNAL, Disclosure.HIDDEN]


class Outsider(StrEnum):
    """A reader outside the house: one prospect or analyst, whom the reference agreed to meet, or anybody, as through the press."""

    PROSPECT = "prospect"
    ANALYST = "analyst"
    PUBLIC = "public"


Reader = Colleague | Outsider | None
ONE_TO_ONE = (Disclosure.PUBLIC, Disclosure.NAMED)
NAMED_TO = {Outsider.PROSPECT: ONE_TO_ONE, Outsider.ANALYST: ONE_TO_ONE, Outsider.PUBLIC: (Disclosure.PUBLIC,)}
LISTENERS = {"prospects": Outsider.PROSPECT, "analysts": Outsider.ANALYST, "press": Outsider.PUBLIC, "public": Outsider.PUBLIC}


def shown_name(reference: Reference, reader: Reader) -> str:
    """The person's name where the reader may have it, else what may be said of their company. None is the program itself."""
    return reference.contact.person.name if may_know(reference, reader) else description(reference, reader)


def shown_company(reference: Reference, reader: Reader) -> str:
    """The same for the company's name."""
    return reference.account.name if may_know(reference, reader) else description(reference, reader)


def may_know(reference: Reference, reader: Reader) -> bool:
    """Colleagues know every customer but hidden ones, which the owner, the deputy and managers know; outsiders by level."""
    level = level_of(reference)
    if isinstance(reader, Outsider):
        return level in NAMED_TO[reader]
    return reader is None or level != Disclosure.HIDDEN or is_close_to(reader, reference)


def level_of(reference: Reference) -> Disclosure:
    """The narrower of the customer's disclosure and the person's own."""
    levels = [reference.reference_account.disclosure, reference.disclosure or Disclosure.PUBLIC]
    return max((Disclosure(level) for level in levels), key=WIDEST_FIRST.index)


def is_close_to(colleague: Colleague, reference: Reference) -> bool:
    """Whether they own the account, stand in for its owner, or read everything."""
    owner = reference.account.owner
    return colleague.reads_everything or (owner is not None and colleague.pk in {owner.pk, owner.deputy_id})


def description(reference: Reference, reader: Reader) -> str:
    """What may be said without a name: "a Nordic bank, about 5,000 employees"; of those kept inside, nothing."""
    if isinstance(reader, Outsider) and level_of(reference) in {Disclosure.INTERNAL, Disclosure.HIDDEN}:
        return "a customer"
    if not isinstance(reader, Outsider):
        return "a customer that is not disclosed"
    return described(reference.account, Account.objects.filter(is_customer=True), "a company")
