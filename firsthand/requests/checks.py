"""What a wish has to be before it is submitted: one sentence each, for the form and for the deeds."""

from datetime import date, timedelta

from firsthand.core.clock import today as today_in
from firsthand.program.policy import in_force

MOST_WORDS = 4000
MOST_WANTED = 20
AHEAD = timedelta(days=5 * 365)
NO_WISH = "Say what the prospect wants to hear. The reference reads it word for word."
PAST = "The day it is needed by is past. Choose a later day."
TOO_FAR = "Choose a day within the next five years."
HOW_MANY = f"A request is for 1 to {MOST_WANTED} references."
NOTHING_YET = "There is nothing to keep yet: write the wish, or choose the deal."


def last_day() -> date:
    """The last day a request may be needed by."""
    return today_in(in_force().time_zone) + AHEAD
