"""Regions, subregions and countries, with the places that tell a country: built from the `countryinfo` library.

The tree follows how sales organizations cut the world. What belongs to several top regions (EMEA) is an area: a name for
several values at once.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from countryinfo import all_countries

from firsthand.core.words_key import key
from firsthand.program.places import CITIES, COUNTRY_ALIASES, DEMONYMS, RENAMED, SKIPPED, STATE_CODES
from firsthand.program.value_seed import ValueSeed

Country = dict[str, Any]

# Alias lists of the regions, then the countries in them by ISO code; "*" takes the library's subregion whole.
REGIONS: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "Europe": (
        "European, EU, European Union, continental Europe, Western Europe, pan-European",
        {
            "Nordics": (
                "Nordic, Nordic countries, Nordic region, Scandinavia, Scandinavian, Northern Europe",
                "DK SE NO FI IS FO AX SJ GL",
            ),
            "DACH": ("German-speaking countries, Central Europe, D-A-CH", "DE AT CH LI"),
            "Benelux": ("Low Countries, BeNeLux countries", "NL BE LU"),
            "UK and Ireland": ("UKI, British Isles", "GB IE GG JE IM GI"),
            "France and Monaco": ("", "FR MC"),
            "Iberia": ("Iberian, Iberian Peninsula, Spain and Portugal", "ES PT AD"),
            "Southern Europe": ("South Europe, Mediterranean, Italy and Greece", "IT GR MT CY SM VA"),
            "Baltics": ("Baltic, Baltic states", "EE LV LT"),
            "Eastern Europe": (
                "Central and Eastern Europe, CEE, East Europe, Balkans, Visegrad",
                "PL CZ SK HU RO BG SI HR RS BA ME MK AL MD UA BY RU",
            ),
        },
    ),
    "Middle East": ("Gulf, GCC, Gulf states, Arab world, Mideast, Near East", {"": ("", "AE SA QA KW BH OM YE IQ IR IL JO LB SY PS TR")}),
    "Africa": (
        "African",
        {"North Africa": ("Northern Africa, Maghreb", "*Northern Africa"), "Sub-Saharan Africa": ("", "*Sub-Saharan Africa")},
    ),
    "Americas": (
        "the Americas, AMER",
        {
            "North America": ("NA region, North American, NORAM, US and Canada", "US CA BM PM"),
            "Latin America": (
                "LATAM, Latin American, South America, South American, Central America, Latin America and the Caribbean, Caribbean",
                "*Latin America and the Caribbean",
            ),
        },
    ),
    "Asia-Pacific": (
        "APAC, Asia, Asian, APJ, JAPAC",
        {
            "East Asia": ("Eastern Asia, Far East, Greater China", "*Eastern Asia"),
            "Southeast Asia": ("South-East Asia, South-eastern Asia, ASEAN, SEA region", "*South-eastern Asia"),
            "South Asia": ("Southern Asia, Indian subcontinent", "AF BD BT IN MV NP PK LK"),
            "Central Asia": ("Caucasus", "KZ KG TJ TM UZ AM AZ GE"),
            "Oceania": ("ANZ, Australia and New Zealand, Australasia, Pacific", "*Oceania"),
        },
    ),
}

# A name for several values at once: wished, any of them fits.
AREAS: dict[str, tuple[str, ...]] = {
    "EMEA": ("Europe", "Middle East", "Africa"),
    "MENA": ("Middle East", "North Africa"),
    "EEA": ("Europe",),
    "North Atlantic": ("North America", "Europe"),
}


def geography() -> list[ValueSeed]:
    """The default geography tree: region, subregion, country."""
    seeds = country_seeds()
    return [
        ValueSeed(
            region,
            split(names),
            [
                value
                for subregion, (aliases, codes) in parts.items()
                for value in branch(subregion, split(aliases), [seeds[c] for c in expand(codes) if c in seeds])
            ],
        )
        for region, (names, parts) in REGIONS.items()
    ]


def branch(name: str, aliases: list[str], countries: list[ValueSeed]) -> list[ValueSeed]:
    """A subregion with its countries, or the countries themselves where the region is not cut further."""
    ordered = sorted(countries, key=lambda c: key(c.name))
    return [ValueSeed(name, aliases, ordered)] if name else ordered


def expand(codes: str) -> list[str]:
    """ISO codes as listed, or all of a library's region or subregion."""
    if not codes.startswith("*"):
        return codes.split()
    wanted = codes[1:].casefold()
    return [code(c) for c in countries() if wanted in {str(c["region"]).casefold(), str(c["subregion"]).casefold()}]


def country_seeds() -> dict[str, ValueSeed]:
    """Each country by ISO code. An alias that two could claim (Guinea, Indian) belongs to the more populous."""
    taken = {key(name_of(c)) for c in countries()} | {key(a) for names, parts in REGIONS.values() for a in split(names)}
    seeds = {}
    for country in countries():
        iso = code(country)
        wanted = [
            *split(COUNTRY_ALIASES.get(iso, "")),
            *country["altSpellings"],
            country["name"],
            country.get("nativeName") or "",
            *split(DEMONYMS.get(iso) or re.sub("[/]", ",", country.get("demonym") or "")),
        ]
        fresh = {key(a): a.strip() for a in wanted if key(a) and key(a) not in taken}
        taken |= fresh.keys()
        seeds[iso] = ValueSeed(name_of(country), list(fresh.values()))
    return seeds


def places() -> dict[str, str]:
    """Folded names of cities, states and provinces -> the country's name, to read a location or a wish.

    Only what a reader would take for the place: capitals of countries above a million people, the larger business
    cities, the states of the US. Provinces are in `provinces`, since too many are ordinary words.
    """
    by_code = {code(c): name_of(c) for c in countries()}
    found = {
        key(c["capital"]): name_of(c) for c in countries() if isinstance(c["capital"], str) and int(c.get("population") or 0) > 1_000_000
    }
    found |= {key(city): by_code[iso] for iso, cities in CITIES.items() for city in split(cities)}
    found |= {key(state): by_code["US"] for state in provinces_of("US") if state != "Georgia"}
    return {place: name for place, name in found.items() if len(place) > 3}


def provinces() -> dict[str, str]:
    """Folded names and codes of states and provinces -> the country's name: for the parts of a written location only."""
    found: dict[str, str] = {}
    for country in countries():
        for province in provinces_of(code(country)):
            found.setdefault(key(province), name_of(country))
    states = {key(s): name_of(c) for c in countries() if code(c) == "US" for s in [*split(STATE_CODES), *provinces_of("US")]}
    return {place: name for place, name in (found | states).items() if place}


@cache
def countries() -> list[Country]:
    """The library's countries without duplicates and uninhabited ones, the most populous first."""
    facts: list[Country] = [dict(country.info()) for country in all_countries()]
    kept = [c for c in facts if code(c) and c["name"] not in SKIPPED and c.get("region")]
    return sorted(
        (c | {"altSpellings": c.get("altSpellings", [])} for c in kept), key=lambda c: (-int(c.get("population") or 0), c["name"])
    )


def provinces_of(iso: str) -> list[str]:
    """States or provinces of a country as the library names them."""
    return next(list(c.get("provinces") or []) for c in countries() if code(c) == iso)


def code(country: Mapping[str, Any]) -> str:
    """ISO 3166 alpha-2; empty for parts of a country that the library lists as if they were one."""
    return str(country.get("ISO", {}).get("alpha2") or "")


def name_of(country: Country) -> str:
    """The English name in use today."""
    name = str(country["name"])
    return RENAMED.get(name, name)


def split(text: str) -> list[str]:
    """Split a comma-separated list."""
    return [part.strip() for part in text.split(",") if part.strip()]
