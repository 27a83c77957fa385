"""The family of an account: everything under one top parent. Kept by the deed that changes a parent."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from firsthand.core.locks import locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Account

AT_ONCE = 500


def hold(account: Account, parent: Account | None) -> None:
    """Lock the account, the parent it may get and the tops of both families, so that no two changes make a circle together."""
    pks = {row.family_id or row.pk for row in (account, parent) if row} | {row.pk for row in (account, parent) if row}
    list(locked(Account.objects.filter(pk__in=pks)).values_list("pk"))


def check_parent(account: Account, parent: Account | None) -> None:
    """Raise `Refused` where the parent is the account itself or stands below it."""
    if parent is None:
        return
    if parent.pk == account.pk:
        raise Refused(f"{account.name} cannot be its own parent. Choose another account, or none.", status=400)
    if parent.pk in below(account):
        raise Refused(f"{parent.name} stands below {account.name} already, so it cannot be its parent.", status=400)


def below(account: Account) -> set[int]:
    """Ids of all accounts under this one, level by level."""
    found: set[int] = set()
    level = {account.pk}
    while level:
        level = set(Account.objects.filter(parent__in=level).values_list("pk", flat=True)) - found - {account.pk}
        found |= level
    return found


def settle(account: Account) -> None:
    """Write the family of the account and of all below it, from its parent as it stands."""
    top = account.parent.family_id or account.parent.pk if account.parent else account.pk
    Account.objects.filter(pk__in={account.pk, *below(account)}).exclude(family=top).update(family=top)
    account.family_id = top


class Tree:
    """The lines of parents above some accounts while a batch moves them: as they are kept, but for the moves taken so far."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = {}

    def read(self, accounts: Collection[int]) -> None:
        """Read and lock the accounts and all above them, level by level."""
        level = set(accounts)
        while level:
            found: dict[int, int | None] = dict(locked(Account.objects.filter(pk__in=level)).values_list("pk", "parent_id"))
            self.parents |= found
            level = {parent for parent in found.values() if parent is not None} - self.parents.keys()

    def line(self, account: int) -> list[int]:
        """From the account up to its head. One that is kept in a circle ends where the circle closes."""
        found: dict[int, None] = {}
        at: int | None = account
        while at is not None and at not in found:
            found[at] = None
            at = self.parents.get(at)
        return list(found)

    def top(self, account: int) -> int:
        """The head of the account's family."""
        return self.line(account)[-1]

    def move(self, account: int, parent: int) -> bool:
        """Put the account under the parent; False, and nothing is done, where the parent is the account or stands below it."""
        if account in self.line(parent):
            return False
        self.parents[account] = parent
        return True


def wrong_below(heads: Mapping[int, int]) -> dict[int, int]:
    """Who stands below accounts of which the heads are given, and is kept in another family: id -> its head."""
    known, level = dict(heads), set(heads)
    wrong: dict[int, int] = {}
    while level:
        children = [row for row in children_of(sorted(level)) if row[0] not in known]
        known |= {pk: known[parent] for pk, parent, _ in children}
        wrong |= {pk: known[pk] for pk, _, family in children if family != known[pk]}
        level = {pk for pk, _, _ in children}
    return wrong


def children_of(accounts: Sequence[int]) -> Iterator[tuple[int, int, int | None]]:
    """(id, parent, family) of all accounts directly below these."""
    for at in range(0, len(accounts), AT_ONCE):
        yield from Account.objects.filter(parent__in=accounts[at : at + AT_ONCE]).values_list("pk", "parent_id", "family_id")
