"""Who may be due for a reminder at a tick of the worker: statements that guess on the safe side, so that no queue is read whole."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, TypeVar

from django.db.models import Count, Exists, IntegerField, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Greatest

from firsthand.deals.models import Stage
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy
from firsthand.requests.models import ArrangedOutside, Ask, ReferenceRequest
from firsthand.requests.permissions import OPEN_FOR_ASKS
from firsthand.requests.silence import (
    ASKED_BY,
    CAME_BY,
    FRESH,
    OF_OUTSIDE,
    OF_REFERENCE,
    TO_ANOTHER,
    TOLD,
    UNDELIVERED,
    Silence,
    silence_of_ask,
    silence_of_outside,
    silence_of_request,
)
from firsthand.requests.unsettled import IN_TENDER

Row = TypeVar("Row", bound=Model)

A = Ask.Status
LOST = Stage.Outcome.LOST
LOOKED_AT = 1000  # of one kind at a time: a tick must not read a whole queue


def waiting(now: datetime, policy: Policy) -> Iterator[Silence]:
    """Everybody who may be due for a reminder: a statement's guess, which `due_at` then judges in working days."""
    for ask in chain(_waiting_asks(now, policy), _unsettled_asks(now, policy), _missing_debriefs(now, policy)):
        silence = silence_of_ask(ask, policy)
        if silence is not None:
            yield silence
    for outside in _undebriefed_outside(now, policy):
        silence = silence_of_outside(outside, policy)
        if silence is not None:
            yield silence
    for row in chain(_asked_requests(now, policy), _new_requests(now, policy)):
        silence = silence_of_request(row, policy)
        if silence is not None:
            yield silence


def _waiting_asks(now: datetime, policy: Policy) -> "Iterable[Ask]":
    rules = policy.reminders
    kinds = {"remind_approval", "remind_in_person", "remind_reference"}
    asks = _with_people(Ask.objects.filter(reference_request__status__in=ReferenceRequest.OPEN))
    asks = asks.exclude(reference_request__opportunity__outcome=LOST).annotate(**_written("ask", "waiting_since", kinds))
    proposed = asks.filter(status=A.PROPOSED, approver__isnull=False)
    return chain(
        _silent(proposed, "waiting_since", now, rules.owner_days, rules.most),
        _silent(asks.filter(status=A.SENT, door=Ask.Door.OWNER), "waiting_since", now, rules.reference_days, rules.most),
        _silent(asks.filter(status=A.SENT, door=Ask.Door.PROGRAM), "waiting_since", now, rules.reference_days, rules.reference_most),
    )


def _unsettled_asks(now: datetime, policy: Policy) -> "Iterable[Ask]":
    """Approved and not sent, agreed without a time, over without a word: who stays silent on these is told of in the end."""
    rules, kinds = policy.reminders, {"remind_send", "remind_time", "remind_outcome", TOLD}
    asks = _with_people(Ask.objects.filter(reference_request__status__in=ReferenceRequest.OPEN)).select_related(
        "occasion", "reference_request__activity_type"
    )
    requester, manager = "reference_request__requester", "reference_request__manager"
    approved = asks.filter(status=A.APPROVED, reference_request__manager__isnull=False).exclude(
        reference_request__opportunity__outcome=LOST
    )
    approved = approved.annotate(**_written("ask", "waiting_since", kinds, whom=manager))
    agreed = asks.filter(status__in=[A.ACCEPTED, A.INTRODUCED], outcomes=None).exclude(IN_TENDER)
    agreed = agreed.annotate(**_written("ask", "waiting_since", kinds, whom=requester))
    fixed = _with_people(Ask.objects.filter(status=A.SCHEDULED)).select_related("occasion", "reference_request__activity_type")
    over = fixed.filter(outcomes=None).annotate(**_written("ask", "occasion__starts_at", kinds, whom=requester))
    return chain(
        _silent(approved, "waiting_since", now, rules.manager_days, rules.most + _others_to_tell()),
        _silent(agreed, "waiting_since", now, rules.requester_days, rules.most + 1),
        _silent(over, "occasion__starts_at", now, rules.requester_days, rules.most + 1),
    )


def _others_to_tell() -> bool:
    """Whether there is another manager who can be told of one's silence."""
    return Colleague.objects.active().filter(role=Colleague.Role.MANAGER).count() > 1


def _missing_debriefs(now: datetime, policy: Policy) -> "Iterable[Ask]":
    told = Ask.objects.filter(debriefs__side="requester").values("pk")
    held = _with_people(Ask.objects.filter(status=A.HELD, held_at__gt=now - FRESH).exclude(pk__in=told))
    asks = held.annotate(**_written("ask", "held_at", {"remind_debrief"}, whom="reference_request__requester"))
    return _silent(asks, "held_at", now, policy.reminders.requester_days, policy.reminders.most)


def _undebriefed_outside(now: datetime, policy: Policy) -> "Iterable[ArrangedOutside]":
    fresh = Q(created_at__gt=now - FRESH) | Q(day__gt=(now - FRESH).date())
    rows = ArrangedOutside.objects.standing().filter(fresh, day__lte=now.date(), debriefs=None).select_related("colleague", "opportunity")
    rows = rows.annotate(**_written("arrangedoutside", "created_at", {OF_OUTSIDE}))
    return _silent(rows, "created_at", now, policy.reminders.requester_days, policy.reminders.most)


def _asked_requests(now: datetime, policy: Policy) -> "Iterable[ReferenceRequest]":
    asked = ReferenceRequest.objects.filter(status__in=list(ASKED_BY)).select_related("requester", "manager")
    asked = asked.annotate(since=_last(*ASKED_BY.values(), TO_ANOTHER))
    rows = asked.annotate(**_written("referencerequest", "since", {"remind_info", "remind_content", TOLD}, whom="requester"))
    return _silent(rows, "since", now, policy.reminders.requester_days, policy.reminders.most + 1)


def _new_requests(now: datetime, policy: Policy) -> "Iterable[ReferenceRequest]":
    under_way = Ask.objects.open().filter(reference_request=OuterRef("pk"))
    ended = Ask.objects.filter(reference_request=OuterRef("pk")).order_by("-waiting_since").values("waiting_since")[:1]
    idle = ReferenceRequest.objects.filter(~Exists(under_way), status__in=OPEN_FOR_ASKS, manager__isnull=False)
    idle = idle.exclude(opportunity__outcome=LOST).select_related("manager", "opportunity")
    rows = idle.annotate(since=Greatest(_last(*CAME_BY), Coalesce(Subquery(ended), "submitted_at")))
    rows = rows.annotate(**_written("referencerequest", "since", {"remind_manager", TOLD}, whom="manager"))
    return _silent(rows, "since", now, policy.reminders.manager_days, policy.reminders.most + _others_to_tell())


def _last(*verbs: str) -> Coalesce:
    """When the last of these happened to a request, else when it was submitted."""
    of_row = Event.objects.filter(context_kind="referencerequest", context_id=OuterRef("pk"), verb__in=verbs)
    return Coalesce(Subquery(of_row.order_by("-pk").values("at")[:1]), "submitted_at")


def _with_people(asks: "QuerySet[Ask]") -> "QuerySet[Ask]":
    of_request = ("reference_request__requester", "reference_request__manager", "reference_request__opportunity")
    return asks.select_related("approver", "reference__contact__person", *of_request)


def _silent(rows: "QuerySet[Row]", since: str, now: datetime, days: int, most: int) -> "QuerySet[Row]":
    """Those with fewer reminders than that whose silence, or last reminder, is old enough; the oldest first.

    A working day is never shorter than a day, so that nobody who is due is left out. A reminder comes after the silence begins, so
    where none is old enough, which is cheap to ask and mostly so, reminders are not looked for.
    """
    until = now - timedelta(days=days)
    if not days or not rows.filter(**{f"{since}__lte": until}).exists():
        return rows.none()
    old = rows.annotate(base=Coalesce("last", since)).filter(base__lte=until, said__lt=most)
    return old.order_by("base", "pk")[:LOOKED_AT]  # type: ignore[return-value]  # what annotates keeps the row


def _written(kind: str, since: str, kinds: set[str], *, whom: str = "") -> dict[str, Any]:
    """Of the reminders of these kinds that count of a row since that moment of it: `said`, how many; `last`, when the last was due.

    With `whom`, a column of the row, only what was written to that colleague, or told of them: who came after has been silent on nothing.
    """
    mails = Message.objects.filter(
        subject_kind=kind, subject_id=OuterRef("pk"), kind__in=kinds, channel=Message.Channel.MAIL, created_at__gte=OuterRef(since)
    )
    if whom:
        told = mails.annotate(silent=Cast(KT("facts__silent"), IntegerField()))
        mails = told.filter(Q(kind=TOLD, silent=OuterRef(whom)) | Q(~Q(kind=TOLD), recipient_id=OuterRef(whom)))
    mails = mails.exclude(kind=OF_REFERENCE, state__in=UNDELIVERED)
    of_row = mails.order_by().values("subject_id")
    return {
        "said": Coalesce(Subquery(of_row.annotate(n=Count("pk")).values("n")), 0),
        "last": Subquery(of_row.annotate(at=Max("due_at")).values("at")),
    }
