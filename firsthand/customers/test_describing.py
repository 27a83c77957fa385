"""Companies without their names: said well, and never so that fewer than five share it."""

import math

import pytest

from firsthand.customers.builders import make_account
from firsthand.customers.describing import described, rounded, said_alike
from firsthand.customers.models import Account, AccountValue
from firsthand.program.builders import make_program
from firsthand.program.models import Facet, FacetValue

pytestmark = pytest.mark.django_db


def companies(count: int, industry: str, region: str, employees: int | None = None) -> list[Account]:
    """So many customers of one kind."""
    made = [make_account(f"{industry} {region} {n} {employees}") for n in range(count)]
    for account in made:
        Account.objects.filter(pk=account.pk).update(employees=employees, is_customer=True)
        for name in filter(None, (industry, region)):
            AccountValue.objects.create(account=account, value=FacetValue.objects.get(name=name))
        account.refresh_from_db()
    return made


def say(account: Account) -> str:
    return described(account, Account.objects.filter(is_customer=True), "a company")


def test_it_reads_well_where_enough_share_it() -> None:
    make_program()
    FacetValue.objects.filter(name="Norway").update(name="Nordics", key="nordics")
    [first, *_] = companies(5, "Banking", "Nordics", 4812)
    assert say(first) == "a Nordic bank, about 5,000 employees"
    [insurer, *_] = companies(5, "Insurance", "Europe", None)
    assert say(insurer) == "a European insurer"


def test_an_article_fits_its_noun() -> None:
    make_program()
    [first, *_] = companies(5, "Insurance", "Norway")
    assert say(first) == "an insurer in Norway"


def test_what_fewer_than_five_share_is_said_more_broadly() -> None:
    make_program()
    [odd] = companies(1, "Banking", "Norway", 4812)
    companies(4, "Banking", "Norway", 90)
    assert say(odd) == "a bank in Norway"
    companies(2, "Insurance", "Norway", 90)
    [lone] = companies(1, "Insurance", "United Kingdom", 40)
    assert say(lone) == "a European company in financial services"


def test_a_size_that_few_share_is_said_as_a_band() -> None:
    make_program()
    [first, *_] = companies(3, "Banking", "Norway", 4812) + companies(3, "Banking", "Norway", 1900)
    assert say(first) == "a bank in Norway, 1,000 to 5,000 employees"
    [small, *_] = companies(3, "Retail", "Norway", 12) + companies(3, "Retail", "Norway", 40)
    assert say(small) == "a retailer in Norway, fewer than 50 employees"
    [large, *_] = companies(3, "Insurance", "Norway", 60_000) + companies(3, "Insurance", "Norway", 200_000)
    assert say(large) == "an insurer in Norway, over 50,000 employees"


@pytest.mark.parametrize(
    ("industry", "region", "words"),
    [
        ("International organization", "Europe", "a European international organization"),
        ("Local government", "United Kingdom", "a local authority in the United Kingdom"),
        ("Public sector", "Netherlands", "a public body in the Netherlands"),
        ("Utilities", "DACH", "a utility in Germany, Austria or Switzerland"),
        ("IT services", "Americas", "a company in IT services, in the Americas"),
        ("E-commerce", "United States", "an online retailer in the United States"),
    ],
)
def test_every_kind_of_organization_has_its_noun_and_its_article(industry: str, region: str, words: str) -> None:
    make_program()
    facets = {facet: Facet.objects.get(code=facet) for facet in ("industry", "geography")}
    for name, facet in ((industry, "industry"), (region, "geography")):
        FacetValue.objects.get_or_create(name=name, facet=facets[facet], defaults={"key": name.lower()})
    [first, *_] = companies(5, industry, region)
    assert say(first) == words


def test_of_one_alone_nothing_is_said() -> None:
    make_program()
    [lone] = companies(1, "Retail", "Norway", 70)
    assert say(lone) == "a company"


def test_the_number_names_nobody() -> None:
    assert [rounded(size) for size in (7, 12, 96, 4812, 9_700)] == [7, 10, 100, 5_000, 10_000]


def test_companies_are_counted_by_what_is_said_of_them() -> None:
    said = [0, *(rounded(size) for size in range(1, 25_001))]
    for size in range(1, 20_001):
        low, high = said_alike(size)
        first, last = math.ceil(low), min(math.ceil(high) - 1, 25_000)
        assert low <= size < high
        assert said[first] == said[size] == said[last]
        assert said[first - 1] != said[size]
        assert last == 25_000 or said[last + 1] != said[size]


def test_smaller_ones_do_not_hide_the_only_large_one() -> None:
    make_program()
    [only] = companies(1, "Banking", "Norway", 12_000)
    companies(4, "Banking", "Norway", 6_000)
    assert say(only) == "a bank in Norway"


def test_daughters_of_one_group_count_once() -> None:
    make_program()
    [first, *rest] = companies(5, "Banking", "Norway")
    assert say(first) == "a bank in Norway"
    Account.objects.filter(pk__in=[each.pk for each in rest[:2]]).update(parent=first, family=first)
    assert say(first) == "a company"
    companies(2, "Banking", "Norway", 90)
    assert say(first) == "a bank in Norway"
