"""The activity types a new program starts with: plain data, which the seeding deed writes and a manager may then edit."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ActivitySeed:
    """An activity type. `hours` is the reference's whole effort, preparation included; `minutes` the length of the meeting itself.

    `places` is how many requests may share one occasion.
    """

    code: str
    name: str
    plural: str
    icon: str
    hours: str
    minutes: int
    is_live: bool
    audience: str
    owner_approval: str = "always"
    places: int = 1

    @property
    def effort_hours(self) -> Decimal:
        return Decimal(self.hours)


ACTIVITY_TYPES = (
    ActivitySeed("reference-call", "Reference call", "Reference calls", "phone-call", "0.75", 30, is_live=True, audience="prospects"),
    ActivitySeed("group-call", "Group call", "Group calls", "users", "1.25", 60, is_live=True, audience="prospects", places=5),
    ActivitySeed("site-visit", "Site visit", "Site visits", "map-pin", "6", 180, is_live=True, audience="prospects", places=3),
    ActivitySeed("tender", "Named in a tender", "Mentions in tenders", "file-text", "0.5", 0, is_live=False, audience="prospects"),
    ActivitySeed("case-study", "Case study", "Case studies", "book-open-text", "4", 60, is_live=False, audience="public"),
    ActivitySeed("quote", "Quote", "Quotes", "quote", "0.5", 0, is_live=False, audience="public"),
    ActivitySeed("video", "Video", "Videos", "video", "5", 120, is_live=False, audience="public"),
    ActivitySeed("press-interview", "Press interview", "Press interviews", "newspaper", "1.5", 45, is_live=True, audience="press"),
    ActivitySeed("analyst-briefing", "Analyst briefing", "Analyst briefings", "chart-spline", "1.5", 45, is_live=True, audience="analysts"),
    ActivitySeed("speaking-slot", "Speaking slot", "Speaking slots", "mic", "10", 45, is_live=True, audience="public"),
    ActivitySeed("review", "Review", "Reviews", "star", "0.5", 0, is_live=False, audience="public", owner_approval="first"),
    ActivitySeed(
        "social-post", "Social post", "Social posts", "share-2", "0.25", 0, is_live=False, audience="public", owner_approval="first"
    ),
    ActivitySeed(
        "advisory-board", "Advisory board", "Advisory boards", "users-round", "8", 180, is_live=True, audience="prospects", places=8
    ),
    ActivitySeed(
        "community-answer",
        "Community answer",
        "Community answers",
        "message-circle-question-mark",
        "0.5",
        0,
        is_live=False,
        audience="public",
        owner_approval="never",
    ),
    ActivitySeed("referral", "Referral", "Referrals", "handshake", "0.5", 0, is_live=False, audience="prospects"),
    ActivitySeed("logo-use", "Logo use", "Logo uses", "image", "0.25", 0, is_live=False, audience="public"),
)
