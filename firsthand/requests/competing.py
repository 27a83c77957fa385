"""Several requests want one person: shown side by side with a proposal. The scarcest goes first: the one fewest others fit.

Nothing is decided here. A manager cancels an ask, or proposes somebody else for the request that has a choice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from firsthand.core.clock import today as today_in
from firsthand.core.words import counted, day, day_due
from firsthand.matching.match import free_for
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.capacity import Slot, Use, use_of
from firsthand.references.disclosure import shown_company, shown_name
from firsthand.references.models import Reference
from firsthand.requests.models import Ask, ReferenceRequest, RequestQuerySet
from firsthand.requests.needs import need_of
from firsthand.requests.permissions import OPEN_FOR_ASKS
from firsthand.requests.wording import heading

UNDECIDED = (Ask.Status.PROPOSED, Ask.Status.APPROVED)  # once it is sent, it is decided
MOST, MOST_WANTING = 5, 6
FEW = 10  # fewer others than this are said to be few
KEPT = 600  # seconds for which a count of others stands


@dataclass(frozen=True)
class Wanting:
    """One request that wants the person. `others` fit it besides them; `state` is how far its ask is, or that it only names them."""

    reference_request: ReferenceRequest
    title: str
    due: str
    others: int
    state: str
    url: str
    act: str

    @property
    def others_words(self) -> str:
        return counted(self.others, "other") if self.others else "Nobody else"


@dataclass(frozen=True)
class Contest:
    """A person whom several requests want, the scarcest request first."""

    reference: Reference
    name: str
    company: str
    use: Use
    wanting: tuple[Wanting, ...]

    @property
    def proposal(self) -> str:
        """What the numbers say; the manager decides."""
        first, second = self.wanting[0], self.wanting[1]
        if first.others == second.others:
            why = _sooner(first.reference_request, second.reference_request)
            return f"{first.reference_request} first: as many others fit both, and {why}."
        few = "only " if first.others < FEW else ""
        has = "nobody else fits it" if not first.others else f"{few}{counted(first.others, 'other fits', 'others fit')} it"
        return f"{first.reference_request} first: {has}, while {second.reference_request} has {counted(second.others, 'other')}."


def _sooner(first: ReferenceRequest, second: ReferenceRequest) -> str:
    """Why the first of two stands before the other: by the day it is needed, by the day it counts as due, or by its number."""
    if first.rank_on == second.rank_on:
        return "of two that count as due on one day it came first"
    return "it is due sooner" if first.needed_by < second.needed_by else "it counts as due sooner"


def contested(most: int = MOST) -> list[int]:
    """The references of whom several open requests have an ask that is not sent yet, the most urgent first."""
    asks = Ask.objects.filter(status__in=UNDECIDED, reference_request__status__in=OPEN_FOR_ASKS).order_by()
    groups = asks.values("reference").annotate(n=Count("pk"), first=Min("reference_request__rank_on")).filter(n__gte=2)
    return list(groups.order_by("first", "reference").values_list("reference", flat=True)[:most])


def how_many_contested() -> int:
    """How many people several requests want."""
    asks = Ask.objects.filter(status__in=UNDECIDED, reference_request__status__in=OPEN_FOR_ASKS).order_by()
    return asks.values("reference").annotate(n=Count("pk")).filter(n__gte=2).count()


def contests(ids: Collection[int], viewer: Colleague, *, besides: ReferenceRequest | None = None) -> list[Contest]:
    """The contests about these references, in their order; people whom one request alone wants are left out.

    `besides` is a request that wants all of them too, as the one whose matches are looked at does.
    """
    related = ("contact__person", "contact__account__owner", "reference_account")
    references = Reference.objects.select_related(*related).in_bulk(list(ids))
    found = [_contest(references[pk], viewer, besides) for pk in ids if pk in references]
    return [each for each in found if each is not None]


def also_wanted(ids: Sequence[int], reference_request: ReferenceRequest, viewer: Colleague) -> list[Contest]:
    """Of these candidates, those whom another request has asked for and not sent yet, or names."""
    others = Ask.objects.filter(status__in=UNDECIDED, reference__in=ids).exclude(reference_request=reference_request)
    named = _naming().filter(named_contact__reference__in=ids).exclude(pk=reference_request.pk)
    wanted = {*others.values_list("reference", flat=True), *named.values_list("named_contact__reference", flat=True)}
    return contests([pk for pk in ids if pk in wanted][:MOST], viewer, besides=reference_request)


def _open() -> RequestQuerySet:
    return ReferenceRequest.objects.filter(status__in=OPEN_FOR_ASKS)


def _naming() -> RequestQuerySet:
    """Those that name somebody whom they have not asked yet. Once an ask of them is sent, refused or taken back, it is decided."""
    asked = Ask.objects.filter(reference_request=OuterRef("pk"), reference__contact=OuterRef("named_contact"))
    return _open().exclude(Exists(asked.exclude(status__in=(*UNDECIDED, Ask.Status.EXPIRED))))


def _contest(reference: Reference, viewer: Colleague, besides: ReferenceRequest | None) -> Contest | None:
    """None where one request alone wants them."""
    asks = {
        ask.reference_request_id: ask
        for ask in Ask.objects.filter(reference=reference, status__in=UNDECIDED, reference_request__status__in=OPEN_FOR_ASKS)
    }
    naming = _naming().filter(named_contact=reference.contact_id)
    wants = Q(pk__in=asks) | Q(pk__in=naming.values("pk")) | Q(pk=besides.pk if besides else 0)
    rows = _open().filter(wants).select_related("activity_type", "opportunity__account", "opportunity__stage", "requester")
    wanting = [_wanting(row, asks.get(row.pk), reference, viewer) for row in rows.order_by("rank_on", "pk")[:MOST_WANTING]]
    if len(wanting) < 2:
        return None
    policy = in_force()
    today = today_in(policy.time_zone)
    use = use_of(reference, Slot(wanting[0].reference_request.activity_type, today, today), policy)
    first = tuple(sorted(wanting, key=lambda each: each.others))
    return Contest(reference, shown_name(reference, viewer), shown_company(reference, viewer), use, first)


def _wanting(row: ReferenceRequest, ask: Ask | None, reference: Reference, viewer: Colleague) -> Wanting:
    today = today_in(in_force().time_zone)
    return Wanting(
        row,
        heading(row, viewer),
        f"{day(row.needed_by, today)}, {day_due(row.needed_by, today)}",
        _others(row, reference),
        ask.get_status_display() if ask else "Not proposed yet",
        reverse("requests:ask", args=[ask.pk]) if ask else reverse("requests:matches", args=[row.pk]),
        "Open ask" if ask else "See matches",
    )


def _others(row: ReferenceRequest, reference: Reference) -> int:
    """How many besides them fit the request and may be asked now; counted once in ten minutes, since each count is a match."""
    key = f"requests.others:{row.pk}:{row.revision}:{reference.pk}"
    found: int = cache.get_or_set(key, lambda: len(free_for(need_of(row)) - {reference.pk}), KEPT) or 0
    return found
