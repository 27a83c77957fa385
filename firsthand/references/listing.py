"""The list of references, for one person."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from firsthand.core import search
from firsthand.core.clock import today as today_in
from firsthand.core.lists import Choice, Column, Listing
from firsthand.customers.models import Account, AccountValue
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, FacetValue
from firsthand.program.narrowing import narrow_by_value
from firsthand.program.policy import Policy, in_force
from firsthand.references.disclosure import is_close_to, shown_company, shown_name
from firsthand.references.models import Consent, Engagement, Hold, Reference, Willingness


@dataclass(frozen=True)
class Item:
    """One row, with everything its cells read."""

    reference: Reference
    name: str
    company: str
    activities: str
    confirmed: bool
    on_hold: bool
    engagements: int


def references_for(user: Colleague) -> "Listing[Reference, Item]":
    """Those this colleague may see, newest first."""
    types = ActivityType.objects.filter(retired_at=None)
    industries = FacetValue.objects.in_use().filter(facet__code="industry", parent=None)
    return Listing(
        name="references",
        one="reference",
        many="references",
        rows=Reference.objects.visible_to(user).select_related("contact__person", "contact__account__owner", "reference_account"),
        items=lambda rows: _items(rows, user),
        columns=(
            Column("name", "Reference", lambda item: item.name, cell=_named, is_head=True),
            Column("title", "Title", lambda item: item.reference.contact.title),
            Column("account", "Account", lambda item: item.company),
            Column("status", "Status", lambda item: item.reference.get_status_display(), cell=_status, sort="status"),
            Column("activities", "Does", lambda item: item.activities),
            Column("engagements", "Held", lambda item: item.engagements, numeric=True),
            Column("enrolled", "Enrolled", lambda item: item.reference.enrolled_on, sort="enrolled_on"),
        ),
        order="-enrolled",
        choices=(
            Choice("status", "Status", tuple(Reference.Status.choices), lambda rows, value: rows.filter(status=value)),
            Choice("does", "Activity", tuple((each.code, each.name) for each in types), _doing),
            Choice("industry", "Industry", tuple((str(each.pk), each.name) for each in industries), _in_industry),
            Choice("mine", "Owner", (("me", "Mine"),), lambda rows, _: rows.filter(contact__account__owner=user)),
        ),
        search=_searched,
        search_label="Search by person, title or account",
    )


def _doing(rows: QuerySet[Reference], code: str) -> QuerySet[Reference]:
    willing = Willingness.objects.filter(activity_type__code=code).exclude(answer=Willingness.Answer.NO)
    return rows.filter(pk__in=willing.values("reference"))


def _in_industry(rows: QuerySet[Reference], pk: str) -> QuerySet[Reference]:
    within = narrow_by_value(Account.objects.all(), AccountValue, "account", FacetValue.objects.get(pk=pk))
    return rows.filter(contact__account__in=within.values("pk"))


def _searched(rows: QuerySet[Reference], text: str) -> QuerySet[Reference]:
    """By the person's name and title or the company's name, as contacts are found."""
    return search.narrow(rows, "contact", text, through="contact")


def _items(rows: list[Reference], user: Colleague) -> list[Item]:
    held = _held(rows)
    policy = in_force()
    today = today_in(policy.time_zone)
    holds = _on_hold(rows, user, today)
    does = _does(rows)
    confirmed = _confirmed(rows, today, policy)
    return [
        Item(
            reference=row,
            name=shown_name(row, user),
            company=shown_company(row, user),
            activities=", ".join(does.get(row.pk, [])),
            confirmed=row.pk in confirmed,
            on_hold=row.pk in holds,
            engagements=held.get(row.pk, 0),
        )
        for row in rows
    ]


def _on_hold(rows: list[Reference], user: Colleague, today: date) -> set[int]:
    """Whom a hold keeps back today; of a legal one only those close to the account know."""
    standing = Hold.objects.filter(Q(until=None) | Q(until__gte=today), reference__in=rows, starts_on__lte=today, lifted_at=None)
    close = {row.pk for row in rows if is_close_to(user, row)}
    return {pk for pk, kind in standing.values_list("reference", "kind") if kind != Hold.Kind.LEGAL or pk in close}


def _held(rows: list[Reference]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for pk in Engagement.objects.filter(reference__in=rows, state=Engagement.State.HELD).values_list("reference", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return counts


def _does(rows: list[Reference]) -> dict[int, list[str]]:
    does: dict[int, list[str]] = {}
    willing = Willingness.objects.filter(reference__in=rows).exclude(answer=Willingness.Answer.NO)
    for pk, name in willing.order_by("activity_type__position").values_list("reference", "activity_type__name"):
        does.setdefault(pk, []).append(name)
    return does


def _confirmed(rows: list[Reference], today: date, policy: Policy) -> set[int]:
    contacts = {row.contact_id: row.pk for row in rows}
    sure = Consent.objects.standing(contacts).confirmed(today, months=policy.deadlines.consent_recheck_months)
    return {contacts[pk] for pk in sure.values_list("contact", flat=True)}


def _named(item: Item) -> str:
    """The name, linked; with "unconfirmed" said under it."""
    note = "" if item.confirmed else SafeString(' <span class="fh-tag" data-kind="wait">Unconfirmed</span>')
    return format_html('<a href="{}"><b>{}</b></a>{}', reverse("desk:reference", args=[item.reference.pk]), item.name, note)


def _status(item: Item) -> str:
    return "On hold" if item.on_hold else item.reference.get_status_display()
