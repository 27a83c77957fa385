"""The list of accounts, for one person."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from firsthand.core import search, words
from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.customers.marks import HEALTH
from firsthand.customers.models import Account, AccountValue, Contact, Signal
from firsthand.customers.sight import may_reach, reach, shown_parent
from firsthand.people.models import Colleague
from firsthand.people.saved_filters import saved_filters
from firsthand.program.narrowing import facet_choices

FACETS = ("industry", "geography", "company_size", "product")
KINDS = (("customer", "Customers"), ("prospect", "Prospects"), ("partner", "Partners"))
SHOWN_VALUES = 2


@dataclass(frozen=True)
class AccountRow:
    """One row, with everything its cells read. Facet values by the code of their facet."""

    account: Account
    is_close: bool
    values: dict[str, list[str]] = field(default_factory=dict)
    parent: str | None = None

    def named(self, code: str) -> str:
        return ", ".join(self.values.get(code, []))


def accounts_for(user: Colleague) -> Listing[Account, AccountRow]:
    return Listing(
        name="accounts",
        one="account",
        many="accounts",
        rows=Account.objects.visible_to(user).select_related("owner", "parent"),
        items=lambda rows: _items(rows, user),
        columns=(
            Column("name", "Account", lambda row: row.account.name, cell=_named, sort="key", is_head=True),
            Column("kind", "Type", lambda row: kinds(row.account), cell=_kinds),
            Column("owner", "Owner", lambda row: row.account.owner.name if row.account.owner else None),
            Column("industry", "Industry", lambda row: row.named("industry")),
            Column("country", "Country", lambda row: row.named("geography")),
            Column("products", "Products", lambda row: row.named("product"), cell=_products),
            Column("employees", "People", lambda row: row.account.employees, numeric=True),
            Column("renewal", "Renewal", lambda row: row.account.renewal_date, sort="renewal_date"),
            Column("health", "Health", lambda row: row.account.get_health_display(), cell=_health),
            Column("id", "Account id", lambda row: row.account.external_id, in_page=False),
            Column("parent", "Parent", lambda row: row.parent, in_page=False),
            Column("domain", "Domain", lambda row: row.account.domain, in_page=False),
            Column("location", "Location", lambda row: row.account.location, in_page=False),
            Column("revenue", "Annual revenue", lambda row: row.account.annual_revenue if row.is_close else None, in_page=False),
            Column("currency", "Currency", lambda row: row.account.currency, in_page=False),
            Column("since", "Customer since", lambda row: row.account.customer_since, in_page=False),
        ),
        order="name",
        choices=(
            Choice("owner", "Owner", (("me", "Mine"), ("nobody", "Nobody")), lambda rows, value: _owned(rows, value, user)),
            Choice("kind", "Type", KINDS, lambda rows, value: rows.filter(**{f"is_{value}": True})),
            *facet_choices(FACETS, AccountValue, "account"),
            Choice(
                "health",
                "Health",
                tuple((mark.value, mark.label) for mark in Account.Health),
                lambda rows, value: rows.filter(health=value),
            ),
            Choice("escalation", "Escalation", (("open", "Open"),), lambda rows, _: rows.filter(_is_escalated(user))),
        ),
        search=lambda rows, text: search.narrow(rows, "account", text),
        search_label="Name, domain or place",
        saved=saved_filters("accounts", user),
    )


def kinds(account: Account) -> str:
    """Customer, prospect, partner, as many as hold: "Customer, partner"."""
    held = [(account.is_customer, "customer"), (account.is_prospect, "prospect"), (account.is_partner, "partner")]
    return ", ".join(word for holds, word in held if holds).capitalize()


def _owned(rows: QuerySet[Account], value: str, user: Colleague) -> QuerySet[Account]:
    return rows.filter(owner=user if value == "me" else None)


def _is_escalated(user: Colleague) -> Exists:
    """Among those of which this user may know it."""
    return Exists(Signal.objects.visible_to(user).filter(account=OuterRef("pk"), kind=Signal.Kind.ESCALATION, resolved_on=None))


def _items(rows: list[Account], user: Colleague) -> list[AccountRow]:
    values: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    held = AccountValue.objects.filter(account__in=rows, value__facet__code__in=FACETS).order_by("value__position", "value__name")
    for account_id, code, name in held.values_list("account", "value__facet__code", "value__name"):
        values[account_id][code].append(name)
    return [AccountRow(row, may_reach(user, row), values[row.pk], shown_parent(row, user)) for row in rows]


def _named(row: AccountRow) -> str:
    sub = f"part of {row.parent}" if row.parent else row.account.domain
    return markup.who(row.account.name, sub, url=reverse("desk:account", args=[row.account.pk]), shape="company")


def _kinds(row: AccountRow) -> str:
    return kinds(row.account) or words.NOTHING


def _products(row: AccountRow) -> str:
    held = row.values.get("product", [])
    more = len(held) - SHOWN_VALUES
    return (", ".join(held[:SHOWN_VALUES]) + (f" and {more} more" if more > 0 else "")) or words.NOTHING


def _health(row: AccountRow) -> str:
    return markup.status(HEALTH.get(row.account.health))


def contacts_for(user: Colleague, account: Account, accepted: Collection[int] = ()) -> Listing[Contact, Contact]:
    """The people of one account; how to reach them as far as this user may know, in files too."""
    return Listing(
        name="people",
        one="person",
        many="people",
        rows=Contact.objects.visible_to(user).filter(account=account).select_related("person", "account__owner", "persona"),
        items=lambda rows: rows,
        columns=(
            Column("name", "Person", lambda row: row.person.name, cell=lambda row: markup.who(row.person.name, row.title), is_head=True),
            Column("title", "Job title", lambda row: row.title, in_page=False),
            Column("persona", "Persona", lambda row: row.persona.name if row.persona else None),
            Column("email", "E-mail", lambda row: reach(row, user, accepted=row.pk in accepted).email),
            Column("phone", "Phone", lambda row: reach(row, user, accepted=row.pk in accepted).phone),
            Column("left", "Left", lambda row: row.left_on),
            Column("added", "Added", lambda row: row.created_at.date(), sort="id"),
        ),
        order="-added",
        choices=(
            Choice("here", "Still here", (("yes", "Yes"), ("no", "Left")), lambda rows, value: rows.filter(left_on__isnull=value == "yes")),
        ),
        search=lambda rows, text: search.narrow(rows, "contact", text),
        search_label="Name or job title",
    )
