"""The plural deeds for accounts: what an import calls, and the page with one row.

A row is a dict of what is known; what is absent stays as it is. Who a row is: its external id, else its name. An
account that has no external id yet is adopted by the row that brings one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from django.db.models import Q

from firsthand.core.follow import follow
from firsthand.core.words_key import key
from firsthand.customers import families, finding
from firsthand.customers.models import Account, AccountValue
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Done, Refusal, Row, State, Table, upsert, write_all


class AccountRow(TypedDict, total=False):
    """`values`: facet id -> value ids. `parent_name` is made where absent; `parent_external_id` must be there already.

    `default_kind`, such as `is_customer`, holds for an account that is neither customer nor prospect nor partner yet.
    """

    external_id: str
    name: str
    domain: str
    parent_external_id: str
    parent_name: str
    owner_id: int | None
    is_customer: bool
    is_prospect: bool
    is_partner: bool
    default_kind: str
    location: str
    employees: int
    annual_revenue: Any
    currency: str
    customer_since: Any
    renewal_date: Any
    health: str
    custom: dict[str, Any]
    values: dict[int, Sequence[int]]


FIELDS = (
    "external_id", "name", "domain", "owner_id", "is_customer", "is_prospect", "is_partner", "location", "employees",
    "annual_revenue", "currency", "customer_since", "renewal_date", "health", "custom",
)  # fmt: skip


def entry(fields: Any) -> tuple[str, str]:
    return fields["name"], " ".join(fields.get(name) or "" for name in ("domain", "location", "external_id"))


ACCOUNTS = Table(
    model=Account,
    uses=AccountValue,
    owner="account_id",
    own_id=("family_id",),
    entry=entry,
    entry_from=("name", "domain", "location", "external_id"),
)


def upsert_accounts(rows: Sequence[AccountRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make or change accounts. Runs inside the caller's transaction; the answers stand in the order of the rows."""
    book = AccountBook(rows, by=by, change=change)
    found = [book.find(row.get("external_id", ""), row.get("name", "")) for row in rows]
    book.hold_moved(rows, found)
    given = [pk if isinstance(pk, Refusal) else book.row(row, pk) for row, pk in zip(rows, found, strict=True)]
    book.set_families(given)
    answers = write_all(ACCOUNTS, given, by=by, change=change)
    move_families(book.moved, by=by, change=change)
    follow("account", [each.id for each in answers if isinstance(each, Done) and each.state == State.CHANGED])
    return answers


def refresh(ids: Sequence[int]) -> None:
    """What is derived from accounts that were put back."""
    finding.refresh_accounts(Account.objects.filter(pk__in=ids))
    follow("account", ids)


def move_families(moved: Mapping[int, int], *, by: Actor, change: Change | None) -> None:
    """Who stands anywhere below an account that moved has its head now; with a trace, for the undo. `moved`: id -> new head."""
    wrong = families.wrong_below(moved)
    upsert(ACCOUNTS, [Row(pk, {"family_id": head}) for pk, head in sorted(wrong.items())], by=by, change=change)


class Known(NamedTuple):
    id: int
    external_id: str
    key: str
    parent_id: int | None
    family_id: int | None
    is_customer: bool
    is_prospect: bool
    is_partner: bool


class AccountBook:
    """The accounts a batch of rows may mean, read in two statements. Parents that are absent are made on the way."""

    def __init__(self, rows: Iterable[AccountRow], *, by: Actor, change: Change | None) -> None:
        self.by, self.change = by, change
        self.moved: dict[int, int] = {}
        self.tree = families.Tree()
        self.by_id: dict[int, Known] = {}
        self.by_external: dict[str, int] = {}
        self.by_key: dict[str, list[int]] = defaultdict(list)
        rows = list(rows)
        externals = {row.get(name, "") for row in rows for name in ("external_id", "parent_external_id")}
        names = {row.get(name, "") for row in rows for name in ("name", "parent_name")}
        self.keys = {str(name): key(str(name))[:200] for name in names}
        self.read(~Q(external_id=""), external_id__in=externals - {""})  # the condition is the index's own, or it is not used
        self.read(key__in=set(self.keys.values()) - {""})
        self.make_parents(rows)

    def read(self, *also: Q, **wanted: Any) -> None:
        if not any(wanted.values()):
            return
        for each in Account.objects.filter(*also, **wanted).values_list(*Known._fields):
            self.keep(Known(*each))

    def keep(self, known: Known) -> None:
        if known.id in self.by_id:
            return
        self.by_id[known.id] = known
        self.by_key[known.key].append(known.id)
        if known.external_id:
            self.by_external[known.external_id] = known.id

    def find(self, external_id: str, name: str) -> int | Refusal | None:
        """The account's id, None where it has to be made, a refusal where its name means two."""
        if external_id in self.by_external:
            return self.by_external[external_id]
        alike = self.by_key.get(self.keys.get(name) or key(name), [])
        if external_id:
            alike = [each for each in alike if not self.by_id[each].external_id]
            return self.adopted(alike[0], external_id) if len(alike) == 1 else None
        if len(alike) > 1:
            return Refusal(f"{len(alike)} accounts are called {name}. Add the account id.")
        return alike[0] if alike else None

    def adopted(self, pk: int, external_id: str) -> int:
        """The account belongs to this id from now on: another row of the batch with another id means another account."""
        self.by_id[pk] = self.by_id[pk]._replace(external_id=external_id)
        self.by_external[external_id] = pk
        return pk

    def row(self, given: AccountRow, pk: int | None) -> Row | Refusal:
        fields = {name: given[name] for name in FIELDS if name in given}  # type: ignore[literal-required]
        if "name" in fields:
            fields["key"] = self.keys[fields["name"]]
        elif pk is None:
            return Refusal("The row has no account name.")
        kind = given.get("default_kind")
        if kind and not (pk and self.has_kind(self.by_id[pk])):
            fields.setdefault(kind, True)
        parent = self.parent_of(given)
        if parent is not None:
            fields["parent_id"] = parent
            if pk in self.tree.parents and not self.tree.move(pk, parent):
                return Refusal(f"{given.get('name') or given.get('external_id')} cannot be under itself.")
        return Row(pk, fields, values=given.get("values", {}))

    def hold_moved(self, rows: Sequence[AccountRow], found: Sequence[int | Refusal | None]) -> None:
        """Lock and read the lines of parents where a row moves an account; a new one alone can neither move others nor close a circle."""
        parents = [self.parent_of(row) for row in rows]
        self.moved = {
            pk: self.family_of(parent)
            for pk, parent in zip(found, parents, strict=True)
            if isinstance(pk, int) and parent is not None and self.moves(self.by_id[pk], parent)
        }
        if self.moved:
            self.tree.read({*self.moved, *(parent for parent in parents if parent is not None)})

    def moves(self, known: Known, parent: int) -> bool:
        return known.parent_id != parent or known.family_id != self.family_of(parent)

    def family_of(self, parent: int) -> int:
        """The head above a parent: as the lines stand after the batch's moves where these were read, else as it is kept."""
        return self.tree.top(parent) if parent in self.tree.parents else self.by_id[parent].family_id or parent

    def set_families(self, given: Iterable[Row | Refusal]) -> None:
        """Once all moves of the batch are known, so that a chain linked in one batch has one head."""
        for row in given:
            if isinstance(row, Row) and "parent_id" in row.fields:
                row.fields["family_id"] = self.family_of(row.fields["parent_id"])
        self.moved = {pk: self.tree.top(pk) for pk in self.moved}

    @staticmethod
    def has_kind(known: Known) -> bool:
        return known.is_customer or known.is_prospect or known.is_partner

    def parent_of(self, given: AccountRow) -> int | None:
        if external := given.get("parent_external_id"):
            return self.by_external.get(external)
        if name := given.get("parent_name"):
            found = self.find("", name)
            return found if isinstance(found, int) else None
        return None

    def make_parents(self, rows: Iterable[AccountRow]) -> None:
        """Accounts for parents known by name alone; the row of their own, if one comes, fills them in."""
        wanted = {self.keys[str(row["parent_name"])]: str(row["parent_name"]) for row in rows if row.get("parent_name")}
        absent = {each: name for each, name in wanted.items() if each and not self.by_key.get(each)}
        made = [Row(None, {"name": name, "key": each}) for each, name in absent.items()]
        for row, done in zip(made, upsert(ACCOUNTS, made, by=self.by, change=self.change), strict=True):
            self.keep(Known(done.id, "", row.fields["key"], None, done.id, False, False, False))
