"""Every kind of message the program sends: who renders it, who says why it is not to be sent, and what follows if it is not.

The rooms own the words. This list is the only place that knows them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import firsthand.people.mail as people
from firsthand.core.locks import locked
from firsthand.core.mail import Mail
from firsthand.customers.models import Person
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.requests import afterwards_mail as afterwards
from firsthand.requests import asking_mail as asking
from firsthand.requests import meeting_mail as meeting
from firsthand.requests import news_mail as news
from firsthand.requests import outside_mail as outside
from firsthand.requests import queue_mail as queue
from firsthand.requests import reminder_mail as reminders
from firsthand.requests.actions import lock_of_ask, not_reminded, not_sent


def nothing_against_it(message: Message, now: datetime) -> Unsent | None:
    """For kinds that are right whenever they are sent."""
    return None


def nothing_follows(message: Message) -> None:
    """For kinds whose not being sent changes nothing."""


def lock_recipient(message: Message) -> None:
    """A withdrawal by the person waits until the claim is decided, or the claim for the withdrawal."""
    if message.recipient_kind == "contact":
        list(locked(Person.objects.filter(contacts=message.recipient_id)))


@dataclass(frozen=True)
class Kind:
    """`render` makes the mail from ids at send time; it and `why_not_send` may raise LookupError when the subject is gone.

    `after_drop` is what follows when it is not sent or failed for good, in the same transaction; `lock` takes whatever it needs
    before that is judged.
    `instead` is what a manager does where one failed and something follows from that: it is not sent again.
    `headlines` gives subject and address of many notices at once, by id, without those that are over; else each is rendered.
    """

    label: str
    render: Callable[[Message, datetime], Mail]
    why_not_send: Callable[[Message, datetime], Unsent | None] = nothing_against_it
    after_drop: Callable[[Message], None] = nothing_follows
    lock: Callable[[Message], None] = lock_recipient
    headlines: Callable[[Sequence[Message], Colleague], dict[int, tuple[str, str]]] | None = None
    instead: str = ""


ASK_ANEW = "The ask ended as its mail failed. Ask them anew on the request."
REMIND_ANEW = (
    "A reminder that failed is left as it is: it was no touch. "
    "Remind them anew on the request if the policy allows one more, or reach them another way."
)
KINDS: Mapping[str, Kind] = {
    "invitation": Kind("Invitation", people.invitation, people.why_not_invite),
    "new_password": Kind("New password", people.new_password, people.why_not_new_password),
    "approval": Kind("Question to the owner", asking.approval, asking.why_not_approval),
    "ask_in_person": Kind("Text for asking in person", asking.ask_in_person, asking.why_not_in_person),
    "ask": Kind("Ask", asking.ask, asking.why_not_ask, not_sent, lock_of_ask, instead=ASK_ANEW),
    "along_moved": Kind("Time asked for, moved", asking.along_moved, asking.why_not_along_moved),
    "pick_time": Kind("Times to pick from", meeting.pick_time, meeting.why_not_pick_time),
    "pick_off": Kind("No time to pick any more", meeting.pick_off, meeting.why_not_pick_off),
    "reminder": Kind("Reminder with the brief", meeting.reminder, meeting.why_not_fixed),
    "fixed": Kind("Time fixed", meeting.fixed, meeting.why_not_fixed),
    "company": Kind("Who comes to a fixed time", meeting.company, meeting.why_not_fixed),
    "passed_on": Kind("Time of another requester now", meeting.passed_on, meeting.why_not_passed_on),
    "unfixed": Kind("Time canceled", meeting.unfixed, meeting.why_not_unfixed),
    "what_to_show": Kind("What to show in a tender", asking.what_to_show, asking.why_not_what_to_show),
    "fewer": Kind("One less at a shared time", meeting.fewer),
    "introduction": Kind("Introduction", meeting.introduction, meeting.why_not_introduction),
    "no_longer": Kind("No longer needed", asking.no_longer, asking.why_not_no_longer),
    "no_longer_in_person": Kind("No longer needed", asking.no_longer_in_person, asking.why_not_no_longer_in_person),
    "debrief": Kind("How did it go", afterwards.debrief, afterwards.why_not_debrief),
    "prospect_debrief": Kind("How was it, to the prospect", afterwards.prospect_debrief, afterwards.why_not_prospect_debrief),
    "thanks": Kind("Thank-you", afterwards.personal_note, afterwards.why_not_personal_note),
    "came_of_it": Kind("What came of it", afterwards.personal_note, afterwards.why_not_personal_note),
    "thanks_draft": Kind("Draft of a thank-you", afterwards.thanks_draft, afterwards.why_not_thanks_draft),
    "came_of_it_draft": Kind("Draft of what came of it", afterwards.came_of_it_draft, afterwards.why_not_came_of_it_draft),
    "did_it_happen": Kind("Did it happen", meeting.did_it_happen, meeting.why_not_did_it_happen),
    "handed_over": Kind("Requests handed over", queue.handed_over, queue.why_not_handed_over),
    "outside": Kind("Arranged outside", outside.outside, outside.why_not_outside),
    "outside_retracted": Kind("Arranged outside, taken back", outside.retracted, outside.why_not_retracted),
    "debrief_outside": Kind("How did it go", outside.debrief_outside, outside.why_not_debrief_outside),
    "question": Kind("Question to the requester", queue.question, queue.why_not_question),
    "remind_approval": Kind("Reminder of an approval", reminders.approval, asking.why_not_approval),
    "remind_in_person": Kind("Reminder of an ask in person", reminders.in_person, asking.why_not_in_person),
    "remind_reference": Kind("Reminder of an ask", reminders.reference, reminders.why_not_reference, not_reminded, instead=REMIND_ANEW),
    "remind_info": Kind("Reminder of a question", reminders.info, queue.why_not_question),
    "remind_content": Kind("Reminder of content", reminders.content, reminders.why_not_content),
    "remind_debrief": Kind("Reminder of a debrief", reminders.debrief, afterwards.why_not_debrief),
    "remind_outside": Kind("Reminder of a debrief", outside.reminder, outside.why_not_debrief_outside),
    "remind_manager": Kind("Reminder of a new request", reminders.manager, reminders.why_not_manager),
    "remind_send": Kind("Reminder to send an ask", reminders.send, reminders.why_not_of_ask),
    "remind_time": Kind("Reminder to fix a time", reminders.time, reminders.why_not_of_ask),
    "remind_outcome": Kind("Reminder of what happened", reminders.outcome, reminders.why_not_of_ask),
    "silence": Kind("Somebody stays silent", reminders.silence, reminders.why_not_silence),
    "news": Kind("News of a request", news.news, news.why_not_news, headlines=news.headlines),
}
