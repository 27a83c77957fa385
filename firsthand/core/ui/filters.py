"""Template filters: `core.words` with today's day, the current time zone and the reader's locale filled in."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.messages.storage.base import Message
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale

from firsthand.core import words
from firsthand.core.ui import toasts
from firsthand.core.words import Amount, Day


def money(amount: Amount | None, currency: str = "EUR") -> str:
    return words.money(amount, currency, locale=_locale())


def money_short(amount: Amount | None, currency: str = "EUR") -> str:
    return words.money_short(amount, currency, locale=_locale())


def number(value: Amount | None, digits: int | None = None) -> str:
    return words.number(value, digits, locale=_locale())


def percent(share: Amount | None, digits: int = 0) -> str:
    return words.percent(share, digits, locale=_locale())


def counted(count: int | None, noun: str) -> str:
    """`{{ n|counted:"call" }}`, or `"reply,replies"`."""
    one, _, many = noun.partition(",")
    return words.counted(count or 0, one, many)


def day(value: Day | None) -> str:
    return words.day(local(value), timezone.localdate(), locale=_locale())


def day_year(value: Day | None) -> str:
    return words.day_year(local(value), locale=_locale())


def day_in(value: Day | None) -> str:
    return words.day_in(local(value), timezone.localdate())


def day_due(value: Day | None) -> str:
    return words.day_due(local(value), timezone.localdate())


def clock(value: dt.datetime | None) -> str:
    return words.clock(timezone.localtime(value) if value else None)


def day_clock(value: dt.datetime | None) -> str:
    return f"{day(value)}, {clock(value)}" if value else words.NOTHING


def ago(value: dt.datetime | None) -> str:
    return words.ago(value and timezone.localtime(value), timezone.localtime())


def for_time(value: dt.datetime | None) -> str:
    """`2 days`: how long something has stood since."""
    return words.span(timezone.now() - value) if value else words.NOTHING


def breakable(address: str) -> SafeString:
    """An e-mail address that breaks after its @ and before its dots, not in the middle of a word."""
    name, at, host = address.partition("@")
    parts = format_html_join(mark_safe("<wbr>."), "{}", ((part,) for part in host.split(".")))
    return format_html("{}@<wbr>{}", name, parts) if at else format_html("{}", address)


def act(message: Message) -> toasts.Act | None:
    return toasts.act_of(message.extra_tags)


def local(value: Day | None) -> Day | None:
    """Days as they are; moments in the current time zone."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


def _locale() -> str:
    return to_locale(get_language() or "en-us")


ALL: dict[str, Callable[..., Any]] = {
    "money": money,
    "money_short": money_short,
    "number": number,
    "percent": percent,
    "counted": counted,
    "day": day,
    "day_year": day_year,
    "day_in": day_in,
    "day_due": day_due,
    "clock": clock,
    "day_clock": day_clock,
    "ago": ago,
    "for_time": for_time,
    "initials": words.initials,
    "mask_email": words.mask_email,
    "mask_phone": words.mask_phone,
    "breakable": breakable,
    "act": act,
}
