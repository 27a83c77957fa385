"""The one function per workflow that makes a move, and the locks it stands on.

Whoever calls has opened a transaction (`core.locks.deed`) and has called `lock`, which takes every lock a move on this
request can need in the one order: reference accounts, people, references, request, asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from firsthand.core.locks import BUSY, guarded_update, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact, Person
from firsthand.history.actions import Actor, record
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.references.models import Reference, ReferenceAccount
from firsthand.requests.letters import tell
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.requests.permissions import why_not_now, why_not_request_now
from firsthand.requests.ranking import rank_of
from firsthand.requests.who_may import Mover, who_may_not, who_may_not_request
from firsthand.requests.workflow import ASK_MOVES, REQUEST_MOVES, AskMove, RequestMove

# What has a mail of its own (a time, an introduction, a question, how did it go), or follows from what was told at the same moment.
TOLD_OTHERWISE = frozenset(
    {
        *(AskMove.SCHEDULE, AskMove.RESCHEDULE, AskMove.INTRODUCE, AskMove.HOLD, AskMove.CANCEL),
        *(RequestMove.ASK, RequestMove.ASK_INFO, RequestMove.ADVANCE, RequestMove.COUNT_BACK),
    }
)

OTHER_WORDS = "What is wanted was changed after you opened the page. Nothing is recorded yet: open it again, read it, and answer."


@dataclass
class Locked:
    """A request and its asks, locked and read afresh."""

    reference_request: ReferenceRequest
    asks: list[Ask]

    def ask(self, ask: Ask) -> Ask:
        """The locked row of this ask."""
        return next(each for each in self.asks if each.pk == ask.pk)

    def open_asks(self) -> list[Ask]:
        return [ask for ask in self.asks if ask.status in Ask.OPEN]


def lock(reference_request: ReferenceRequest, *, and_references: Iterable[Reference] = ()) -> Locked:
    """Lock the request with its asks and whatever their slots are counted under."""
    known = {each.pk for each in and_references} | set(reference_request.asks.values_list("reference_id", flat=True))
    _lock_references(known)
    fresh = locked(ReferenceRequest.objects.filter(pk=reference_request.pk)).get()
    asks = list(locked(Ask.objects.filter(reference_request=fresh)))
    if not known.issuperset(ask.reference_id for ask in asks):
        raise Refused(BUSY)  # somebody was proposed in this very moment, and the locks must be taken in order
    for ask in asks:
        ask.reference_request = fresh
    return Locked(fresh, asks)


def lock_all(requests: "QuerySet[ReferenceRequest]") -> dict[int, Locked]:
    """The locked requests by id, in the order of all locks: one after the other would come back to references that others wait for."""
    references = list(Reference.objects.filter(asks__reference_request__in=requests).distinct())
    return {each.pk: lock(each, and_references=references) for each in requests.order_by("pk")}


def _lock_references(ids: Iterable[int]) -> None:
    references = Reference.objects.filter(pk__in=ids)
    for rows in (
        ReferenceAccount.objects.filter(pk__in=references.values("reference_account")),
        Person.objects.filter(pk__in=references.values("contact__person")),
        references,
    ):
        list(locked(rows))


def move_ask(
    ask: Ask,
    move: str,
    *,
    by: Mover,
    seen: str = "",
    day: date | None = None,
    facts: dict[str, Any] | None = None,
    words: str = "",
    **fields: Any,
) -> Event:
    """Make one move of an ask: ask the rules, write the status over the one that was seen, keep what happened.

    `seen` is the status the mover had before their eyes (`seen_as`), `day` the day it is moved to; `fields` are written along, `facts` and
    what the mover wrote (`words`) go into history.
    Raises `Refused`: 403 for who may not, 409 for what cannot be done now.
    """
    refuse_with(who_may_not(by, move, ask), status=403)
    if seen and seen.partition(" ")[0] != ask.status:
        raise Refused(moved_on(ask))
    if seen and move == AskMove.ACCEPT and seen != seen_as(ask):
        raise Refused(OTHER_WORDS)
    refuse_with(why_not_now(by, move, ask, day=day))
    before, after = ask.status, ASK_MOVES[ask.status][move]
    changes = {"status": after, "waiting_since": timezone.now(), **fields}
    if not guarded_update(ask, before={"status": before}, after=changes):
        ask.refresh_from_db()
        raise Refused(moved_on(ask))
    for name, value in changes.items():
        setattr(ask, name, value)
    event = record(move, ask, by=actor_of(by), context=ask.reference_request, words=words, **(facts or {}))
    _tell_requester(event, ask, ask.reference_request)
    return event


def move_request(
    reference_request: ReferenceRequest,
    move: str,
    *,
    by: Mover,
    seen: str = "",
    facts: dict[str, Any] | None = None,
    words: str = "",
    **fields: Any,
) -> Event:
    """The same for a request."""
    refuse_with(who_may_not_request(by, move, reference_request), status=403)
    if seen and seen != reference_request.status:
        now = reference_request.get_status_display().lower()
        raise Refused(f"This request has moved on: it is {now} now. Reload to see how it stands.")
    refuse_with(why_not_request_now(move, reference_request))
    before, after = reference_request.status, REQUEST_MOVES[reference_request.status][move]
    changes = {"status": after, "rank_on": rank_of(reference_request, after), **fields}
    if not guarded_update(reference_request, before={"status": before}, after=changes):
        raise Refused("This request has moved on in the meantime. Reload to see how it stands.")
    for name, value in changes.items():
        setattr(reference_request, name, value)
    event = record(move, reference_request, by=actor_of(by), words=words, **(facts or {}))
    _tell_requester(event, reference_request, reference_request)
    return event


def _tell_requester(event: Event, about: Ask | ReferenceRequest, reference_request: ReferenceRequest) -> None:
    """Every change of state reaches whoever asked, from here: whoever tells more people of it writes no second mail."""
    if event.verb not in TOLD_OTHERWISE:
        tell(event, about, [reference_request.requester], by_mail=True)


def seen_as(ask: Ask) -> str:
    """What a page of this ask sends back as seen: its status; once it lapsed with that of the request, whose words may change then."""
    return f"{ask.status} {ask.reference_request.revision}" if ask.status == Ask.Status.LAPSED else ask.status


def moved_on(ask: Ask) -> str:
    """The sentence for somebody who acted on what is no longer so."""
    return f"This ask has moved on: it is {ask.get_status_display().lower()} now. Reload to see how it stands."


def actor_of(mover: Mover | Attendee) -> Actor:
    """As history names them."""
    if isinstance(mover, Attendee):
        return Actor("prospect", mover.pk)
    if isinstance(mover, Colleague):
        return mover.actor
    return Actor("contact", mover.pk) if isinstance(mover, Contact) else mover


def refuse_with(sentence: str | None, *, status: int = 409) -> None:
    """Raise `Refused` with the sentence, if there is one."""
    if sentence is not None:
        raise Refused(sentence, status=status)
