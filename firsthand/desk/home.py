"""The home of each role, with what is waiting for them first."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from firsthand.core.clock import today as today_in
from firsthand.core.words import counted, day
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_prospect
from firsthand.desk.figures import of_program
from firsthand.desk.waiting import ages, bottlenecks, mine, set_up_steps, usual_words, waiting_for
from firsthand.people.models import Colleague
from firsthand.people.signed_in import SignedIn
from firsthand.program.policy import in_force
from firsthand.requests.bottlenecks import piles, waiting_by_step
from firsthand.requests.charge import loads
from firsthand.requests.competing import how_many_contested
from firsthand.requests.listing import in_view, items, named_views
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.outside import share_outside

SHOWN = 8
TODO_SHOWN = 6  # in the rail


@require_GET
def home(request: SignedIn) -> HttpResponse:
    """One page per role; a member's shows both what they asked for and what they answer for as an owner."""
    user = request.user
    if user.role == Colleague.Role.ADMIN:
        return render(request, "desk/home_admin.html", {"steps": set_up_steps()})
    if user.reads_everything:
        return render(request, "desk/home_manager.html", _of_program(user))
    return render(request, "desk/home_member.html", _of_member(user))


def _of_program(user: Colleague) -> dict[str, Any]:
    policy = in_force()
    today = today_in(policy.time_zone)
    views = dict(named_views(today))
    week = views["week"]
    due_by = week[0].lower() + week[1:]
    still = ReferenceRequest.objects.open_to(user)
    steps = waiting_by_step(timezone.now())
    todo, todo_count = waiting_for(user, TODO_SHOWN)
    counts = {name: in_view(still, name, policy).count() for name in TABS}
    due = in_view(still, "week", policy)
    unsure = in_view(due, "without_yes", policy).count()
    count = counts["week"]
    return {
        "title": f"{counted(count, 'request')} {due_by}, {unsure} without a yes" if count else f"Nothing is {due_by}",
        "week": week,
        "today": day(today, today),
        "rows": items(list(due.order_by("rank_on", "pk").only("opportunity")[:SHOWN]), user, policy),
        "count": count,
        "todo": todo,
        "todo_count": todo_count,
        "bottlenecks": bottlenecks(steps, policy),
        "usual": usual_words(steps),
        "piles": piles(),
        "contested": how_many_contested(),
        "ages": ages(),
        "loads": loads(),
        "tabs": [(name, views[name], counts[name]) for name in TABS],
        "figures": [share_outside(timezone.now())] if user.runs_program else of_program(timezone.now()),
    }


TABS = ("week", "ageing", "owner", "reference", "nobody", "info")


def _of_member(user: Colleague) -> dict[str, Any]:
    todo, todo_count = waiting_for(user, TODO_SHOWN)
    open_requests = mine(user)
    deals = Opportunity.objects.filter(owner=user).open().select_related("account", "stage").order_by("close_date", "-pk")
    soon = timezone.now().date() + timedelta(days=30)
    if todo:
        title = f"{counted(todo_count, 'answer waits', 'answers wait')} for you"
    elif open_requests:
        title = f"{counted(len(open_requests), 'request')} on the way"
    else:
        title = "Nothing waits for you"
    return {
        "title": title,
        "todo": todo,
        "todo_count": todo_count,
        "rows": items(open_requests[:SHOWN], user),
        "deals": [(deal, shown_prospect(deal, user)) for deal in deals[:SHOWN]],
        "deal_count": deals.count(),
        "closing_soon": deals.filter(close_date__lte=soon).count(),
        "accounts": Account.objects.filter(owner=user).order_by("name", "pk")[:SHOWN],
        "account_count": Account.objects.filter(owner=user).count(),
    }
