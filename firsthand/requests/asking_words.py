"""How a reference is asked, by what they would do and for whom: one table for mail, reminder, page and the text for asking in person."""

from collections.abc import Mapping

from firsthand.program.models import ActivityType
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.prospects import described
from firsthand.requests.wording import length

Purpose = ReferenceRequest.Purpose

# By the code of the activity type, the whole question without its mark.
BY_ACTIVITY: Mapping[str, str] = {
    "site-visit": "would you let a peer visit you",
    "case-study": "may we write down your story",
    "quote": "may we quote you",
    "video": "would you tell your story on video",
    "press-interview": "would you talk to a journalist",
    "analyst-briefing": "would you talk to an analyst",
    "speaking-slot": "would you speak at an event",
    "review": "would you write a review of us",
    "social-post": "would you post about us",
    "advisory-board": "would you sit on our advisory board",
    "community-answer": "would you answer a question in the community",
    "referral": "would you refer us to a peer",
    "logo-use": "may we show your logo",
}
# Any other meeting, by what it is for.
BY_PURPOSE: Mapping[str, str] = {
    Purpose.DEAL: "would you talk to a peer",
    Purpose.PRESS: "would you talk to a journalist",
    Purpose.ANALYST: "would you talk to an analyst",
    Purpose.EVENT: "would you take part in an event",
    Purpose.LAUNCH: "would you help us launch something new",
}


def question(reference_request: ReferenceRequest) -> str:
    """What they are asked: "would you talk to a peer", "may we quote you"."""
    kind = reference_request.activity_type
    if kind.code in BY_ACTIVITY:
        return BY_ACTIVITY[kind.code]
    return BY_PURPOSE[reference_request.purpose] if kind.is_live else f"would you give us {kind.a_noun}"


def why(reference_request: ReferenceRequest) -> str:
    """Who needs it, in one sentence that names nobody."""
    whom, kind = described(reference_request), reference_request.activity_type
    if not _meets_somebody(reference_request, kind):
        return f"It would be for {whom}."
    return f"{whom[0].upper()}{whom[1:]} would like to hear from somebody who knows us at first hand."


def _meets_somebody(reference_request: ReferenceRequest, kind: ActivityType) -> bool:
    return kind.is_live and reference_request.purpose not in {Purpose.EVENT, Purpose.LAUNCH}


def request(reference_request: ReferenceRequest, when: str) -> str:
    """The question as a sentence, with how long it takes and `when` it is needed ("by Fri 20 March"): an ordinary call names itself."""
    kind = reference_request.activity_type
    lasts = f"({length(kind)}), {when}?"
    if kind.code not in BY_ACTIVITY and _meets_somebody(reference_request, kind):
        return f"Would you give them {kind.a_noun} {lasts}"
    words = question(reference_request)
    return f"{words[0].upper()}{words[1:]} {lasts}"


def needs(reference_request: ReferenceRequest) -> str:
    """What stands before the words of the wish."""
    return "They ask:" if _meets_somebody(reference_request, reference_request.activity_type) else "What is wanted:"
