"""What a wish, a window and hours have to be: one sentence each, for the forms and for the deeds."""

from datetime import date, timedelta
from decimal import Decimal

from firsthand.core.clock import today as today_in
from firsthand.core.words import day_year
from firsthand.program.policy import in_force

MOST_WORDS = 4000
MOST_WANTED = 20
AHEAD = timedelta(days=5 * 365)
FARTHEST = timedelta(days=731)  # a rest is not for longer: whoever wants more says no, or leaves
LONGEST_WINDOW = timedelta(days=366)
NO_WISH = "Say what the prospect wants to hear. The reference reads it word for word."
PAST = "The day it is needed by is past. Choose a later day."
TOO_FAR = "Choose a day within the next five years."
HOW_MANY = f"A request is for 1 to {MOST_WANTED} references."
NO_WINDOW = "Say from when until when evaluators may call, or keep a draft."
NO_STORY = "Choose at least one story that answers the wish."
NOTHING_YET = "There is nothing to keep yet: write the wish, or choose the deal."


def last_day() -> date:
    """The last day a request may be needed by."""
    return today_in(in_force().time_zone) + AHEAD


def why_not_day(day: date) -> str | None:
    """The sentence for a day by which a request cannot be needed."""
    if day > last_day():
        return TOO_FAR
    return PAST if day < today_in(in_force().time_zone) else None


def why_day_over(day: date) -> str | None:
    """The sentence once the day a request was needed by is past: nobody is asked for it any more."""
    if day >= today_in(in_force().time_zone):
        return None
    return f"It was needed by {day_year(day)}, which is past. Change the day first, under the wish on the request’s page."


def why_not_window(first: date, last: date) -> str | None:
    """The sentence for days between which evaluators of a tender cannot be let call."""
    if first > last or last < today_in(in_force().time_zone):
        return "The window ends before it begins, or is past. Choose two days that are still to come."
    if last - first > LONGEST_WINDOW or last > last_day():
        return "The window is at most a year long and within the next five years."
    return None


def why_not_rest(until: date) -> str | None:
    """The sentence for a first day to be asked again that is none."""
    today = today_in(in_force().time_zone)
    return None if today < until <= today + FARTHEST else "Choose a day after today, at most two years ahead."


def why_window_over(last: date | None) -> str | None:
    """The sentence once the last day on which evaluators could call is past; None where there is no window."""
    if last is None or last >= today_in(in_force().time_zone):
        return None
    return f"Evaluators could call until {day_year(last)}, which is past. Set a later window on the request first."


def why_not_hours(hours: Decimal | None) -> str | None:
    """The sentence for hours that a customer cannot have spent; none told is fine."""
    return None if hours is None or 0 < hours < 100 else "Hours are a number above 0 and below 100."
