"""Pages and deeds of requests and asks, for colleagues who are signed in."""

from firsthand.requests.views import (
    afterwards,
    asks,
    barred,
    changing,
    deeds,
    exceptions,
    filing,
    guests,
    listing,
    matches,
    meeting,
    occasions,
    outside,
    queue,
    tenders,
)

__all__ = [
    "afterwards",
    "asks",
    "barred",
    "changing",
    "deeds",
    "exceptions",
    "filing",
    "guests",
    "listing",
    "matches",
    "meeting",
    "occasions",
    "outside",
    "queue",
    "tenders",
]
