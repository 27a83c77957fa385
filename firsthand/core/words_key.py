"""One way to compare words, whoever wrote them: imports, aliases, typed wishes and the story index all fold text here."""

import re
import unicodedata
from typing import NamedTuple

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W_]+)*(?:\+\+|#)?|&")
# What most names are made of; nothing in it needs more than lower case.
PLAIN = re.compile(r"[A-Za-z0-9 ]*")
# Letters that Unicode does not decompose into a base letter and an accent.
LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ʻ": "", "’": "'"})


class Word(NamedTuple):
    """A word as compared (`key`) and where it stands in the text it came from (`text[start:end]`)."""

    key: str
    start: int
    end: int


def key(text: str) -> str:
    """Fold case, accents and punctuation: "U.S. & Co." and "us and co" come to the same.

    Idempotent. Empty when the text holds no letter and no digit.
    """
    if PLAIN.fullmatch(text):
        return " ".join(text.lower().split())
    if text.isascii():
        return " ".join(plain for plain in map(_plain, WORD.findall(text.lower())) if plain)
    return " ".join(word.key for word in words(text))


def words(text: str) -> list[Word]:
    """The words of a text in order, folded, each with its span; a hyphen, slash or full stop separates."""
    found = (Word(_folded(m.group()), m.start(), m.end()) for m in WORD.finditer(text))
    return [word for word in found if word.key]


def listed(text: str) -> frozenset[str]:
    """A comma-separated list of words or phrases, over as many lines as it takes."""
    return frozenset(part for part in (piece.strip() for piece in text.replace("\n", ",").split(",")) if part)


def _folded(word: str) -> str:
    if word.isascii():
        return _plain(word.lower())
    return _plain("".join(c for c in unicodedata.normalize("NFKD", word.casefold().translate(LETTERS)) if not unicodedata.combining(c)))


def _plain(word: str) -> str:
    if word.isalnum():
        return word
    if word == "&":
        return "and"
    return word.removesuffix("'s").replace("'", "").replace(".", "")
