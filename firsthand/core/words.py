"""How figures, days and names are written: pure functions, no clock and no database.

Every function that depends on the day takes it; template filters of `ui` pass today's. A missing value is "–".
"""

import datetime as dt
import zlib
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_symbol

Amount = int | float | Decimal
Day = dt.date | dt.datetime

NOTHING = "–"
LOCALE = "en_US"
TONES = 4
_STEPS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))


def number(value: Amount | None, digits: int | None = None, *, locale: str = LOCALE) -> str:
    """`1,234.5`, with a true minus; `digits` fixes the places after the point, else as many as are there, at most 3."""
    if value is None:
        return NOTHING
    pattern = "#,##0.###" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return _true_minus(format_decimal(_half_up(value, 3 if digits is None else digits), pattern, locale=locale))


def percent(share: Amount | None, digits: int = 0, *, locale: str = LOCALE) -> str:
    """`74%` for 0.74. The reader needs its n near."""
    return NOTHING if share is None else number(Decimal(str(share)) * 100, digits, locale=locale) + "%"


def money(amount: Amount | None, currency: str = "EUR", *, locale: str = LOCALE) -> str:
    """`€420,000`, for tables and records: whole units."""
    if amount is None:
        return NOTHING
    sign = "−" if amount < 0 else ""
    return f"{sign}{_symbol(currency, locale)}{number(abs(Decimal(str(amount))), 0, locale=locale)}"


def money_short(amount: Amount | None, currency: str = "EUR", *, locale: str = LOCALE) -> str:
    """`€6.8m`, `€310k`: for headlines and narrow columns; below a thousand as `money`."""
    if amount is None:
        return NOTHING
    size = abs(Decimal(str(amount)))
    for step, letter in _STEPS:
        scaled = _half_up(size / step, 1 if letter != "k" else 0)
        # A hair below the step still reads as the step: 999,600 is 1m, not 1,000k.
        if scaled >= 1 and size >= step * Decimal("0.9995"):
            sign = "−" if amount < 0 else ""
            return f"{sign}{_symbol(currency, locale)}{format_decimal(scaled, '#,##0.#', locale=locale)}{letter}"
    return money(amount, currency, locale=locale)


def day(value: Day | None, today: dt.date, *, locale: str = LOCALE) -> str:
    """`Fri 27 Nov`, and the year only when it is not today's."""
    if value is None:
        return NOTHING
    return str(format_date(value, "EEE d MMM" if value.year == today.year else "EEE d MMM y", locale=locale))


def day_year(value: Day | None, *, locale: str = LOCALE) -> str:
    """`27 Nov 2026`, for records."""
    return NOTHING if value is None else str(format_date(value, "d MMM y", locale=locale))


def clock(value: dt.datetime | dt.time | None) -> str:
    """`15:30`."""
    return NOTHING if value is None else f"{value:%H:%M}"


def day_in(value: Day | None, today: dt.date) -> str:
    """`in 8 days`, `tomorrow`, `today`, `yesterday`, `3 days ago`."""
    if value is None:
        return NOTHING
    days = (_date(value) - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    return near or (f"in {number(days)} days" if days > 0 else f"{number(-days)} days ago")


def day_due(value: Day | None, today: dt.date) -> str:
    """As `day_in`, but what is past is `1 day late`."""
    if value is None or _date(value) >= today:
        return day_in(value, today)
    return counted((today - _date(value)).days, "day") + " late"


def span(length: dt.timedelta) -> str:
    """`40 min`, `5 h`, `2 days`; under a minute `1 min`."""
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 60 * 24:
        return f"{minutes // 60} h"
    return counted(minutes // (60 * 24), "day")


def ago(value: dt.datetime | None, now: dt.datetime) -> str:
    """`just now`, `40 min ago`, `2 days ago`; from a month on the day itself."""
    if value is None:
        return NOTHING
    passed = now - value
    if passed < dt.timedelta(minutes=1):
        return "just now"
    return day(value, now.date()) if passed >= dt.timedelta(days=31) else span(passed) + " ago"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 call`, `2 calls`; give `many` where an s does not do."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(items: list[str], last: str = "and") -> str:
    """`A, B and C`."""
    return items[0] if len(items) == 1 else f" {last} ".join([", ".join(items[:-1]), items[-1]]) if items else ""


def inside(name: str) -> str:
    """A name as it stands inside a sentence: "federal government", but "IT services"."""
    first = name.partition(" ")[0]
    return name if first[1:] != first[1:].lower() or not name else name[0].lower() + name[1:]


def with_article(noun: str) -> str:
    """`a site visit`, `an analyst briefing`; by the sound it begins with, as far as its letters tell."""
    sounds_otherwise = noun.lower().startswith(("one", "uni", "use", "user", "eu"))
    return f"{'an' if noun[:1].lower() in 'aeiou' and not sounds_otherwise else 'a'} {noun}"


def initials(name: str) -> str:
    """`MR` for "Dr. Mia van der Rohe": first and last word that begin with a letter, titles aside."""
    words = [word for word in name.split() if word[0].isalpha() and not word.endswith(".")]
    return "".join(word[0] for word in (words if len(words) < 2 else [words[0], words[-1]])).upper()


def tone(name: str) -> int:
    """A tint from 1 to 4 that stays with the name, over processes and years."""
    return zlib.crc32(name.encode()) % TONES + 1


def mask_email(address: str) -> str:
    """`i•••••@o•••••.no`: the same length whatever it hides."""
    local, _, host = address.partition("@")
    if not local or not host:
        return "•••••"
    name, dot, end = host.rpartition(".")
    return f"{local[0]}•••••@{(name or host)[0]}•••••{dot}{end if dot else ''}"


def mask_phone(phone: str) -> str:
    """`•••• 42`: the last two digits."""
    digits = [sign for sign in phone if sign.isdigit()]
    return "•••• " + "".join(digits[-2:]) if len(digits) > 4 else "••••"


def _half_up(value: Amount, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _true_minus(text: str) -> str:
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _symbol(currency: str, locale: str) -> str:
    symbol = get_currency_symbol(currency, locale=locale) if currency else ""
    return symbol + "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else symbol


def _date(value: Day) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
