"""A person chosen by typing: references and other contacts, by name and company, as far as the chooser sees them."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet

from firsthand.core import search, words_key
from firsthand.customers.models import Contact
from firsthand.people.models import Colleague
from firsthand.references.models import Reference

SHOWN = 8


def label(contact: Contact) -> str:
    """How a person stands among the options, and is understood when it is typed: "Rae Reference, Ostvik Bank"."""
    return f"{contact.person.name}, {contact.account.name}"


def people_like(text: str, user: Colleague, *, most: int = SHOWN) -> list[Contact]:
    """Contacts still in their job whose name or company the text begins; references first."""
    enrolled = Exists(Reference.objects.visible_to(user).filter(contact=OuterRef("pk")))
    rows = search.narrow(_chosen_from(user), "contact", text).annotate(is_seen_enrolled=enrolled)
    return list(rows.order_by("-is_seen_enrolled", "pk")[:most])


def is_hidden_reference(contact: Contact, user: Colleague) -> bool:
    """Whether they are a reference of whom this colleague may not know: then they stand like anybody who is none."""
    enrolled = Reference.objects.filter(contact=contact)
    return enrolled.exists() and not Reference.objects.visible_to(user).filter(contact=contact).exists()


def person_named(text: str, user: Colleague) -> Contact | None:
    """The one person the text means, by name and company or by a name that is theirs alone; None where nobody is called so.

    Raises `ValidationError` where two are.
    """
    name, _, company = (part.strip() for part in text.rpartition(",")) if "," in text else (text.strip(), "", "")
    if not words_key.key(text):
        return None
    found = _called(name, company, user) or _called(text.strip(), "", user)
    if len(found) > 1:
        raise ValidationError(f"{len(found)} people are called {found[0].person.name}. Write the company behind a comma.")
    return found[0] if found else None


def _called(name: str, company: str, user: Colleague) -> list[Contact]:
    wanted, of = words_key.key(name), words_key.key(company)
    near = search.narrow(_chosen_from(user), "contact", f"{name} {company}")[:50]
    return [each for each in near if words_key.key(each.person.name) == wanted and (not of or words_key.key(each.account.name) == of)]


def _chosen_from(user: Colleague) -> "QuerySet[Contact]":
    rows = Contact.objects.visible_to(user).filter(left_on=None, person__erased_at=None)
    return rows.select_related("person", "account__owner")
