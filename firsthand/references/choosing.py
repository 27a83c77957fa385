"""A person chosen by typing: references and other contacts, by name and company, as far as the chooser sees them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

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


def person_named(text: str, user: Colleague, *, on: date | None = None) -> Contact | None:
    """The one person the text means, by name and company or by a name that is theirs alone; None where nobody is called so.

    In their job now, or on the day `on`. Raises `ValidationError` where two are.
    """
    name, company = _name_and_company(text)
    if not words_key.key(text):
        return None
    rows = _chosen_from(user, on)
    found = _called(name, company, rows) or _called(text.strip(), "", rows)
    if len(found) > 1:
        raise ValidationError(f"{len(found)} people are called {found[0].person.name}. Write the company behind a comma.")
    return found[0] if found else None


def person_unseen(text: str, *, on: date) -> Contact | None:
    """The one person of all whom a name with its company means, whoever may see them; a name alone means nobody.

    For counting what took place. Whoever typed it is not told whether there is one.
    """
    name, company = _name_and_company(text)
    if not (words_key.key(name) and words_key.key(company)):
        return None
    found = _called(name, company, _in_their_job(Contact.objects.all(), on))
    return found[0] if len(found) == 1 else None


def _name_and_company(text: str) -> tuple[str, str]:
    name, comma, company = text.rpartition(",")
    return (name.strip(), company.strip()) if comma else (text.strip(), "")


def _called(name: str, company: str, rows: "QuerySet[Contact]") -> list[Contact]:
    wanted, of = words_key.key(name), words_key.key(company)
    near = search.narrow(rows, "contact", f"{name} {company}")[:50]
    return [each for each in near if words_key.key(each.person.name) == wanted and (not of or words_key.key(each.account.name) == of)]


def _chosen_from(user: Colleague, on: date | None = None) -> "QuerySet[Contact]":
    return _in_their_job(Contact.objects.visible_to(user), on)


def _in_their_job(rows: "QuerySet[Contact]", on: date | None) -> "QuerySet[Contact]":
    still = Q(left_on=None) | Q(left_on__gte=on) if on else Q(left_on=None)
    return rows.filter(still, person__erased_at=None).select_related("person", "account__owner")
