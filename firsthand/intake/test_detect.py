"""Files as they come: encodings, delimiters, headers, ragged rows, footers."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from firsthand.intake import FileRefused
from firsthand.intake.detect import detect
from firsthand.intake.reader import Reader, Record

ROWS = 'Company,Note\r\n"Müller, Söhne",“fine”\r\nNordlys,\r\n'


def written(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path: Path) -> tuple[Reader, list[Record]]:
    reader = Reader(path, detect(path))
    return reader, list(reader)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"])
def test_each_encoding_gives_the_same_cells(tmp_path: Path, encoding: str) -> None:
    reader, records = read(written(tmp_path, ROWS, encoding))
    assert [heading.label for heading in reader.headings] == ["Company", "Note"]
    assert [record.cells for record in records] == [["Müller, Söhne", "“fine”"], ["Nordlys", ""]]


def test_an_assumed_encoding_is_told(tmp_path: Path) -> None:
    assert detect(written(tmp_path, ROWS)).warnings == ()
    assert "Windows-1252" in detect(written(tmp_path, ROWS, "cp1252")).warnings[0]


def test_one_odd_byte_in_the_last_row_decides_the_encoding(tmp_path: Path) -> None:
    content = b"Company,Note\n" + b"Plain,ascii\n" * 40_000 + b"M\xfcller,x\n"
    path = written(tmp_path, content)
    assert detect(path).encoding == "cp1252"
    assert read(path)[1][-1].cells == ["Müller", "x"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_most_regular_one(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["Company", "Place"]) + "\n" + delimiter.join(['"Sub; Holding, Inc."', "Köln"]) + "\n"
    shape = detect(written(tmp_path, text))
    assert (shape.delimiter, shape.line_ends) == (delimiter, "LF")


def test_excels_own_separator_line_is_obeyed(tmp_path: Path) -> None:
    reader, records = read(written(tmp_path, "sep=;\r\nCompany;Note\r\nA;b,c\r\n"))
    assert [heading.name for heading in reader.headings] == ["Company", "Note"]
    assert [(record.line, record.cells) for record in records] == [(3, ["A", "b,c"])]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    reader, records = read(written(tmp_path, "Accounts of 2026\n\nCompany,Country,Owner\nA,Sweden,Ana\n"))
    assert reader.headings[0].name == "Company"
    assert records[0].line == 4


def test_lines_are_physical_and_numbers_count_records(tmp_path: Path) -> None:
    _, records = read(written(tmp_path, 'a,b\r\n"one\r\ntwo",x\r\n\r\nnext,y\r\n'))
    assert [(record.number, record.line) for record in records] == [(1, 2), (2, 5)]
    assert records[0].cells[0] == "one\r\ntwo"


def test_short_rows_are_told_and_long_rows_refused(tmp_path: Path) -> None:
    _, records = read(written(tmp_path, "a,b,c\n1,2\n1,2,3,4\n1,2,3,\n"))
    assert records[0].cells == ["1", "2", ""]
    assert records[0].warning == "The row has 2 cells, 3 are expected; the missing ones were read as empty."
    assert records[1].refusal.startswith("The row has 4 cells, 3 are expected")
    assert (records[2].cells, records[2].refusal, records[2].warning) == (["1", "2", "3"], "", "")


def test_a_report_footer_is_kept_apart(tmp_path: Path) -> None:
    reader, records = read(written(tmp_path, 'a,b\n1,2\n\n"Grand Totals (1 records)"\n\n"Copyright (c) X"\n'))
    assert [record.cells for record in records] == [["1", "2"]]
    assert reader.footer == ["Grand Totals (1 records)", "Copyright (c) X"]


def test_a_short_row_after_a_blank_line_is_data_when_data_follows(tmp_path: Path) -> None:
    reader, records = read(written(tmp_path, "a,b\n1,2\n\nalone\n3,4\n"))
    assert [record.cells for record in records] == [["1", "2"], ["alone", ""], ["3", "4"]]
    assert reader.footer == []


def test_headers_that_occur_twice_carry_their_position(tmp_path: Path) -> None:
    reader, _ = read(written(tmp_path, "Id,Email,Id,email,\n1,2,3,4,5\n"))
    assert [heading.label for heading in reader.headings] == ["Id (1)", "Email (2)", "Id (3)", "email (4)", "Column (5)"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n  \n", "The file is empty."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
            "This is an old Excel file (.xls). Save it as .xlsx or CSV and upload it again.",
        ),
        (b"\x89PNG\x00\x01\xff\x00" * 50, "This is no text file. Upload a CSV or XLSX file."),
        (b"PK\x03\x04 not a zip", "This Excel file cannot be opened. Save it again, or as CSV."),
        (b"\xff\xfea", "The file says it is UTF-16 but is damaged. Save it as CSV UTF-8."),
    ],
)
def test_what_is_no_table_is_refused_with_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused) as refused:
        detect(written(tmp_path, content))
    assert refused.value.sentence == sentence


def test_an_open_quotation_mark_does_not_swallow_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b\n1,"open\n' + "x,y\n" * 300_000)
    with pytest.raises(FileRefused, match="Line 2: a cell is longer than 1,000,000 characters"):
        read(path)


def test_a_workbook_reads_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, ["All our accounts"])
        sheet.write_row(2, 0, ["Company", "Employees", "Open"])
        sheet.write_row(3, 0, ["Nordbank", 840, True])
        sheet.write_row(5, 0, ["Later", 1.5])
    reader, records = read(path)
    assert reader.shape.header_line == 3
    assert [(record.line, record.cells) for record in records] == [(4, ["Nordbank", "840", "true"]), (6, ["Later", "1.5", ""])]


def test_a_stray_cell_at_the_far_end_of_a_sheet_does_not_end_the_process(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Company", "Sector"])
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(FileRefused, match="spans more than 3 million cells"):
        detect(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<table/>")
    with pytest.raises(FileRefused, match="no Excel workbook"):
        detect(path)
