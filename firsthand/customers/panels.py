"""What this room shows on an account's page."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import Case, IntegerField, Max, Q, QuerySet, Value, When
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from firsthand.core import words
from firsthand.core.clock import today
from firsthand.core.panels import Panel
from firsthand.core.ui.parts import Figure
from firsthand.customers.marks import HEALTH, SIGNALS
from firsthand.customers.models import Account, AccountValue, Contact, Signal
from firsthand.customers.permissions import Move, why_not
from firsthand.customers.sight import WHY_MASKED, may_reach, reach, shown_parent
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.program.policy import in_force

PEOPLE_SHOWN, SIGNALS_SHOWN, FAMILY_SHOWN, KNOWING_SHOWN = 10, 8, 8, 5
NPS_DAYS, CSAT_DAYS = 365, 90
PROMOTER, DETRACTOR = 9, 6
FEWEST = 3  # answers; a figure made of fewer says more about them than about the customer


def escalations(account: Account, user: Colleague) -> Panel | None:
    """Open escalations, each as a note above everything else, for those who may know of them."""
    seen = account.signals.visible_to(user)
    found = list(seen.filter(kind=Signal.Kind.ESCALATION, resolved_on=None).order_by("-happened_on", "-pk"))
    if not found:
        return None
    may_resolve = why_not(user, Move.SIGNAL, account) is None
    return Panel("customers/_panel_escalations.html", {"escalations": found, "may_resolve": may_resolve}, "top")


def figures(account: Account, user: Colleague) -> Panel | None:
    """Health, NPS, CSAT and renewal; nothing where none of them is known."""
    day = today(in_force().time_zone)
    shown = [each for each in (_health(account), _nps(account, day), _csat(account, day), _renewal(account, day)) if each]
    return Panel("customers/_panel_figures.html", {"figures": shown}, "top") if shown else None


def people(account: Account, user: Colleague, *, accepted: Collection[int] = (), enrolled: Mapping[int, int] | None = None) -> Panel:
    """Contacts, those one knows best first. `accepted`: ids of contacts who accepted an ask for a request of this user's.

    `enrolled`: the id of the reference by the contact's id, so that a row leads to it, or to enrolling them.
    """
    contacts = _known_first(account, user)
    shown = list(contacts.select_related("person", "account__owner", "persona")[:PEOPLE_SHOWN])
    references = enrolled or {}
    rows = [
        {
            "contact": each,
            "reach": reach(each, user, accepted=each.pk in accepted),
            "strength": _dots(each),
            "reference_id": references.get(each.pk),
        }
        for each in shown
    ]
    data = {
        "account": account,
        "rows": rows,
        "may_enroll": enrolled is not None,
        "why_masked": WHY_MASKED,
        "count": account.contacts.count(),
        "may_add": why_not(user, Move.ADD_CONTACT, account) is None,
        "may_edit": why_not(user, Move.EDIT_CONTACT, account) is None,
        "may_tie": why_not(user, Move.TIE, account) is None,
    }
    return Panel("customers/_panel_people.html", data)


def knowing(contact: Contact, user: Colleague) -> Panel | None:
    """Who knows this person, the best first: whoever is best placed to ask."""
    ties = contact.relationships.filter(colleague__deactivated_at=None).select_related("colleague").order_by("-strength", "pk")
    rows = [{"tie": tie, "full": "●" * tie.strength, "hollow": "○" * (5 - tie.strength)} for tie in ties[:KNOWING_SHOWN]]
    may_tie = why_not(user, Move.TIE, contact.account) is None
    return Panel("customers/_panel_knowing.html", {"contact": contact, "rows": rows, "may_tie": may_tie}, "rail") if rows else None


def facets(account: Account, user: Colleague) -> Panel:
    """Facet values by facet, with what may be added."""
    held = AccountValue.objects.filter(account=account).select_related("value__facet").order_by("value__facet__position", "value__name")
    may_edit = why_not(user, Move.EDIT, account) is None
    values = [each.value for each in held]
    offered = _offered(values) if may_edit else []
    return Panel("customers/_panel_facets.html", {"account": account, "held": values, "offered": offered, "may_edit": may_edit}, "rail")


def _offered(held: list[FacetValue]) -> list[tuple[str, SafeString]]:
    """Each facet's name and its further values as options. Written here: as turns of a template they took half the page's time."""
    rows = FacetValue.objects.in_use().filter(facet__retired_at=None).exclude(pk__in=[value.pk for value in held])
    groups = groupby(rows.values_list("facet__name", "pk", "name"), key=itemgetter(0))
    return [(facet, format_html_join("", '<option value="{}">{}</option>', (row[1:] for row in group))) for facet, group in groups]


def facts(account: Account, user: Colleague) -> Panel:
    """What is known of the company, and its family."""
    is_close = may_reach(user, account)
    family = Account.objects.visible_to(user).filter(family=account.family_id or account.pk).exclude(pk=account.pk).order_by("key", "pk")
    data = {
        "account": account,
        "revenue": words.money(account.annual_revenue, account.currency) if account.annual_revenue is not None and is_close else None,
        "parent": shown_parent(account, user),
        "family": family[:FAMILY_SHOWN],
        "family_count": family.count(),
        "custom": [(name, value) for name, value in sorted(account.custom.items()) if value not in {None, ""}],
    }
    return Panel("customers/_panel_facts.html", data, "rail")


def signals(account: Account, user: Colleague) -> Panel | None:
    """The latest signals."""
    found = account.signals.visible_to(user).select_related("contact__person").order_by("-happened_on", "-pk")[:SIGNALS_SHOWN]
    rows = [{"signal": each, "icon": SIGNALS.get(each.kind, "circle"), "sentence": signal_words(each)} for each in found]
    may_add = why_not(user, Move.SIGNAL, account) is None
    if not rows and not may_add:
        return None
    return Panel("customers/_panel_signals.html", {"account": account, "rows": rows, "may_add": may_add}, "rail")


def signal_words(signal: Signal) -> str:
    """A signal in a few words: "NPS 9 from Owen Tasker"."""
    whom = signal.contact.person.name if signal.contact else ""
    if signal.kind == Signal.Kind.LEFT:
        return f"{whom or 'Somebody'} left"
    label = str(signal.get_kind_display())
    if signal.kind == Signal.Kind.ESCALATION:
        return "Escalation resolved" if signal.resolved_on else "Escalation opened"
    if signal.value is not None:
        label = f"{label.removesuffix(' score')} {words.number(signal.value)}"
    return f"{label} from {whom}" if whom else label


def _known_first(account: Account, user: Colleague) -> QuerySet[Contact]:
    left = Case(When(left_on=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    tied = Max("relationships__strength", filter=Q(relationships__colleague=user), default=0)
    rows = account.contacts.annotate(strength_for_user=tied, has_left=left)
    return rows.order_by("has_left", "-strength_for_user", "person__last_name", "pk")


def _dots(contact: Contact) -> dict[str, str | int]:
    strength = int(getattr(contact, "strength_for_user", 0))
    return {"of_five": strength, "full": "●" * strength, "hollow": "○" * (5 - strength)}


def _health(account: Account) -> Figure | None:
    mark = HEALTH.get(account.health)
    return Figure("Health", mark.label, status=mark) if mark else None


def _nps(account: Account, day: date) -> Figure | None:
    scores = _scores(account, Signal.Kind.NPS, day - timedelta(days=NPS_DAYS))
    if len(scores) < FEWEST:
        return _latest("NPS", scores, of=10)
    net = sum(score >= PROMOTER for score in scores) - sum(score <= DETRACTOR for score in scores)
    return Figure(
        f"NPS, {words.counted(len(scores), 'answer')}",
        words.number(round(100 * net / len(scores))),
        basis="promoters less detractors, 12 months",
    )


def _csat(account: Account, day: date) -> Figure | None:
    scores = _scores(account, Signal.Kind.CSAT, day - timedelta(days=CSAT_DAYS))
    if len(scores) < FEWEST:
        return _latest("CSAT", scores, of=5)
    return Figure(
        "CSAT, 90 days", words.number(sum(scores, Decimal(0)) / len(scores), 1), basis=f"of 5, {words.counted(len(scores), 'answer')}"
    )


def _latest(name: str, scores: list[Decimal], *, of: int) -> Figure | None:
    """The last answer itself, where there are too few of them for a figure."""
    if not scores:
        return None
    basis = f"of {of}; {words.counted(len(scores), 'answer')}, a figure needs {FEWEST}"
    return Figure(f"Latest {name} answer", words.number(scores[-1]), basis=basis)


def _scores(account: Account, kind: str, since: date) -> list[Decimal]:
    found = account.signals.filter(kind=kind, happened_on__gte=since).order_by("happened_on", "pk").values_list("value", flat=True)
    return [score for score in found if score is not None]


def _renewal(account: Account, day: date) -> Figure | None:
    if account.renewal_date is None:
        return None
    return Figure("Renewal", words.day_in(account.renewal_date, day), basis=words.day(account.renewal_date, day))
