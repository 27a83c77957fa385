import pytest

from firsthand.matching.columns import countries_in, values_in
from firsthand.matching.vocabulary import Vocabulary, seeded
from firsthand.program.geography import provinces


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return seeded()


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Banking", ["Banking"]),
        ("AI, Healthcare", ["Artificial intelligence", "Healthcare"]),
        ("Insurance and Financial Services", ["Insurance"]),
        ("Grocery retail technology", ["Grocery", "Technology"]),
        ("Airlines/Aviation", ["Airlines"]),
        ("Widgets", []),
        ("", []),
    ],
)
def test_an_industry_column_names_values_the_most_specific_ones(written: str, names: list[str], vocabulary: Vocabulary) -> None:
    assert [vocabulary.by_id[i].name for i in values_in(written, vocabulary, "industry")] == names


def test_a_title_tells_the_persona(vocabulary: Vocabulary) -> None:
    found = values_in("Lead Software Engineer", vocabulary, "persona") + values_in("CFO", vocabulary, "persona")
    assert [vocabulary.by_id[i].name for i in found] == ["Technical", "Finance"]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Copenhagen, Denmark", ["Denmark"]),
        ("San Francisco, California", ["United States"]),
        ("New York, N.Y.", ["United States"]),
        ("Petaluma, Calif.", ["United States"]),
        ("Atlanta, Georgia", ["United States"]),
        ("Tbilisi, Georgia", ["Georgia"]),
        ("Springfield, IN", ["United States"]),
        ("Montréal, Québec, Canada", ["Canada"]),
        ("Budel, The Netherlands", ["Netherlands"]),
        ("Hatfield, England", ["United Kingdom"]),
        ("Beijing, China, and San Mateo, CA", ["China", "United States"]),
        ("Lehi, Utah, and San Mateo, California", ["United States"]),
        ("DE", ["Germany"]),
        ("Around the World", []),
        ("", []),
    ],
)
def test_a_location_tells_the_country(written: str, names: list[str], vocabulary: Vocabulary) -> None:
    assert [vocabulary.by_id[i].name for i in countries_in(written, vocabulary, provinces())] == names
