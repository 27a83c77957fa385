"""What of the calendar a run goes through: weekends, ends of quarters and of the year, changes of the clocks."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from firsthand.proofs.facts import period_of

CHANGING = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland")  # whose clocks change, as people there have theirs
SEASONS = {"weekend", "end of a month", "end of a quarter", "end of a year"} | {
    f"clocks {way} in {zone}" for zone in CHANGING for way in ("forward", "back")
}


def crossed(starts: datetime, ends: datetime, zone: str) -> set[str]:
    """Names of `SEASONS` that lie between two moments, by the days of the zone."""
    first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (starts, ends))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = {f"end of a {period}" for period in ("month", "quarter", "year") if period_of(first, period) != period_of(last, period)}
    found |= {"weekend"} if any(day.isoweekday() == 7 for day in days[1:-1]) else set()
    for each in CHANGING:
        steps = [starts + timedelta(hours=n) for n in range(int((ends - starts) / timedelta(hours=1)) + 1)]
        offsets = [moment.astimezone(ZoneInfo(each)).utcoffset() or timedelta(0) for moment in (*steps, ends)]
        for before, after in pairwise(offsets):
            if before != after:
                found.add(f"clocks {'forward' if after > before else 'back'} in {each}")
    return found
