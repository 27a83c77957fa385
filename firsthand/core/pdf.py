"""A plain PDF of headings and lines, in a font that draws the names of Europe: Latin, Greek, Cyrillic, Armenian, Georgian."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from firsthand.core.refused import Refused

FONTS = Path(__file__).parent / "data" / "fonts"
SANS, BOLD = "DejaVuSans", "DejaVuSans-Bold"
# Written from right to left, or numbers among such letters: glyphs alone do not make readable words of them.
NEEDS_SHAPING = frozenset({"R", "AL", "AN"})


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it."""

    heading: str
    lines: tuple[str, ...]


def pdf(title: str, opening: Sequence[str], sections: Sequence[Section]) -> bytes:
    """An A4 file with the words in it as text. Raises `Refused` (409) for letters the font does not draw."""
    from reportlab.lib.enums import TA_LEFT  # noqa: PLC0415  (a third of a second, for whoever wants a PDF)
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer  # noqa: PLC0415

    _refuse_what_cannot_be_drawn([title, *opening, *(line for each in sections for line in (each.heading, *each.lines))])
    _register()
    body = ParagraphStyle("body", fontName=SANS, fontSize=10, leading=15, alignment=TA_LEFT)
    head = ParagraphStyle("head", parent=body, fontName=BOLD, fontSize=12, leading=18, spaceBefore=14)
    first = ParagraphStyle("first", parent=body, fontName=BOLD, fontSize=16, leading=22, spaceAfter=8)
    story: list[Flowable] = [Paragraph(escape(title), first), *(Paragraph(escape(line), body) for line in opening), Spacer(1, 8)]
    story += [
        KeepTogether([Paragraph(escape(each.heading), head), *(Paragraph(escape(line), body) for line in each.lines)]) for each in sections
    ]
    out = io.BytesIO()
    SimpleDocTemplate(out, title=title, author="", leftMargin=56, rightMargin=56, topMargin=56, bottomMargin=56).build(story)
    return out.getvalue()


def _refuse_what_cannot_be_drawn(texts: Iterable[str]) -> None:
    glyphs = _drawn()
    for text in texts:
        for letter in text:
            if not letter.isspace() and (ord(letter) not in glyphs or unicodedata.bidirectional(letter) in NEEDS_SHAPING):
                raise Refused(f"The PDF cannot show “{letter}” in “{text[:60]}”. Take the text file, which can.")


@cache
def _drawn() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFontFile  # noqa: PLC0415

    return frozenset(TTFontFile(str(FONTS / f"{SANS}.ttf")).charToGlyph) & frozenset(TTFontFile(str(FONTS / f"{BOLD}.ttf")).charToGlyph)


@cache
def _register() -> None:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    for name in (SANS, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
