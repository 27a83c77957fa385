"""What stands in the way of a move, after whose it is. One sentence for page, button, API, agent tool and test."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.words import day_year
from firsthand.customers.models import Contact
from firsthand.deals.models import Stage
from firsthand.history.actions import Actor
from firsthand.matching.rules import Bar, why_barred
from firsthand.people.models import Colleague
from firsthand.program.policy import day_here, in_force
from firsthand.references.capacity import SLOT_RULES
from firsthand.references.disclosure import shown_name
from firsthand.references.models import Engagement, Reference
from firsthand.requests.checks import why_day_over, why_window_over
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.needs import need_of
from firsthand.requests.routing import can_be_reached
from firsthand.requests.unsaid import why_not_wish
from firsthand.requests.unsettled import may_have_happened
from firsthand.requests.who_may import Mover, who_may_not, who_may_not_request
from firsthand.requests.workflow import ASK_MOVES, REQUEST_MOVES, AskMove, RequestMove

AM, RM = AskMove, RequestMove

# Moves that need a reference who may be asked at that very moment.
JUDGED = frozenset({AM.APPROVE, AM.SEND, AM.ACCEPT, AM.SCHEDULE, AM.RESCHEDULE, AM.INTRODUCE})
# Rules by which a reference takes back what they agreed to. Other rules keep from asking and leave a fixed time as it is.
WITHDRAWN = ("left", "consent", "unsubscribed")
OF_SLOTS = frozenset(rule.code for rule in SLOT_RULES)
# What somebody outside the house reads in place of a rule's sentence, which tells facts of the reference.
CHANGED = "This has changed since we wrote, and nothing is asked of you any more. Write to us if you would have liked to."
OUTSIDE = {"contact": CHANGED, "prospect": "This time cannot be fixed any more. Choose another one, or ask whoever sent you the link."}
OVER = "Evaluators could call until {}, so nothing is asked of you any more. Thank you."
OTHERS_AGREED = "Somebody else has agreed in the meantime, so nothing is asked of you any more. Thank you."
NOT_NEEDED = "This is not needed any more, so nothing is asked of you. Thank you."
NOT_THEN = "No time can be fixed with you on {}. Choose another day, or write to us."
OWN_PAUSE_THEN = "{} is within your own pause. Choose a day after it, or end the pause on your page first."
OPEN_FOR_ASKS = frozenset({ReferenceRequest.Status.SUBMITTED, ReferenceRequest.Status.ASKING, ReferenceRequest.Status.PARTLY_FULFILLED})


def why_not(mover: Mover, move: str, ask: Ask, *, day: date | None = None) -> str | None:
    """None when this mover may make this move on this ask now, else the sentence that says why not.

    `day` is the day it would be moved to; without one the day of its slot is judged.
    """
    return who_may_not(mover, move, ask) or why_not_now(mover, move, ask, day=day)


def why_not_now(mover: Mover, move: str, ask: Ask, *, day: date | None = None) -> str | None:
    """The sentence for a move that its own mover cannot make in the present state, or because a rule bars the reference."""
    if move not in ASK_MOVES[ask.status]:
        return f"“{AskMove(move).label}” is not possible any more: this ask is {ask.get_status_display().lower()}."
    if move in JUDGED and ask.reference_request.status not in OPEN_FOR_ASKS:
        return f"Nobody is needed any more: the request is {ask.reference_request.get_status_display().lower()}."
    if move in JUDGED and (sentence := why_window_over(ask.reference_request.window_until)):
        return OVER.format(day_year(ask.reference_request.window_until)) if isinstance(mover, Contact) else sentence
    if move in {AM.APPROVE, AM.SEND} and (sentence := why_ended(ask.reference_request)):
        return sentence
    return BESIDES.get(move, no_more)(ask, viewer(mover)) or (barring_sentence(mover, ask, day=day) if move in JUDGED else None)


def why_not_request(mover: Mover, move: str, reference_request: ReferenceRequest) -> str | None:
    """The same for a move of the request."""
    sentence = who_may_not_request(mover, move, reference_request) or why_not_request_now(move, reference_request)
    return sentence or (why_nobody_more(reference_request) or why_late(reference_request) if move == RM.ASK else None)


# Moves of a request that wait until no ask is open: what the sentence says comes then.
WITH_NOBODY_ASKED: Mapping[str, str] = {RM.ANSWER_WITH_CONTENT: "answer with content", RM.ASK_INFO: "ask for information"}


def why_not_request_now(move: str, reference_request: ReferenceRequest) -> str | None:
    if move == RM.ASK:
        if reference_request.status in OPEN_FOR_ASKS:
            return _why_no_window(reference_request)
    elif move in REQUEST_MOVES[reference_request.status]:
        then = WITH_NOBODY_ASKED.get(move)
        if then and reference_request.asks.open().exists():
            return f"Somebody is being asked already. Cancel the open asks first, then {then}."
        return None
    return f"“{RequestMove(move).label}” is not possible now: the request is {reference_request.get_status_display().lower()}."


def _why_no_window(reference_request: ReferenceRequest) -> str | None:
    if not reference_request.activity_type.is_tender:
        return None
    if reference_request.window_until:
        return why_window_over(reference_request.window_until)
    return "Say first on the request from when until when evaluators may call: the slots are held for that window."


def why_not_propose(mover: Mover, reference: Reference, reference_request: ReferenceRequest) -> str | None:
    """None when an ask of this reference may be proposed for this request now; the rules' sentence where one bars it."""
    sentence = why_not_request(mover, RM.ASK, reference_request)
    if sentence is not None:
        return sentence
    if reference_request.asks.open().filter(reference=reference).exists():
        return f"{shown_name(reference, viewer(mover))} is proposed for this request already."
    bars = bars_of(reference_request, reference, viewer=viewer(mover))
    return bars[0].sentence if bars else None


def why_nobody_more(reference_request: ReferenceRequest) -> str | None:
    """The sentence when one more ask would be for nothing."""
    return why_ended(reference_request) or why_enough(reference_request)


def why_late(reference_request: ReferenceRequest) -> str | None:
    """The sentence once nobody may be asked by the day it was needed by; a tender has its window instead."""
    return None if reference_request.activity_type.is_tender else why_day_over(reference_request.needed_by)


def why_ended(reference_request: ReferenceRequest) -> str | None:
    """The sentence when the deal is lost; whoever may not read of the deal reads no more than that it is over."""
    deal = reference_request.opportunity
    if deal is None or deal.outcome != Stage.Outcome.LOST:
        return None
    return "What this was asked for has ended, so nobody more is asked. Close or withdraw the request."


def why_enough(reference_request: ReferenceRequest) -> str | None:
    """The sentence when as many have agreed as are wanted: one more ask would end at once."""
    agreed, wanted = reference_request.asks.filter(status__in=Ask.AGREED).count(), reference_request.n_wanted
    if agreed < wanted:
        return None
    who = "Somebody has" if wanted == 1 else f"{agreed} of {wanted} have"
    return f"{who} agreed already, so nobody else is needed. Cancel an ask to propose another, or swap the person."


def why_full(reference_request: ReferenceRequest, more: int = 1) -> str | None:
    """The sentence when `more` reservations would be more than a request may hold: n wanted and a few beyond."""
    most = reference_request.n_wanted + in_force().reservations_beyond_wanted
    open_asks = reference_request.asks.open().count()
    if open_asks + more <= most:
        return None
    return f"A request for {reference_request.n_wanted} holds at most {most} reservations, and {open_asks} are open. Cancel one first."


def bars_of(
    reference_request: ReferenceRequest,
    reference: Reference,
    *,
    ask: Ask | None = None,
    viewer: Colleague | None = None,
    day: date | None = None,
    joins: Engagement | None = None,
) -> list[Bar]:
    """Every bar that no recorded exception lifts, absolute ones first. `joins` is an engagement that would be shared."""
    lifted = lifted_for(ask) if ask else frozenset()
    bars = why_barred(need_of(reference_request, ask, day=day, joins=joins), reference, viewer=viewer)
    return [bar for bar in bars if bar.is_absolute or bar.rule.code not in lifted]


def bars_on(ask: Ask, day: date | None, *, viewer: Colleague | None = None) -> list[Bar]:
    """`bars_of` an ask that is moved to this day: another hour of the day it stands on takes nothing anew. None is its slot's day."""
    bars = bars_of(ask.reference_request, ask.reference, ask=ask, viewer=viewer, day=day)
    stays = ask.status == Ask.Status.SCHEDULED and ask.slot is not None and ask.slot.day == day
    return [bar for bar in bars if not (stays and bar.rule.code in OF_SLOTS)]


def withdrawn_bar(ask: Ask, *, viewer: Colleague | None = None) -> Bar | None:
    """The bar that says the reference wants no more of it, judged for this ask; it ends even what was agreed."""
    bars = bars_of(ask.reference_request, ask.reference, ask=ask, viewer=viewer)
    return next((bar for bar in bars if bar.rule.code in WITHDRAWN), None)


def barring_sentence(mover: Mover, ask: Ask, *, day: date | None = None) -> str | None:
    bars = bars_on(ask, day, viewer=viewer(mover))
    if bars and isinstance(mover, Contact):
        return CHANGED
    if bars and isinstance(mover, Actor) and mover.kind in OUTSIDE:
        return OUTSIDE[mover.kind]
    return bars[0].sentence if bars else None


def why_not_on(mover: Mover, ask: Ask, days: Iterable[date]) -> str | None:
    """The sentence when a rule would stand against one of these days once it comes: a time then could never be fixed.

    What stands today and is over by then does not count: whoever fixes the time later reads what stands at that moment.
    """
    lifted = lifted_for(ask)
    for day in sorted(set(days)):
        need = replace(need_of(ask.reference_request, ask, day=day), today=day)
        bars = [bar for bar in why_barred(need, ask.reference, viewer=viewer(mover)) if bar.is_absolute or bar.rule.code not in lifted]
        if bars:
            words = OWN_PAUSE_THEN if isinstance(mover, Contact) and bars[0].rule.code == "paused" else NOT_THEN
            return words.format(day_year(day)) if isinstance(mover, Contact) else f"{day_year(day)}: {bars[0].sentence}"
    return None


def lifted_for(ask: Ask) -> frozenset[str]:
    """Codes of the program rules a manager lifted for this ask."""
    return frozenset(ask.exceptions.values_list("rule", flat=True)) if ask.pk else frozenset()


def viewer(mover: Mover) -> Colleague | None:
    """Whose eyes a sentence is for; the reference and the program see the facts."""
    return mover if isinstance(mover, Colleague) else None


def no_more(ask: Ask, reader: Colleague | None) -> str | None:
    return None


def why_in_person(ask: Ask, reader: Colleague | None) -> str | None:
    """The sentence when the owner has to ask in person first; None where that is done, or consent stands confirmed."""
    if ask.door == Ask.Door.OWNER or is_confirmed(ask.reference):
        return None
    name = shown_name(ask.reference, reader)
    return f"{name} is unconfirmed: the account owner asks in person first and records the answer, which counts as the consent."


def why_no_address(reference: Reference) -> str | None:
    """The sentence when nobody can write to them."""
    if reference.contact.email:
        return None
    return "There is no e-mail address of this reference. Add one to the contact, or let the owner ask in person."


def why_not_introduce(ask: Ask, reader: Colleague | None = None) -> str | None:
    """The sentence where both sides cannot be introduced to each other at all."""
    requester = ask.reference_request.requester
    if not requester.is_active:
        return f"{requester.name} does not work here any more, so nobody can be introduced. Give the request a new requester first."
    if not can_be_reached(requester):
        return f"There is no e-mail address of {requester.name}, so nobody can be introduced. Give the request a new requester first."
    return _in_a_tender(ask, reader) or why_no_address(ask.reference)


def _words_that_stay(ask: Ask, reader: Colleague | None) -> str | None:
    """Of a request from before the wish was read for it, or whose deal has changed since."""
    return why_not_wish(ask.reference_request, reader, mend="The requester or a program manager changes it on the request.")


def _why_not_send(ask: Ask, reader: Colleague | None) -> str | None:
    has_time = ask.comes_to_id is not None or ask.joins_id is not None
    return why_in_person(ask, reader) or _words_that_stay(ask, reader) or (None if has_time else why_late(ask.reference_request))


def _in_a_tender(ask: Ask, reader: Colleague | None) -> str | None:
    if not ask.reference_request.activity_type.is_tender:
        return None
    return "Evaluators call when they like within the window, so no time is fixed."


def why_no_time(ask: Ask, reader: Colleague | None = None) -> str | None:
    """The sentence where no time is ever fixed for what was asked."""
    activity_type = ask.reference_request.activity_type
    if activity_type.has_time:
        return None
    return _in_a_tender(ask, reader) or f"{activity_type.a_noun.capitalize()} takes no meeting, so no time is fixed."


def _not_yet(ask: Ask, reader: Colleague | None) -> str | None:
    if ask.status == Ask.Status.ACCEPTED:
        return _window_ahead(ask)
    if ask.occasion is None or ask.occasion.starts_at <= timezone.now():
        return None
    return f"It is fixed for {day_here(ask.occasion.starts_at):%-d %B %Y}, which has not come yet."


def _window_ahead(ask: Ask) -> str | None:
    first, activity_type = ask.reference_request.window_from, ask.reference_request.activity_type
    if not activity_type.is_tender:
        return "No time was fixed yet. Fix it first, or introduce them by mail." if activity_type.needs_time else None
    if first is None:
        return "No window was set yet in which evaluators may call."
    if first > today_in(in_force().time_zone):
        return f"Evaluators may call from {first:%-d %B %Y} on, which has not come yet."
    return None


def _shared(ask: Ask, reader: Colleague | None) -> str | None:
    if ask.joins_id is not None:
        return "This time is shared with other requests. It is moved where it was first fixed; ask a program manager."
    if _is_over_for_another(ask):
        return "Another request came to this time, and it is over for them, so it is not moved. Say whether it happened, and ask anew."
    if reader and any(who_may_not(reader, AM.RESCHEDULE, each) for each in Ask.objects.beside(ask)):
        return "Several references speak at this time. The requester or a program manager moves it for all of them."
    return None


def _is_over_for_another(ask: Ask) -> bool:
    """Whether another request has settled what happened at this time, or ended once it had come: they would be at a time to come."""
    others = Ask.objects.on_slot(ask.slot).exclude(reference_request=ask.reference_request_id)
    left = others.filter(status=Ask.Status.SCHEDULED, occasion__starts_at__lte=timezone.now())
    settled = others.filter(status__in=[Ask.Status.HELD, Ask.Status.MISSED])
    return settled.exists() or left.exclude(reference_request__status__in=ReferenceRequest.OPEN).exists()


def _to_be_settled(ask: Ask, reader: Colleague | None) -> str | None:
    """What may have taken place is not taken back: nobody hears that it is off, and whoever spoke keeps the credit."""
    if not may_have_happened(ask, timezone.now()):
        return None
    if ask.status == Ask.Status.SCHEDULED and ask.occasion is not None:
        return f"It was fixed for {day_year(day_here(ask.occasion.starts_at))}, which has come. Say whether it happened instead."
    return "One side has said whether it happened, so it is not taken back. Say whether it happened instead."


def why_too_late(ask: Ask, reader: Colleague | None = None) -> str | None:
    """The sentence against a late yes: asked anew since, over, or enough others agreed. The reference reads no more than that."""
    if ask.status != Ask.Status.LAPSED:
        return None
    if sentence := why_ended(ask.reference_request):
        return sentence if reader else NOT_NEEDED
    if not Ask.objects.late().filter(pk=ask.pk).exists():
        return "This was asked anew since. The newest mail is the one to answer."
    enough = why_enough(ask.reference_request)
    return enough if reader or enough is None else OTHERS_AGREED


BESIDES: Mapping[str, Callable[[Ask, Colleague | None], str | None]] = {
    AM.APPROVE: _words_that_stay,
    AM.SEND: _why_not_send,
    AM.ACCEPT: why_too_late,
    AM.SCHEDULE: why_no_time,
    AM.INTRODUCE: why_not_introduce,
    AM.RESCHEDULE: _shared,
    AM.HOLD: _not_yet,
    AM.MISS: _not_yet,
    AM.CANCEL: _to_be_settled,
}
