"""What a reference reads on their page of one ask. They read their own facts and, before a yes, nothing that names the prospect."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.words import counted
from firsthand.program.policy import in_force
from firsthand.references.capacity import Slot, Use, use_of
from firsthand.references.disclosure import Outsider, description
from firsthand.references.models import Engagement
from firsthand.requests.asking_words import question
from firsthand.requests.beside import STAYS, day_anew, time_shown
from firsthand.requests.brief import Brief, brief_for
from firsthand.requests.envelope import by_when, why_that_time, window_words
from firsthand.requests.forms import zone_of
from firsthand.requests.models import Ask, Debrief
from firsthand.requests.permissions import why_not_introduce, why_not_now
from firsthand.requests.places import why_not_take_part
from firsthand.requests.prospects import prospect_for
from firsthand.requests.sheet import ON_SHEET, offered
from firsthand.requests.wording import length
from firsthand.requests.workflow import AskMove

A = Ask.Status
SAID_YES = frozenset({A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD, A.MISSED})

TITLES = {
    "tender": "{}, may we name you in a tender?",
    "shows": "{}, what may we show of you?",
    "join": "{}, may one more join?",
    "times": "{}, when suits you?",
    "given": "{}, thank you for your yes",
    "happened": "{}, did it happen?",
    "debrief": "{}, how was it?",
    "off": "Nothing is asked of you any more",
}


@dataclass(frozen=True)
class AnswerPage:
    """`state` names the part of the page that is shown, `_answer_<state>.html`. `why_not` says why an open ask cannot be accepted.

    `moment` is the time that is fixed, or that they are asked to come to, `why_then` why it is fixed already, `stays` why no other can be
    offered; `offered` are ids and words of the times offered.
    """

    ask: Ask
    company: str
    first_name: str
    name: str
    what: str
    question: str
    prospect: str
    wish: str
    asker: str
    asker_there: str
    state: str
    why_not: str
    may_introduce: bool
    use: Use
    slots_line: str
    zone: str
    moment: str
    why_then: str
    stays: str
    offered: list[tuple[int, str]]
    said: str
    window: str
    described: str
    offered_items: list[tuple[str, str]]
    brief: Brief | None

    @property
    def title(self) -> str:
        if self.state == "open":
            return f"{self.first_name}, {self.question}?"
        return TITLES.get(self.state, "{}, thank you").format(self.first_name)

    @property
    def template(self) -> str:
        return f"requests/_answer_{self.state}.html"


def answer_page(ask: Ask) -> AnswerPage:
    reference_request, contact = ask.reference_request, ask.reference.contact
    policy, zone = in_force(), zone_of(contact)
    day = ask.engagement.day if ask.engagement else reference_request.needed_by
    use = use_of(ask.reference, Slot(reference_request.activity_type, day, today_in(policy.time_zone)), policy)
    asker = ask.reference.account.owner or reference_request.requester
    kind = reference_request.activity_type.name
    occasion = ask.occasion or time_shown(ask)
    local = occasion.starts_at.astimezone(ZoneInfo(zone)) if occasion else None
    state = _state(ask)
    return AnswerPage(
        ask=ask,
        company=policy.company,
        first_name=contact.person.first_name or contact.person.name,
        name=contact.person.name,
        what=f"{kind}, {length(reference_request.activity_type)}, {by_when(reference_request)}",
        question=question(reference_request),
        prospect=prospect_for(ask),
        wish=reference_request.wish,
        asker=asker.name,
        asker_there=reference_request.requester.name,
        state=state,
        why_not=_why_not(ask, state),
        may_introduce=why_not_introduce(ask) is None,
        use=use,
        slots_line=_slots_line(use, ask),
        zone=zone,
        moment=f"{local:%A %-d %B %Y, %H:%M}" if local else "",
        why_then=why_that_time(ask) if state == "open" else "",
        stays=STAYS if state == "fixed" and Ask.objects.beside(ask).exists() else "",
        offered=offered_to_come(ask, zone),
        said=_said(ask),
        window=window_words(reference_request),
        described=description(ask.reference, Outsider.PROSPECT),
        offered_items=offered(ask) if _stands_on_sheet(ask) else [],
        brief=brief_for(ask, contact) if state == "fixed" or ask.status == A.INTRODUCED else None,
    )


def _stands_on_sheet(ask: Ask) -> bool:
    """Whether they may change what a tender's sheet shows of them: also once it is over, since the sheet is made anew each time."""
    return ask.reference_request.activity_type.is_tender and ask.status in ON_SHEET


def offered_to_come(ask: Ask, zone: str) -> list[tuple[int, str]]:
    """The times offered that are still to come: id, and how the clocks of that zone show it."""
    times = ask.offered_times.filter(starts_at__gt=timezone.now()).values_list("pk", "starts_at")
    return [(pk, f"{at.astimezone(ZoneInfo(zone)):%a %-d %b %Y, %H:%M} ({zone})") for pk, at in times]


def _said(ask: Ask) -> str:
    """What they said about whether it happened, while the other side is still asked."""
    own = ask.outcomes.filter(side=Debrief.Side.REFERENCE).first()
    return own.get_says_display().lower() if own else ""


def _state(ask: Ask) -> str:
    if ask.status in {A.SENT, A.LAPSED}:
        is_tender = ask.reference_request.activity_type.is_tender
        return "tender" if is_tender else "join" if ask.joins_id else "open"
    if ask.status == A.HELD:
        return "thanks" if ask.debriefs.filter(side=Debrief.Side.REFERENCE).exists() else "debrief"
    if ask.status == A.SCHEDULED and ask.occasion is not None and ask.occasion.starts_at <= timezone.now():
        return "happened"
    if ask.status == A.ACCEPTED and not ask.reference_request.activity_type.needs_time:
        return "shows" if ask.reference_request.activity_type.is_tender else "given"
    by_status = {A.ACCEPTED: "times", A.INTRODUCED: "happened", A.SCHEDULED: "fixed", A.DECLINED: "no"}
    return by_status.get(A(ask.status), "off")


def _why_not(ask: Ask, state: str) -> str:
    """Why an ask that is open, or lapsed, cannot be accepted; empty where it can."""
    if state not in {"open", "join", "tender"}:
        return ""
    sentence = why_not_now(ask.reference.contact, AskMove.ACCEPT, ask, day=day_anew(ask))
    shared = ask.joins.occasion if ask.joins else None
    return sentence or (why_not_take_part(ask.reference.contact, ask, shared) if shared else None) or ""


def _slots_line(use: Use, ask: Ask) -> str:
    if use.limit is None:
        return "You have set no limit. You can set one on your own page at any time."
    taken = use.used + use.reserved
    is_reserved = ask.engagement is not None and ask.engagement.state == Engagement.State.RESERVED
    included = ", this one included" if is_reserved else ""
    return f"{counted(taken, 'slot')} of {use.limit} taken in this {use.period}{included}."
