"""The sponsor's list of exceptions: program bars that were lifted once, by whom, why, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html

from firsthand.core.clock import bounds, period_name
from firsthand.core.clock import today as today_in
from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.core.ui.parts import Figure
from firsthand.core.words import counted, day, number
from firsthand.matching.rules import BY_CODE, RULES, Kind
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_company, shown_name
from firsthand.requests.models import Ask, BarException
from firsthand.requests.wording import heading

A = Ask.Status
LEAST_GRADES = 3  # below it a mean says nothing


def why_not_read_exceptions(user: Colleague) -> str | None:
    """The list is the sponsor's and the managers'."""
    return None if user.reads_everything else "The list of exceptions is for the executive sponsor and the program managers."


@dataclass(frozen=True)
class Item:
    """A row of the list, with everything its cells read."""

    row: BarException
    name: str
    company: str
    heading: str
    today: date


def exceptions_for(user: Colleague) -> "Listing[BarException, Item]":
    """Every exception, the newest first, for somebody who reads everything."""
    programs = [rule for rule in RULES if rule.kind == Kind.PROGRAM]
    return Listing(
        name="exceptions",
        one="exception",
        many="exceptions",
        rows=BarException.objects.all(),
        items=lambda rows: _items(rows, user),
        columns=(
            Column(
                "id", "Granted", lambda item: item.row.granted_at.date(), cell=lambda item: day(item.row.granted_at, item.today), sort="id"
            ),
            Column("reference", "For asking", lambda item: item.name, cell=_reference, is_head=True),
            Column("company", "Customer", lambda item: item.company, in_page=False),
            Column("rule", "Rule", lambda item: BY_CODE[item.row.rule].title),
            Column("why", "Why", lambda item: item.row.reason),
            Column("granted_by", "Granted by", _granted_by),
            Column("asked_by", "Asked by", lambda item: item.row.ask.reference_request.requester.name),
            Column("request", "Request", lambda item: item.heading, in_page=False),
            Column("came_of_it", "What came of it", _came_of_it, cell=_came_of_it_cell),
            Column("grade", "Grade", lambda item: _grade(item.row.ask), numeric=True),
        ),
        order="-id",
        choices=(
            Choice("period", "Granted in", _periods(), _within),
            Choice("rule", "Rule", tuple((rule.code, rule.title) for rule in programs), lambda rows, code: rows.filter(rule=code)),
        ),
    )


def _items(rows: list[BarException], user: Colleague) -> list[Item]:
    today = today_in(in_force().time_zone)
    related = (
        "granted_by", "ask__engagement", "ask__joins__engagement", "ask__reference__reference_account", "ask__reference__contact__person",
        "ask__reference__contact__account__owner", "ask__reference_request__requester", "ask__reference_request__activity_type",
        "ask__reference_request__opportunity__account",
    )  # fmt: skip
    full = BarException.objects.select_related(*related).in_bulk([row.pk for row in rows])
    return [_item(full[row.pk], user, today) for row in rows]


def _item(row: BarException, user: Colleague, today: date) -> Item:
    reference = row.ask.reference
    return Item(row, shown_name(reference, user), shown_company(reference, user), heading(row.ask.reference_request, user), today)


def _reference(item: Item) -> str:
    url = reverse("requests:ask", args=[item.row.ask_id])
    return format_html('<a href="{}">{}</a><small>{} · {}</small>', url, item.name, item.company, item.heading)


def _granted_by(item: Item) -> str:
    return item.row.granted_by.name if item.row.granted_by else "–"


def _came_of_it(item: Item) -> str:
    return str(item.row.ask.mark.label)


def _came_of_it_cell(item: Item) -> str:
    return markup.status(item.row.ask.mark)


def _grade(ask: Ask) -> float | None:
    """Of the engagement it stands for, which may be a shared one; an ask that ended otherwise has none."""
    grade = ask.slot.grade if ask.slot and ask.status == A.HELD else None
    return float(grade) if grade is not None else None


def _periods() -> tuple[tuple[str, str], ...]:
    today = today_in(in_force().time_zone)
    return tuple((code, words) for code, (_, _, words) in _bounds(today).items())


def _bounds(today: date) -> dict[str, tuple[date, date, str]]:
    """First and last day of each period one may choose, and its name."""
    chosen = {}
    for code, period in (("quarter", "quarter"), ("year", "year")):
        first, last = bounds(today, period)
        before = first - timedelta(days=1)
        chosen[code] = (first, last, period_name(today, period))
        chosen[f"last_{code}"] = (*bounds(before, period), period_name(before, period))
    return chosen


def _within(rows: QuerySet[BarException], code: str) -> QuerySet[BarException]:
    zone = ZoneInfo(in_force().time_zone)
    first, last, _ = _bounds(today_in(in_force().time_zone))[code]
    start, end = datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)
    return rows.filter(granted_at__gte=start, granted_at__lt=end)


def figures(rows: QuerySet[BarException]) -> list[Figure]:
    """What came of the asks behind these rows: each ask counts once, however many rules were lifted for it."""
    asks = Ask.objects.filter(pk__in=rows.values("ask"))
    graded = Coalesce("engagement__grade", "joins__engagement__grade")
    done = asks.aggregate(
        n=Count("pk"),
        held=Count("pk", filter=Q(status=A.HELD)),
        open=Count("pk", filter=Q(status__in=Ask.OPEN)),
        graded=Count(graded, filter=Q(status=A.HELD)),
        mean=Avg(graded, filter=Q(status=A.HELD)),
    )
    of = f"of {counted(done['n'], 'ask')}"
    shown = done["graded"] >= LEAST_GRADES
    few = f"{number(done['graded'])} graded, and {LEAST_GRADES} are needed"
    return [
        Figure("Asks with a rule lifted", number(done["n"]), basis="each counted once, whatever was lifted"),
        Figure("Happened", number(done["held"]), basis=of),
        Figure("Still open", number(done["open"]), basis=of),
        Figure("Ended otherwise", number(done["n"] - done["held"] - done["open"]), basis=of),
        Figure(
            "Mean grade", number(done["mean"], 1) if shown else "–", basis=f"n = {done['graded']}, 1 to 5" if shown else f"not shown: {few}"
        ),
    ]
