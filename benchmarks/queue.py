"""20,000 open requests in the queue: filled once into an installation of its own, and the pages that show them.

`python -m benchmarks.queue fill` writes them through `core.bulk`; without a word the pages are measured, as `benchmarks.one` does.
Run by `python -m benchmarks`.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import chain, cycle
from typing import TypeVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from benchmarks.one import ROUNDS, WARM, Figure, client_of, measure, reading
from firsthand.core import bulk, statistics
from firsthand.deals.models import Opportunity
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, PolicyVersion
from firsthand.references.models import Engagement, Reference
from firsthand.requests.bottlenecks import keep_usual
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.ranking import rank_requests

Row = TypeVar("Row", bound=models.Model)
COUNT = 20_000
MANAGERS = 4  # besides the demo's own
# What becomes of twenty requests: their own status, and that of their ask.
STATES: Sequence[tuple[str, str]] = (
    *[("submitted", "")] * 5,
    *[("asking", "proposed")] * 5,
    *[("asking", "sent")] * 4,
    *[("asking", "approved")] * 2,
    *[("asking", "accepted")] * 2,
    ("needs_info", ""),
    ("answered_with_content", ""),
)


def fill() -> None:
    """The requests with their asks, slots and history, spread over 30 days back and 40 ahead."""
    requests = write(ReferenceRequest, list(new_requests()))
    asked = [(row, ask) for row, (_, ask) in zip(requests, cycle(STATES)) if ask]
    references = list(Reference.objects.select_related("contact__account").order_by("pk"))
    of_each = list(zip(asked, cycle(references)))
    slots = write(Engagement, [slot_of(row, reference) for (row, _), reference in of_each])
    asks = write(Ask, [ask_of(row, state, reference, slot) for ((row, state), reference), slot in zip(of_each, slots, strict=True)])
    write(Event, list(chain(map(submitted, requests), map(proposed, asks), questions(requests))))
    rank_requests(timezone.now())
    keep_usual(timezone.now())
    statistics.refresh()


def write(model: type[Row], rows: list[Row]) -> list[Row]:
    """All columns of unsaved rows, under ids of their own."""
    names = [field.attname for field in model._meta.concrete_fields]
    for row, pk in zip(rows, bulk.reserve_ids(model, len(rows)), strict=True):
        row.pk = pk
    bulk.insert(model, names, ([getattr(row, name) for name in names] for row in rows))
    return rows


def new_requests() -> Iterator[ReferenceRequest]:
    deals = Opportunity.objects.filter(outcome="open", account__isnull=False, owner__isnull=False).order_by("pk")
    types = cycle(ActivityType.objects.filter(code__in=["reference-call", "site-visit", "quote"]).order_by("pk"))
    policy, now = PolicyVersion.objects.latest("pk"), timezone.now()
    managers = cycle([*Colleague.objects.filter(role="manager").order_by("pk")[:1], *make_managers()])
    for number, deal in zip(range(COUNT), cycle(deals[:COUNT])):
        since = now - timedelta(minutes=number * 43_200 / COUNT)
        yield ReferenceRequest(
            requester_id=deal.owner_id or 0, manager=next(managers), opportunity=deal, activity_type=next(types), policy=policy,
            needed_by=now.date() + timedelta(days=number % 50 - 10), status=STATES[number % len(STATES)][0],
            wish="How long did the month-end close take before, and how long does it take now?", created_at=since, submitted_at=since,
        )  # fmt: skip


def make_managers() -> list[Colleague]:
    names = [f"Bench Manager {number + 1}" for number in range(MANAGERS)]
    return [Colleague.objects.get_or_create(name=name, defaults={"role": Colleague.Role.MANAGER})[0] for name in names]


def slot_of(row: ReferenceRequest, reference: Reference) -> Engagement:
    return Engagement(reference=reference, activity_type_id=row.activity_type_id, day=row.needed_by, state=Engagement.State.RESERVED)


def ask_of(row: ReferenceRequest, state: str, reference: Reference, slot: Engagement) -> Ask:
    since = row.created_at + timedelta(hours=3)
    sent = since if state in {"sent", "accepted"} else None
    return Ask(
        reference_request=row, reference=reference, engagement=slot, status=state, policy_id=row.policy_id, proposed_by_id=row.manager_id,
        approver_id=reference.contact.account.owner_id, waiting_since=since, sent_at=sent,
        answer_by=timezone.now() + timedelta(days=3) if sent else None, answered_at=since if state == "accepted" else None,
    )  # fmt: skip


def submitted(row: ReferenceRequest) -> Event:
    return event("submit", "referencerequest", row.pk, row)


def proposed(ask: Ask) -> Event:
    return event("propose", "ask", ask.pk, ask.reference_request)


def questions(requests: list[ReferenceRequest]) -> Iterator[Event]:
    return (event("ask_info", "referencerequest", row.pk, row) for row in requests if row.status == "needs_info")


def event(verb: str, kind: str, pk: int, row: ReferenceRequest) -> Event:
    return Event(
        verb=verb, subject_kind=kind, subject_id=pk, context_kind="referencerequest", context_id=row.pk, at=row.created_at,
        actor_kind="colleague", actor_id=row.requester_id,
    )  # fmt: skip


def pages() -> Iterator[Figure]:
    """The queue's lists with every view and filter, its search, the desk, the panels, a move on fifty, and request pages."""
    mia, sam = client_of("mia"), client_of("sam")
    address = reverse("requests:list")
    middle = ReferenceRequest.objects.filter(rank_on__isnull=False).order_by("rank_on", "pk")[COUNT // 2].pk
    views = ("open", "week", "late", "ageing", "owner", "reference", "nobody", "info", "without_yes")
    queries = [f"view={view}" for view in views]
    queries += ["view=open&manager=mine", "view=open&manager=nobody", "view=open&manager=others", "view=nobody&activity=reference-call"]
    queries += ["view=open&q=bank", "view=open&sort=due", f"view=open&after={middle}&at={COUNT // 2}"]
    for query in queries:
        yield measure(
            "list",
            f"?{query.partition('&after')[0]}{' in the middle' if 'after' in query else ''} as mia",
            reading(mia, [f"{address}?{query}"]),
        )
    yield measure("list", "?view=open as sam", reading(sam, [f"{address}?view=open"]))
    yield measure("home", "desk as mia", reading(mia, [reverse("desk:home")]))
    yield measure("list", "competing requests as mia", reading(mia, [reverse("requests:competing")]))
    ids = list(ReferenceRequest.objects.open().order_by("-pk").values_list("pk", flat=True)[: 50 * (WARM + ROUNDS + 1)])
    for move in ("remind", "close"):
        chosen = "&".join(f"request={pk}" for pk in ids[:50])
        yield measure("queue", f"preview of “{move}” on 50", reading(mia, [f"{reverse('requests:moves')}?move={move}&{chosen}"]))
    yield measure("record", "request page as mia", reading(mia, [reverse("desk:request", args=[pk]) for pk in ids[::50]]))
    yield measure("queue", "ranking all of them anew, by the worker", lambda _: rank_requests(timezone.now()))


def main() -> None:
    if sys.argv[1:] == ["fill"]:
        fill()
        return
    for figure in pages():
        print(json.dumps(asdict(figure)), flush=True)


if __name__ == "__main__":
    main()
