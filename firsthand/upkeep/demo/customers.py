"""Colleagues, accounts, people and what is known of them."""

from collections.abc import Iterator
from itertools import islice, product

from django.contrib.auth.hashers import make_password

from firsthand.core.words_key import key
from firsthand.customers.finding import refresh_accounts, refresh_contacts
from firsthand.customers.models import Account, AccountValue, Contact, Person, Relationship, Signal
from firsthand.people.models import Colleague, Team
from firsthand.program.models import FacetValue
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.world import World, write

OFFICES = ("North", "South", "West", "East")


def fill_colleagues(world: World) -> None:
    """The cast, who can sign in, and others, who can be written to; teams by office, Ana and Sam in the first."""
    teams = write(Team, [Team(name=f"Sales {office}") for office in OFFICES])
    password = make_password(words.PASSWORD)
    cast = [
        Colleague(name=name, email=f"{local}@{words.DOMAIN}", role=role, title=title, password=password, team=teams[0])
        for name, local, role, title in words.CAST
    ]
    names = islice(_names(world), world.size.colleagues - len(cast))
    others = [
        Colleague(
            name=f"{first} {last}",
            email=f"{key(f'{first} {last}').replace(' ', '.')}@{words.DOMAIN}",
            role=Colleague.Role.MEMBER,
            title="Account manager",
            team=world.one(teams),
        )
        for first, last in names
    ]
    mia, sam, ana, *_ = write(Colleague, [*cast, *others])
    ana.deputy, sam.deputy = others[0], others[1]
    Colleague.objects.bulk_update([ana, sam], ["deputy"])
    for team in teams:
        team.lead = mia if team is teams[0] else others[2]
    Team.objects.bulk_update(teams, ["lead"])


def fill_accounts(world: World) -> None:
    """Customers and prospects, one in eight with a parent; each with industry, country and size."""
    names = _company_names(world)
    industries, bands = world.leaves("industry"), list(world.values["company_size"].values())
    countries = _countries(world)
    owners = world.colleagues[1:]
    accounts, facts = [], []
    for _ in range(world.size.accounts):
        industry, country = world.one(industries), world.one(countries)
        employees = int(10 ** world.chance.uniform(1.3, 4.9))
        name = next(names[industry.pk])
        customer = world.happens(0.6)
        accounts.append(
            Account(
                name=name, key=key(name), domain=f"{name.casefold().replace(' ', '-')}.example",
                is_customer=customer, is_prospect=not customer, location=country.name, employees=employees,
                annual_revenue=employees * 180_000, currency="EUR", owner=_owner(world, owners),
                customer_since=world.day(-2500, -60) if customer else None,
                renewal_date=world.day(5, 700) if customer else None,
                health=world.one(("green", "green", "green", "amber", "red")) if customer else "",
            )
        )  # fmt: skip
        facts.append((industry, country, _band(bands, employees)))
    write(Account, accounts)
    _families(world, accounts)
    write(
        AccountValue,
        [AccountValue(account=account, value=value) for account, fact in zip(accounts, facts, strict=True) for value in fact if value],
    )
    products = [world.values["product"][name] for name in words.PRODUCTS]
    write(
        AccountValue,
        [AccountValue(account=a, value=value) for a in accounts if a.is_customer for value in world.some(products, 3)],
    )
    _signals(world, accounts)
    refresh_accounts(accounts)


def fill_contacts(world: World) -> None:
    """People with a job each, more of them at customers; some colleagues know some of them."""
    accounts = world.accounts
    customers = [account for account in accounts if account.is_customer]
    names = list(islice(_names(world), 4000))
    people = write(
        Person, [Person(first_name=first, last_name=last) for first, last in (world.one(names) for _ in range(world.size.contacts))]
    )
    personas = {name: world.values["persona"].get(name) for name in words.TITLES}
    contacts = []
    for number, person in enumerate(people):
        account = customers[number % len(customers)] if number < 3 * len(customers) or world.happens(0.7) else world.one(accounts)
        persona = world.one(tuple(words.TITLES))
        local = f"{person.first_name}.{person.last_name}".casefold()
        contacts.append(
            Contact(
                person=person, account=account, title=world.one(words.TITLES[persona]), persona=personas[persona],
                email=f"{local}.{number}@{account.domain}", phone=f"+49 30 55501{number % 100:02d}",
                started_on=world.day(-3000, -200), left_on=world.day(-200, -1) if world.happens(0.02) else None,
            )
        )  # fmt: skip
    write(Contact, contacts)
    ties = []
    for contact in contacts:
        if contact.account.owner and world.happens(0.4):
            ties.append(_tie(world, contact, contact.account.owner, Relationship.Kind.OWNER))
            other = world.one(world.colleagues)
            if other != contact.account.owner and world.happens(0.4):
                ties.append(_tie(world, contact, other, Relationship.Kind.WORKED_WITH))
    write(Relationship, ties)
    refresh_contacts(contacts)


def _tie(world: World, contact: Contact, colleague: Colleague, kind: str) -> Relationship:
    return Relationship(
        colleague=colleague, contact=contact, kind=kind, strength=world.chance.randint(1, 5),
        since=world.day(-2000, -100), last_touch_on=world.day(-300, -1),
    )  # fmt: skip


def _owner(world: World, owners: list[Colleague]) -> Colleague:
    ana = owners[1]
    return ana if world.happens(0.04) else world.one(owners)


def _names(world: World) -> Iterator[tuple[str, str]]:
    pairs = list(product(words.FIRST_NAMES, words.LAST_NAMES))
    world.chance.shuffle(pairs)
    return iter(pairs)


def _company_names(world: World) -> dict[int, Iterator[str]]:
    """For each industry, names that are never used twice."""
    stems = [f"{stem}{end}" for stem, end in product(words.STEMS, words.ENDINGS)]
    world.chance.shuffle(stems)
    industries = world.leaves("industry")
    return {value.pk: _named(world, value, stems[number :: len(industries)]) for number, value in enumerate(industries)}


def _named(world: World, industry: FacetValue, stems: list[str]) -> Iterator[str]:
    """Every suffix of the industry with every stem, then numbered: a large demo runs out of fresh ones."""
    known = words.SUFFIXES.get(industry.name) or (words.SUFFIXES.get(industry.parent.name) if industry.parent else None)
    suffixes = [*(known or ()), *words.OTHER_SUFFIXES]
    world.chance.shuffle(suffixes)
    for round_number in range(1, 10_000):
        for suffix, stem in product(suffixes, stems):
            yield f"{stem} {suffix}" if round_number == 1 else f"{stem} {suffix} {round_number}"


def _countries(world: World) -> list[FacetValue]:
    known = world.values["geography"]
    return [known[name] for name, weight in words.COUNTRIES if name in known for _ in range(weight)]


def _band(bands: list[FacetValue], employees: int) -> FacetValue | None:
    return next((b for b in bands if (b.low or 0) <= employees and (b.high is None or employees <= b.high)), None)


def _families(world: World, accounts: list[Account]) -> None:
    for number, account in enumerate(accounts):
        if number and world.happens(0.12):
            account.parent = accounts[int(world.chance.random() * number)]
    for account in accounts:
        account.family = account.parent.family if account.parent else account
    Account.objects.bulk_update(accounts, ["parent", "family"], batch_size=500)


def _signals(world: World, accounts: list[Account]) -> None:
    rows = []
    for account in accounts:
        if account.is_customer and world.happens(0.5):
            rows.append(Signal(account=account, kind=Signal.Kind.NPS, value=world.chance.randint(4, 10), happened_on=world.day(-300, -5)))
        if account.is_customer and world.happens(0.06):
            severe, resolved = world.happens(0.4), world.happens(0.5)
            rows.append(
                Signal(
                    account=account, kind=Signal.Kind.ESCALATION, severity="severe" if severe else "minor",
                    happened_on=world.day(-120, -10), resolved_on=world.day(-9, -1) if resolved else None,
                    words="Close run stopped after the update",
                )
            )  # fmt: skip
    write(Signal, rows)
