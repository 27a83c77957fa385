"""What waits for somebody, and where requests wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.ui.parts import Bar
from firsthand.core.words import NOTHING, day, number, span
from firsthand.customers.models import Account
from firsthand.deals.models import Stage
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.references.disclosure import shown_name
from firsthand.references.models import Reference
from firsthand.requests.bottlenecks import DAYS, LEAST, Waiting
from firsthand.requests.models import ArrangedOutside, Ask, AskQuerySet, OfferedTime, PersonalNote, ReferenceRequest
from firsthand.requests.outside import WHOM, whom_with
from firsthand.requests.permissions import OPEN_FOR_ASKS
from firsthand.requests.silence import asked_of
from firsthand.requests.unsettled import SETTLING, stands, unsettled, wants_time
from firsthand.requests.wording import heading

Row = TypeVar("Row", bound=Model)

A, R = Ask.Status, ReferenceRequest.Status
ASKED = {R.NEEDS_INFO: "Answer the question:", R.ANSWERED_WITH_CONTENT: "Say whether the content did it:"}
LOST = Stage.Outcome.LOST  # of such a deal nobody more is asked
THANKED_FOR = timedelta(days=14)  # how long a thank-you is asked for
FRESH = timedelta(days=60)  # how long a debrief is asked for


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the reader: what, since when, where to do it."""

    title: str
    sub: str
    url: str
    label: str
    since: datetime


@dataclass(frozen=True)
class Kind(Generic[Row]):
    """Rows of one kind that wait for somebody, what waits longest first, and the line each becomes."""

    rows: "QuerySet[Row]"
    line: Callable[[Row], Todo]


def waiting_for(user: Colleague, most: int) -> tuple[list[Todo], int]:
    """The things that wait longest for this person, `most` of them, and how many there are in all."""
    kinds: list[Kind[Any]] = [_approvals(user), _in_person(user), _to_thank(user), *_as_requester(user)]
    if user.runs_program:
        kinds += [_to_send(user), _to_propose(user), _to_settle(user)]
    counts = [kind.rows.count() for kind in kinds]
    found = [kind.line(row) for kind, count in zip(kinds, counts, strict=True) if count for row in kind.rows[:most]]
    return sorted(found, key=lambda todo: todo.since)[:most], sum(counts)


def mine(user: Colleague) -> list[ReferenceRequest]:
    """One's own requests that are not over, the most urgent first."""
    return list(ReferenceRequest.objects.filter(requester=user, status__in=[R.DRAFT, *ReferenceRequest.OPEN]).order_by("needed_by", "pk"))


def _asks(**which: object) -> AskQuerySet:
    related = (
        "approver", "reference__reference_account", "reference__contact__person", "reference__contact__account__owner__deputy",
        "reference__contact__account__owner__team__lead", "reference_request__activity_type",
        "reference_request__opportunity__account", "reference_request__requester",
    )  # fmt: skip
    return Ask.objects.filter(**which).select_related(*related).order_by("waiting_since", "pk")


def _approvals(user: Colleague) -> Kind[Ask]:
    """As the one it waits for, as the owner or deputy, as a manager where nobody owns it; of one's own request only the last.

    Of a lost deal there is nothing to decide.
    """
    accounts = Account.objects.filter(Q(owner=user) | Q(owner__deputy=user))
    # Ids, read once: a join would look up the owner of every ask that waits for anybody.
    owned = Q(reference__in=Reference.objects.filter(contact__account__in=accounts).values("pk"))
    theirs = (Q(approver=user) | owned) & ~Q(reference_request__requester=user)
    if user.runs_program:
        theirs |= Q(approver=None) & _in_charge(user)
    rows = _asks(status=A.PROPOSED).filter(theirs).exclude(reference_request__opportunity__outcome=LOST)
    return Kind(rows, lambda ask: _todo(ask, user, "Decide on asking {}", reverse("requests:approval", args=[ask.pk]), "Answer"))


def _in_charge(user: Colleague) -> Q:
    return Q(reference_request__manager=user) | Q(reference_request__manager=None)


def _in_person(user: Colleague) -> Kind[Ask]:
    """Whoever asks in person owes us the answer, also a late one while it still counts."""
    theirs = _asks(door=Ask.Door.OWNER, approver=user)
    rows = theirs.filter(status=A.SENT) | theirs.late().filter(reference_request__status__in=OPEN_FOR_ASKS)
    return Kind(rows, lambda ask: _todo(ask, user, "Record what {} answered", _at(ask, "answer"), "Record"))


def _to_thank(user: Colleague) -> Kind[Ask]:
    """What they were sent a thank-you for, of which the reference has heard nothing yet: once, however many requests shared the time."""
    since = timezone.now() - THANKED_FOR
    sent = Message.objects.filter(kind="thanks_draft", recipient_kind="colleague", recipient_id=user.pk, created_at__gte=since)
    same = Q(ask=OuterRef("pk")) | Q(ask__occasion=OuterRef("occasion"), ask__reference=OuterRef("reference"))
    thanked = PersonalNote.objects.filter(same, kind=PersonalNote.Kind.THANKS)
    rows = _asks(status=A.HELD, pk__in=sent.values("subject_id")).filter(~Exists(thanked))
    return Kind(rows, lambda ask: _todo(ask, user, "Thank {}", reverse("requests:thanks", args=[ask.pk]), "Thank"))


def _as_requester(user: Colleague) -> list[Kind[Any]]:
    now, own = timezone.now(), _asks(reference_request__requester=user)
    tender = Q(reference_request__activity_type__code=ActivityType.TENDER)  # evaluators call when they like: no time is fixed
    called = tender & Q(status=A.ACCEPTED, reference_request__window_until__lt=now.date())
    live = Q(reference_request__activity_type__is_live=True) | Exists(OfferedTime.objects.filter(ask=OuterRef("pk")))
    timed = Q(live, ~tender, reference_request__activity_type__minutes__gt=0)
    given = Q(~timed, ~tender, status=A.ACCEPTED)
    over = Q(pk__in=_due(user, now)) | called | given  # what needs no time, a quote or a case study, is done once it is done
    held = own.filter(status=A.HELD, held_at__gte=now - FRESH).exclude(debriefs__side="requester")
    asked = ReferenceRequest.objects.filter(requester=user, status__in=[R.NEEDS_INFO, R.ANSWERED_WITH_CONTENT])
    return [
        Kind(
            own.filter(timed, status=A.ACCEPTED),
            lambda ask: _todo(ask, user, "Fix a time with {}", _at(ask, "time"), "Fix time"),
        ),
        Kind(own.filter(over), lambda ask: _todo(ask, user, "Did it happen with {}?", _at(ask, "outcome"), "Say so")),
        Kind(held, lambda ask: _todo(ask, user, "How did it go with {}?", reverse("requests:debrief", args=[ask.pk]), "Debrief")),
        _outside(user),
        Kind(_with_deal(asked), lambda row: _of_request(row, user, ASKED[R(row.status)], "Answer")),
    ]


def _due(user: Colleague, now: datetime) -> list[int]:
    """What they have to say of whether it happened, as the request itself puts it: in working days, so that no statement counts them."""
    agreed = Ask.objects.filter(reference_request__requester=user, status__in=[A.INTRODUCED, A.SCHEDULED])
    asks = agreed.select_related("occasion", "reference_request__activity_type").prefetch_related("outcomes")
    return [ask.pk for ask in asks if not stands(ask, now)]


def _outside(user: Colleague) -> Kind[ArrangedOutside]:
    """What they logged themselves, and have not said how it went."""
    policy, now = in_force(), timezone.now()
    over = ArrangedOutside.objects.standing().filter(colleague=user, debriefs=None, day__lt=today_in(policy.time_zone))
    rows = over.filter(day__gte=(now - FRESH).date()).select_related(*WHOM).order_by("day", "pk")

    def line(row: ArrangedOutside) -> Todo:
        since, url = asked_of(row, policy), reverse("requests:outside", args=[row.pk])
        return Todo(f"How did it go with {whom_with(row, user)}?", f"{row} · {day(row.day, now.date())}", url, "Debrief", since)

    return Kind(rows, line)


def _to_send(user: Colleague) -> Kind[Ask]:
    rows = _asks(status=A.APPROVED).filter(_in_charge(user)).exclude(reference_request__opportunity__outcome=LOST)
    return Kind(rows, lambda ask: _todo(ask, None, "Send the ask to {}", reverse("desk:request", args=[ask.reference_request_id]), "Send"))


def _to_propose(user: Colleague) -> Kind[ReferenceRequest]:
    rows = ReferenceRequest.objects.filter(Q(manager=user) | Q(manager=None), status__in=OPEN_FOR_ASKS)
    idle = rows.filter(~Exists(Ask.objects.open().filter(reference_request=OuterRef("pk"))))
    first = _with_deal(idle.exclude(opportunity__outcome=LOST)).order_by("rank_on", "pk")  # by the queue's own order, which has an index
    return Kind(first, lambda row: _of_request(row, user, "Propose somebody:", "Match", reverse("requests:matches", args=[row.pk])))


def _to_settle(user: Colleague) -> Kind[Ask]:
    """What was agreed, and of which nobody has said for too long when it is or whether it happened: the requester was reminded first."""
    late = timezone.now() - timedelta(days=in_force().ageing.late)
    agreed = reduce(or_, unsettled(late))
    rows = _asks(status__in=SETTLING).filter(agreed, _in_charge(user)).exclude(reference_request__requester=user)
    return Kind(rows, lambda ask: _todo(ask, user, f"{_asks_for(ask)} {{}}", _at(ask, "outcome"), "Look"))


def _asks_for(ask: Ask) -> str:
    who = ask.reference_request.requester.name
    is_untimed = ask.status == A.ACCEPTED and wants_time(ask)
    return f"{who} has fixed no time with" if is_untimed else f"{who} has not said whether it happened with"


def _with_deal(rows: "QuerySet[ReferenceRequest]") -> "QuerySet[ReferenceRequest]":
    return rows.select_related("activity_type", "opportunity__account").order_by("submitted_at", "pk")


def _at(ask: Ask, place: str) -> str:
    return f"{reverse('requests:ask', args=[ask.pk])}#{place}"


def _todo(ask: Ask, user: Colleague | None, words: str, url: str, label: str) -> Todo:
    sub = f"{heading(ask.reference_request, user)} · for {span(timezone.now() - ask.waiting_since)}"
    return Todo(words.format(shown_name(ask.reference, user)), sub, url, label, ask.waiting_since)


def _of_request(row: ReferenceRequest, user: Colleague, words: str, label: str, url: str = "") -> Todo:
    since = row.submitted_at or row.created_at
    return Todo(
        f"{words} {heading(row, user)}",
        f"{row} · for {span(timezone.now() - since)}",
        url or reverse("desk:request", args=[row.pk]),
        label,
        since,
    )


def bottlenecks(steps: list[Waiting], policy: Policy) -> list[Bar]:
    """Median days open requests and asks have waited in their present step, against the usual, else the policy's first threshold."""
    bars = []
    for each in steps:
        goal = each.usual.days if each.usual else float(policy.ageing.wait)
        days = 0.0 if each.days is None else each.days
        text = NOTHING if each.days is None else f"{number(days, 1)} d" if days >= 1 else f"{number(days * 24, 0)} h"
        bars.append(Bar(each.step.label, days, text, goal=goal, note=f"{number(each.n)} open", stands_out=days > goal))
    return bars


def usual_words(steps: list[Waiting]) -> str:
    """Each step's usual with its n, in one sentence; what there is too little of is said so."""
    known = [f"{each.step.label} {number(each.usual.days, 1)} d (n {number(each.usual.n)})" for each in steps if each.usual]
    if not known:
        return f"The upright line is the policy’s first ageing threshold: fewer than {LEAST} of each step ended in {DAYS} days."
    few = f" Steps of which fewer than {LEAST} ended have the policy’s threshold." if len(known) < len(steps) else ""
    return f"The upright line is the usual, the median of {DAYS} days: {', '.join(known)}.{few}"


def ages() -> list[Bar]:
    """Open requests by days since they were submitted."""
    now = timezone.now()
    begun = [now - timedelta(days=days) for days in (3, 6, 11)]
    since = Q(submitted_at__isnull=False)
    parts = (
        Q(submitted_at__gt=begun[0]),
        Q(submitted_at__lte=begun[0], submitted_at__gt=begun[1]),
        Q(submitted_at__lte=begun[1], submitted_at__gt=begun[2]),
        Q(submitted_at__lte=begun[2]),
    )
    counts = ReferenceRequest.objects.open().aggregate(
        **{f"n{place}": Count("pk", filter=since & part) for place, part in enumerate(parts)}
    )
    labels = ("0–2 days", "3–5", "6–10", "over 10")
    return [Bar(label, n, str(n), stands_out=label == "over 10" and n > 0) for label, n in zip(labels, counts.values(), strict=True)]


@dataclass(frozen=True)
class SetUpStep:
    """A step of setting the program up, and how far it is."""

    label: str
    text: str
    is_done: bool


def set_up_steps() -> list[SetUpStep]:
    """What an administrator has to see done; figures only, since settings show nobody's data."""
    facts = (
        ("Colleagues", Colleague.objects.active().count() - 1, "can be named as owners and requesters"),
        ("Activity types", ActivityType.objects.filter(retired_at=None).count(), "can be asked for"),
        ("Accounts", Account.objects.count(), "are known"),
        ("References", Reference.objects.count(), "are enrolled"),
        ("Requests", ReferenceRequest.objects.count(), "were filed"),
    )
    return [SetUpStep(label, f"{number(n)} {words}", n > 0) for label, n, words in facts]
