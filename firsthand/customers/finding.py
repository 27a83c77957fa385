"""How accounts and contacts are found by search. E-mail addresses and phone numbers are not in here."""

from collections.abc import Iterable

from firsthand.core import search
from firsthand.core.search import Entry
from firsthand.customers.models import Account, Contact


def account_entry(account: Account) -> Entry:
    return Entry("account", account.pk, account.name, f"{account.domain} {account.location} {account.external_id}")


def contact_entry(contact: Contact) -> Entry:
    """`contact` has its person and account at hand."""
    return Entry("contact", contact.pk, contact.person.name, f"{contact.title} {contact.account.name}")


def refresh_accounts(accounts: Iterable[Account]) -> None:
    search.put(account_entry(account) for account in accounts)


def refresh_contacts(contacts: Iterable[Contact]) -> None:
    search.put(contact_entry(contact) for contact in contacts)


def refresh_contacts_of(account: Account) -> None:
    """After the account's name has changed."""
    refresh_contacts(Contact.objects.filter(account=account).select_related("person", "account"))
