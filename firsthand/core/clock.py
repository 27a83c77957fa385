"""Days in the program's time zone and working days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

FRIDAY = 4


def today(time_zone: str = "UTC") -> date:
    """The day it is now in an IANA time zone."""
    return timezone.now().astimezone(ZoneInfo(time_zone)).date()


def add_working_days(moment: datetime, days: int, time_zone: str = "UTC") -> datetime:
    """`moment` moved on by `days` working days, Monday to Friday, at the same wall-clock time in that zone."""
    local = moment.astimezone(ZoneInfo(time_zone))
    while days > 0:
        local += timedelta(days=1)
        if local.weekday() <= FRIDAY:
            days -= 1
    return local


def bounds(day: date, period: str) -> tuple[date, date]:
    """First and last day of the calendar month, quarter or year that holds `day`."""
    if period == "month":
        first_month, months = day.month, 1
    elif period == "quarter":
        first_month, months = 3 * ((day.month - 1) // 3) + 1, 3
    else:
        first_month, months = 1, 12
    first = date(day.year, first_month, 1)
    after = date(day.year + (first_month + months > 12), (first_month + months - 1) % 12 + 1, 1)
    return first, after - timedelta(days=1)


def months_on(day: date, months: int) -> date:
    """The same day that many months later; where that month is too short for it, the first day after it."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    there = first + timedelta(days=day.day - 1)
    return there if there.month == first.month else date(there.year, there.month, 1)


def months_back(day: date, months: int) -> date:
    """The last day from which `months_on` has come by `day`: the same day that many months earlier, or that month's last."""
    first = date(day.year + (day.month - 1 - months) // 12, (day.month - 1 - months) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), bounds(first, "month")[1])


def period_name(day: date, period: str) -> str:
    """How people call the period that holds `day`: "March 2026", "Q1 2026", "2026"."""
    if period == "month":
        return f"{day:%B %Y}"
    return f"Q{(day.month + 2) // 3} {day.year}" if period == "quarter" else str(day.year)


def working_moment(moment: datetime, time_zone: str = "UTC", *, opens: int = 9, closes: int = 17) -> datetime:
    """`moment` itself where it is in working hours on the wall clocks of that zone, else when they begin again.

    Monday to Friday, from `opens` to before `closes` (hours of the day).
    """
    local = moment.astimezone(ZoneInfo(time_zone))
    if local.weekday() <= FRIDAY and opens <= local.hour < closes:
        return moment
    day = local.date() if local.hour < opens else local.date() + timedelta(days=1)
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(opens), ZoneInfo(time_zone))
