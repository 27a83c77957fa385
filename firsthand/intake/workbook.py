"""Rows out of an Excel file. The library holds a sheet in memory, so the file's size is limited before it is opened."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from firsthand.intake import FileRefused

MAX_WORKBOOK_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_CELLS = 3_000_000  # of the rectangle around all cells, empty ones too: about 90 MB
CHUNK_BYTES = 1024 * 1024
LONGEST_NAME = 64
WORKBOOK_PART = "xl/workbook.xml"
AT = re.compile(rb"""r=["']([A-Z]{0,3})(\d{1,7})["']""")

Cell = str | float | bool | date | time | datetime | timedelta


def workbook_rows(path: Path) -> Iterator[tuple[int, list[str], str]]:
    """(row of the sheet, cells as text, "") of the first sheet that holds anything."""
    if path.stat().st_size > MAX_WORKBOOK_BYTES:
        raise FileRefused("An Excel file may have 50 MB at most. Save it as CSV, which may be larger.")
    try:
        with zipfile.ZipFile(path) as parts:
            check_parts(parts)
        book = CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise FileRefused("This Excel file cannot be opened. Save it again, or as CSV.") from error
    for sheet in sheets:
        if sheet.height:
            for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
                yield line, trimmed([cell_text(cell) for cell in row]), ""
            return
    raise FileRefused("The file is empty.")


def check_parts(parts: zipfile.ZipFile) -> None:
    """Raise FileRefused for what the library would not survive.

    It holds every sheet as one full rectangle and ends the whole process where that does not fit into memory: a stray cell
    in the last row and column is enough.
    """
    if WORKBOOK_PART not in parts.namelist():
        raise FileRefused("This is no Excel workbook (.xlsx). Save it as .xlsx or CSV and upload it again.")
    if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
        raise FileRefused("This Excel file unpacks to more than 300 MB. Save it as CSV and upload that.")
    for part in parts.infolist():
        if part.filename.endswith(".xml") and area(parts, part) > MAX_CELLS:
            raise FileRefused(
                "A sheet of this Excel file spans more than 3 million cells, perhaps by a stray one at its far end. Delete the empty "
                "rows and columns after the data, or save it as CSV."
            )


def area(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """The rectangle from A1 to the last row and column that a part names, in cells; 0 for a part that is no sheet."""
    rows = columns = 0
    is_sheet = False
    kept = b""
    with parts.open(part) as file:
        while chunk := file.read(CHUNK_BYTES):
            is_sheet = is_sheet or b"sheetData" in kept + chunk
            for letters, digits in AT.findall(kept + chunk):
                rows = max(rows, int(digits))
                columns = max(columns, column_number(letters))
            kept = chunk[-LONGEST_NAME:]
    return rows * columns if is_sheet else 0


def column_number(letters: bytes) -> int:
    """1 for A, 16,384 for XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells that a sheet's widest row adds to every other."""
    end = len(cells)
    while end > 1 and not cells[end - 1]:
        end -= 1
    return cells[:end]


def cell_text(cell: Cell) -> str:
    """A workbook's cell as a CSV would hold it: ISO dates, whole numbers without a point."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
