"""The plural deeds for contacts, who knows them, and what accounts signal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict, cast

from django.db.models import Q

from firsthand.core import search
from firsthand.core.words_key import key
from firsthand.customers.finding import contact_entry
from firsthand.customers.models import Account, Contact, Person, Relationship, Signal
from firsthand.customers.upserts import AccountRow, upsert_accounts
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Done, Refusal, Row, State, Table, created_by, upsert, whole, write_all


class ContactRow(TypedDict, total=False):
    """The account by our own id, by its external id or by name; a name nobody has makes an account."""

    external_id: str
    account_pk: int
    account_external_id: str
    account_name: str
    first_name: str
    last_name: str
    time_zone: str
    email: str
    title: str
    phone: str
    persona_id: int
    custom: dict[str, Any]


PERSON = ("first_name", "last_name", "time_zone")
CONTACT = ("external_id", "title", "email", "phone", "persona_id", "custom")
LEFT = "This contact is a reference at another account. Mark them as having left it, and import the new job as a contact of its own."
PEOPLE = Table(model=Person)
CONTACTS = Table(model=Contact, context="account")
RELATIONSHIPS = Table(model=Relationship)
SIGNALS = Table(model=Signal, context="account")


def upsert_contacts(rows: Sequence[ContactRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make or change contacts and the persons behind them. Runs inside the caller's transaction; answers in order."""
    accounts = account_ids(rows, by=by, change=change)
    book = ContactBook(rows, accounts)
    found = [book.find(row, account) for row, account in zip(rows, accounts, strict=True)]
    people: list[Row | Refusal] = []
    for row, known in zip(rows, found, strict=True):
        fields = {name: row[name] for name in PERSON if name in row}  # type: ignore[literal-required]
        people.append(known if isinstance(known, Refusal) else Row(known.person_id if known else None, fields))
    persons = write_all(PEOPLE, people, by=by, change=change)
    given: list[Row | Refusal] = []
    for row, known, account, person in zip(rows, found, accounts, persons, strict=True):
        if isinstance(known, Refusal) or isinstance(person, Refusal):
            given.append(cast("Refusal", known if isinstance(known, Refusal) else person))
            continue
        fields = {name: row[name] for name in CONTACT if name in row} | {"person_id": person.id}  # type: ignore[literal-required]
        if account is not None:
            fields["account_id"] = account
        given.append(Row(known.id if known else None, fields))
    contacts = write_all(CONTACTS, given, by=by, change=change)
    answers = [whole(contact, person) for contact, person in zip(contacts, persons, strict=True)]
    refresh(each.id for each in answers if isinstance(each, Done) and each.state != State.UNCHANGED)
    return answers


def refresh(ids: Iterable[int]) -> None:
    contacts = Contact.objects.filter(pk__in=list(ids)).select_related("person", "account")
    search.put(contact_entry(contact) for contact in contacts)


def account_ids(rows: Sequence[ContactRow], *, by: Actor, change: Change | None) -> list[int | None]:
    """The account of each row, made by name where absent; None where the row names none or one nobody knows by id."""
    externals = {row["account_external_id"] for row in rows if row.get("account_external_id")}
    known: dict[str, int] = {}
    if externals:
        there = Account.objects.filter(~Q(external_id=""), external_id__in=externals)
        known = dict(there.values_list("external_id", "id"))
    wanted: dict[str, AccountRow] = {}
    for row in rows:
        name = row.get("account_name", "")
        if name and row.get("account_external_id", "") not in known:
            wanted.setdefault(key(name), AccountRow(name=name))
    made = upsert_missing(list(wanted.values()), by=by, change=change)
    by_key = {folded: answer.id for folded, answer in zip(wanted, made, strict=True) if isinstance(answer, Done)}
    return [
        row.get("account_pk") or known.get(row.get("account_external_id", "")) or by_key.get(key(row.get("account_name", "")))
        for row in rows
    ]


def upsert_missing(rows: Sequence[AccountRow], *, by: Actor, change: Change | None) -> list[Answer]:
    """Accounts by name: the one there is stays as it is, others are made."""
    keys = [key(row["name"])[:200] for row in rows]
    there: dict[str, list[int]] = defaultdict(list)
    for pk, folded in Account.objects.filter(key__in=keys).order_by("pk").values_list("id", "key"):
        there[folded].append(pk)
    missing = [row for row, folded in zip(rows, keys, strict=True) if folded not in there]
    made = iter(upsert_accounts(missing, by=by, change=change))
    return [Done(there[folded][0], State.UNCHANGED) if folded in there else next(made) for folded in keys]


class Known(NamedTuple):
    id: int
    person_id: int
    account_id: int
    external_id: str
    email: str
    is_enrolled: bool
    name: str


class ContactBook:
    """The contacts a batch of rows may mean: by external id, else by address, else by name at the same account."""

    def __init__(self, rows: Sequence[ContactRow], accounts: Sequence[int | None]) -> None:
        self.by_external: dict[str, Known] = {}
        self.by_email: dict[str, list[Known]] = defaultdict(list)
        self.by_name: dict[tuple[int, str], list[Known]] = defaultdict(list)
        externals = {row["external_id"] for row in rows if row.get("external_id")}
        emails = {row["email"] for row in rows if row.get("email")}
        named = {account for row, account in zip(rows, accounts, strict=True) if account}
        if externals:
            self.read(~Q(external_id="") & Q(external_id__in=externals))
        if emails:
            self.read(Q(email__in=emails))
        if named:
            self.read(Q(account__in=named))

    def read(self, condition: Q) -> None:
        fields = ("id", "person_id", "account_id", "external_id", "email", "is_enrolled", "person__first_name", "person__last_name")
        contacts = Contact.objects.filter(condition).annotate(is_enrolled=Q(reference__isnull=False)).order_by("pk")
        for *rest, first, last in contacts.values_list(*fields):
            known = Known._make((*rest, key(f"{first} {last}")))
            if known.external_id:
                self.by_external[known.external_id] = known
            if known.email and known not in self.by_email[known.email]:
                self.by_email[known.email].append(known)
            if known not in self.by_name[known.account_id, known.name]:
                self.by_name[known.account_id, known.name].append(known)

    def find(self, row: ContactRow, account: int | None) -> Known | Refusal | None:
        """The contact meant, None where one has to be made, a refusal where nothing says at which account."""
        external, email = row.get("external_id", ""), row.get("email", "")
        name = key(f"{row.get('first_name', '')} {row.get('last_name', '')}")
        if external in self.by_external:
            return staying(self.by_external[external], account)
        alike = [known for known in self.by_email.get(email, ()) if not (external and known.external_id)] if email else []
        if not alike and account and name:
            at = self.by_name.get((account, name), ())
            alike = [known for known in at if not (external and known.external_id) and not (email and known.email)]
        here = [known for known in alike if account in (None, known.account_id)]
        same = [known for known in here or alike if known.name == name or not name]
        if here and (same or len(here) == 1 or account is not None):
            return self.adopted((same or here)[0], external)
        if here:
            return Refusal(f"{len(here)} contacts share {email}. Add the account.")
        if same:
            kept = staying(same[0], account)
            return kept if isinstance(kept, Refusal) else self.adopted(kept, external)
        if account is None:
            where = row.get("account_external_id")
            return Refusal(f"No account has the id {where}. Import accounts first." if where else "The row names no account.")
        return None

    def adopted(self, known: Known, external: str) -> Known:
        """The contact belongs to this id from now on: another row of the batch with another id means another contact."""
        if not external or known.external_id:
            return known
        taken = known._replace(external_id=external)
        for alike in (self.by_email[known.email], self.by_name[known.account_id, known.name]):
            alike[:] = [taken if each.id == known.id else each for each in alike]
        self.by_external[external] = taken
        return taken


def staying(known: Known, account: int | None) -> Known | Refusal:
    """The contact, unless it would take its place in the program along to another account: whoever leaves one is alumni there."""
    return Refusal(LEFT) if known.is_enrolled and account not in (None, known.account_id) else known


class RelationshipRow(TypedDict, total=False):
    colleague_id: int
    contact_id: int
    kind: str
    role: str
    last_touch_on: Any


def upsert_relationships(rows: Sequence[RelationshipRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Say how colleagues know contacts: one row for each pair."""
    pairs = Relationship.objects.filter(contact__in={row["contact_id"] for row in rows})
    there = {(colleague, contact): pk for pk, colleague, contact in pairs.values_list("id", "colleague_id", "contact_id")}
    given = [Row(there.get((row["colleague_id"], row["contact_id"])), dict(row)) for row in rows]
    return created_answers(RELATIONSHIPS, given, by=by, change=change)


def created_answers(table: Table, rows: Sequence[Row], *, by: Actor, change: Change | None) -> list[Answer]:
    return list(created_by(change, table, upsert(table, rows, by=by, change=change)))


class SignalRow(TypedDict, total=False):
    """Known by its external id, else by account, kind and day. `first_on` is the day of one that has none of its own.

    `resolved_on` None opens it again; `over_on` resolves it on that day unless it is resolved already.
    """

    external_id: str
    account_id: int
    kind: str
    severity: str
    value: Any
    words: str
    happened_on: Any
    first_on: Any
    resolved_on: Any
    over_on: Any


def upsert_signals(rows: Sequence[SignalRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Keep dated facts about accounts; a later file may resolve an escalation, or open it again."""
    signals = Signal.objects.filter(account__in={row["account_id"] for row in rows})
    there: dict[str | tuple[int, str, Any], tuple[int, Any]] = {}
    for pk, external, account, kind, day, resolved in signals.values_list(
        "id", "external_id", "account_id", "kind", "happened_on", "resolved_on"
    ):
        there[external or (account, kind, day)] = pk, resolved
    given = []
    for row in rows:
        known, resolved = there.get(row.get("external_id") or (row["account_id"], row["kind"], row.get("happened_on")), (None, None))
        fields = {name: value for name, value in row.items() if name not in {"first_on", "over_on"}}
        if "over_on" in row:
            fields["resolved_on"] = resolved or row["over_on"]
        given.append(Row(known, fields, first={"happened_on": row["first_on"]} if "first_on" in row else {}))
    return created_answers(SIGNALS, given, by=by, change=change)
