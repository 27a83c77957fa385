"""Every kind of message the program sends: who renders it, who says why it is not to be sent, and what follows if it is not.

The rooms own the words. This list is the only place that knows them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import firsthand.people.mail as people
from firsthand.core.mail import Mail
from firsthand.history.models import Message
from firsthand.requests import mail as requests
from firsthand.requests import queue_mail as queue
from firsthand.requests.actions import not_sent


def nothing_against_it(message: Message, now: datetime) -> str | None:
    """For kinds that are right whenever they are sent."""
    return None


def nothing_follows(message: Message, reason: str) -> None:
    """For kinds whose not being sent changes nothing."""


@dataclass(frozen=True)
class Kind:
    """`render` makes the mail from ids at send time; it and `why_not_send` may raise LookupError when the subject is gone."""

    label: str
    render: Callable[[Message, datetime], Mail]
    why_not_send: Callable[[Message, datetime], str | None] = nothing_against_it
    after_drop: Callable[[Message, str], None] = nothing_follows


KINDS: Mapping[str, Kind] = {
    "invitation": Kind("Invitation", people.invitation, people.why_not_invite),
    "new_password": Kind("New password", people.new_password, people.why_not_new_password),
    "approval": Kind("Question to the owner", requests.approval, requests.why_not_approval),
    "ask_in_person": Kind("Text for asking in person", requests.ask_in_person),
    "ask": Kind("Ask", requests.ask, requests.why_not_ask, not_sent),
    "fixed": Kind("Time fixed", requests.fixed, requests.why_not_fixed),
    "unfixed": Kind("Time canceled", requests.unfixed),
    "introduction": Kind("Introduction", requests.introduction, requests.why_not_introduction),
    "no_longer": Kind("No longer needed", requests.no_longer, requests.why_not_no_longer),
    "no_longer_in_person": Kind("No longer needed", requests.no_longer_in_person),
    "debrief": Kind("How did it go", requests.debrief, requests.why_not_debrief),
    "did_it_happen": Kind("Did it happen", requests.did_it_happen, requests.why_not_did_it_happen),
    "handed_over": Kind("Requests handed over", queue.handed_over, queue.why_not_handed_over),
    "news": Kind("News of a request", requests.news, requests.why_not_news),
}
