from collections import Counter

import pytest

from firsthand.core.words_key import key
from firsthand.program.geography import AREAS, places, provinces
from firsthand.program.value_seed import ValueSeed, outline
from firsthand.program.vocabulary import FacetSeed, facets


def facet(code: str) -> FacetSeed:
    return next(seed for seed in facets() if seed.code == code)


def path_to(code: str, name: str) -> list[str]:
    parents = {value.name: parent.name if parent else "" for value, parent in facet(code).walk()}
    steps = [name]
    while parents[steps[0]]:
        steps.insert(0, parents[steps[0]])
    return steps


def test_an_outline_reads_levels_aliases_and_continued_lines() -> None:
    assert outline("A: one, two,\n    three\n  B\n    C: four\nD") == [
        ValueSeed("A", ["one", "two", "three"], [ValueSeed("B", [], [ValueSeed("C", ["four"])])]),
        ValueSeed("D"),
    ]


def test_the_default_facets() -> None:
    assert [(seed.code, seed.kind) for seed in facets()] == [
        ("industry", "tree"),
        ("geography", "tree"),
        ("company_size", "band"),
        ("persona", "tree"),
        ("language", "flat"),
        ("use_case", "flat"),
        ("topic", "flat"),
        ("product", "flat"),
        ("rival", "flat"),
    ]


@pytest.mark.parametrize("seed", facets(), ids=lambda seed: seed.code)
def test_within_a_facet_a_folded_name_or_alias_means_one_value(seed: FacetSeed) -> None:
    names = Counter(key(name) for value, _ in seed.walk() for name in [value.name, *value.aliases])
    assert [name for name, n in names.items() if n > 1 or not name or len(name) > 120] == []


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("Denmark", ["Europe", "Nordics", "Denmark"]),
        ("Germany", ["Europe", "DACH", "Germany"]),
        ("Qatar", ["Middle East", "Qatar"]),
        ("United States", ["Americas", "North America", "United States"]),
        ("Japan", ["Asia-Pacific", "East Asia", "Japan"]),
        ("Myanmar", ["Asia-Pacific", "Southeast Asia", "Myanmar"]),
    ],
)
def test_a_country_stands_in_its_region(name: str, steps: list[str]) -> None:
    assert path_to("geography", name) == steps


def test_an_alias_two_countries_could_claim_belongs_to_the_more_populous() -> None:
    owner = {key(name): value.name for value, _ in facet("geography").walk() for name in [value.name, *value.aliases]}
    asked = ["indian", "french", "american", "dutch", "uk", "holland", "burma", "deutschland", "korean", "czech republic"]
    assert [owner[name] for name in asked] == [
        "India",
        "France",
        "United States",
        "Netherlands",
        "United Kingdom",
        "Netherlands",
        "Myanmar",
        "Germany",
        "South Korea",
        "Czechia",
    ]


def test_every_place_and_area_leads_to_a_value() -> None:
    names = {value.name for value, _ in facet("geography").walk()}
    assert {*places().values(), *provinces().values()} - names == set()
    assert {name for parts in AREAS.values() for name in parts} - names == set()
    assert [places().get(place) for place in ("san francisco", "espoo", "georgia")] == ["United States", "Finland", None]


def test_size_bands_meet_without_gap_or_overlap() -> None:
    bands = facet("company_size").values
    assert [band.low for band in bands[1:]] == [(band.high or 0) + 1 for band in bands[:-1]]
    assert (bands[0].low, bands[-1].high) == (1, None)
