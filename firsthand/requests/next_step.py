"""Who does what next on a request, as its reader reads it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from firsthand.core.words import counted, span
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.requests.acts import Act, request_acts
from firsthand.requests.ask_rows import AskRow
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.requests.permissions import why_not_request
from firsthand.requests.workflow import RequestMove

A, R, RM = Ask.Status, ReferenceRequest.Status, RequestMove
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
        A.SCHEDULED: (
            f"{row.ask.reference_request.activity_type.name} with {row.name}",
            f"{row.waiting_on}, {row.waiting_sub}.",
            "calendar-check",
        ),
        A.HELD: (f"How did it go with {row.name}?", "One tap is enough.", "star"),
    }
    title, text, icon = texts[A(ask.status)]
    return Next(title, text, icon, MINE, (act,))


def _approved_words(ask: Ask) -> str:
    who = ask.approver.name if ask.approver else "The program"
    grade = f" and expects a {ask.expected_grade} of 5" if ask.expected_grade else ""
    return f"{who} approved it{grade}."


def _time_words(row: AskRow) -> tuple[str, str]:
    """Fix a time, or wait for whom the times were released to."""
    released = Event.objects.filter(subject_kind="ask", subject_id=row.ask.pk, verb="release_times").order_by("-pk").first()
    guest = Attendee.objects.filter(pk=released.facts["attendee"]).first() if released else None
    if released and guest:
        since = span(timezone.now() - released.at)
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
    waiting = [row for row in rows if row.ask.status in Ask.OPEN]
    if waiting:
        first = waiting[0]
        return Next(f"Waiting on {first.waiting_on}", f"About asking {first.name}, {first.waiting_sub}.")
    if why_not_request(user, RM.ASK, reference_request) is None:
        url = reverse("requests:matches", args=[reference_request.pk])
        return Next("Propose somebody", "Nobody is being asked now.", "users-round", MINE, (Act("See matches", url),))
    manager = reference_request.manager.name if reference_request.manager else "A program manager"
    return Next(f"{manager} proposes somebody", "You see every step here and hear by mail when somebody says yes.")


def _last_words(reference_request: ReferenceRequest, verb: str) -> str:
    of_verb = Event.objects.filter(context_kind="referencerequest", context_id=reference_request.pk, verb=verb)
    last = of_verb.select_related("words").order_by("-pk").first()
    return last.said if last else ""
