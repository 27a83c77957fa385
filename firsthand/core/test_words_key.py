import pytest

from firsthand.core.words_key import Word, key, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Côte d'Ivoire ", "cote divoire"),
        ("U.S. & Co.", "us and co"),
        ("New York, N.Y.", "new york ny"),
        ("Ångström/Øresund", "angstrom oresund"),
        ("E-Commerce", "e commerce"),
        ("the bank’s C++ and C# teams", "the bank c++ and c# teams"),
        ("Straße", "strasse"),
        ("5,000 people", "5 000 people"),
        ("—…!", ""),
    ],
)
def test_key_folds_case_accents_and_punctuation(text: str, expected: str) -> None:
    assert key(text) == expected
    assert key(expected) == expected


def test_words_keep_their_place_in_the_text() -> None:
    assert words("São Paulo, U.S.") == [Word("sao", 0, 3), Word("paulo", 4, 9), Word("us", 11, 15)]
