"""Dates, numbers, money: decided for a column, never for a cell."""

from datetime import date
from decimal import Decimal

import pytest

from firsthand.intake.casting import remembered
from firsthand.intake.cells import (
    Evidence,
    Order,
    Unreadable,
    decimal_mark,
    read_bool,
    read_date,
    read_email,
    read_list,
    read_money,
    read_number,
)


def evidence(*cells: str) -> Evidence:
    seen = Evidence()
    for cell in cells:
        seen.add(cell)
    return seen


@pytest.mark.parametrize(
    ("cells", "order", "must_ask"),
    [
        (["25/12/2023", "01/02/2024"], Order.DAY_FIRST, False),
        (["12/25/2023", "01/02/2024"], Order.MONTH_FIRST, False),
        (["03/04/2024", "05/06/2024"], None, True),
        (["03/04/2024", "31/02/2024"], None, True),
        (["03.04.2024"], Order.DAY_FIRST, False),
        (["2024-03-04", "-", ""], None, False),
        (["03/03/2024"], None, False),
        (["13/01/2024", "01/13/2024"], None, True),
        (["30.11.2023", "04.03.2024"], Order.DAY_FIRST, False),
    ],
)
def test_a_column_proves_its_date_order_or_must_be_asked(cells: list[str], order: Order | None, must_ask: bool) -> None:  # noqa: FBT001
    seen = evidence(*cells)
    assert (seen.order, seen.must_ask) == (order, must_ask)


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("2024-02-29T10:00:00.000Z", None, date(2024, 2, 29)),
        ("2024-02-29 10:00", None, date(2024, 2, 29)),
        ("3/4/2024 8:05 AM", Order.MONTH_FIRST, date(2024, 3, 4)),
        ("03/04/2024", Order.DAY_FIRST, date(2024, 4, 3)),
        ("03/03/2024", None, date(2024, 3, 3)),
        ("30.11.23", None, date(2023, 11, 30)),
        ("01/02/70", Order.DAY_FIRST, date(1970, 2, 1)),
        ("30-Jun-2024", None, date(2024, 6, 30)),
        ("June 30, 2024", None, date(2024, 6, 30)),
        ("2024/6/30", None, date(2024, 6, 30)),
    ],
)
def test_a_date_is_read_as_its_column_says(cell: str, order: Order | None, day: date) -> None:
    assert read_date(cell, order=order) == day


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("31/02/2024", "“31/02/2024” is no day of the calendar. Write dates as 2026-02-28."),
        ("soon", "“soon” is no date. Write dates as 2026-02-28."),
        ("45351", "“45351” looks like an Excel date number. Allow these for the column, or write 2026-02-28."),
    ],
)
def test_what_is_no_date_is_said_in_a_sentence(cell: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_date(cell, order=Order.DAY_FIRST)
    assert str(unreadable.value) == sentence


def test_an_excel_serial_is_a_date_only_when_allowed() -> None:
    assert read_date("45351", serials=True) == date(2024, 2, 29)


def test_an_ambiguous_date_without_an_order_is_refused() -> None:
    with pytest.raises(Unreadable, match="may be read two ways"):
        read_date("03/04/2024")


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("1.234,56", ","),
        ("1,234.56", "."),
        ("1.234.567", ","),
        ("0.125", "."),
        ("1,200", "?"),
        ("12,5", ","),
        ("EUR 185,000.00", "."),
        ("1.25E8", "."),
        ("1,234e+3", ","),
        ("7", ""),
    ],
)
def test_a_number_proves_its_decimal_mark(cell: str, mark: str) -> None:
    assert decimal_mark(cell) == mark


@pytest.mark.parametrize(
    ("cell", "comma", "number"),
    [
        ("1,234.56", False, "1234.56"),
        ("1.234,56", True, "1234.56"),
        ("(1,200)", False, "-1200"),
        ("−5", False, "-5"),
        ("1.25E8", False, "125000000"),
        ("50%", False, "50"),
        ("1 234 567", False, "1234567"),
        ("1'200.50", False, "1200.50"),
    ],
)
def test_numbers_are_read_with_the_columns_mark(cell: str, comma: bool, number: str) -> None:  # noqa: FBT001
    assert read_number(cell, comma_decimal=comma) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "comma", "sentence"),
    [
        ("12,5", False, "“12,5” has a decimal comma, but the column is read with a decimal point."),
        ("1.234,56", False, "“1.234,56” has a decimal comma, but the column is read with a decimal point."),
        ("(0,125)", False, "“(0,125)” has a decimal comma, but the column is read with a decimal point."),
        ("99.90", True, "“99.90” has a decimal point, but the column is read with a decimal comma."),
        ("1.25E8", True, "“1.25E8” has a decimal point, but the column is read with a decimal comma."),
        ("1.234.567", False, "“1.234.567” has a decimal comma, but the column is read with a decimal point."),
    ],
)
def test_a_number_that_proves_the_other_mark_is_unreadable(cell: str, comma: bool, sentence: str) -> None:  # noqa: FBT001
    with pytest.raises(Unreadable) as unreadable:
        read_number(cell, comma_decimal=comma)
    assert str(unreadable.value) == sentence


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("EUR 185,000.00", "185000", "EUR"),
        ("€ 1,200", "1200", "EUR"),
        ("£300", "300", "GBP"),
        ("1200 USD", "1200", "USD"),
        ("24000.5", "24000.5", ""),
    ],
)
def test_money_carries_its_currency(cell: str, amount: str, currency: str) -> None:
    assert read_money(cell) == (Decimal(amount), currency)


@pytest.mark.parametrize("cell", ["abc", "1e9999", "NaN", "12 EUR USD", "1" * 40])
def test_what_is_no_number_is_unreadable(cell: str) -> None:
    with pytest.raises(Unreadable):
        read_money(cell)


def test_yes_no_lists_and_addresses() -> None:
    assert [read_bool("TRUE"), read_bool("0"), read_bool(" y ")] == [True, False, True]
    assert read_list("a; b ;a;;-") == ["a", "b"]
    assert read_email(" Ada@Acme.example ") == ("ada@acme.example", "")
    assert read_email("bo@b.example; bo.li@b.example")[1].endswith("bo@b.example was taken.")
    assert read_email("ed@beta") == ("ed@beta", "“ed@beta” is no complete e-mail address; it was kept.")
    with pytest.raises(Unreadable):
        read_bool("maybe")


def test_no_long_cell_is_kept_in_memory() -> None:
    calls: list[str] = []

    def read(cell: str) -> tuple[str, str]:
        calls.append(cell)
        return cell, ""

    again = remembered(read)
    for cell in ("short", "short", "l" * 201, "l" * 201):
        assert again(cell) == (cell, "")
    assert calls == ["short", "l" * 201, "l" * 201]
