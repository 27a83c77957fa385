"""Merge two accounts, or two entries of one person: everything that points at the one points at the other, nothing is lost.

Every foreign key stands in an explicit list; a test compares the lists with the models. Where both sides say something that
bars, the stricter one stays: hidden, unsubscribed, the smaller limit, the narrower right to a logo.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from firsthand.core import search
from firsthand.core.follow import follow
from firsthand.core.locks import deed, locked
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.customers import families, finding
from firsthand.customers.models import Account, AccountValue, Contact, Person, Relationship, Signal, Touch
from firsthand.customers.permissions import Move, demand
from firsthand.deals.finding import refresh_deals
from firsthand.deals.models import Opportunity
from firsthand.history.actions import record
from firsthand.history.models import Change, Event, Message
from firsthand.people.models import Colleague
from firsthand.references.disclosure import WIDEST_FIRST
from firsthand.references.models import Consent, Disclosure, Hold, NoGo, Obligation, Reference, ReferenceAccount
from firsthand.requests.letters import PORTAL
from firsthand.requests.models import ArrangedOutside, ReferenceRequest
from firsthand.stories.models import Story, StoryPerson
from firsthand.upkeep.change_book import ChangeBook, take_back


@dataclass(frozen=True)
class Pointer:
    """A column that points at what is merged. `once`: the columns that it is unique together with."""

    model: type[models.Model]
    field: str
    label: str
    once: tuple[str, ...] = ()


ACCOUNT = (
    Pointer(AccountValue, "account", "facet values", once=("value_id",)),
    Pointer(Contact, "account", "people"),
    Pointer(Signal, "account", "signals"),
    Pointer(Opportunity, "account", "deals"),
    Pointer(Story, "account", "stories"),
    Pointer(NoGo, "account", "no-go companies"),
    Pointer(ReferenceRequest, "like_account", "requests for somebody like it"),
    Pointer(Account, "parent", "accounts below it"),
)
ACCOUNT_BY_HAND = {(Account, "family"), (ReferenceAccount, "account")}
STANDING = (
    Pointer(Reference, "reference_account", "references"),
    Pointer(Hold, "reference_account", "holds"),
    Pointer(Obligation, "reference_account", "obligations"),
    Pointer(NoGo, "reference_account", "no-go companies"),
)
PERSON = (Pointer(Contact, "person", "jobs"), Pointer(Touch, "person", "touches"))
CONTACT = (
    Pointer(Relationship, "contact", "colleagues who know them", once=("colleague_id",)),
    Pointer(Signal, "contact", "signals"),
    Pointer(Reference, "contact", "references"),
    Pointer(Consent, "contact", "consents"),
    Pointer(StoryPerson, "contact", "stories told"),
    Pointer(ReferenceRequest, "named_contact", "requests that name them"),
    Pointer(ArrangedOutside, "contact", "references arranged outside"),
)
FILLED = (
    "domain",
    "external_id",
    "owner_id",
    "location",
    "employees",
    "annual_revenue",
    "currency",
    "customer_since",
    "renewal_date",
    "health",
)
KINDS = ("is_customer", "is_prospect", "is_partner", "is_hidden")


@dataclass(frozen=True)
class Count:
    """How many rows of a kind would change hands."""

    label: str
    count: int


def preview(pointers: tuple[Pointer, ...], loser: models.Model) -> list[Count]:
    """What points at the one that goes; kinds of which there is nothing are left out."""
    counts = [Count(pointer.label, _rows(pointer, loser.pk).count()) for pointer in pointers]
    return [count for count in counts if count.count]


@deed
def merge_accounts(loser: Account, into: Account, *, by: Colleague) -> Change:
    """Give everything of `loser` to `into` and delete it. The change can be taken back while its rows are untouched."""
    demand(by, Move.MERGE)
    loser, into = both(Account, loser.pk, into.pk)
    book = ChangeBook("merge_account", into.pk, by)
    tree = families.Tree()
    tree.read([into.pk])
    head = into.family_id or into.pk
    if loser.pk in tree.line(into.pk):
        # Else what stood between the two would stand below `into` and above it.
        above = loser.parent_id if loser.parent_id and into.pk not in tree.line(loser.parent_id) else None
        book.set(into, parent_id=above)
        head = tree.top(above) if above else into.pk
    for pointer in ACCOUNT:
        move(book, pointer, loser.pk, into.pk)
    _merge_standing(book, loser, into)
    book.point(Account.objects.filter(family=loser).exclude(pk=loser.pk), "family_id", loser.pk, head)
    move_history(book, "account", loser.pk, into.pk)
    filled = _filled(loser, into)
    book.delete(loser)
    book.set(into, **filled)
    _settle_account(into)
    search.drop("account", [loser.pk])
    record("account_merged", into, by=by.actor, change=book.change.pk)
    return book.change


@deed
def merge_persons(loser: Person, into: Person, *, by: Colleague) -> Change:
    """Give the jobs of `loser` to `into`. Two jobs at one account become one, unless both of them have consents or are enrolled."""
    demand(by, Move.MERGE)
    loser, into = both(Person, loser.pk, into.pk)
    if loser.erased_at or into.erased_at:
        raise Refused("Somebody who was erased is not merged with anybody.")
    book = ChangeBook("merge_person", into.pk, by)
    for pointer in PERSON:
        move(book, pointer, loser.pk, into.pk)
    unsubscribed = min((day for day in (loser.unsubscribed_at, into.unsubscribed_at) if day), default=None)
    stricter = min((row for row in (into, loser) if row.limit_count is not None), key=_limit, default=into)
    book.delete(loser)
    book.set(
        into,
        first_name=into.first_name or loser.first_name,
        last_name=into.last_name or loser.last_name,
        time_zone=into.time_zone or loser.time_zone,
        unsubscribed_at=unsubscribed,
        limit_count=stricter.limit_count,
        limit_period=stricter.limit_period,
    )
    _join_jobs(book, into)
    _refresh_person(into)
    record("person_merged", into, by=by.actor, change=book.change.pk)
    return book.change


@deed
def undo_merge(change: Change, *, by: Colleague) -> None:
    """Take a merge back. Refused (409) when something it changed has been changed since."""
    demand(by, Move.MERGE)
    if change.kind not in {"merge_account", "merge_person", "merge_deal"}:
        raise Refused("This is not a merge.", status=400)
    take_back(change)
    Change.objects.filter(pk=change.pk).update(undone_at=timezone.now())
    for account in Account.objects.filter(pk__in=change.rows.filter(model="customers.account").values("object_id")):
        _settle_account(account)
        if change.kind == "merge_account" and account.pk == change.subject_id:
            record("merge_undone", account, by=by.actor, change=change.pk)
    for contact in Contact.objects.filter(pk__in=change.rows.filter(model="customers.contact").values("object_id")).select_related(
        "person"
    ):
        _refresh_person(contact.person)
    if change.kind == "merge_deal":
        _settle_deals(change, by)


def both(model: type[Any], loser: int, into: int) -> tuple[Any, Any]:
    """The two rows, locked in the order of their ids. Refused where they are one, or one is gone."""
    if loser == into:
        raise Refused("Choose two different ones to merge.", status=400)
    rows = {row.pk: row for row in locked(model.objects.filter(pk__in=[loser, into]))}
    if len(rows) < 2:
        raise Refused("One of the two is gone meanwhile. Nothing was changed.")
    return rows[loser], rows[into]


def _rows(pointer: Pointer, pk: int) -> "models.QuerySet[Any]":
    return models.QuerySet(pointer.model).filter(**{pointer.field: pk})


def move(book: ChangeBook, pointer: Pointer, loser: int, into: int) -> None:
    """Make what points at `loser` point at `into`; where both have the same, one goes."""
    rows = _rows(pointer, loser).exclude(pk=into) if pointer.model is Account else _rows(pointer, loser)
    if pointer.once:
        there = set(_rows(pointer, into).values_list(*pointer.once))
        for row in [row for row in rows if tuple(getattr(row, name) for name in pointer.once) in there]:
            book.delete(row)
    book.point(rows, f"{pointer.field}_id", loser, into)


def move_history(book: ChangeBook, kind: str, loser: int, into: int) -> None:
    """Make what happened to `loser` part of the story of `into`."""
    for side in ("subject", "context"):
        rows = Event.objects.filter(Q(**{f"{side}_kind": kind, f"{side}_id": loser}))
        book.point(rows, f"{side}_id", loser, into)


def _merge_standing(book: ChangeBook, loser: Account, into: Account) -> None:
    """Two customers' standings become one, the stricter of each rule."""
    held = {standing.account_id: standing for standing in ReferenceAccount.objects.filter(account__in=[loser, into])}
    goes, stays = held.get(loser.pk), held.get(into.pk)
    if goes is None:
        return
    if stays is None:
        book.set(goes, account_id=into.pk)
        return
    for pointer in STANDING:
        move(book, pointer, goes.pk, stays.pk)
    narrower = max(goes.disclosure, stays.disclosure, key=lambda level: WIDEST_FIRST.index(Disclosure(level)))
    limited = min((row for row in (stays, goes) if row.limit_count is not None), key=_limit, default=stays)
    book.delete(goes)
    book.set(
        stays,
        disclosure=narrower,
        under_nda=goes.under_nda or stays.under_nda,
        logo_right=min(stays.logo_right, goes.logo_right, key=_width),
        logo_right_until=min((day for day in (goes.logo_right_until, stays.logo_right_until) if day), default=None),
        limit_count=limited.limit_count,
        limit_period=limited.limit_period,
        manager_id=stays.manager_id or goes.manager_id,
        tier=stays.tier or goes.tier,
        source=stays.source or goes.source,
    )


def _width(logo_right: str) -> int:
    """How far a logo may go: nowhere, as some word of the team's own says, anywhere."""
    return {"": 0, "public": 2}.get(logo_right, 1)


PER_YEAR = {"month": 12, "quarter": 4, "year": 1}


def _limit(row: Any) -> int:
    """How many a year a limit lets through."""
    return int(row.limit_count) * PER_YEAR.get(row.limit_period, 1)


def _filled(loser: Account, into: Account) -> dict[str, Any]:
    """What `into` does not know and `loser` does. A second external id is kept as a custom field."""
    filled = {name: getattr(loser, name) for name in FILLED if getattr(into, name) in {None, ""} and getattr(loser, name) not in {None, ""}}
    kinds = {name: True for name in KINDS if getattr(loser, name) and not getattr(into, name)}
    custom = {**loser.custom, **into.custom}
    if loser.external_id and into.external_id:
        custom["Merged account id"] = loser.external_id
    return {**filled, **kinds, "custom": custom}


def _settle_deals(change: Change, by: Colleague) -> None:
    for deal in Opportunity.objects.filter(pk__in=change.rows.filter(model="deals.opportunity").values("object_id")):
        refresh_deals([deal])
        if deal.pk == change.subject_id:
            record("merge_undone", deal, by=by.actor, change=change.pk)


def _settle_account(account: Account) -> None:
    families.settle(account)
    finding.refresh_accounts([account])
    finding.refresh_contacts_of(account)
    follow("account", [account.pk])


def _refresh_person(person: Person) -> None:
    finding.refresh_contacts(Contact.objects.filter(person=person).select_related("person", "account"))


def _join_jobs(book: ChangeBook, person: Person) -> None:
    """Jobs of one person at one account, joined where at most one of two has consents or is enrolled: into that one, else the oldest."""
    kept: dict[int, Contact] = {}
    for contact in Contact.objects.filter(person=person).order_by("pk"):
        first = kept.setdefault(contact.account_id, contact)
        is_bound = _is_bound(contact)
        if first.pk != contact.pk and not (is_bound and _is_bound(first)):
            stays, goes = (contact, first) if is_bound else (first, contact)
            kept[contact.account_id] = stays
            _join(book, goes, stays)


def _join(book: ChangeBook, goes: Contact, stays: Contact) -> None:
    for pointer in CONTACT:
        move(book, pointer, goes.pk, stays.pk)
    move_history(book, "contact", goes.pk, stays.pk)
    book.point(Message.objects.filter(recipient_kind="contact", recipient_id=goes.pk), "recipient_id", goes.pk, stays.pk)
    for side in ("subject_id", "holder_id"):
        book.point(Link.objects.filter(purpose=PORTAL, **{side: goes.pk}), side, goes.pk, stays.pk)
    book.delete(goes)
    facts = ("title", "email", "phone", "persona_id", "started_on", "external_id")
    left = None if stays.left_on is None or goes.left_on is None else max(stays.left_on, goes.left_on)
    book.set(stays, **{name: getattr(stays, name) or getattr(goes, name) for name in facts}, left_on=left)
    search.drop("contact", [goes.pk])


def _is_bound(contact: Contact) -> bool:
    return Reference.objects.filter(contact=contact).exists() or Consent.objects.filter(contact=contact).exists()
