"""The asks of a request as rows: who, on whom they wait, what came of them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from firsthand.core.clock import today as today_in
from firsthand.core.words import counted, day, day_in, day_year, span
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, day_here
from firsthand.references.capacity import Slot, Use, use_of
from firsthand.references.disclosure import may_know, shown_company, shown_name
from firsthand.requests.acts import Act, ask_url, first_act
from firsthand.requests.forms import zone_of
from firsthand.requests.models import Ask, Debrief, ReferenceRequest
from firsthand.requests.permissions import why_too_late
from firsthand.requests.told import is_close, why_they_do_not
from firsthand.requests.unsettled import wants_time

A = Ask.Status
NOBODY = "–"


@dataclass(frozen=True)
class AskRow:
    """An ask in the table. `use` is the reference's slots in the period of its day, None where the reader may not see them."""

    ask: Ask
    name: str
    sub: str
    waiting_on: str  # as it stands inside a sentence
    waiting_sub: str
    use: Use
    act: Act | None
    url: str


def asks_of(reference_request: ReferenceRequest) -> list[Ask]:
    """The request's asks with all that naming and judging them needs, open ones first."""
    related = (
        "approver", "engagement", "occasion", "policy", "reference__reference_account",
        "reference__contact__person", "reference__contact__account__owner__deputy", "reference__contact__account__owner__team__lead",
    )  # fmt: skip
    asks = list(reference_request.asks.select_related(*related).prefetch_related("outcomes").order_by("pk"))
    for ask in asks:
        ask.reference_request = reference_request
    return sorted(asks, key=lambda ask: ask.status not in Ask.OPEN)


def row_of(ask: Ask, user: Colleague, policy: Policy, now: datetime) -> AskRow:
    contact = ask.reference.contact
    company = shown_company(ask.reference, user)
    sub = ", ".join(filter(None, [contact.title, company])) if may_know(ask.reference, user) else ""
    waiting_on, waiting_sub = _waiting(ask, user, policy, now)
    activity_type = ask.reference_request.activity_type
    of_day = ask.engagement.day if ask.engagement else ask.reference_request.needed_by
    use = use_of(ask.reference, Slot(activity_type, of_day, today_in(policy.time_zone)), policy)
    return AskRow(ask, shown_name(ask.reference, user), sub, waiting_on, waiting_sub, use, first_act(ask, user, now), ask_url(ask))


def _waiting(ask: Ask, user: Colleague, policy: Policy, now: datetime) -> tuple[str, str]:
    since = f"for {span(now - ask.waiting_since)}"
    approver = ask.approver.name if ask.approver else "a program manager"
    in_person = ask.door == Ask.Door.OWNER
    whom = {
        A.PROPOSED: approver,
        A.APPROVED: "a program manager, to send",
        A.SENT: f"{approver}, who asks in person" if in_person else shown_name(ask.reference, user),
        A.INTRODUCED: introduced_words(ask, user),
    }
    if ask.status == A.ACCEPTED and ask.reference_request.window_until:
        return "evaluators, who may call", f"until {day_year(ask.reference_request.window_until)}"
    if ask.status == A.ACCEPTED and not wants_time(ask):
        return f"the {ask.reference_request.activity_type.noun} itself", since
    if ask.status == A.ACCEPTED:
        times = ask.offered_times.count()
        return "a time to be fixed", f"{counted(times, 'time')} offered" if times else since
    if ask.status == A.SCHEDULED and ask.occasion is not None:
        local = ask.occasion.starts_at.astimezone(ZoneInfo(zone_of(user)))
        return f"{day(local, now.date())}, {local:%H:%M}", day_in(local, now.date())
    return (whom[A(ask.status)], f"{since}{_kept(ask, user, now)}") if ask.status in whom else _ended(ask, user, policy)


def _kept(ask: Ask, user: Colleague, now: datetime) -> str:
    """How long the slot is still kept, while nothing has been sent."""
    until = ask.engagement.reserved_until if ask.engagement and ask.status in {A.PROPOSED, A.APPROVED} else None
    if until is None:
        return ""
    local = until.astimezone(ZoneInfo(zone_of(user)))
    return f"; the slot is kept until {day(local, now.date())}, {local:%H:%M}" if until > now else "; the slot is being given back"


def introduced_words(ask: Ask, user: Colleague) -> str:
    """On whom an introduction waits: both, the side that has not said whether it happened, or a manager where they differ."""
    said = {each.side for each in ask.outcomes.all()} if ask.status == A.INTRODUCED else set()
    if len(said) > 1:
        return "a program manager: the sides differ"
    other = {Debrief.Side.REFERENCE: ask.reference_request.requester.name, Debrief.Side.REQUESTER: shown_name(ask.reference, user)}
    return next((f"{other[Debrief.Side(side)]}, to say whether it happened" for side in said), "both sides, to find a time")


def _ended(ask: Ask, user: Colleague, policy: Policy) -> tuple[str, str]:
    """Nobody is waited for any more: what came of it stands below a dash."""
    return NOBODY, ", ".join(words.rstrip(".") for words in _came_of_it(ask, user, policy) if words)


def _came_of_it(ask: Ask, user: Colleague, policy: Policy) -> tuple[str, str]:
    said = f"“{reason}”" if (reason := why_they_do_not(ask, user)) else ""
    words = {
        A.REFUSED: f"“{ask.refused_reason}”" if is_close(ask, user) and ask.refused_reason else "The owner refused.",
        A.DECLINED: said or "They declined.",
        A.CANCELED: " ".join(filter(None, [ask.canceled_reason, said])) or "Canceled",
        A.HELD: "happened",
        A.LAPSED: "No answer in time",
    }
    held = ask.occasion.starts_at if ask.occasion else ask.held_at
    late = "a late yes still counts" if ask.status == A.LAPSED and why_too_late(ask) is None else "slot given back"
    subs = {A.HELD: f"{day_here(held, policy):%-d %b}" if held else "", A.LAPSED: late, A.MISSED: ""}
    return words.get(A(ask.status), str(ask.mark.label)), subs.get(A(ask.status), "slot given back")
