"""Real exports and broken files, where the sample data lies beside the checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

from firsthand.intake.cells import Evidence, Order, Unreadable, read_date, read_email, read_money
from firsthand.intake.detect import detect
from firsthand.intake.kinds import KINDS
from firsthand.intake.mapping import match_headings
from firsthand.intake.reader import Reader, Record
from firsthand.testing.sample_data import SAMPLE_DATA as DATA
from firsthand.testing.sample_data import needs_sample_data

pytestmark = needs_sample_data


def expectations() -> list[dict[str, Any]]:
    path = DATA / "nasty" / "expected.json"
    return json.loads(path.read_text())["files"] if path.exists() else []


def read(path: Path) -> tuple[Reader, list[Record], dict[int, Evidence]]:
    reader = Reader(path, detect(path))
    records = list(reader)
    evidence = {heading.position: Evidence() for heading in reader.headings}
    for record in records:
        for position, cell in enumerate(record.cells[: len(evidence)], start=1):
            evidence[position].add(cell)
    return reader, records, evidence


@pytest.mark.parametrize("expected", expectations(), ids=lambda expected: expected["file"])
def test_a_broken_file_is_read_as_expected(expected: dict[str, Any]) -> None:
    reader, records, _ = read(DATA / "nasty" / expected["file"])
    told, check = expected["detect"], expected["check"]
    names = {"utf-16": "utf-16-le with BOM", "\t": "\\t"}
    assert names.get(reader.shape.encoding, reader.shape.encoding) == told["encoding"]
    assert names.get(reader.shape.delimiter, reader.shape.delimiter) == told["delimiter"]
    assert (reader.shape.header_line, reader.shape.line_ends) == (told["header_line"], told["line_ends"])
    columns = [heading.name for heading in reader.headings]
    assert columns == check.get("columns", columns)
    assert len(columns) == check.get("columns_count", len(columns))
    assert len(records) == check.get("rows", check.get("records_seen"))
    assert [record.line for record in records if record.refusal] == check.get("rejected_lines", [])
    assert [record.line for record in records if record.warning] == check.get("warned_lines", [])
    for cell in check.get("cells", []):
        assert records[cell["row"] - 1].cells[columns.index(cell["column"])] == cell["value"]
    for cell in check.get("cells_by_position", []):
        assert records[cell["row"] - 1].cells[cell["position"] - 1] == cell["value"]


def test_duplicate_headers_are_told_apart_by_position() -> None:
    reader, _, _ = read(DATA / "nasty" / "09_duplicate_headers.csv")
    labels = [heading.label for heading in reader.headings]
    assert labels == ["Opportunity ID (1)", "Name", "Close Date", "Email (4)", "Opportunity ID (5)", "email (6)"]


def test_ambiguous_dates_are_asked_and_never_mixed() -> None:
    _, records, evidence = read(DATA / "nasty" / "18_ambiguous_dates.csv")
    assert (evidence[2].order, evidence[2].must_ask) == (None, True)
    assert evidence[3].order == Order.DAY_FIRST
    for order, days in (
        (Order.DAY_FIRST, ["2024-04-03", "2024-06-05", "2024-12-11"]),
        (Order.MONTH_FIRST, ["2024-03-04", "2024-05-06", "2024-11-12"]),
    ):
        assert [read_date(record.cells[1], order=order).isoformat() for record in records[:3]] == days
        with pytest.raises(Unreadable):
            read_date(records[3].cells[1], order=order)
        with pytest.raises(Unreadable):
            read_date(records[4].cells[1], order=order)
    assert read_date(records[4].cells[1], serials=True).isoformat() == "2024-02-29"


def test_three_spellings_are_one_address() -> None:
    _, records, _ = read(DATA / "nasty" / "20_duplicate_emails.csv")
    assert [read_email(record.cells[3])[0] for record in records[:4]] == ["ada@acme.example"] * 3 + ["bo@beta.example"]
    assert read_email(records[3].cells[3])[1]
    assert read_email(records[6].cells[3])[1]


@pytest.mark.parametrize(
    ("file", "kind", "columns"),
    [
        ("hubspot_companies", "accounts", "account_id name industry country owner"),
        ("hubspot_contacts", "contacts", "contact_id account_id account first_name last_name email phone owner"),
        ("hubspot_deals", "opportunities", "opportunity_id name account_id stage pipeline amount close_date owner"),
        ("salesforce_dataloader_account", "accounts",
         "account_id name parent_id type domain industry country employees annual_revenue owner_id deleted"),
        ("salesforce_dataloader_contact", "contacts",
         "contact_id account_id name first_name last_name email title phone deleted"),
        ("salesforce_dataloader_opportunity", "opportunities",
         ("opportunity_id name account_id stage amount probability created_on close_date is_closed is_won owner_id"
          " type lead_source deleted")),
        ("salesforce_dataloader_case", "cases",
         "case_id number account_id account subject priority status escalated opened_on closed_on deleted"),
        ("salesforce_report_accounts", "accounts", "account_id name type domain owner"),
        ("salesforce_report_contacts", "contacts", "contact_id account first_name last_name email title phone"),
        ("salesforce_report_opportunities", "opportunities",
         "opportunity_id name account stage amount probability created_on close_date owner type lead_source"),
        ("salesforce_report_opportunities_en_GB", "opportunities",
         "opportunity_id name account stage amount probability created_on close_date type prospect_country loss_reason"),
        ("salesforce_report_cases", "cases",
         "case_id number account subject priority status escalated opened_on closed_on"),
    ],
)  # fmt: skip
def test_an_export_needs_no_hand_mapping(file: str, kind: str, columns: str) -> None:
    reader, _, evidence = read(DATA / "headers" / f"{file}.csv")
    assert " ".join(match_headings(KINDS[kind], reader.headings, evidence).columns) == columns


def test_a_british_report_keeps_its_dates_currency_and_long_id() -> None:
    reader, records, evidence = read(DATA / "headers" / "salesforce_report_opportunities_en_GB.csv")
    columns = match_headings(KINDS["opportunities"], reader.headings, evidence).columns
    assert reader.headings[columns["opportunity_id"] - 1].label == "Opportunity ID (19)"
    assert evidence[columns["close_date"]].order == Order.DAY_FIRST
    assert read_money(records[0].cells[columns["amount"] - 1])[1] == "EUR"


@pytest.mark.parametrize(
    ("file", "kind", "left_over"),
    [
        ("crm/accounts.csv", "accounts", ["year_established"]),
        ("crm/products.csv", "products", ["sales_price"]),
        ("crm/sales_teams.csv", "colleagues", []),
        ("crm/sales_pipeline.csv", "opportunities", []),
        ("stories/stories.csv", "stories", []),
    ],
)
def test_plain_words_are_recognised(file: str, kind: str, left_over: list[str]) -> None:
    reader, _, evidence = read(DATA / file)
    rest = match_headings(KINDS[kind], reader.headings, evidence).rest
    assert [reader.headings[position - 1].name for position in rest] == left_over


@pytest.mark.parametrize("kind", ["accounts", "references", "opportunities", "requests"])
def test_every_documented_column_is_ours(kind: str) -> None:
    names = documented_columns()[kind]
    known = {name for column in KINDS[kind].columns for name in column.names}
    assert [name for name in names if name.replace("_", "") not in known] == []


def documented_columns() -> dict[str, list[str]]:
    """The column names in the description of our own files, by kind."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in (DATA / "columns.md").read_text().splitlines():
        if line.startswith("**"):
            kind = line.split("**")[1].removesuffix(".csv")
            found[kind] = []
        elif line.startswith("| ") and not line.startswith(("| Column", "|--")):
            found[kind] += words(line.split("|")[1])
        elif "`" in line and kind and not line.startswith("Optional"):
            found[kind] += words(line.split("`")[1])
    return found


def words(text: str) -> list[str]:
    """Names between commas, without stars, brackets and choices."""
    return [name.split("(")[0].strip(" *") for name in text.split(",") if name.strip()]
