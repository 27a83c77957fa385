"""The family of an account: everything under one top parent. Kept by the deed that changes a parent."""

from firsthand.core.locks import locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Account


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
