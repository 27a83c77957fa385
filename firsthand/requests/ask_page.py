"""What stands on an ask's page for one reader: its facts, the sentences that bar it, the forms of the moves that are theirs."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.urls import reverse

from firsthand.core.clock import today as today_in
from firsthand.core.ui.parts import Mark
from firsthand.core.words import listed, number
from firsthand.customers.sight import Reach, reach
from firsthand.matching.rules import Bar
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.capacity import Slot, Use, use_of
from firsthand.references.disclosure import is_close_to, may_know, shown_company, shown_name
from firsthand.references.overview import Topics, topics
from firsthand.requests.actions.standing import waiting
from firsthand.requests.approvals import asked_in_person_by
from firsthand.requests.ask_tasks import tasks_for
from firsthand.requests.asking_mail import in_person_text
from firsthand.requests.beside import time_to_come
from firsthand.requests.consents import want_no_more
from firsthand.requests.envelope import moment, wall_time, why_that_time, window_words
from firsthand.requests.forms import zone_of
from firsthand.requests.lifted import Lifted, lifted_on
from firsthand.requests.models import Ask, Occasion
from firsthand.requests.permissions import OPEN_FOR_ASKS, bars_of, why_in_person
from firsthand.requests.prospects import ACCEPTED
from firsthand.requests.task import Sent, Task
from firsthand.requests.times import offered_times
from firsthand.requests.told import Told, debriefs_for
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.wording import heading, length, named_why, questions_of, whom
from firsthand.requests.workflow import RequestMove

A = Ask.Status


@dataclass(frozen=True)
class ReadyText:
    """Words for asking in person, and how to reach the reference with them; `mailto` is empty without an address."""

    words: str
    mailto: str
    phone: str


@dataclass(frozen=True)
class Together:
    """Another reference of a panel: who it is, how far the ask is, and where it stands."""

    name: str
    mark: Mark
    url: str


@dataclass(frozen=True)
class AskPage:
    ask: Ask
    name: str
    sub: str
    mark: Mark
    use: Use
    tasks: list[Task]
    sent: Sent | None
    bars: list[Bar]
    instead: str
    matches_url: str
    exceptions: list[Lifted]
    note: str
    noted_by: str
    topics: Topics | None
    offered: list[str]
    zone: str
    reason: str
    better: str
    said: list[str]
    debriefs: list[Told]
    brief_url: str
    reach: Reach
    length: str
    whom: str
    why: str
    when: str
    window: str
    together: list[Together]
    questions: list[str]
    grades: str
    ready: ReadyText | None
    in_person: str
    would_wait: str


def ask_page(ask: Ask, user: Colleague, *, sent: Sent | None = None) -> AskPage:
    """`sent` is a form of one of the tasks that was refused; it stands there as it was typed."""
    reference, zone = ask.reference, zone_of(user)
    policy = in_force()
    bars = bars_of(ask.reference_request, reference, ask=ask, viewer=user) if ask.status in Ask.OPEN else []
    day = ask.engagement.day if ask.engagement else ask.reference_request.needed_by
    is_close = is_close_to(user, reference)
    may_reach = ask.status in ACCEPTED and user.pk == ask.reference_request.requester_id and may_know(reference, user)
    reached = reach(reference.contact, user, accepted=may_reach and not want_no_more([reference.contact_id]))
    may_lift = user.runs_program and bool(bars) and not any(bar.is_absolute for bar in bars)
    tasks = tasks_for(ask, user, said=frozenset(bar.sentence for bar in bars), may_lift=may_lift, sent=sent)
    if bars:  # ending it is then the way out
        tasks = [replace(task, is_open=task.is_open or task.is_danger) for task in tasks]
    to_come = time_to_come(ask) if ask.status in Ask.OPEN and ask.occasion is None else None
    proposes = who_may_not_request(user, RequestMove.ASK, ask.reference_request) is None  # once this ask is canceled
    may_propose = proposes and ask.reference_request.status in OPEN_FOR_ASKS
    return AskPage(
        ask=ask,
        name=shown_name(reference, user),
        sub=", ".join(filter(None, [reference.contact.title, shown_company(reference, user)])) if may_know(reference, user) else "",
        mark=_mark(ask),
        use=use_of(reference, Slot(ask.reference_request.activity_type, day, today_in(policy.time_zone)), policy),
        tasks=tasks,
        sent=sent,
        bars=bars,
        instead=_instead(bars, may_lift=may_lift, may_cancel=any(task.is_danger for task in tasks)) if bars else "",
        matches_url=reverse("requests:matches", args=[ask.reference_request_id]) if bars and may_propose else "",
        exceptions=lifted_on(ask, user),
        note=ask.note if is_close or ask.proposed_by_id == user.pk else "",
        noted_by=ask.proposed_by.name if ask.proposed_by else "Imported" if ask.reference_request.external_id else "The program",
        topics=topics(reference) if may_know(reference, user) else None,
        offered=[] if any(task.id == "time" for task in tasks) else [words for _, words in offered_times(ask, user)],
        zone=zone,
        reason=(ask.refused_reason or ask.declined_reason) if is_close else "",
        better=ask.colleague_suggested if is_close else "",
        said=outcome_words(ask),
        debriefs=debriefs_for(ask, user) if ask.status == A.HELD else [],
        brief_url=_url("brief", ask) if ask.status in {A.INTRODUCED, A.SCHEDULED} else "",
        reach=reached,
        length=length(ask.reference_request.activity_type),
        whom=whom(ask.reference_request, user),
        why=named_why(ask),
        when=f"{wall_time(to_come, user)}: {why_that_time(ask)}" if to_come else moment(ask, user),
        window=window_words(ask.reference_request) if ask.reference_request.window_from else "",
        together=_together(ask, user, ask.occasion or to_come),
        questions=questions_of(ask.reference_request),
        grades=_grades(ask) if ask.status == A.HELD else "",
        ready=_ready_text(ask, reached) if asked_in_person_by(ask, user) else None,
        in_person=(why_in_person(ask, user) or "") if ask.status == A.PROPOSED else "",
        would_wait=_would_wait(ask, user) if ask.status == A.PROPOSED else "",
    )


def _instead(bars: list[Bar], *, may_lift: bool, may_cancel: bool) -> str:
    """What can be done where a rule bars them, as far as it is this reader's."""
    if may_lift:
        return "Lift the rule this once, or cancel this ask and propose somebody else."
    other = "cancel this ask, and somebody else can be proposed." if may_cancel else "somebody else can be proposed."
    if any(bar.is_absolute for bar in bars):
        return f"Nobody can lift this: {other}"
    return f"A program manager can lift this once; or {other}"


def _ready_text(ask: Ask, reached: Reach) -> ReadyText:
    words, subject = in_person_text(ask), f"A question from {in_force().company}"
    if reached.is_masked:
        return ReadyText(words, "", "")
    mailto = f"mailto:{quote(reached.email, safe='@')}?subject={quote(subject)}&body={quote(words)}" if reached.email else ""
    return ReadyText(words, mailto, reached.phone)


def _would_wait(ask: Ask, user: Colleague) -> str:
    """What else is under way with them as far as this reader sees it, and would wait for a day the owner names."""
    others = waiting(Ask.objects.visible_to(user).filter(reference=ask.reference_id).exclude(pk=ask.pk))
    return listed([f"{heading(each.reference_request, user)} ({each.get_status_display().lower()})" for each in others])


def _grades(ask: Ask) -> str:
    """What the owner expected, and what it got: the mean of what requester and prospect said."""
    got = ask.slot.grade if ask.slot else None
    expected = f"Expected {ask.expected_grade}, " if ask.expected_grade else ""
    if got is None:
        return f"{expected}not graded yet" if expected else ""
    grade = number(got, int(got % 1 > 0))
    return f"{expected}got {grade}" if expected else f"{grade} of 5"


def outcome_words(ask: Ask) -> list[str]:
    """What each side said about whether it happened, while it is not settled."""
    if ask.status not in {A.ACCEPTED, A.INTRODUCED, A.SCHEDULED}:
        return []
    return [f"The {each.get_side_display().lower()}: {each.get_says_display().lower()}" for each in ask.outcomes.order_by("pk")]


def _together(ask: Ask, user: Colleague, occasion: Occasion | None) -> list[Together]:
    """Who else comes to its time for the same request, or is asked to."""
    if not ask.reference_request.activity_type.is_shared or ask.status not in Ask.OPEN:
        return []
    asked = Ask.objects.open().asked_to(occasion, ask.reference_request_id).exclude(pk=ask.pk)
    rows = Ask.objects.beside(ask, occasion) | asked if occasion else Ask.objects.none()
    people = rows.select_related("reference__contact__person", "reference__contact__account", "reference__reference_account")
    return [Together(shown_name(each.reference, user), _mark(each), _url("ask", each)) for each in people.order_by("pk")]


def _mark(ask: Ask) -> Mark:
    return Mark(ask.mark.label, ask.mark.glyph, ask.mark.kind)  # type: ignore[arg-type]


def _url(name: str, ask: Ask) -> str:
    return reverse(f"requests:{name}", args=[ask.pk])
