"""Accounts and contacts, for tests."""

from firsthand.customers.models import Account, Contact, Person
from firsthand.people.models import Colleague


def make_account(name: str = "Ostvik Bank", *, owner: Colleague | None = None, parent: Account | None = None) -> Account:
    """A customer, its own family unless it has a parent."""
    account = Account.objects.create(name=name, key=name.casefold(), is_customer=True, owner=owner, parent=parent)
    account.family = parent.family if parent else account
    account.save(update_fields=["family"])
    return account


def make_contact(name: str = "Rae Reference", *, account: Account | None = None) -> Contact:
    """A person with a job at the account."""
    first, _, last = name.partition(" ")
    person = Person.objects.create(first_name=first, last_name=last)
    return Contact.objects.create(person=person, account=account or make_account(), email=f"{first.lower()}@customer.example", title="CFO")
