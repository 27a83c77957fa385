"""What a reference reads on their page of one ask. They read their own facts and, before a yes, nothing that names the prospect."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from firsthand.core.clock import today as today_in
from firsthand.core.words import counted, day_year
from firsthand.program.policy import in_force
from firsthand.references.capacity import Slot, Use, use_of
from firsthand.requests.forms import zone_of
from firsthand.requests.models import Ask, Debrief
from firsthand.requests.permissions import why_not_now
from firsthand.requests.prospects import prospect_for
from firsthand.requests.wording import length
from firsthand.requests.workflow import AskMove

A = Ask.Status
SAID_YES = frozenset({A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD, A.MISSED})


@dataclass(frozen=True)
class AnswerPage:
    """`state` is one of: open, yes, fixed, debrief, thanks, no, over. `why_not` says why an open ask cannot be accepted."""

    ask: Ask
    company: str
    first_name: str
    name: str
    what: str
    prospect: str
    wish: str
    asker: str
    state: str
    why_not: str
    use: Use
    slots_line: str
    zone: str
    moment: str
    offered: list[str]


def answer_page(ask: Ask) -> AnswerPage:
    reference_request, contact = ask.reference_request, ask.reference.contact
    policy, zone = in_force(), zone_of(contact)
    day = ask.engagement.day if ask.engagement else reference_request.needed_by
    use = use_of(ask.reference, Slot(reference_request.activity_type, day, today_in(policy.time_zone)), policy)
    asker = ask.reference.account.owner or reference_request.requester
    kind = reference_request.activity_type.name
    local = ask.occasion.starts_at.astimezone(ZoneInfo(zone)) if ask.occasion else None
    state = _state(ask)
    return AnswerPage(
        ask=ask,
        company=policy.company,
        first_name=contact.person.first_name or contact.person.name,
        name=contact.person.name,
        what=f"{kind}, {length(reference_request.activity_type)}, by {day_year(reference_request.needed_by)}",
        prospect=prospect_for(ask),
        wish=reference_request.wish,
        asker=asker.name,
        state=state,
        why_not=(why_not_now(contact, AskMove.ACCEPT, ask) or "") if state == "open" else "",
        use=use,
        slots_line=_slots_line(use),
        zone=zone,
        moment=f"{local:%A %-d %B %Y, %H:%M}" if local else "",
        offered=[f"{each.astimezone(ZoneInfo(zone)):%a %-d %b, %H:%M}" for each in ask.offered_times.values_list("starts_at", flat=True)],
    )


def _state(ask: Ask) -> str:
    if ask.status in {A.SENT, A.LAPSED}:
        return "open"
    if ask.status == A.HELD:
        return "thanks" if ask.debriefs.filter(side=Debrief.Side.REFERENCE).exists() else "debrief"
    by_status = {A.ACCEPTED: "yes", A.INTRODUCED: "yes", A.SCHEDULED: "fixed", A.DECLINED: "no"}
    return by_status.get(A(ask.status), "over")


def _slots_line(use: Use) -> str:
    if use.limit is None:
        return "You have set no limit. You can set one on your own page at any time."
    taken = use.used + use.reserved
    return f"{counted(taken, 'slot')} of {use.limit} taken in this {use.period}, this one included."
