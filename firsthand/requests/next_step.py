"""Who does what next on a request, as its reader reads it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from firsthand.core.words import counted, listed, span
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.requests.acts import Act, request_acts
from firsthand.requests.ask_rows import AskRow
from firsthand.requests.changing import change_url
from firsthand.requests.guests import invited, said_cannot
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_ended, why_late, why_not_request
from firsthand.requests.sheet import why_not_sheet
from firsthand.requests.unsettled import stands, wants_time
from firsthand.requests.waits import UNSENT
from firsthand.requests.workflow import RequestMove

A, R, RM = Ask.Status, ReferenceRequest.Status, RequestMove
HEARS = "You see every step here and hear by mail when somebody says yes."
MINE, NOTHING, ENDED = "Next for you", "Nothing to do now", "Ended"


@dataclass(frozen=True)
class Next:
    """Who does what next, as the viewer reads it."""

    title: str
    text: str = ""
    icon: str = "coffee"
    eyebrow: str = NOTHING
    acts: tuple[Act, ...] = ()

    @property
    def is_mine(self) -> bool:
        return bool(self.acts)


def next_of(reference_request: ReferenceRequest, rows: list[AskRow], user: Colleague) -> Next:
    """The first ask that waits for the viewer; an ask out by mail waits for the reference, though an answer may be recorded."""
    for row in rows:
        if row.act is not None and (row.ask.status != A.SENT or row.ask.door == Ask.Door.OWNER):
            return _next_of_ask(row, row.act)
    return _next_of_request(reference_request, rows, user)


def _next_of_ask(row: AskRow, act: Act) -> Next:
    ask = row.ask
    texts = {
        A.PROPOSED: (
            f"Decide on asking {row.name}",
            ask.note or "You can let the program ask, ask in person, postpone or refuse.",
            "shield-check",
        ),
        A.APPROVED: (f"Send the ask to {row.name}", _approved_words(ask), "send"),
        A.SENT: (f"Record what {row.name} answered", f"Asked in person {row.waiting_sub}.", "phone"),
        A.ACCEPTED: (*_time_words(row), "calendar-clock"),
        A.INTRODUCED: (f"Did it happen with {row.name}?", "They were introduced by mail.", "handshake"),
        A.SCHEDULED: (f"Did it happen with {row.name}?", f"It was fixed for {row.waiting_on}.", "calendar-check"),
        A.HELD: (f"How did it go with {row.name}?", "One tap is enough.", "star"),
    }
    title, text, icon = texts[A(ask.status)]
    return Next(title, text, icon, MINE, (act,))


def _approved_words(ask: Ask) -> str:
    who = ask.approver.name if ask.approver else "The program"
    grade = f" and expects a {ask.expected_grade} of 5" if ask.expected_grade else ""
    return f"{who} approved it{grade}."


def _time_words(row: AskRow) -> tuple[str, str]:
    """Fix a time, or wait for whom the times were released to; what takes no meeting is got and said so."""
    activity_type = row.ask.reference_request.activity_type
    if not wants_time(row.ask):
        meet = ", or fix a time on its page if you meet for it" if activity_type.has_time else ""
        return f"Did it happen with {row.name}?", f"They said yes to the {activity_type.noun}. Say so once it is done{meet}."
    last = invited(row.ask)
    if last is not None:
        guest, since = last[0], span(timezone.now() - last[1])
        if said_cannot(row.ask, guest):
            return f"Fix a time with {row.name}", f"None of the times offered suits {guest.name}."
        return f"{guest.name} picks a time with {row.name}", f"They have had the link for {since}. You can fix the time yourself too."
    times = row.ask.offered_times.count()
    offered = f"They said yes and offered {counted(times, 'time')}." if times else "They said yes and offered no times yet."
    return f"Fix a time with {row.name}", offered


def _next_of_request(reference_request: ReferenceRequest, rows: list[AskRow], user: Colleague) -> Next:
    status = reference_request.status
    if status == R.DRAFT:
        acts = request_acts(reference_request, user)
        return Next("Submit this request", "Nobody else sees it until you do.", "send", MINE, tuple(acts))
    if status == R.NEEDS_INFO:
        return _next_answer(reference_request, user)
    if status == R.ANSWERED_WITH_CONTENT:
        acts = request_acts(reference_request, user)
        who = "You say" if acts else f"{reference_request.requester.name} says"
        words = _last_words(reference_request, RM.ANSWER_WITH_CONTENT)
        return Next(f"{who} whether the content did it", words, "book-open-text", MINE if acts else NOTHING, tuple(acts))
    if status in {R.SUBMITTED, R.ASKING, R.PARTLY_FULFILLED}:
        return _next_ask(reference_request, rows, user)
    return Next(f"This request is {reference_request.get_status_display().lower()}", _closing(reference_request), "circle-check", ENDED)


def _next_answer(reference_request: ReferenceRequest, user: Colleague) -> Next:
    words = _last_words(reference_request, RM.ASK_INFO)
    if user.pk == reference_request.requester_id:
        return Next("Answer the program’s question", words, "message-circle-question-mark", MINE, (Act("Answer", "#answer"),))
    return Next(f"{reference_request.requester.name} answers a question", words)


def _closing(reference_request: ReferenceRequest) -> str:
    reason = reference_request.get_unfulfilled_reason_display() if reference_request.unfulfilled_reason else ""
    return ". ".join(filter(None, [reason, reference_request.closing_note]))


def _next_ask(reference_request: ReferenceRequest, rows: list[AskRow], user: Colleague) -> Next:
    """Whoever is waited for; else who is wanted besides those who come; else the time that stands."""
    is_over, now = why_ended(reference_request) is not None, timezone.now()
    coming = [row for row in rows if stands(row.ask, now)]
    waiting = [row for row in rows if row.ask.status in Ask.OPEN and not _stands_by(row) and row not in coming]
    waiting = [row for row in waiting if not (is_over and row.ask.status in UNSENT)]
    if waiting:
        return _next_waiting(waiting[0], _agreed_words(reference_request, rows))
    ready = [row for row in rows if _stands_by(row)]
    if is_over and not ready:
        words = ["What it was asked for has ended, and nobody more is asked.", *map(_coming_words, coming)]
        return Next("Withdraw or close this request", " ".join(words))
    if ready and _agreed(rows) >= reference_request.n_wanted:
        return _next_sheet(reference_request, ready, user)
    if coming and sum(row.ask.status in Ask.AGREED for row in rows) >= reference_request.n_wanted:
        return _next_coming(coming, user)
    asked = " ".join(map(_coming_words, coming)) or _agreed_words(reference_request, rows).strip() or "Nobody is being asked now."
    return _next_proposal(reference_request, user, asked, more=bool(ready or coming))


def _next_proposal(reference_request: ReferenceRequest, user: Colleague, asked: str, *, more: bool) -> Next:
    """Somebody is wanted, `more` than those who come or stand by; first by a day that is still to come."""
    if (late := why_late(reference_request)) and (url := change_url(reference_request, user)):
        return Next("Change the day it was needed by", late, "calendar-clock", MINE, (Act("Change what is wanted", url),))
    who = "somebody else" if more else "somebody"
    if why_not_request(user, RM.ASK, reference_request) is None:
        url = reverse("requests:matches", args=[reference_request.pk])
        return Next(f"Propose {who}", asked, "users-round", MINE, (Act("See matches", url),))
    manager = reference_request.manager.name if reference_request.manager else "A program manager"
    return Next(f"{manager} proposes {who}", f"{asked} You hear by mail when somebody says yes." if more else HEARS)


def _next_waiting(row: AskRow, agreed: str) -> Next:
    """Somebody else's turn: to answer, or to say whether it happened."""
    if row.ask.status == A.SCHEDULED:
        who, what = row.ask.reference_request.requester.name, row.ask.reference_request.activity_type.name
        return Next(f"Waiting on {who}, to say whether it happened", f"{what} with {row.name}, {row.waiting_on}.")
    return Next(f"Waiting on {row.waiting_on}", f"About asking {row.name}, {row.waiting_sub}.{agreed}")


def _next_coming(coming: list[AskRow], user: Colleague) -> Next:
    """Nothing is to be done before the time has come, or before those who were introduced had some days to find one."""
    row = coming[0]
    if row.ask.status == A.SCHEDULED:
        what = row.ask.reference_request.activity_type.name
        names = listed([each.name for each in coming if each.ask.occasion_id == row.ask.occasion_id])
        return Next(f"{what} with {names}", f"{row.waiting_on}, {row.waiting_sub}.", "calendar-check")
    asked = row.ask.reference_request
    who = "You" if user.pk == asked.requester_id else asked.requester.name
    title = f"{who} and {row.name} {'find a time' if asked.activity_type.has_time else 'settle it'} yourselves"
    title = title if who == "You" else title.replace("yourselves", "themselves")
    return Next(title, "The introduction went out by mail. In some days both are asked whether it happened.", "handshake")


def _coming_words(row: AskRow) -> str:
    """What stands, in a sentence."""
    if row.ask.status == A.SCHEDULED:
        return f"The {row.ask.reference_request.activity_type.noun} with {row.name} is fixed for {row.waiting_on}."
    return f"{row.ask.reference_request.requester.name} and {row.name} were introduced by mail."


def _stands_by(row: AskRow) -> bool:
    """A reference of a tender who said yes: nothing is missing of theirs any more."""
    return row.ask.status == A.ACCEPTED and row.ask.reference_request.activity_type.is_tender


def _agreed(rows: list[AskRow]) -> int:
    return sum(_stands_by(row) or row.ask.status == A.HELD for row in rows)


def _agreed_words(reference_request: ReferenceRequest, rows: list[AskRow]) -> str:
    """How far a tender is; nothing for anything else."""
    if not reference_request.activity_type.is_tender or not _agreed(rows):
        return ""
    return f" {_agreed(rows)} of {reference_request.n_wanted} agreed to be named."


def _next_sheet(reference_request: ReferenceRequest, ready: list[AskRow], user: Colleague) -> Next:
    """All who were wanted agreed: the sheet goes to the evaluators, who call when they like."""
    text = f"They may call {ready[0].waiting_sub}.{_agreed_words(reference_request, ready)}"
    if why_not_sheet(reference_request, user) is not None:
        return Next("Evaluators may call", text, "file-text")
    act = Act("Reference sheet", reverse("requests:sheet", args=[reference_request.pk]), icon="file-text")
    return Next("Give the evaluators the sheet", text, "file-text", MINE, (act,))


def _last_words(reference_request: ReferenceRequest, verb: str) -> str:
    of_verb = Event.objects.filter(context_kind="referencerequest", context_id=reference_request.pk, verb=verb)
    last = of_verb.select_related("words").order_by("-pk").first()
    return last.said if last else ""
