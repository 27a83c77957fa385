"""Add an account, change it, give it facet values."""

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from firsthand.core import words_key
from firsthand.core.clock import today
from firsthand.core.follow import follow
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers import families, finding
from firsthand.customers.models import Account, AccountValue, Signal
from firsthand.customers.permissions import Move, demand
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.program.policy import in_force

CHANGED_MEANWHILE = "Somebody changed {name} while you were editing. Look at it again; nothing was saved."


@dataclass(frozen=True)
class AccountFacts:
    """What a person may say of an account on its form."""

    name: str
    domain: str = ""
    parent: Account | None = None
    owner: Colleague | None = None
    is_customer: bool = False
    is_prospect: bool = False
    is_partner: bool = False
    location: str = ""
    employees: int | None = None
    annual_revenue: Decimal | None = None
    currency: str = ""
    customer_since: date | None = None
    renewal_date: date | None = None
    health: str = ""
    custom: dict[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """As the account's attributes hold them."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"parent", "owner"}}
        return {
            **plain,
            "key": words_key.key(self.name)[:200],
            "parent_id": self.parent.pk if self.parent else None,
            "owner_id": self.owner.pk if self.owner else None,
        }


@deed
def add_account(facts: AccountFacts, *, by: Colleague) -> Account:
    """A new account, its own family unless it has a parent. Whoever adds it sees it, whatever comes later."""
    demand(by, Move.ADD)
    account = Account(**facts.columns())
    account.save()
    families.settle(account)
    finding.refresh_accounts([account])
    record("account_added", account, by=by.actor)
    return account


@deed
def change_account(account: Account, facts: AccountFacts, *, by: Colleague, revision: int | None = None) -> Account:
    """Write what differs. With `revision`, refuse (409) when the account has been changed since."""
    families.hold(account, facts.parent)
    account = Account.objects.select_related("owner", "parent").get(pk=account.pk)
    demand(by, Move.EDIT, account)
    if revision is not None and revision != account.revision:
        raise Refused(CHANGED_MEANWHILE.format(name=account.name))
    before = {name: getattr(account, name) for name in facts.columns()}
    changed = {name: value for name, value in facts.columns().items() if before[name] != value}
    if not changed:
        return account
    if "parent_id" in changed:
        families.check_parent(account, facts.parent)
    for name, value in changed.items():
        setattr(account, name, value)
    account.parent, account.owner = facts.parent, facts.owner
    account.revision += 1
    account.save(update_fields=[*changed, "revision"])
    _follow(account, before, changed, by)
    return account


def _follow(account: Account, before: dict[str, Any], changed: dict[str, Any], by: Colleague) -> None:
    """What hangs on a change: family, search, the signal of a new owner, history."""
    if "parent_id" in changed:
        families.settle(account)
    if changed.keys() & {"name", "domain", "location"}:
        finding.refresh_accounts([account])
        follow("account", [account.pk])
    if "name" in changed:
        finding.refresh_contacts_of(account)
    if "owner_id" in changed:
        record("account_owner_changed", account, by=by.actor, owner=[before["owner_id"], changed["owner_id"]])
        if before["owner_id"]:
            Signal.objects.create(account=account, kind=Signal.Kind.OWNER, happened_on=today(in_force().time_zone))
    if "parent_id" in changed:
        record("account_parent_changed", account, by=by.actor, parent=[before["parent_id"], changed["parent_id"]])
    plain = sorted(changed.keys() - {"owner_id", "parent_id", "key"})
    if plain:
        record("account_changed", account, by=by.actor, fields=plain)


@deed
def add_value(account: Account, value: FacetValue, *, by: Colleague) -> None:
    """Give the account a facet value; once is enough."""
    account = locked(Account.objects.filter(pk=account.pk)).select_related("owner").get()
    demand(by, Move.EDIT, account)
    if value.retired_at is not None:
        raise Refused(f"{value.name} is retired. Choose a value that is in use.", status=400)
    _, is_new = AccountValue.objects.get_or_create(account=account, value=value)
    if is_new:
        _count(account)
        record("value_added", account, by=by.actor, value=value.pk)


@deed
def drop_value(account: Account, value: FacetValue, *, by: Colleague) -> None:
    """Take a facet value from the account."""
    account = locked(Account.objects.filter(pk=account.pk)).select_related("owner").get()
    demand(by, Move.EDIT, account)
    if AccountValue.objects.filter(account=account, value=value).delete()[0]:
        _count(account)
        record("value_dropped", account, by=by.actor, value=value.pk)


def _count(account: Account) -> None:
    """The account's values are part of it: an import that changed them before can no longer be undone, and its stories tell them."""
    account.revision += 1
    account.save(update_fields=["revision"])
    follow("account", [account.pk])
