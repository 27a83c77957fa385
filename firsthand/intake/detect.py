"""What kind of file this is: read from the bytes, never from the file's name.

The encoding is decided on the whole file, in one pass of bounded memory, because a file that is ASCII for its first
megabyte may still hold one cp1252 quotation mark in the last row.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import charset_normalizer

from firsthand.intake import FileRefused
from firsthand.intake.workbook import workbook_rows

SAMPLE_BYTES = 256 * 1024
CHUNK_BYTES = 1024 * 1024
MAX_CELL = 1_000_000
HEADER_WITHIN = 30
DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# The csv module's limit is global: a quotation mark that is never closed must not swallow a whole file into one cell.
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How to read a file. `header_line` is a physical line, counted from 1; for a workbook, the sheet's row."""

    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    header_line: int = 1
    line_ends: str = "LF"
    warnings: tuple[str, ...] = ()


def detect(path: Path) -> Shape:
    """The shape of the file at `path`; raises FileRefused with one sentence if it is no table."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if not head.strip(b"\x00 \t\r\n"):
        raise FileRefused("The file is empty.")
    if head.startswith(OLD_EXCEL):
        raise FileRefused("This is an old Excel file (.xls). Save it as .xlsx or CSV and upload it again.")
    if head.startswith(ZIP):
        rows = islice(workbook_rows(path), HEADER_WITHIN)
        filled = [(line, cells) for line, cells, _ in rows if any(cells)]
        return Shape(format="xlsx", encoding="", delimiter="", line_ends="", header_line=header_line(filled))
    encoding, warnings = detect_encoding(path, head)
    sample = sample_text(head, encoding)
    line_ends = detect_line_ends(sample)
    delimiter, header = detect_table(sample)
    return Shape(encoding=encoding, delimiter=delimiter, header_line=header, line_ends=line_ends, warnings=warnings)


def detect_encoding(path: Path, head: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding's name for `open`, with a warning where it was assumed rather than read."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            if not decodes_as(path, encoding):
                raise FileRefused(f"The file says it is {encoding.upper()} but is damaged. Save it as CSV UTF-8.")
            return encoding, ()
    unmarked = utf16_without_mark(head)
    if unmarked:
        return unmarked, ("The file has no byte order mark; it was read as UTF-16.",)
    if decodes_as(path, "utf-8"):
        return "utf-8", ()
    if b"\x00" in head:
        raise FileRefused("This is no text file. Upload a CSV or XLSX file.")
    return legacy_encoding(path, head)


def utf16_without_mark(head: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte; nothing else does."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.6 * half:
        return "utf-16-be"
    return ""


def legacy_encoding(path: Path, head: bytes) -> tuple[str, tuple[str, ...]]:
    """Windows-1252, as Excel writes it, unless the bytes cannot be that; the guess is always told.

    ISO-8859-1 is never chosen: its control characters 80-9F are Windows-1252's curly quotes. charset-normalizer has a
    say only where cp1252 is impossible, since on short texts it often prefers an unlikely code page.
    """
    if decodes_as(path, "cp1252"):
        return "cp1252", ("The file is not UTF-8; it was read as Windows-1252. Check the accents in the preview.",)
    best = charset_normalizer.from_bytes(head).best()
    if best is not None and decodes_as(path, best.encoding):
        name = best.encoding.replace("_", "-")
        return best.encoding, (f"The file is not UTF-8; it was read as {name}. Check the accents in the preview.",)
    raise FileRefused("The file's characters cannot be read. Save it as CSV UTF-8 and upload it again.")


def decodes_as(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def sample_text(head: bytes, encoding: str) -> str:
    """The head as text, without a last line that the sample may have cut."""
    text = codecs.getincrementaldecoder(encoding)().decode(head)
    if len(head) < SAMPLE_BYTES:
        return text
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text


def detect_line_ends(sample: str) -> str:
    """The commonest line end outside quotation marks; cells may hold others."""
    outside = "".join(sample.split('"')[::2])
    crlf = outside.count("\r\n")
    counts = Counter({"\r\n": crlf, "\n": outside.count("\n") - crlf, "\r": outside.count("\r") - crlf})
    return LINE_ENDS[counts.most_common(1)[0][0]]


def detect_table(sample: str) -> tuple[str, int]:
    """Delimiter and header line. Excel's own `sep=;` first line wins; otherwise the most regular reading does."""
    first, _, rest = sample.partition("\n")
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and len(told) in (4, 5):
        delimiter = told[4:] or "\t"
        return delimiter, 1 + header_line(list(sample_records(rest, delimiter)))
    best = max(DELIMITERS, key=lambda delimiter: regularity(sample, delimiter))
    records = list(sample_records(sample, best))
    if regularity(sample, best) == (0, 0):
        best = ","
    return best, header_line(records)


def regularity(sample: str, delimiter: str) -> tuple[float, int]:
    """(share of records as wide as the header, header's width); (0, 0) where the header would be a single cell."""
    widths = [len(cells) for _, cells in sample_records(sample, delimiter)]
    widest = max(widths[:HEADER_WITHIN], default=0)
    width = next((width for width in widths if 2 * width >= widest), 0)
    if width < 2:
        return 0, 0
    return sum(1 for each in widths if each == width) / len(widths), width


def header_line(records: list[tuple[int, list[str]]]) -> int:
    """The first record at least half as full as the fullest near it: titles and notes above a header are shorter."""
    near = records[:HEADER_WITHIN]
    filled = [sum(1 for cell in cells if cell.strip()) for _, cells in near]
    fullest = max(filled, default=0)
    for (line, _), count in zip(near, filled, strict=True):
        if 2 * count >= fullest:
            return line
    return 1


def sample_records(sample: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(physical line, cells) of the sample's records that are not blank; stops quietly at what csv cannot read."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        if cells:
            yield line, cells
        line = reader.line_num + 1


def open_text(path: Path, shape: Shape) -> IO[str]:
    """The file as text with its line ends left alone."""
    return path.open(encoding=shape.encoding, newline="")
