"""PDF files hold names as they are written, or say which letter they cannot show."""

import hashlib
import re

import pytest

from firsthand.core.pdf import FONTS, Section, pdf
from firsthand.core.refused import Refused
from firsthand.testing.pdf_words import paragraphs

LINES = re.findall(r"^\| `(\S+)` \| `([0-9a-f]{64})` \|$", (FONTS / "README.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", ["Łódź", "Ελλάδα", "Кирилл Щёголев", "Þórður", "Şişli", "Հայաստան", "Nguyễn <b> & Co"])
def test_names_of_many_alphabets_are_drawn(name: str) -> None:
    long = f"Story: {name} " * 20
    made = pdf("References", ["For a bank"], [Section(name, (r"Name: \\ (a)", long))])
    assert made.startswith(b"%PDF-")
    assert b"DejaVuSans" in made
    assert paragraphs(made) == ["References", "For a bank", name, r"Name: \\ (a)", long.strip()]


@pytest.mark.parametrize("name", ["東京", "חיפה", "القاهرة"])
def test_letters_it_cannot_show_are_one_sentence(name: str) -> None:
    with pytest.raises(Refused, match="The PDF cannot show"):
        pdf("References", [], [Section("A", (name,))])


def test_every_font_is_the_one_that_was_looked_at() -> None:
    assert {name for name, _ in LINES} == {file.name for file in FONTS.iterdir()} - {"README.md"}
    assert [name for name, digest in LINES if hashlib.sha256((FONTS / name).read_bytes()).hexdigest() != digest] == []
