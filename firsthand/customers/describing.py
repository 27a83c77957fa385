"""A company without its name: "a Nordic bank, about 5,000 employees". Said only where at least five companies are so described.

A group counts once, however many daughters it has: five companies of one group are one name to whoever knows the trade.
What fewer share is said more broadly: first the size in a band or not at all, then a wider region, then a wider industry, and at last
nothing.
"""

from bisect import bisect_right
from itertools import product

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

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
# The default names of countries and regions that are said with their article, and one that nobody says.
SPOKEN = {
    "united states": "the United States", "united kingdom": "the United Kingdom", "netherlands": "the Netherlands",
    "philippines": "the Philippines", "united arab emirates": "the United Arab Emirates", "americas": "the Americas",
    "middle east": "the Middle East", "caribbean": "the Caribbean", "dominican republic": "the Dominican Republic",
    "dach": "Germany, Austria or Switzerland", "emea": "Europe, the Middle East or Africa", "mena": "the Middle East or North Africa",
}  # fmt: skip
NOUNS = {
    "banking": "bank", "insurance": "insurer", "retail": "retailer", "manufacturing": "manufacturer", "software": "software company",
    "telecommunications": "telecommunications company", "pharmaceuticals": "pharmaceutical company", "energy": "energy company",
    "asset management": "asset manager", "universities": "university", "technology": "technology company",
    "public sector": "public body", "federal government": "government agency", "local government": "local authority",
    "defense": "defense organization", "public safety": "public safety organization", "nonprofit": "nonprofit",
    "international organization": "international organization", "healthcare": "healthcare organization",
    "hospitals and clinics": "hospital or clinic", "biotechnology": "biotechnology company", "medical devices": "medical device maker",
    "higher education": "university or college", "schools": "school", "education": "education provider", "research": "research institute",
    "energy and utilities": "energy company", "utilities": "utility", "oil and gas": "oil and gas company", "mining": "mining company",
    "renewable energy": "renewable energy company", "internet service provider": "internet service provider", "hardware": "hardware maker",
    "cloud and hosting": "cloud or hosting provider", "cybersecurity": "cybersecurity company", "fintech": "fintech company",
    "payments": "payments company", "consumer finance": "consumer lender", "consumer goods": "consumer goods company",
    "food and beverage": "food or beverage company", "fashion": "fashion company", "grocery": "grocer", "e-commerce": "online retailer",
    "automotive": "automotive company", "machinery": "machinery maker", "robotics": "robotics company", "chemicals": "chemicals company",
    "aerospace": "aerospace company", "consumer electronics": "electronics maker", "airlines": "airline", "travel": "travel company",
    "hotels and hospitality": "hotel or hospitality company", "rail": "railway", "maritime": "shipping company", "gaming": "gaming company",
    "transport and logistics": "logistics company", "public transport": "transit operator", "broadcasting and streaming": "broadcaster",
    "legal services": "law firm", "accounting and audit": "accounting or audit firm", "construction": "construction company",
    "engineering services": "engineering firm", "news and publishing": "publisher", "real estate": "real estate company",
}  # fmt: skip
BANDS = (1, 50, 250, 1_000, 5_000, 10_000, 50_000)  # employees from; the last is open
ENDLESS = 2**31 - 1  # what the column holds

Range = tuple[float, float, str]


def described(account: Account, among: QuerySet[Account], otherwise: str) -> str:
    """The narrowest description that at least `SHARED_BY` families of `among` share, its own included; `otherwise` without one."""
    industries, regions = (_line(account, code) for code in ("industry", "geography"))
    sizes: list[Range | None] = [*_sizes(account.employees), None] if account.employees else [None]
    for industry, region, size in product(industries, regions, sizes):
        if industry is None and region is None:
            return otherwise
        if _sharing(among, industry, region, size) >= SHARED_BY:
            return _said(industry, region, size)
    return otherwise


def _line(account: Account, code: str) -> list[FacetValue | None]:
    """The account's value of that facet and everything above it, narrowest first, and at last nothing."""
    rows = AccountValue.objects.filter(account=account, value__facet__code=code).select_related("value")
    first = rows.order_by("-value__path", "value__position", "value__name").first()
    if first is None:
        return [None]
    above = FacetValue.objects.in_bulk([pk for pk in first.value.line if pk != first.value_id])
    return [first.value, *(above[pk] for pk in reversed(first.value.line) if pk in above), None]


def _sharing(among: QuerySet[Account], industry: FacetValue | None, region: FacetValue | None, size: Range | None) -> int:
    rows = among
    for value in filter(None, (industry, region)):
        below = FacetValue.objects.filter(facet=value.facet_id, path__startswith=value.path) if value.path else [value]
        rows = rows.filter(pk__in=AccountValue.objects.filter(value__in=below).values("account"))
    if size:
        low, high, _ = size
        rows = rows.filter(employees__gte=low, employees__lt=high)
    counted = rows.aggregate(families=Count(Coalesce("family", "pk"), distinct=True))
    return int(counted["families"])


def _said(industry: FacetValue | None, region: FacetValue | None, size: Range | None) -> str:
    name = industry.name if industry else ""
    noun = NOUNS.get(name.lower(), "company")
    adjective = REGIONS.get(region.name.lower(), "") if region else ""
    words = f"{adjective} {noun}".strip()
    article = "an" if words[0].lower() in "aeio" and not words.startswith("Eu") else "a"
    after = [f"in {inside(name)}"] if industry and noun == "company" else []
    after += [f"in {SPOKEN.get(region.name.lower(), region.name)}"] if region and not adjective else []
    tail = f" {', '.join(after)}" if after else ""
    return f"{article} {words}{tail}" + (f", {size[2]}" if size else "")


def _sizes(employees: int) -> list[Range]:
    """The sizes that are said of so many people, the narrower first: from, below, and in words."""
    band = bisect_right(BANDS, employees) - 1
    low, high = BANDS[band], BANDS[band + 1] if band + 1 < len(BANDS) else ENDLESS
    words = f"over {low:,} employees" if high == ENDLESS else f"{low:,} to {high:,} employees" if band else f"fewer than {high:,} employees"
    return [(*said_alike(employees), f"about {rounded(employees):,} employees"), (low, high, words)]


def rounded(size: int) -> int:
    """One digit that counts, so that the number names nobody."""
    step = _step(size)
    return (2 * size + step) // (2 * step) * step


def _step(size: int) -> int:
    return int(10 ** (len(str(size)) - 1))


def said_alike(size: int) -> tuple[float, float]:
    """The sizes that are said as this one is, from the first up to but without the second."""
    said = rounded(size)
    step = _step(said)
    return said - (step / 20 if said == step else step / 2), said + step / 2  # below 10,000 the steps are finer than above
