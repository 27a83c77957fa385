import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from django.http import FileResponse
from python_calamine import CalamineWorkbook

from firsthand.core import export


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_text_never_starts_a_formula(text: str) -> None:
    assert export.plain(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (-3, "-3"),
        (Decimal("-3.50"), "-3.50"),
        (dt.date(2026, 11, 21), "2026-11-21"),
        (dt.datetime(2026, 11, 21, 9, 5, tzinfo=dt.UTC), "2026-11-21 09:05+00:00"),
        ("Møller & Sons", "Møller & Sons"),
    ],
)
def test_values_stay_what_they_are(value: export.Value, text: str) -> None:
    assert export.plain(value) == text


def test_csv_is_what_excel_reads() -> None:
    file = b"".join(export.csv_lines(["Name", "=Head"], [["A, B", None], ['say "hi"', "-x"]]))
    assert file == b'\xef\xbb\xbfName,\'=Head\r\n"A, B",\r\n"say ""hi""",\'-x\r\n'


def test_xlsx_cells_are_text_days_and_numbers() -> None:
    with export.xlsx_file(
        ["Name", "Day", "Amount", "Open"], [["=1+1", dt.date(2026, 11, 21), Decimal("12.5"), True], [None, None, -2, "x"]]
    ) as file:
        data = file.read()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert sheet == [["Name", "Day", "Amount", "Open"], ["=1+1", dt.date(2026, 11, 21), 12.5, "yes"], ["", "", -2.0, "x"]]
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.django_db
def test_a_download_has_its_name_and_day() -> None:
    response = export.answer("accounts", "xlsx", ["Name"], [["Ostvik"]])
    assert isinstance(response, FileResponse)
    assert response["Content-Disposition"].startswith('attachment; filename="accounts-20')
    response.close()
