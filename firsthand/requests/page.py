"""What stands on a request's page for one reader: the next step, the steps, the asks with what may be done, what happened."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.ui.parts import Step
from firsthand.core.words import counted, day, day_in, span
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force
from firsthand.references.capacity import Slot, Use, use_of
from firsthand.references.disclosure import is_close_to, may_know, shown_company, shown_name
from firsthand.requests.forms import zone_of
from firsthand.requests.models import Ask, Debrief, ReferenceRequest
from firsthand.requests.permissions import who_may_not, why_not, why_not_request
from firsthand.requests.routing import answers_for_owner
from firsthand.requests.wording import Happened, Teller
from firsthand.requests.workflow import ASK_MOVES, REQUEST_MOVES, AskMove, RequestMove

A, R, AM, RM = Ask.Status, ReferenceRequest.Status, AskMove, RequestMove
SHOWN_EVENTS = 40
MINE, NOTHING, ENDED = "Next for you", "Nothing to do now", "Ended"
NOBODY = "–"


@dataclass(frozen=True)
class Act:
    """A button: a POST to `url` with the status that was seen, or a link where it leads to a form."""

    label: str
    url: str
    is_post: bool = False
    why_not: str = ""
    seen: str = ""
    icon: str = ""


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


@dataclass(frozen=True)
class AskRow:
    """An ask in the table. `use` is the reference's slots in the period of its day, None where the reader may not see them."""

    ask: Ask
    name: str
    sub: str
    waiting_on: str
    waiting_sub: str
    use: Use
    act: Act | None
    url: str


@dataclass(frozen=True)
class RequestPage:
    reference_request: ReferenceRequest
    steps: list[Step]
    next: Next
    rows: list[AskRow]
    happened: list[Happened]
    acts: list[Act] = field(default_factory=list)


def request_page(reference_request: ReferenceRequest, user: Colleague) -> RequestPage:
    """Everything on the page, in a fixed number of queries per ask."""
    now, policy = timezone.now(), in_force()
    asks = asks_of(reference_request)
    rows = [_row(ask, user, policy, now) for ask in asks]
    every = Event.objects.filter(context_kind="referencerequest", context_id=reference_request.pk).select_related("words")
    events = every.order_by("-pk")[:SHOWN_EVENTS]
    return RequestPage(
        reference_request,
        steps=_steps(reference_request, asks),
        next=_next(reference_request, rows, user),
        rows=rows,
        happened=Teller(user, events, asks).tell(),
        acts=_request_acts(reference_request, user),
    )


def whose_turn(reference_request: ReferenceRequest, user: Colleague) -> str:
    """Whose turn it is, in a sentence or two for a mail."""
    step = request_page(reference_request, user).next
    return f"{step.title}. {step.text}".strip() if not step.is_mine else f"it is your turn. {step.title}. {step.text}".strip()


def asks_of(reference_request: ReferenceRequest) -> list[Ask]:
    """The request's asks with all that naming and judging them needs, open ones first."""
    related = (
        "approver", "engagement", "occasion", "policy", "reference__reference_account",
        "reference__contact__person", "reference__contact__account__owner__deputy", "reference__contact__account__owner__team__lead",
    )  # fmt: skip
    asks = list(reference_request.asks.select_related(*related).order_by("pk"))
    for ask in asks:
        ask.reference_request = reference_request
    return sorted(asks, key=lambda ask: ask.status not in Ask.OPEN)


def _row(ask: Ask, user: Colleague, policy: Policy, now: datetime) -> AskRow:
    contact = ask.reference.contact
    company = shown_company(ask.reference, user)
    sub = ", ".join(filter(None, [contact.title, company])) if may_know(ask.reference, user) else ""
    waiting_on, waiting_sub = _waiting(ask, user, now)
    activity_type = ask.reference_request.activity_type
    of_day = ask.engagement.day if ask.engagement else ask.reference_request.needed_by
    use = use_of(ask.reference, Slot(activity_type, of_day, today_in(policy.time_zone)), policy)
    return AskRow(ask, shown_name(ask.reference, user), sub, waiting_on, waiting_sub, use, first_act(ask, user), ask_url(ask))


def _waiting(ask: Ask, user: Colleague, now: datetime) -> tuple[str, str]:
    since = f"for {span(now - ask.waiting_since)}"
    approver = ask.approver.name if ask.approver else "A program manager"
    in_person = ask.door == Ask.Door.OWNER
    whom = {
        A.PROPOSED: approver,
        A.APPROVED: "A program manager, to send",
        A.SENT: f"{approver}, who asks in person" if in_person else shown_name(ask.reference, user),
        A.INTRODUCED: introduced_words(ask, user),
    }
    if ask.status == A.ACCEPTED and ask.reference_request.window_until:
        return "Evaluators, who may call", f"until {ask.reference_request.window_until:%-d %b %Y}"
    if ask.status == A.ACCEPTED:
        times = ask.offered_times.count()
        return "A time to be fixed", f"{counted(times, 'time')} offered" if times else since
    if ask.status == A.SCHEDULED and ask.occasion is not None:
        local = ask.occasion.starts_at.astimezone(ZoneInfo(zone_of(user)))
        return f"{day(local, now.date())}, {local:%H:%M}", day_in(local, now.date())
    return (whom[A(ask.status)], f"{since}{_kept(ask, user, now)}") if ask.status in whom else _ended(ask, user)


def _kept(ask: Ask, user: Colleague, now: datetime) -> str:
    """How long the slot is still kept, while nothing has been sent."""
    until = ask.engagement.reserved_until if ask.engagement and ask.status in {A.PROPOSED, A.APPROVED} else None
    if until is None:
        return ""
    local = until.astimezone(ZoneInfo(zone_of(user)))
    return f"; the slot is kept until {day(local, now.date())}, {local:%H:%M}" if until > now else "; the slot is being given back"


def introduced_words(ask: Ask, user: Colleague) -> str:
    """On whom an introduction waits: both, the side that has not said whether it happened, or a manager where they differ."""
    said = set(ask.outcomes.values_list("side", flat=True)) if ask.status == A.INTRODUCED else set()
    if len(said) > 1:
        return "A program manager: the sides differ"
    other = {Debrief.Side.REFERENCE: ask.reference_request.requester.name, Debrief.Side.REQUESTER: shown_name(ask.reference, user)}
    return next((f"{other[Debrief.Side(side)]}, to say whether it happened" for side in said), "Both sides, to find a time")


def _ended(ask: Ask, user: Colleague) -> tuple[str, str]:
    """Nobody is waited for any more: what came of it stands below a dash."""
    return NOBODY, ", ".join(words.rstrip(".") for words in _came_of_it(ask, user) if words)


def _came_of_it(ask: Ask, user: Colleague) -> tuple[str, str]:
    is_close = is_close_to(user, ask.reference)
    words = {
        A.REFUSED: f"“{ask.refused_reason}”" if is_close and ask.refused_reason else "The owner refused.",
        A.DECLINED: f"“{ask.declined_reason}”" if is_close and ask.declined_reason else "They declined.",
        A.CANCELED: ask.canceled_reason or "Canceled",
        A.HELD: "happened",
        A.LAPSED: "No answer in time",
    }
    subs = {A.HELD: f"{ask.held_at:%-d %b}" if ask.held_at else "", A.LAPSED: "a late yes still counts", A.MISSED: ""}
    return words.get(A(ask.status), str(ask.mark.label)), subs.get(A(ask.status), "slot given back")


def ask_url(ask: Ask) -> str:
    return reverse("requests:ask", args=[ask.pk])


def first_act(ask: Ask, user: Colleague) -> Act | None:
    """The one thing this person would do with the ask now, if there is one."""
    if ask.status == A.PROPOSED:
        return Act("Answer", reverse("requests:approval", args=[ask.pk])) if answers_for_owner(user, ask) else None
    if ask.status == A.HELD:
        owes = user.pk == ask.reference_request.requester_id and not ask.debriefs.filter(side="requester").exists()
        return Act("Say how it went", reverse("requests:debrief", args=[ask.pk])) if owes else None
    is_tender = ask.reference_request.activity_type.is_tender
    for move, label in FIRST.get(ask.status, ()):
        if not (move in NO_TIME and is_tender) and who_may_not(user, move, ask) is None:
            return _act(ask, move, label, user)
    return None


FIRST: dict[str, tuple[tuple[AskMove, str], ...]] = {
    A.APPROVED: ((AM.SEND, "Send ask"),),
    A.SENT: ((AM.ACCEPT, "Record answer"),),
    A.ACCEPTED: ((AM.SCHEDULE, "Fix time"),),
    A.INTRODUCED: ((AM.HOLD, "It happened"),),
    A.SCHEDULED: ((AM.HOLD, "It happened"), (AM.RESCHEDULE, "Move time")),
}
NO_TIME = frozenset({AM.SCHEDULE, AM.INTRODUCE})  # in a tender, evaluators call when they like
POSTS = {AM.SEND: "requests:sending"}
ANCHORS = {AM.ACCEPT: "answer", AM.SCHEDULE: "time", AM.RESCHEDULE: "time", AM.HOLD: "outcome"}


def _act(ask: Ask, move: AskMove, label: str, user: Colleague) -> Act:
    if move in POSTS:
        sentence = why_not(user, move, ask) or ""
        return Act(label, reverse(POSTS[move], args=[ask.pk]), is_post=True, why_not=sentence, seen=ask.status, icon="send")
    return Act(label, f"{ask_url(ask)}#{ANCHORS[move]}")


def _next(reference_request: ReferenceRequest, rows: list[AskRow], user: Colleague) -> Next:
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
        A.ACCEPTED: (f"Fix a time with {row.name}", _times_words(ask), "calendar-clock"),
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


def _times_words(ask: Ask) -> str:
    times = ask.offered_times.count()
    return f"They said yes and offered {counted(times, 'time')}." if times else "They said yes and offered no times yet."


def _next_of_request(reference_request: ReferenceRequest, rows: list[AskRow], user: Colleague) -> Next:
    status = reference_request.status
    if status == R.DRAFT:
        acts = _request_acts(reference_request, user)
        return Next("Submit this request", "Nobody else sees it until you do.", "send", MINE, tuple(acts))
    if status == R.NEEDS_INFO:
        return _next_answer(reference_request, user)
    if status == R.ANSWERED_WITH_CONTENT:
        acts = _request_acts(reference_request, user)
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


def _request_acts(reference_request: ReferenceRequest, user: Colleague) -> list[Act]:
    urls = {
        RM.SUBMIT: "requests:submission",
        RM.CONFIRM_CONTENT: "requests:content_confirmation",
        RM.REOPEN: "requests:reopening",
    }
    possible = REQUEST_MOVES[reference_request.status]
    return [
        Act(str(move.label), reverse(name, args=[reference_request.pk]), is_post=True, seen=reference_request.status)
        for move, name in urls.items()
        if move in possible and why_not_request(user, move, reference_request) is None
    ]


def _steps(reference_request: ReferenceRequest, asks: list[Ask]) -> list[Step]:
    """Draft, submitted, asking, confirmed, fulfilled; an end aside shows as the status."""
    agreed = [ask for ask in asks if ask.answered_at and ask.status in {A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD}]
    reached = [
        ("Draft", True, f"{reference_request.created_at:%-d %b}"),
        ("Submitted", reference_request.submitted_at is not None, _submitted_note(reference_request)),
        ("Asking", bool(asks), counted(len(asks), "ask") if asks else ""),
        ("Confirmed", len(agreed) >= reference_request.n_wanted, f"{len(agreed)} of {reference_request.n_wanted}"),
        ("Fulfilled", reference_request.status == R.FULFILLED, f"by {reference_request.needed_by:%-d %b}"),
    ]
    last = max((place for place, (_, is_reached, _) in enumerate(reached) if is_reached), default=0)
    is_over = reference_request.status == R.FULFILLED
    return [
        Step(label, "done" if place < last or is_over else "now" if place == last else "next", note)
        for place, (label, _, note) in enumerate(reached)
    ]


def _submitted_note(reference_request: ReferenceRequest) -> str:
    at = reference_request.submitted_at
    return f"{at:%-d %b}, by {reference_request.requester.name.split()[0]}" if at else ""


def moves_for(ask: Ask, user: Colleague) -> set[str]:
    """The moves this person may make with this ask in its present state, whatever rules bar it."""
    is_tender = ask.reference_request.activity_type.is_tender
    never = NO_TIME if is_tender else frozenset({AM.HOLD} if ask.status == A.ACCEPTED else ())
    return {move for move in ASK_MOVES[ask.status] if move not in never and who_may_not(user, move, ask) is None}
