"""What of a contact is masked, and for whom. The masking happens here, on the server; a page never holds what it does not show."""

from dataclasses import dataclass

from firsthand.core import words
from firsthand.customers.models import Account, Contact
from firsthand.customers.permissions import is_owner
from firsthand.people.models import Colleague

WHY_MASKED = "Shown to the account’s owner and program managers, and to a requester once this person has accepted"


@dataclass(frozen=True)
class Reach:
    """How to reach a contact, as far as the reader may know."""

    email: str
    phone: str
    is_masked: bool


def may_see(user: Colleague, account: Account) -> bool:
    """Whether they see an account at all, as `Account.objects.visible_to` has it for those who see accounts."""
    return not account.is_hidden or user.reads_everything or is_owner(user, account)


def shown_parent(account: Account, user: Colleague) -> str | None:
    """The name of the account's parent, where there is one that they see."""
    return account.parent.name if account.parent and may_see(user, account.parent) else None


def may_see_escalations(user: Colleague, account: Account) -> bool:
    """Whether they know of escalations at this account, as `Signal.objects.visible_to` has it: others read that a rule bars."""
    return user.reads_everything or user.is_support_lead or is_owner(user, account)


def may_reach(user: Colleague, account: Account) -> bool:
    """Whether they see how to reach this account's people: its owner, the deputy, managers."""
    return user.runs_program or is_owner(user, account)


def reach(contact: Contact, user: Colleague, *, accepted: bool = False) -> Reach:
    """E-mail and phone, masked but for those who may. `accepted`: the contact accepted an ask for a request of this user's."""
    if accepted or may_reach(user, contact.account):
        return Reach(contact.email, contact.phone, is_masked=False)
    email = words.mask_email(contact.email) if contact.email else ""
    phone = words.mask_phone(contact.phone) if contact.phone else ""
    return Reach(email, phone, is_masked=bool(email or phone))
