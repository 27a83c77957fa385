"""Who has been asked for something and has not answered yet, and when they are reminded of it: one table for the worker and for a manager.

A silence begins when the ask or the request came into that state. Reminders of it are its messages; nothing else counts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.utils import timezone

from firsthand.core.clock import add_working_days, working_moment
from firsthand.core.words import counted
from firsthand.customers.models import Contact
from firsthand.deals.models import Opportunity
from firsthand.history.actions import kind_of
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy
from firsthand.references.disclosure import shown_name
from firsthand.requests.checks import why_window_over
from firsthand.requests.models import ArrangedOutside, Ask, ReferenceRequest
from firsthand.requests.permissions import OPEN_FOR_ASKS, why_ended
from firsthand.requests.unsettled import SETTLING, since_of, wants_time
from firsthand.requests.workflow import RequestMove

A, R = Ask.Status, ReferenceRequest.Status
FRESH = timedelta(days=60)  # how long a debrief is asked for
TOLD = "silence"  # the message that tells a manager of it
A_DAY = timedelta(hours=24)
OF_REFERENCE, OF_OUTSIDE = "remind_reference", "remind_outside"
UNDELIVERED = (Message.State.FAILED, Message.State.DROPPED)


@dataclass(frozen=True)
class Silence:
    """`kind` is that of its reminders; `days` working days of silence call for one, and for the next; 0 for none. `most` may be written."""

    kind: str
    about: Ask | ReferenceRequest | ArrangedOutside
    whom: Colleague | Contact
    since: datetime
    days: int
    most: int

    @property
    def reference_request(self) -> ReferenceRequest:
        """Raises `TypeError` for what was arranged outside."""
        if isinstance(self.about, ArrangedOutside):
            raise TypeError("It was asked for by no request.")
        return self.about.reference_request if isinstance(self.about, Ask) else self.about

    @property
    def context(self) -> ReferenceRequest | Opportunity | None:
        """On whose page a reminder of it stands in the history."""
        return self.about.opportunity if isinstance(self.about, ArrangedOutside) else self.reference_request

    @property
    def key(self) -> str:
        """Names this very silence: a later one of the same matter is another."""
        return f"{self.kind}:{self.about.pk}:{self.whom.pk}:{int(self.since.timestamp())}"

    def zone(self, policy: Policy) -> str:
        """The time zone of whoever is silent, else the program's."""
        return (self.whom.time_zone if isinstance(self.whom, Colleague) else self.whom.person.time_zone) or policy.time_zone

    def due_at(self, last: Message | None, policy: Policy) -> datetime:
        """When the next reminder is due after the `last` one: in working hours, counted in working days, both of the person addressed.

        One to a reference that never left the house is tried again on the next working day.
        """
        zone = self.zone(policy)
        days = self.days if last is None or count(self, [last]) else 1
        moment = add_working_days(last.due_at if last else self.since, days, zone)
        return in_working_hours(moment, zone, policy)


def in_working_hours(moment: datetime, zone: str, policy: Policy) -> datetime:
    return working_moment(moment, zone, opens=policy.reminders.opens, closes=policy.reminders.closes)


def silence_of_ask(ask: Ask, policy: Policy) -> Silence | None:
    """Who is silent on this ask, if anybody is."""
    rules = policy.reminders
    if ask.status in SETTLING:
        return _silence_after_a_yes(ask, policy)
    if ask.status == A.HELD and ask.held_at is not None and not ask.debriefs.filter(side="requester").exists():
        return Silence("remind_debrief", ask, ask.reference_request.requester, ask.held_at, rules.requester_days, rules.most)
    return _silence_before_a_yes(ask, policy)


def _silence_before_a_yes(ask: Ask, policy: Policy) -> Silence | None:
    """Of a lost deal nobody is asked more, nor for a window that is over, so that nobody is silent on what is refused them."""
    if why_window_over(ask.reference_request.window_until) or why_ended(ask.reference_request):
        return None
    rules, since, approver, manager = policy.reminders, ask.waiting_since, ask.approver, ask.reference_request.manager
    if ask.status == A.PROPOSED and approver is not None:
        return Silence("remind_approval", ask, approver, since, rules.owner_days, rules.most)
    if ask.status == A.APPROVED and manager is not None:
        return Silence("remind_send", ask, manager, since, rules.manager_days, rules.most)
    if ask.status == A.SENT and ask.door == Ask.Door.PROGRAM:
        return Silence(OF_REFERENCE, ask, ask.reference.contact, since, rules.reference_days, rules.reference_most)
    if ask.status == A.SENT and approver is not None:
        return Silence("remind_in_person", ask, approver, since, rules.reference_days, rules.most)
    return None


def _silence_after_a_yes(ask: Ask, policy: Policy) -> Silence | None:
    """The requester, who has fixed no time or has not said whether it happened. The word of one side alone is settled by itself."""
    since, rules = since_of(ask, timezone.now()), policy.reminders
    if since is None or ask.outcomes.all():
        return None
    kind = "remind_time" if ask.status == A.ACCEPTED and wants_time(ask) else "remind_outcome"
    return Silence(kind, ask, ask.reference_request.requester, since, rules.requester_days, rules.most)


def silence_of_outside(outside: ArrangedOutside, policy: Policy) -> Silence | None:
    """Whoever logged it and has not said how it went. It may begin only after now."""
    if outside.retracted_at is not None or outside.debriefs.exists():
        return None
    rules = policy.reminders
    return Silence(OF_OUTSIDE, outside, outside.colleague, asked_of(outside, policy), rules.requester_days, rules.most)


def asked_of(outside: ArrangedOutside, policy: Policy) -> datetime:
    """When whoever logged it is asked how it went: on the morning after the day, or an hour after it was logged if that is later."""
    over = datetime.combine(outside.day + A_DAY, time(8), ZoneInfo(policy.time_zone))
    return max(over, outside.created_at + timedelta(hours=1))


def silence_of_request(reference_request: ReferenceRequest, policy: Policy) -> Silence | None:
    """Who is silent on this request itself: the requester on a question or on content, the manager where nobody is asked."""
    return silences_of_requests([reference_request], policy).get(reference_request.pk)


def silences_of_requests(rows: Sequence[ReferenceRequest], policy: Policy) -> dict[int, Silence]:
    """The same of many, by id; those on which nobody is silent are left out."""
    asked, begun, ended = last_asked(rows), _begun(rows), last_ended(rows)
    last = {row.pk: max(filter(None, (asked.get(row.pk), ended.get(row.pk))), default=None) for row in rows}
    found = {row.pk: _silence_of_request(row, last[row.pk], policy) for row in rows if row.pk not in begun}
    return {pk: silence for pk, silence in found.items() if silence}


def _silence_of_request(row: ReferenceRequest, last: datetime | None, policy: Policy) -> Silence | None:
    """`last` is when the requester was asked, or when it came to the manager or the last ask ended."""
    rules, status, since = policy.reminders, row.status, last or row.submitted_at
    if status in ASKED_BY:
        kind = "remind_info" if status == R.NEEDS_INFO else "remind_content"
        return Silence(kind, row, row.requester, since, rules.requester_days, rules.most) if since else None
    if status in OPEN_FOR_ASKS and since and row.manager and why_ended(row) is None:
        return Silence("remind_manager", row, row.manager, since, rules.manager_days, rules.most)
    return None


def last_asked(rows: Sequence[ReferenceRequest]) -> dict[int, datetime]:
    """When a question was last put to the requester, or content shown, of those that wait for that; when one came to its manager."""
    verbs = {row.pk: BEGINS_BY[R(row.status)] for row in rows if row.status in BEGINS_BY}
    if not verbs:
        return {}
    known = set(chain.from_iterable(verbs.values()))
    told = Event.objects.filter(context_kind="referencerequest", context_id__in=verbs, verb__in=known).order_by("pk")
    return {pk: at for pk, verb, at in told.values_list("context_id", "verb", "at") if verb in verbs[pk]}


def _begun(rows: Sequence[ReferenceRequest]) -> set[int]:
    """Those of the requests for which somebody is being asked."""
    some = [row.pk for row in rows if row.status in OPEN_FOR_ASKS]
    return set(Ask.objects.open().filter(reference_request__in=some).values_list("reference_request", flat=True)) if some else set()


def last_ended(rows: Sequence[ReferenceRequest]) -> dict[int, datetime]:
    """When the last ask of those of the requests ended that are open for another; of a request with an open ask it says nothing."""
    some = [row.pk for row in rows if row.status in OPEN_FOR_ASKS]
    ended = Ask.objects.filter(reference_request__in=some).order_by().values_list("reference_request")
    return dict(ended.annotate(last=Max("waiting_since"))) if some else {}


# How a request comes to the manager in charge: from whatever of it was last, it is theirs to begin.
CAME_BY = (RequestMove.SUBMIT, RequestMove.GIVE_INFO, RequestMove.REOPEN, "hand_over")
ASKED_BY: Mapping[str, str] = {R.NEEDS_INFO: RequestMove.ASK_INFO, R.ANSWERED_WITH_CONTENT: RequestMove.ANSWER_WITH_CONTENT}
TO_ANOTHER = "new_requester"  # the silence of whoever asks for it now begins with that
BEGINS_BY: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(OPEN_FOR_ASKS, CAME_BY),
    **{status: (verb, TO_ANOTHER) for status, verb in ASKED_BY.items()},
}


def silences_of(reference_request: ReferenceRequest, policy: Policy) -> list[Silence]:
    """Everybody who is silent on a request, the longest first. A debrief that is missing holds nothing up and is not among them."""
    return silences_of_each([reference_request], policy)[reference_request.pk]


def silences_of_each(rows: Sequence[ReferenceRequest], policy: Policy) -> dict[int, list[Silence]]:
    """The same of many, by id."""
    by_id, of_requests = {row.pk: row for row in rows}, silences_of_requests(rows, policy)
    found = {pk: [of_requests[pk]] if pk in of_requests else [] for pk in by_id}
    related = ("approver", "occasion", "reference__contact__person", "reference__contact__account", "reference__reference_account")
    asks = Ask.objects.open().filter(reference_request__in=rows).select_related(*related).prefetch_related("outcomes")
    for ask in asks.order_by("pk"):
        ask.reference_request = by_id[ask.reference_request_id]
        silence = silence_of_ask(ask, policy)
        if silence:
            found[ask.reference_request_id].append(silence)
    return {pk: sorted(silences, key=lambda each: each.since) for pk, silences in found.items()}


def events(request_id: int, *verbs: str) -> "QuerySet[Event]":
    """What happened of these kinds to a request, the last first."""
    of_row = Event.objects.filter(context_kind="referencerequest", context_id=request_id, verb__in=verbs)
    return of_row.select_related("words").order_by("-pk")


def reminders_of(silence: Silence) -> "QuerySet[Message]":
    """The reminders written since it began, the last first."""
    return _mails([silence]).order_by("-pk")


def reminders_of_each(silences: Sequence[Silence]) -> dict[str, list[Message]]:
    """The same of many, by key."""
    found: dict[tuple[Any, ...], list[Message]] = {}
    for mail in _mails(silences).order_by("-pk"):
        found.setdefault((mail.kind, mail.subject_id, mail.recipient_kind, mail.recipient_id), []).append(mail)

    def of(silence: Silence) -> list[Message]:
        mails = found.get((silence.kind, silence.about.pk, kind_of(silence.whom), silence.whom.pk), [])
        return [mail for mail in mails if mail.created_at >= silence.since]

    return {silence.key: of(silence) for silence in silences}


def _mails(silences: Sequence[Silence]) -> "QuerySet[Message]":
    """Reminders of these kinds, matters and people, written since the first of the silences began."""
    facts = {
        "kind__in": {each.kind for each in silences},
        "subject_kind__in": {kind_of(each.about) for each in silences},
        "subject_id__in": {each.about.pk for each in silences},
        "recipient_kind__in": {kind_of(each.whom) for each in silences},
        "recipient_id__in": {each.whom.pk for each in silences},
    }
    since = min((each.since for each in silences), default=None)
    return Message.objects.filter(channel=Message.Channel.MAIL, created_at__gte=since, **facts) if since else Message.objects.none()


def count(silence: Silence, written: Sequence[Message]) -> int:
    """How many of the reminders `written` count against the most. One that never left the house reminded no reference."""
    return sum(silence.kind != OF_REFERENCE or mail.state not in UNDELIVERED for mail in written)


def why_not_remind(silence: Silence, written: Sequence[Message], viewer: Colleague | None) -> str | None:
    """The sentence against reminding now, for a manager, after the reminders that were `written` already, the last first.

    Anybody is reminded once a day, a reference only as often as the policy says.
    """
    name = name_of(silence, viewer)
    reminded = count(silence, written)
    if silence.kind == OF_REFERENCE and reminded >= silence.most:
        return f"{name} was reminded {counted(reminded, 'time')}, and the policy allows no more."
    if written and timezone.now() - written[0].created_at < A_DAY:
        return f"{name} was reminded within the last day."
    return None if silence.whom.email else f"There is no e-mail address of {name}."


def name_of(silence: Silence, viewer: Colleague | None) -> str:
    """Who is silent, as far as the reader may know."""
    if isinstance(silence.whom, Colleague):
        return silence.whom.name
    return shown_name(silence.about.reference, viewer) if isinstance(silence.about, Ask) else "The reference"
