"""Enrollment, holds, and the wishes and limits of a person and of a customer."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.locks import locked
from firsthand.core.refused import Refused
from firsthand.core.wake import wake
from firsthand.core.words_key import key
from firsthand.customers.models import Account, Contact
from firsthand.history.actions import PROGRAM, Actor, record
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.models import Disclosure, Hold, NoGo, Reference, ReferenceAccount

LONGEST = 200  # characters of a company's name


@transaction.atomic
def enroll(contact: Contact, *, by: Colleague) -> Reference:
    """Make a contact a reference, with what they agreed to still to be recorded (`record_consent`).

    Raises `Refused` (409) when the contact is enrolled already or has left the company.
    """
    locked(Contact.objects.filter(pk=contact.pk)).get()
    if Reference.objects.filter(contact=contact).exists():
        raise Refused(f"{contact.person.name} is a reference already. Open the reference to change it.")
    if contact.left_on is not None:
        raise Refused(f"{contact.person.name} left {contact.account.name}. Enroll their contact at the new company.")
    standing, _ = ReferenceAccount.objects.get_or_create(account=contact.account)
    reference = Reference.objects.create(contact=contact, reference_account=standing, enrolled_on=today_in(in_force().time_zone))
    record("enrolled", reference, by=by.actor)
    return reference


@transaction.atomic
def set_hold(
    target: Reference | ReferenceAccount,
    *,
    kind: str,
    by: Colleague | Actor | None,
    reason: str,
    until: date | None = None,
    starts_on: date | None = None,
    note: str = "",
) -> Hold:
    """Keep a reference, or all of a customer's people, from being asked until a day (or until lifted).

    Raises `Refused` (400) without a reason or when it would end before it starts.
    """
    start = starts_on or today_in(in_force().time_zone)
    if not reason.strip():
        raise Refused("Say why nobody may ask, in a few words.", status=400)
    if until is not None and until < start:
        raise Refused(f"The hold would end on {until:%-d %B %Y}, before it starts. Choose a later day.", status=400)
    where = {"reference": target} if isinstance(target, Reference) else {"reference_account": target}
    setter = by if isinstance(by, Colleague) else None
    hold = Hold.objects.create(kind=kind, starts_on=start, until=until, reason=reason.strip(), note=note, set_by=setter, **where)
    record("hold_set", target, by=actor_of(by), hold=hold.pk)
    wake("tick")  # what is being asked waits for its end, and whoever looks after it hears so, which a room above does
    return hold


@transaction.atomic
def lift_hold(hold: Hold, *, by: Colleague | Actor) -> None:
    """End a hold now. Lifting it twice changes nothing."""
    if Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=timezone.now()):
        target = hold.reference or hold.reference_account
        if target is not None:
            record("hold_lifted", target, by=actor_of(by), hold=hold.pk)


@transaction.atomic
def change_reference(reference: Reference, *, by: Colleague | Actor, **facts: Any) -> None:
    """Write a reference's own standing and wishes, fields of `Reference` by name. What stays the same is not recorded.

    Raises `Refused` (400) when the disclosure would be wider than the customer's.
    """
    _refuse_wider(facts.get("disclosure", ""), reference.reference_account.disclosure)
    changed = _write(reference, facts)
    if changed:
        record("reference_changed", reference, by=actor_of(by), fields=changed)


@transaction.atomic
def change_standing(standing: ReferenceAccount, *, by: Colleague, no_go: list[str], **facts: Any) -> None:
    """Write a customer's standing: fields of `ReferenceAccount` by name, and the names of companies nobody there will speak to.

    A hidden customer's account is hidden with it, so that one column decides who sees it.
    """
    changed = _write(standing, facts)
    account = standing.account
    is_hidden = standing.disclosure == Disclosure.HIDDEN
    if account.is_hidden != is_hidden:
        account.is_hidden = is_hidden
        account.revision += 1
        account.save(update_fields=["is_hidden", "revision"])
    if _set_no_gos(standing, no_go):
        changed.append("no_go")
    if changed:
        record("standing_changed", account, by=by.actor, fields=changed)


def actor_of(by: Colleague | Actor | None) -> Actor:
    """Who did it as history names them: a colleague, the person themselves, or the program."""
    return by.actor if isinstance(by, Colleague) else by or PROGRAM


def _write(row: Reference | ReferenceAccount, facts: dict[str, Any]) -> list[str]:
    """Write what differs; the names of those fields."""
    stored = type(row).objects.get(pk=row.pk)
    changed = [name for name, value in facts.items() if getattr(stored, name) != value]
    for name, value in facts.items():
        setattr(row, name, value)
    if changed:
        row.revision = stored.revision + 1
        row.save(update_fields=[*changed, "revision"])
    return changed


def _set_no_gos(standing: ReferenceAccount, names: list[str]) -> bool:
    wanted = {key(name)[:LONGEST]: name for name in names if key(name)}
    if any(len(name) > LONGEST for name in wanted.values()):
        raise Refused(f"A company's name has at most {LONGEST} characters. Put each no-go company on a line of its own.", status=400)
    there = {no_go.key: no_go for no_go in standing.no_gos.all()}
    gone = [no_go.pk for text, no_go in there.items() if text not in wanted]
    NoGo.objects.filter(pk__in=gone).delete()
    known = {account.key: account for account in Account.objects.filter(key__in=wanted)}
    new = [
        NoGo(reference_account=standing, name=name, key=text, account=known.get(text)) for text, name in wanted.items() if text not in there
    ]
    NoGo.objects.bulk_create(new)
    return bool(gone or new)


def _refuse_wider(disclosure: str, customers: str) -> None:
    widest_first = Disclosure.values
    if disclosure and widest_first.index(disclosure) < widest_first.index(customers):
        raise Refused(
            f"The customer is {Disclosure(customers).label.lower()}, so one of its people cannot be shown more widely.", status=400
        )
