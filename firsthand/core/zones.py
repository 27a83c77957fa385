"""Time zones as people choose them: by region and town, and guessed from the language a browser asks for."""

import zoneinfo
from functools import cache

from babel.core import get_global

REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zones() -> frozenset[str]:
    """The zones that are offered: one for each town, and UTC; not their old names."""
    old = set(get_global("zone_aliases"))
    towns = {each for each in zoneinfo.available_timezones() if each.partition("/")[0] in REGIONS and each not in old}
    return frozenset({"UTC", *towns})


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All of them by region, for a select: ("Europe", [("Europe/Oslo", "Oslo"), ...])."""
    grouped: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for zone in sorted(zones() - {"UTC"}):
        region, _, town = zone.partition("/")
        grouped.setdefault(region, []).append((zone, town.replace("_", " ").replace("/", ", ")))
    return list(grouped.items())


def guessed_zone(accept_language: str) -> str:
    """The zone of the first country in an `Accept-Language` header, where that country has only one; else empty."""
    for wanted in accept_language.split(","):
        _, _, territory = wanted.partition(";")[0].strip().partition("-")
        if territory:
            found = [zone for zone in get_global("territory_zones").get(territory.upper(), []) if zone in zones()]
            return found[0] if len(found) == 1 else ""
    return ""
