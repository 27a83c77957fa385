"""Who may be there twice: suggestions for a merge, by name, domain and e-mail address. Suggests, changes nothing."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from django.db.models import Count, Q
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from firsthand.customers.models import Account, Contact, Person

Row = TypeVar("Row")

ALIKE = 86
NEIGHBORS = 4
FIRST_LETTERS = 4
SHORTEST_SLIP = 5
LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "as",
        "asa",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
        "limited",
        "llc",
        "llp",
        "ltd",
        "nv",
        "oy",
        "oyj",
        "plc",
        "pte",
        "pty",
        "sa",
        "sarl",
        "se",
        "spa",
        "srl",
    ]
)
MOST_CANDIDATES, MOST_SHOWN, MOST_PAIRS = 500, 8, 50


@dataclass(frozen=True)
class Pair:
    """Two accounts that may be one, and why."""

    one: Account
    other: Account
    why: str


@dataclass(frozen=True)
class PersonPair:
    one: Person
    other: Person
    why: str


def accounts_like(account: Account) -> list[Account]:
    """Accounts that may be this one: its domain, or a name very like its own. The likest first."""
    begins = Q(key__startswith=account.key[:FIRST_LETTERS])
    same = Q(domain=account.domain) if account.domain else Q(pk__in=[])
    pool = Account.objects.filter(begins | same).exclude(pk=account.pk).select_related("owner")[:MOST_CANDIDATES]
    scored = [(100.0 if account.domain and row.domain == account.domain else likeness(account.key, row.key), row) for row in pool]
    return [row for score, row in sorted(scored, key=lambda pair: (-pair[0], pair[1].pk)) if score >= ALIKE][:MOST_SHOWN]


def persons_like(person: Person) -> list[Person]:
    """Persons that may be this one: an address of theirs, or the same last name and a first name very like."""
    addresses = person.contacts.exclude(email="").values("email")
    named = Q(last_name__iexact=person.last_name) if person.last_name else Q(pk__in=[])
    pool = Person.objects.filter(Q(contacts__email__in=addresses) | named, erased_at=None).exclude(pk=person.pk).distinct()
    shares = set(Contact.objects.filter(email__in=addresses).values_list("person", flat=True))
    scored = [(100.0 if row.pk in shares else likeness(person.name.casefold(), row.name.casefold()), row) for row in pool[:MOST_CANDIDATES]]
    return [row for score, row in sorted(scored, key=lambda pair: (-pair[0], pair[1].pk)) if score >= ALIKE][:MOST_SHOWN]


def account_pairs() -> list[Pair]:
    """Pairs of accounts with one domain, or with one name but for a legal form or a slip, among neighbors in the alphabet.

    Names that are merely alike are left out: "Alderholm Holding" and "Aldermont Holding" are two companies.
    """
    found: dict[tuple[int, int], str] = {}
    domains = Account.objects.exclude(domain="").values("domain").annotate(n=Count("pk")).filter(n__gt=1)
    twice = Account.objects.filter(domain__in=domains.order_by("domain").values_list("domain", flat=True)[:MOST_PAIRS])
    for one, other in _in_groups(twice.order_by("pk").values_list("domain", "pk")):
        found.setdefault((one, other), "the same domain")
    found |= _alike_by_name({other for _, other in found}, MOST_PAIRS - len(found))
    pairs = list(found.items())[:MOST_PAIRS]
    accounts = Account.objects.select_related("owner").in_bulk({pk for pair, _ in pairs for pk in pair})
    return [Pair(accounts[one], accounts[other], why) for (one, other), why in pairs]


def person_pairs() -> list[PersonPair]:
    """Pairs of persons with one e-mail address."""
    shared = Contact.objects.exclude(email="").values("email").annotate(n=Count("person", distinct=True)).filter(n__gt=1)
    emails = list(shared.order_by("email").values_list("email", flat=True)[:MOST_PAIRS])
    rows = Contact.objects.filter(email__in=emails, person__erased_at=None).order_by("person").values_list("email", "person").distinct()
    pairs = list(dict.fromkeys(_in_groups(rows)))[:MOST_PAIRS]
    people = Person.objects.in_bulk({pk for pair in pairs for pk in pair})
    return [PersonPair(people[one], people[other], "the same e-mail address") for one, other in pairs]


def _alike_by_name(paired: set[int], most: int) -> dict[tuple[int, int], str]:
    """Pairs of one name among neighbors in the alphabet, and why. Who is `paired` already is spoken for by the one it was paired with."""
    found: dict[tuple[int, int], str] = {}
    rows = [_Named(*row) for row in Account.objects.order_by("key", "pk").values_list("pk", "key", "domain")]
    for place, one in enumerate(rows):
        if one.pk in paired or len(found) >= most:
            continue
        for other in rows[place + 1 : place + 1 + NEIGHBORS]:
            if why := _one_company(one, other):
                found[min(one.pk, other.pk), max(one.pk, other.pk)] = why
                paired.add(other.pk)
    return found


class _Named(NamedTuple):
    """What tells an account: `key` is its name as compared."""

    pk: int
    key: str
    domain: str

    @property
    def words(self) -> list[str]:
        """The name's words without legal forms, unless it is made of nothing else."""
        every = self.key.split()
        return [word for word in every if word not in LEGAL_FORMS] or every


def _one_company(one: _Named, other: _Named) -> str:
    """Why the two names may be one company's, or nothing. Two addresses on the net tell apart what only looks alike."""
    if one.words == other.words:
        return "the same name, whatever the legal form"
    if "".join(one.words) == "".join(other.words):
        return "the same name, written apart"
    if (one.domain and other.domain) or len(one.words) != len(other.words):
        return ""
    differ = [pair for pair in zip(one.words, other.words, strict=True) if pair[0] != pair[1]]
    return "names that differ by one letter" if len(differ) == 1 and _is_slip(*differ[0]) else ""


def _is_slip(one: str, other: str) -> bool:
    """One letter more, less, changed or swapped with its neighbor; numbers and short words are meant as they stand."""
    return min(len(one), len(other)) >= SHORTEST_SLIP and (one + other).isalpha() and OSA.distance(one, other) == 1


def likeness(one: str, other: str) -> float:
    """From 0 to 100; a name that only has more words, such as a legal form, is very like."""
    return max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other) - 5)


def _in_groups(rows: Iterable[tuple[Hashable, int]]) -> list[tuple[int, int]]:
    """Each group's first with the next few of it; what many share tells little."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for name, pk in rows:
        groups[name].append(pk)
    return [(group[0], other) for group in groups.values() for other in group[1 : 1 + NEIGHBORS]]
