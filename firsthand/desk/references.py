"""The record page of a reference: what the rooms know of one person in the program."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from firsthand.core.clock import today as today_in
from firsthand.core.panels import Panel, placed
from firsthand.customers import panels as customers
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_prospect
from firsthand.desk import timeline
from firsthand.matching.need import Need
from firsthand.matching.rules import why_barred
from firsthand.people.models import Colleague
from firsthand.people.signed_in import SignedIn
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.references import panels
from firsthand.references.disclosure import is_close_to, shown_company, shown_name
from firsthand.references.models import Reference, Willingness
from firsthand.references.permissions import Move, why_not
from firsthand.references.roster import Roster
from firsthand.requests.models import Ask, Use
from firsthand.stories import panels as stories

AHEAD = timedelta(days=5 * 365)


@require_safe
def reference(request: SignedIn, reference_id: int) -> HttpResponse:
    rows = Reference.objects.visible_to(request.user).select_related(
        "contact__person", "contact__account__owner", "contact__persona", "reference_account"
    )
    row = get_object_or_404(rows, pk=reference_id)
    policy = in_force()
    today = today_in(policy.time_zone)
    barred = bars(row, request.user, today=today, policy=policy)
    context = {
        "reference": row,
        "name": shown_name(row, request.user),
        "company": shown_company(row, request.user),
        "languages": ", ".join(row.values.filter(value__facet__code="language").values_list("value__name", flat=True)),
        "can": [name for name, sentence in barred.values() if not sentence],
        "cannot": [(name, sentence) for name, sentence in barred.values() if sentence],
        "refusals": {move.value: why_not(request.user, move, row.account) for move in Move},
        "panels": placed(_panels(row, request, barred, today, policy)),
    }
    return render(request, "desk/reference.html", context)


def bars(reference: Reference, user: Colleague, *, today: date, policy: Policy) -> dict[int, tuple[str, str]]:
    """For each activity they do not refuse: its name and the first sentence that bars it today, or nothing."""
    doing = reference.willingness.exclude(answer=Willingness.Answer.NO).filter(activity_type__retired_at=None)
    found, roster = {}, Roster.around(reference)
    for row in doing.select_related("activity_type").order_by("activity_type__position"):
        why = why_barred(Need(row.activity_type, needed_by=today, today=today), reference, policy, user, roster=roster)
        found[row.activity_type_id] = (row.activity_type.name, why[0].sentence if why else "")
    return found


def _panels(row: Reference, request: SignedIn, barred: dict[int, tuple[str, str]], today: date, policy: Policy) -> list[Panel | None]:
    user = request.user
    first_type = ActivityType.objects.order_by("position", "pk").first()
    day = _day(request.GET.get("day", ""), today)
    sentences = {pk: sentence for pk, (_, sentence) in barred.items() if sentence}
    first = next(iter(sentences.values()), "")  # stands above the page already
    sentences = {pk: "" if sentence == first else sentence for pk, sentence in sentences.items()}
    return [
        panels.holds(row, user, today=today),
        panels.activities(row, user, today=today, policy=policy, barred=sentences),
        panels.engagements(row, _uses(row, user), _notes(row, user), _expected(row)),
        stories.of_reference(row, user, today=today),
        panels.ledger(row, user, today=today, policy=policy),
        panels.capacity(row, first_type, day=day, today=today, policy=policy) if first_type else None,
        customers.knowing(row.contact, user),
        customers.signals(row.account, user),
        timeline.panel(row, user),
    ]


def _uses(reference: Reference, user: Colleague) -> dict[int, str]:
    """For whom each engagement was, where the reader may see the deal."""
    uses = Use.objects.filter(engagement__reference=reference, opportunity__isnull=False).select_related("opportunity__account")
    deals = [use.opportunity_id or 0 for use in uses]
    visible = set(Opportunity.objects.visible_to(user).filter(pk__in=deals).values_list("pk", flat=True))
    return {use.engagement_id: shown_prospect(use.opportunity, user) for use in uses if use.opportunity and use.opportunity_id in visible}


def _notes(reference: Reference, user: Colleague) -> dict[int, str]:
    """What was noted on the ask of each engagement, for those close to the customer: it may tell what was said in confidence."""
    if not is_close_to(user, reference):
        return {}
    return {ask.engagement_id or 0: ask.note for ask in Ask.objects.filter(reference=reference, engagement__isnull=False).exclude(note="")}


def _expected(reference: Reference) -> dict[int, int]:
    """The grade the owner expected when they approved the ask, by engagement."""
    graded = Ask.objects.filter(reference=reference, engagement__isnull=False, expected_grade__isnull=False)
    return {pk: grade for pk, grade in graded.values_list("engagement", "expected_grade") if pk and grade}


def _day(text: str, today: date) -> date:
    """The day in the address, or today where it says no day, one that is past or one too far off to plan for."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if today <= day <= today + AHEAD else today
