"""Add people at an account, change them, say that they left, say who knows them."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import F

from firsthand.core import words_key
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers import finding
from firsthand.customers.models import Account, Contact, Person, Relationship, Signal
from firsthand.customers.permissions import Move, demand
from firsthand.customers.sight import may_reach
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue

OF_THE_PERSON = ("first_name", "last_name", "time_zone")


@dataclass(frozen=True)
class ContactFacts:
    """What a person may say of a contact on its form. The first three belong to the person, in all their jobs."""

    first_name: str = ""
    last_name: str = ""
    time_zone: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    persona_id: int | None = None
    started_on: date | None = None

    def of_the_person(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name in OF_THE_PERSON}

    def of_the_job(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name not in OF_THE_PERSON} | {"email": self.email.lower()}


TAKEN = "Somebody at {} has this address already. Edit that person instead."
# For those who read addresses masked: a guess is not confirmed.
NOT_BY_YOU = "This cannot be saved with that e-mail address. Check it, leave it empty, or ask the account’s owner to add it."


@deed
def add_contact(account: Account, facts: ContactFacts, *, by: Colleague) -> Contact:
    """A new person with a job at the account. Refused (400) where the account has somebody with that address already."""
    account = locked(Account.objects.filter(pk=account.pk)).select_related("owner").get()
    demand(by, Move.ADD_CONTACT, account)
    _check(account, facts, by, besides=None)
    person = Person.objects.create(**facts.of_the_person())
    contact = Contact.objects.create(account=account, person=person, **facts.of_the_job())
    finding.refresh_contacts([contact])
    record("contact_added", contact, by=by.actor, context=account)
    return contact


@deed
def change_contact(contact: Contact, facts: ContactFacts, *, by: Colleague) -> Contact:
    """Write what differs; the name changes in every job of the person."""
    contact, account = _hold(contact)
    demand(by, Move.EDIT_CONTACT, account)
    _check(account, facts, by, besides=contact)
    changed = [*_write(contact.person, facts.of_the_person()), *_write(contact, facts.of_the_job())]
    if changed:
        finding.refresh_contacts(Contact.objects.filter(person=contact.person).select_related("person", "account"))
        record("contact_changed", contact, by=by.actor, context=account, fields=sorted(changed))
    return contact


@deed
def keep_time_zone(person: Person, zone: str) -> None:
    """The zone in which they want to read times, as they chose it themselves on a page of theirs."""
    if person.time_zone != zone:
        person.time_zone = zone
        Person.objects.filter(pk=person.pk).update(time_zone=zone, revision=F("revision") + 1)


@deed
def mark_left(contact: Contact, left_on: date, *, by: Colleague) -> None:
    """The contact has left this job. That is a signal at the account too."""
    contact, account = _hold(contact)
    demand(by, Move.EDIT_CONTACT, account)
    if contact.left_on is not None:
        raise Refused(f"{contact.person.name} left {account.name} on {contact.left_on:%d %B %Y} already.")
    if contact.started_on and left_on < contact.started_on:
        raise Refused(f"{contact.person.name} started on {contact.started_on:%d %B %Y} and cannot have left before.", status=400)
    _write(contact, {"left_on": left_on})
    Signal.objects.create(account=account, contact=contact, kind=Signal.Kind.LEFT, happened_on=left_on)
    record("contact_left", contact, by=by.actor, context=account, on=left_on.isoformat())


@deed
def mark_back(contact: Contact, *, by: Colleague) -> None:
    """Take back that they left."""
    contact, account = _hold(contact)
    demand(by, Move.EDIT_CONTACT, account)
    if contact.left_on is None:
        return
    Signal.objects.filter(contact=contact, kind=Signal.Kind.LEFT, happened_on=contact.left_on).delete()
    _write(contact, {"left_on": None})
    record("contact_back", contact, by=by.actor, context=account)


@deed
def tie(contact: Contact, colleague: Colleague, *, by: Colleague, kind: str, strength: int, role: str = "") -> Relationship:
    """Say how a colleague knows a contact. Everybody says it for themselves, the account's owner and managers for anyone."""
    contact, account = _hold(contact)
    demand(by, Move.TIE if colleague == by else Move.EDIT_CONTACT, account)
    facts = {"kind": kind, "strength": strength, "role": role}
    found, is_new = Relationship.objects.get_or_create(colleague=colleague, contact=contact, defaults=facts)
    if is_new or _write(found, facts):
        record("tie_set", contact, by=by.actor, context=account, colleague=colleague.pk, strength=strength)
    return found


@deed
def drop_tie(relationship: Relationship, *, by: Colleague) -> None:
    """Take back that a colleague knows a contact."""
    contact, account = _hold(relationship.contact)
    demand(by, Move.TIE if relationship.colleague_id == by.pk else Move.EDIT_CONTACT, account)
    if Relationship.objects.filter(pk=relationship.pk).delete()[0]:
        record("tie_dropped", contact, by=by.actor, context=account, colleague=relationship.colleague_id)


def _hold(contact: Contact) -> tuple[Contact, Account]:
    """The contact and its account, locked, account first."""
    account = locked(Account.objects.filter(pk=contact.account_id)).select_related("owner").get()
    person = locked(Person.objects.filter(pk=contact.person_id)).get()
    contact = locked(Contact.objects.filter(pk=contact.pk)).get()
    contact.account, contact.person = account, person
    return contact, account


def _check(account: Account, facts: ContactFacts, by: Colleague, *, besides: Contact | None) -> None:
    if not words_key.key(f"{facts.first_name} {facts.last_name}"):
        raise Refused("A person needs a first or a last name.", status=400)
    if facts.persona_id and not FacetValue.objects.in_use().filter(pk=facts.persona_id, facet__code="persona").exists():
        raise Refused("Choose a persona that is in use.", status=400)
    same = Contact.objects.filter(account=account, email=facts.email.lower()).values_list("pk", flat=True)
    if facts.email and set(same) - {besides.pk if besides else None}:
        raise Refused(TAKEN.format(account.name) if may_reach(by, account) else NOT_BY_YOU, status=400)


def _write(row: Person | Contact | Relationship, facts: dict[str, Any]) -> list[str]:
    """Write what differs, and say which fields did."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, facts[name])
        row.revision += 1
        row.save(update_fields=[*changed, "revision"])
    return changed
