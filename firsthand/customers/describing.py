"""A company without its name: "a Nordic bank, about 5,000 employees". Said only where at least five companies are so described.

What fewer share is said more broadly: first without the size, then a wider region, then a wider industry, and at last nothing.
"""

from collections.abc import Iterator
from itertools import product

from django.db.models import QuerySet

from firsthand.core.words import inside
from firsthand.customers.models import Account, AccountValue
from firsthand.program.models import FacetValue

SHARED_BY = 5
# How a value of the tree is said before or as the noun; what is not here stands after it: "a company in tourism, in Chile".
REGIONS = {
    "nordics": "Nordic", "europe": "European", "benelux": "Benelux", "iberia": "Iberian", "baltics": "Baltic", "africa": "African",
    "north africa": "North African", "north america": "North American", "latin america": "Latin American",
    "southern europe": "Southern European", "eastern europe": "Eastern European", "east asia": "East Asian",
    "middle east": "Middle Eastern",
}  # fmt: skip
NOUNS = {
    "banking": "bank", "insurance": "insurer", "retail": "retailer", "manufacturing": "manufacturer", "software": "software company",
    "telecommunications": "telecommunications company", "pharmaceuticals": "pharmaceutical company", "energy": "energy company",
    "asset management": "asset manager", "universities": "university", "technology": "technology company",
}  # fmt: skip


def described(account: Account, among: QuerySet[Account], otherwise: str) -> str:
    """The narrowest description that at least `SHARED_BY` of `among` share, the account itself included; `otherwise` without one."""
    industries, regions = (_line(account, code) for code in ("industry", "geography"))
    for industry, region, sized in _narrowest_first(industries, regions, has_size=bool(account.employees)):
        if industry is None and region is None:
            return otherwise
        if _sharing(among, industry, region, account.employees if sized else None) >= SHARED_BY:
            return _said(industry, region, account.employees if sized else None)
    return otherwise


def _line(account: Account, code: str) -> list[FacetValue | None]:
    """The account's value of that facet and everything above it, narrowest first, and at last nothing."""
    rows = AccountValue.objects.filter(account=account, value__facet__code=code).select_related("value")
    first = rows.order_by("-value__path", "value__position", "value__name").first()
    if first is None:
        return [None]
    above = FacetValue.objects.in_bulk([pk for pk in first.value.line if pk != first.value_id])
    return [first.value, *(above[pk] for pk in reversed(first.value.line) if pk in above), None]


def _narrowest_first(
    industries: list[FacetValue | None], regions: list[FacetValue | None], *, has_size: bool
) -> Iterator[tuple[FacetValue | None, FacetValue | None, bool]]:
    sizes = [True, False] if has_size else [False]
    yield from product(industries, regions, sizes)


def _sharing(among: QuerySet[Account], industry: FacetValue | None, region: FacetValue | None, size: int | None) -> int:
    rows = among
    for value in filter(None, (industry, region)):
        below = FacetValue.objects.filter(facet=value.facet_id, path__startswith=value.path) if value.path else [value]
        rows = rows.filter(pk__in=AccountValue.objects.filter(value__in=below).values("account"))
    if size:
        low, high = _range(size)
        rows = rows.filter(employees__gte=low, employees__lt=high)
    return rows.count()


def _said(industry: FacetValue | None, region: FacetValue | None, size: int | None) -> str:
    name = industry.name if industry else ""
    noun = NOUNS.get(name.lower(), "company")
    adjective = REGIONS.get(region.name.lower(), "") if region else ""
    words = f"{adjective} {noun}".strip()
    article = "an" if words[0].lower() in "aeio" and not words.startswith("Eu") else "a"
    after = [f"in {inside(name)}"] if industry and noun == "company" else []
    after += [f"in {region.name}"] if region and not adjective else []
    tail = f" {', '.join(after)}" if after else ""
    return f"{article} {words}{tail}" + (f", about {rounded(size):,} employees" if size else "")


def rounded(size: int) -> int:
    """One digit that counts, so that the number names nobody."""
    step = int(10 ** (len(str(size)) - 1))
    return round(size / step) * step


def _range(size: int) -> tuple[float, float]:
    """The sizes that are said as this one is."""
    said = rounded(size)
    step = 10 ** (len(str(size)) - 1)
    return said - step / 2, said + step / 2
