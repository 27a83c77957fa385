"""What a cell says: dates, numbers, money, yes and no. How a column is written is decided for the whole column.

A cell alone never decides between 3 April and 4 March, nor between 1,200 and 1.2: `Evidence` watches all cells of a
column first, and what stays open is asked of the person, or taken from the file's other columns with a visible note.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from firsthand.deals.crm_ids import long_form

DASHES = frozenset({"-", "–", "—", "−"})
NOTHING = frozenset({"n/a", "#n/a", "null", "none", "(blank)", "(none)", "--none--", "#ref!", "#value!"})
YES = frozenset({"true", "yes", "y", "1", "t", "x", "wahr", "ja", "oui"})
NO = frozenset({"false", "no", "n", "0", "f", "falsch", "nein", "non"})
SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD", "$": "USD", "₹": "INR"}

TIME = r"(?:[T ,]+\d{1,2}:\d{2}.*)?"
ISO = re.compile(rf"^(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){TIME}$")
YEAR_FIRST = re.compile(rf"^(\d{{4}})[/.](\d{{1,2}})[/.](\d{{1,2}}){TIME}$")
NUMERIC = re.compile(rf"^(\d{{1,2}})([/.\- ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){TIME}$")
SERIAL = re.compile(r"^[1-9]\d{4}(?:\.\d+)?$")
NAMED = (
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d-%B-%Y",
    "%a %d %b %Y",
)
EXCEL_EPOCH = date(1899, 12, 30)
PIVOT = 69
CENTURY, MILLENNIUM = 1900, 2000
MONTHS = 12

NUMBER = re.compile(r"^[+\-−]?(?:\d[\d.,'\u00a0\u202f ]*|[.,]\d+)(?:[eE][+\-]?\d{1,3})?$")
CODE = re.compile(r"^([A-Z]{3}|US\$|[€£¥$₹])\s*(.*)$|^(.*?)\s*([A-Z]{3}|[€£¥$₹])$", re.DOTALL)


class Order(StrEnum):
    """How a column writes 3 April: 03/04 or 04/03. ISO dates and month names are understood in any column."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class Unreadable(ValueError):  # noqa: N818 - an answer about a cell, not an error
    """A cell that its column's type does not allow; `str()` is the sentence for the person."""


@dataclass
class Evidence:
    """What the cells of one column show about how it is written. Fed cell by cell, so of constant size."""

    filled: int = 0
    longest: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    clear_dates: int = 0
    serials: int = 0
    point: int = 0
    comma: int = 0
    thousand: int = 0
    samples: list[str] = field(default_factory=list)

    def add(self, cell: str) -> None:
        text = cell.strip()
        if not text or text in DASHES:
            return
        self.filled += 1
        length = len(text)
        self.longest = max(self.longest, length)
        if len(self.samples) < SAMPLES and text not in self.samples:
            self.samples.append(text[:SAMPLE_LENGTH])
        if length <= MAX_DATE and (self.filled <= LOOK or self.shows_any) and MAY_COUNT.match(text):
            self.add_date(text)
            self.add_mark(text)

    @property
    def shows_any(self) -> bool:
        """Whether there is anything to watch on: a column that shows no date and no mark for long has none."""
        return bool(self.either or self.day_first or self.month_first or self.thousand or self.point or self.comma)

    def add_date(self, text: str) -> None:
        """Impossible dates such as 31/02 prove nothing about the order, so they are not counted."""
        if found := NUMERIC.match(text):
            first, separator, second, year = found.groups()
            day_first = real_date(year, second, first) is not None
            month_first = separator != "." and real_date(year, first, second) is not None
            self.either += day_first and month_first and first != second
            self.day_first += day_first and not month_first
            self.month_first += month_first and not day_first
        elif ISO.match(text) or YEAR_FIRST.match(text):
            self.clear_dates += 1
        elif SERIAL.match(text):
            self.serials += 1

    def add_mark(self, text: str) -> None:
        mark = decimal_mark(text)
        self.point += mark == "."
        self.comma += mark == ","
        self.thousand += mark == "?"

    @property
    def order(self) -> Order | None:
        """The order its cells prove; None where none does, or where they contradict each other evenly."""
        if self.day_first == self.month_first:
            return None
        return Order.DAY_FIRST if self.day_first > self.month_first else Order.MONTH_FIRST

    @property
    def must_ask(self) -> bool:
        return self.order is None and self.either + self.day_first > 0

    @property
    def comma_decimal(self) -> bool | None:
        """Whether the comma is the decimal mark; None where no cell tells."""
        return None if self.point == self.comma else self.comma > self.point


SAMPLES, SAMPLE_LENGTH, MAX_DATE = 3, 120, 40
LOOK = 5_000
MAY_COUNT = re.compile(r"[+\-−(]?\s?(?:[A-Z]{3}|US\$|[€£¥$₹])?\s?[\d.,]")


def decimal_mark(text: str) -> str:
    """The decimal mark a number proves: "." or ","; "?" for one group of three, "" for nothing."""
    digits = text.strip("()%").lstrip("+-−")
    mantissa = EXPONENT.sub("", digits)
    grouped = mantissa == digits
    digits = re.sub(r"[^\d.,]", "", mantissa)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    if points > 1:
        return ","
    if commas > 1:
        return "."
    for mark, count in ((".", points), (",", commas)):
        if count:
            group = len(digits) - digits.find(mark) - 1
            return mark if group != GROUP or not grouped or digits.startswith(("0" + mark, mark)) else "?"
    return ""


GROUP = 3
EXPONENT = re.compile(r"(?<=\d)[eE][+\-]?\d{1,3}$")


def is_blank(cell: str) -> bool:
    """Nothing, or the dash that reports write for nothing."""
    text = cell.strip()
    return not text or text in DASHES


def read_date(cell: str, *, order: Order | None = None, serials: bool = False) -> date:
    """The day a cell names, as written (a time of day is dropped, zones are not converted)."""
    text = cell.strip()
    if found := ISO.match(text) or YEAR_FIRST.match(text):
        year, month, day = found.groups()
    elif found := NUMERIC.match(text):
        first, separator, second, year = found.groups()
        if separator == ".":
            order = Order.DAY_FIRST
        possible = [real_date(year, second, first), real_date(year, first, second)]
        if order is None and first != second and any(possible):
            raise Unreadable(f"“{text}” may be read two ways. Say whether the day or the month comes first.")
        day, month = (first, second) if order == Order.DAY_FIRST else (second, first)
    elif SERIAL.match(text):
        return read_serial(text, serials=serials)
    else:
        return read_named_date(text)
    read = real_date(year, month, day)
    if read is None:
        raise Unreadable(f"“{text}” is no day of the calendar. Write dates as 2026-02-28.")
    return read


def read_serial(text: str, *, serials: bool) -> date:
    if not serials:
        raise Unreadable(f"“{text}” looks like an Excel date number. Allow these for the column, or write 2026-02-28.")
    return EXCEL_EPOCH + timedelta(days=int(float(text)))


def read_named_date(text: str) -> date:
    for pattern in NAMED:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unreadable(f"“{text[:MAX_DATE]}” is no date. Write dates as 2026-02-28.")


def real_date(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += CENTURY if number >= PIVOT else MILLENNIUM
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def read_number(cell: str, *, comma_decimal: bool = False) -> Decimal:
    """A number with thousands separators, percent sign, accountants' brackets or exponent.

    One that proves the other decimal mark is unreadable: read as the column is, it would be another number.
    """
    text = cell.strip()
    if len(text) < DIGITS and text.isascii() and text.isdecimal():
        return Decimal(text)
    negative = text.startswith("(") and text.endswith(")")
    bare = text.strip("()").removesuffix("%").strip()
    if not NUMBER.match(bare):
        raise Unreadable(f"“{text[:MAX_DATE]}” is no number.")
    refuse_other_mark(text, bare, comma_decimal=comma_decimal)
    bare = re.sub(r"['\u00a0\u202f ]", "", bare).replace("−", "-")
    bare = bare.replace(".", "").replace(",", ".") if comma_decimal else bare.replace(",", "")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise Unreadable(f"“{text[:MAX_DATE]}” is no number.") from error
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Unreadable(f"“{text[:MAX_DATE]}” is too large a number.")
    return -number if negative else number


def refuse_other_mark(text: str, bare: str, *, comma_decimal: bool) -> None:
    own, other = (",", ".") if comma_decimal else (".", ",")
    if (other in bare or bare.count(own) > 1) and decimal_mark(bare) == other:
        names = {",": "comma", ".": "point"}
        raise Unreadable(f"“{text[:MAX_DATE]}” has a decimal {names[other]}, but the column is read with a decimal {names[own]}.")


DIGITS = 15
LARGEST = Decimal(10) ** DIGITS


def read_whole(cell: str, *, comma_decimal: bool = False) -> int:
    number = read_number(cell, comma_decimal=comma_decimal)
    if number != number.to_integral_value():
        raise Unreadable(f"“{cell.strip()}” is no whole number.")
    return int(number)


def read_money(cell: str, *, comma_decimal: bool = False) -> tuple[Decimal, str]:
    """(amount, ISO currency code or "" where the cell names none)."""
    text = cell.strip()
    found = CODE.match(text)
    if not found:
        return read_number(text, comma_decimal=comma_decimal), ""
    code, amount = (found[1], found[2]) if found[1] else (found[4], found[3])
    return read_number(amount, comma_decimal=comma_decimal), SYMBOLS.get(code, code)


def read_bool(cell: str) -> bool:
    text = cell.strip().casefold()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(f"“{cell.strip()[:MAX_DATE]}” is neither yes nor no.")


def read_list(cell: str) -> list[str]:
    """The values between semicolons, each once, in order."""
    return list(dict.fromkeys(part.strip() for part in cell.split(";") if not is_blank(part)))


EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+$")
ADDRESS = re.compile(r"[^@\s<>;,\"']+@[^@\s<>;,\"']+")


def read_email(cell: str) -> tuple[str, str]:
    """(lower-cased address, warning). A faulty address is kept and told: it may still be how somebody is found."""
    text = cell.strip().removeprefix("mailto:")
    found = ADDRESS.findall(text)
    if len(found) > 1:
        return found[0].lower(), f"“{text}” holds {len(found)} addresses; {found[0].lower()} was taken."
    address = (found[0] if found else text).lower()
    if not EMAIL.match(address):
        return address, f"“{text}” is no complete e-mail address; it was kept."
    return address, ""


SALESFORCE_ID = re.compile(r"^(?:001|003|005|006|500|701)[A-Za-z0-9]{12}$")
MAX_ID = 60


def read_id(cell: str) -> str:
    """An id as written; Salesforce's 15 character form, which differs by case alone, gets its three check letters.

    Of several ids in one cell (HubSpot's associations) the first is the main one.
    """
    text = cell.split(";", 1)[0].strip()
    if len(text) > MAX_ID:
        raise Unreadable(f"an id has {MAX_ID} characters at most.")
    return long_form(text) if SALESFORCE_ID.match(text) else text
