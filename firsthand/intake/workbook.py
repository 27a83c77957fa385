"""Rows out of an Excel file. The library holds a sheet in memory, so the file's size is limited before it is opened."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from firsthand.intake import FileRefused

MAX_WORKBOOK_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024

Cell = str | float | bool | date | time | datetime | timedelta


def workbook_rows(path: Path) -> Iterator[tuple[int, list[str], str]]:
    """(row of the sheet, cells as text, "") of the first sheet that holds anything."""
    if path.stat().st_size > MAX_WORKBOOK_BYTES:
        raise FileRefused("An Excel file may have 50 MB at most. Save it as CSV, which may be any size.")
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise FileRefused("This Excel file unpacks to more than 1 GB. Save it as CSV and upload that.")
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
