"""Files people take away: CSV streamed row by row, XLSX written with a flat memory.

Text that a spreadsheet would run as a formula is made plain: an apostrophe before it in CSV, a text cell in XLSX.
"""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

if TYPE_CHECKING:
    import xlsxwriter

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | None
Rows = Iterable[Sequence[Value]]
Format = Literal["csv", "xlsx"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(name: str, form: Format, heads: Sequence[str], rows: Rows) -> HttpResponseBase:
    """The file as a download called after `name` and today, such as `accounts-2026-11-21.csv`."""
    file_name = f"{name}-{timezone.localdate().isoformat()}.{form}"
    if form == "xlsx":
        return FileResponse(xlsx_file(heads, rows), as_attachment=True, filename=file_name, content_type=XLSX_TYPE)
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def csv_lines(heads: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, which Excel needs, and CRLF."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + writer.writerow([plain(head) for head in heads])
    for row in rows:
        yield writer.writerow([plain(value) for value in row])


def plain(value: Value) -> str:
    """A value as CSV text; no text in it can start a formula. Numbers stay numbers, negative ones too."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        text = value.replace("\0", "")
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text
    return str(value)


def xlsx_file(heads: Sequence[str], rows: Rows) -> "tempfile._TemporaryFileWrapper[bytes]":
    """A workbook of one sheet in a temporary file that goes when it is closed. Rows past Excel's last are left out."""
    import xlsxwriter  # noqa: PLC0415  (a seventh of a second at every start otherwise)

    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the answer closes it)
    book = xlsxwriter.Workbook(
        file.name, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    day, moment, bold = (
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        book.add_format({"bold": True}),
    )
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            break
        for column, value in enumerate(row):
            _write(sheet, number, column, value, day=day, moment=moment)
    book.close()
    file.seek(0)
    return file


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, value: Value, *, day: object, moment: object) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, plain(value))
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, timezone.make_naive(value) if timezone.is_aware(value) else value, moment)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value.replace("\0", "")[:LONGEST_CELL])
    else:
        sheet.write_number(row, column, value)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> bytes:
        return text.encode()
