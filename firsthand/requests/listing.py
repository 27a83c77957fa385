"""The list of requests, for one person: the manager's queue, the seller's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from firsthand.core.clock import today as today_in
from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.core.ui.parts import Link
from firsthand.core.words import NOTHING, counted, day, day_due, money_short
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.people.saved_filters import saved_filters
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.requests.charge import choices_of_charge, in_charge
from firsthand.requests.models import Ask, ReferenceRequest, RequestQuerySet
from firsthand.requests.permissions import OPEN_FOR_ASKS
from firsthand.requests.ranking import Ranking
from firsthand.requests.waits import Wait, ageing, begun_waiting, wait_of
from firsthand.requests.wording import heading

A, R = Ask.Status, ReferenceRequest.Status
FRIDAY = 4
SAID_YES = (A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD)
VIEWS = (("week", "Due by {}"), ("late", "Late"), ("ageing", "Ageing"), ("owner", "Waiting for owner"),
         ("reference", "Waiting for reference"), ("nobody", "Nobody is asked"), ("info", "Needs info"),
         ("without_yes", "Without a yes"), ("open", "All open"), ("mine", "Asked by me"))  # fmt: skip
STANDARD = ("open", "week", "ageing", "owner", "reference", "nobody", "info")  # what stands above a manager's queue


@dataclass(frozen=True)
class Item:
    """One row, with everything its cells read."""

    row: ReferenceRequest
    title: str
    asks: list[Ask]
    today: date
    sees_deal: bool
    waiting: Wait
    why_first: str = ""

    @property
    def is_late(self) -> bool:
        """Its day has passed while it is open."""
        return self.row.status in ReferenceRequest.OPEN and self.row.needed_by < self.today


def _pick(item: Item) -> str:
    return format_html(
        '<input class="form-check-input" type="checkbox" name="request" value="{}" form="moves" aria-label="Choose {}">',
        item.row.pk,
        item.row,
    )


PICK = Column[Item]("pick", "Choose", lambda item: item.row.pk, cell=_pick, in_file=False, is_hidden=True, narrow="start")


def requests_for(user: Colleague) -> "Listing[ReferenceRequest, Item]":
    """Those this colleague may see, the most urgent first."""
    types = ActivityType.objects.filter(retired_at=None)
    views = named_views(today_in(in_force().time_zone))
    return Listing(
        name="requests",
        one="request",
        many="requests",
        rows=_in_order_for(user),
        items=lambda rows: items(rows, user),
        columns=(
            *((PICK,) if user.runs_program else ()),
            Column("due", "Due", lambda item: item.row.needed_by, cell=_due, sort="needed_by", narrow="start"),
            Column("request", "Request", lambda item: item.title, cell=_title, is_head=True),
            Column(
                "status", "Status", lambda item: item.row.get_status_display(), cell=lambda item: markup.status(item.row.mark), narrow="end"
            ),
            Column("waiting", "Waiting on", lambda item: item.waiting.whom, cell=_waiting, narrow="line"),
            Column("manager", "In charge", lambda item: item.row.manager.name if item.row.manager else None, narrow="none"),
            Column("deal", "Deal", _amount, cell=_deal, numeric=True, narrow="none"),
            Column("rank", "Counts as due", _rank, sort="rank_on" if user.reads_everything else "due_while_open", in_page=False),
            Column("age", "Age", _age, numeric=True, narrow="none"),
            Column("requester", "Requester", lambda item: item.row.requester.name, in_page=False),
        ),
        order="rank",
        choices=(
            Choice("view", "Show", views, lambda rows, value: viewed(rows, value, user)),
            Choice(
                "manager",
                "In charge",
                choices_of_charge(),
                lambda rows, value: in_charge(rows, value, user),
            ),
            Choice("status", "Status", tuple(ReferenceRequest.Status.choices), lambda rows, value: rows.filter(status=value)),
            Choice("activity", "Activity", tuple((each.code, each.name) for each in types), _of_type),
        ),
        search=lambda rows, words: _search(rows, words, user),
        search_label="Search by prospect, requester or number",
        saved=saved_filters("requests", user, presets=_standard(views) if user.reads_everything else (), with_all=False),
    )


def _in_order_for(user: Colleague) -> RequestQuerySet:
    """The day a request counts as due tells how large its deal is and how far along: only who sees every deal reads in that order."""
    rows = ReferenceRequest.objects.visible_to(user)
    if user.reads_everything:
        return rows
    return rows.annotate(due_while_open=Case(When(rank_on__isnull=False, then="needed_by"), default=None))


def named_views(today: date) -> tuple[tuple[str, str], ...]:
    """`VIEWS`, with the day until which the first goes: what is late stands in it too, so that it is no week's."""
    return tuple((name, label.format(day(week_ends(today), today))) for name, label in VIEWS)


def is_weekend(today: date) -> bool:
    return today.weekday() > FRIDAY


def week_ends(today: date) -> date:
    """The Sunday until which something is due this week; on a weekend nobody works, so that it is the next one."""
    return today + timedelta(days=6 - today.weekday() + (7 if is_weekend(today) else 0))


def _standard(views: tuple[tuple[str, str], ...]) -> tuple[Link, ...]:
    return tuple(Link(dict(views)[name], f"?view={name}") for name in STANDARD)


def viewed(rows: QuerySet[ReferenceRequest], view: str, user: Colleague) -> QuerySet[ReferenceRequest]:
    """The rows of one of `VIEWS`."""
    if view == "mine":
        return rows.filter(requester=user)
    return in_view(rows.filter(status__in=ReferenceRequest.OPEN), view, in_force())


def in_view(still: QuerySet[ReferenceRequest], view: str, policy: Policy) -> QuerySet[ReferenceRequest]:
    """Of open requests, those of one of `VIEWS`, `mine` aside."""
    if view == "ageing":
        return ageing(still, timezone.now(), policy)
    if view in {"week", "late"}:
        today = today_in(policy.time_zone)
        return still.filter(needed_by__lte=today - timedelta(days=1) if view == "late" else week_ends(today))
    return still.filter(SHOWN.get(view, Q()))


def having(statuses: Sequence[str]) -> Q:
    """Requests with an ask in one of these states."""
    return Q(pk__in=Ask.objects.filter(status__in=statuses).values("reference_request"))


SHOWN = {
    "owner": having([A.PROPOSED]),
    "reference": having([A.SENT]),
    "nobody": Q(status__in=OPEN_FOR_ASKS) & ~having(Ask.OPEN),
    "info": Q(status=R.NEEDS_INFO),
    "without_yes": ~having(SAID_YES),
}


def items(rows: list[ReferenceRequest], user: Colleague, policy: Policy | None = None) -> list[Item]:
    """What the cells read, fetched for all rows at once. `policy` is the one in force, where the caller has read it."""
    policy = policy or in_force()
    today, now = today_in(policy.time_zone), timezone.now()
    pks = [row.pk for row in rows]
    full = ReferenceRequest.objects.select_related("activity_type", "opportunity__account", "requester", "manager").in_bulk(pks)
    asks: dict[int, list[Ask]] = {}
    for ask in Ask.objects.open().filter(reference_request__in=pks).select_related("approver", "occasion").order_by("waiting_since", "pk"):
        ask.reference_request = full[ask.reference_request_id]
        asks.setdefault(ask.reference_request_id, []).append(ask)
    deals = set(Opportunity.objects.visible_to(user).filter(pk__in=[row.opportunity_id for row in rows]).values_list("pk", flat=True))
    why = _why_first(full.values(), policy)
    since = begun_waiting(list(full.values()), asks)
    waits = {pk: wait_of(row, asks.get(pk, []), since.get(pk), now, policy) for pk, row in full.items()}
    return [
        Item(
            row=full[pk],
            title=heading(full[pk], user),
            asks=asks.get(pk, []),
            today=today,
            sees_deal=full[pk].opportunity_id in deals,
            waiting=waits[pk],
            why_first=why.get(pk, ""),
        )
        for pk in pks
    ]


def _why_first(rows: Iterable[ReferenceRequest], policy: Policy) -> dict[int, str]:
    """Of each open request with a deal, why it stands earlier than its day."""
    ranking = Ranking(policy)
    ranked = [(row.pk, row.opportunity) for row in rows if row.rank_on and row.opportunity]
    return {pk: ranking.earlier(deal.amount_base, deal.stage_id).words for pk, deal in ranked}


def _due(item: Item) -> str:
    row = item.row
    if row.status not in ReferenceRequest.OPEN:
        return day(row.needed_by, item.today)
    css = SafeString(' class="fh-late"' if item.is_late else "")
    when, due = day(row.needed_by, item.today), day_due(row.needed_by, item.today)
    return format_html('<time datetime="{}"{}>{}</time> <small{}>{}</small>', row.needed_by.isoformat(), css, when, css, due)


def _title(item: Item) -> str:
    asks = f" · {counted(len(item.asks), 'ask')}" if item.asks else ""
    url = reverse("desk:request", args=[item.row.pk])
    return format_html('<a href="{}">{}</a><small>{} · {}{}</small>', url, item.title, item.row, item.row.requester.name, asks)


def _waiting(item: Item) -> str:
    wait = item.waiting
    return format_html("{} <small>{}</small>{}", wait.whom, wait.words, markup.tag(wait.word, kind=wait.kind) if wait.word else "")


def _rank(item: Item) -> date | None:
    return item.row.rank_on if item.sees_deal or item.row.opportunity_id is None else None


def _amount(item: Item) -> str | None:
    deal = item.row.opportunity if item.sees_deal else None
    if deal is None:
        return str(item.row.get_purpose_display()) if item.row.purpose != ReferenceRequest.Purpose.DEAL else None
    return money_short(deal.amount, deal.currency or in_force().base_currency) if deal.amount is not None else None


def _deal(item: Item) -> str:
    words = _amount(item) or NOTHING
    return format_html("{}<small>{}</small>", words, item.why_first) if item.why_first and item.sees_deal else words


def _age(item: Item) -> str | None:
    start = item.row.submitted_at
    end = item.row.ended_at or timezone.now()
    return f"{(end - start).days} d" if start else None


def _of_type(rows: QuerySet[ReferenceRequest], code: str) -> QuerySet[ReferenceRequest]:
    return rows.filter(activity_type__code=code)


def _search(rows: QuerySet[ReferenceRequest], words: str, user: Colleague) -> QuerySet[ReferenceRequest]:
    seen = Account.objects.visible_to(user)
    for word in words.split()[:8]:
        number = word.upper().removeprefix("RQ-")
        by_number = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
        rows = rows.filter(
            Q(opportunity__account__in=seen.filter(name__icontains=word))
            | Q(opportunity__account=None, opportunity__prospect_name__icontains=word)
            | Q(requester__in=Colleague.objects.filter(name__icontains=word))  # a set of few, not a word sought in every row
            | Q(outlet__icontains=word)
            | (by_number or Q(pk=None))
        )
    return rows
