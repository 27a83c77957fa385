"""What must be true of the rows of every room, and the rows of which it is not. Finds, changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from firsthand.customers.models import Account
from firsthand.program.models import FacetValue
from firsthand.references.models import Disclosure, Engagement, Reference
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.unsettled import to_be_settled

SHOWN = 5


@dataclass(frozen=True)
class Truth:
    """A sentence that must hold, and how to find the rows of which it does not."""

    sentence: str
    broken: Callable[[], "QuerySet[Any]"]


@dataclass(frozen=True)
class Finding:
    """A truth that does not hold: of how many rows, and the ids of the first."""

    sentence: str
    count: int
    first: list[int]

    def __str__(self) -> str:
        return f"{self.sentence} Not so for {self.count}, first ids {', '.join(map(str, self.first))}."


def families_without_their_top() -> QuerySet[Account]:
    """An account without parent is its own family; one with a parent has its parent's."""
    alone = Q(parent=None) & ~Q(family=F("id"))
    return Account.objects.filter(alone | (Q(parent__isnull=False) & ~Q(family=F("parent__family"))) | Q(family=None))


def hidden_otherwise() -> QuerySet[Account]:
    """An account is hidden exactly when its reference account is."""
    is_hidden = Q(standing__disclosure=Disclosure.HIDDEN)
    return Account.objects.filter((is_hidden & Q(is_hidden=False)) | (Q(is_hidden=True) & ~is_hidden))


def values_off_their_path() -> QuerySet[FacetValue]:
    """A value's path is its parent's and its own id."""
    own = Cast("id", CharField())
    of_parent, of_top = Concat(F("parent__path"), own, Value("/")), Concat(Value("/"), own, Value("/"))
    return FacetValue.objects.filter((Q(parent=None) & ~Q(path=of_top)) | (Q(parent__isnull=False) & ~Q(path=of_parent)))


def references_elsewhere() -> QuerySet[Reference]:
    """A reference counts under the customer it works for."""
    return Reference.objects.exclude(reference_account__account=F("contact__account"))


def open_asks_without_a_slot() -> QuerySet[Ask]:
    """Of a time that is shared it is the slot of whoever fixed it, held once it happened for one; who waits to join has none."""
    state = Engagement.State
    alone = Q(joins=None, engagement__state=state.RESERVED)
    shared = Q(joined_by__isnull=False, engagement__state=state.HELD) | Q(joins__engagement__state__in=[state.RESERVED, state.HELD])
    return Ask.objects.open().exclude(pk__in=Ask.objects.filter(alone | shared | Q(joins__isnull=False, status=Ask.Status.SENT)))


def ended_asks_with_a_slot() -> QuerySet[Ask]:
    """But for one whose time still stands for others."""
    ended = Ask.objects.exclude(status__in=Ask.OPEN).filter(engagement__state=Engagement.State.RESERVED)
    return ended.exclude(pk__in=Ask.objects.filter(status=Ask.Status.SCHEDULED, joins__isnull=False).values("joins"))


def slots_of_no_ask() -> QuerySet[Engagement]:
    reserved = Engagement.objects.filter(state=Engagement.State.RESERVED, source=Engagement.Source.ASKED)
    return reserved.filter(ask=None)


def ended_requests_with_open_asks() -> QuerySet[ReferenceRequest]:
    """But for what may have taken place before it ended, which stays open until somebody says so."""
    ended = (ReferenceRequest.Status.WITHDRAWN, ReferenceRequest.Status.UNFULFILLED, ReferenceRequest.Status.DRAFT)
    left = Ask.objects.open().exclude(to_be_settled(timezone.now()))
    return ReferenceRequest.objects.filter(status__in=ended, asks__in=left).distinct()


TRUTHS = (
    Truth("An account belongs to the family at the top of its chain.", families_without_their_top),
    Truth("An account is hidden exactly when its disclosure says so.", hidden_otherwise),
    Truth("A facet value's path leads from the top of its tree to itself.", values_off_their_path),
    Truth("A reference counts under the customer it works for.", references_elsewhere),
    Truth("An open ask holds a reserved slot.", open_asks_without_a_slot),
    Truth("An ask that has ended holds no reserved slot.", ended_asks_with_a_slot),
    Truth("A reserved slot belongs to an ask.", slots_of_no_ask),
    Truth("A request that is not being worked on has no open ask.", ended_requests_with_open_asks),
)


def findings() -> list[Finding]:
    """Every truth that does not hold."""
    found = []
    for truth in TRUTHS:
        ids = truth.broken().order_by("pk").values_list("pk", flat=True)
        if count := ids.count():
            found.append(Finding(truth.sentence, count, list(ids[:SHOWN])))
    return found
