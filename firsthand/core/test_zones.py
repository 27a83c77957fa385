"""Zones to choose from, and the one that is guessed."""

from zoneinfo import ZoneInfo

import pytest

from firsthand.core.zones import guessed_zone, zone_choices, zones


def test_every_zone_offered_is_one_the_clock_knows() -> None:
    assert {ZoneInfo(each).key for each in zones()} == zones()
    assert {"UTC", "Europe/Oslo", "Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles"} <= zones()
    assert "Asia/Calcutta" not in zones()


def test_towns_stand_under_their_region() -> None:
    assert ("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires") in dict(zone_choices())["America"]


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("nb-NO,nb;q=0.9,en-US;q=0.8", "Europe/Oslo"),
        ("en-IN", "Asia/Kolkata"),
        ("en-US,en;q=0.9", ""),
        ("en", ""),
        ("", ""),
        ("xx-\0;;,,-", ""),
    ],
)
def test_a_country_with_one_zone_is_guessed(header: str, zone: str) -> None:
    assert guessed_zone(header) == zone
