"""Measure one filled installation from inside: pages, match, creating a record. Prints JSON lines; run by `python -m benchmarks`."""

import gc
import json
import os
import resource
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from firsthand.config.sqlite import use_bundled_sqlite

use_bundled_sqlite()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firsthand.config.settings")

import django  # noqa: E402  (the bundled SQLite first)

django.setup()

from django.db import connection  # noqa: E402  (Django first)
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from firsthand.customers.models import Account, AccountValue  # noqa: E402
from firsthand.deals.models import Opportunity  # noqa: E402
from firsthand.matching.match import match  # noqa: E402
from firsthand.people.models import Colleague  # noqa: E402
from firsthand.references.models import Reference  # noqa: E402
from firsthand.requests.models import ReferenceRequest  # noqa: E402
from firsthand.requests.needs import need_of  # noqa: E402
from firsthand.stories.models import Story  # noqa: E402

ROUNDS = 30
WARM = 3


@dataclass
class Figure:
    """`n` timed rounds in milliseconds, after warm-ups; `queries` of one round."""

    group: str
    name: str
    median: float
    p95: float
    n: int
    queries: int


def measure(group: str, name: str, work: Callable[[int], object]) -> Figure:
    """Time `work(round)`; each round gets another number, so that no two rounds need ask for the same record."""
    for number in range(WARM):
        work(number)
    with CaptureQueriesContext(connection) as captured:
        work(WARM)
    gc.collect()
    times = []
    for number in range(WARM, WARM + ROUNDS):
        started = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return Figure(group, name, statistics.median(times), times[int(len(times) * 0.95) - 1], ROUNDS, len(captured))


def client_of(email_local: str) -> Client:
    client = Client()
    client.force_login(
        Colleague.objects.get(email__startswith=f"{email_local}@"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def get(client: Client, address: str) -> None:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if answer.status_code != 200 or not body:
        raise SystemExit(f"{address} answered {answer.status_code}")


def reading(client: Client, addresses: list[str]) -> Callable[[int], object]:
    """Read one of the addresses each round, in turn."""
    return lambda number: get(client, addresses[number % len(addresses)])


def lists(who: str) -> list[Figure]:
    """Every list: plain, with a common word, with the widest filter and the word."""
    client = client_of(who)
    industry = AccountValue.objects.filter(value__facet__code="industry").values_list("value__parent", flat=True).first()
    wide = {
        "customers:list": ("bank", f"facet={industry}"),
        "references:list": ("head", "status=active"),
        "stories:list": ("close", ""),
        "deals:list": ("atlas", "outcome=open"),
        "requests:list": ("close", ""),
        "people:list": ("a", "role=member"),
    }
    figures = []
    for view, (word, chosen) in wide.items():
        address = reverse(view)
        figures.append(measure("list", f"{view} as {who}", reading(client, [address])))
        query = f"?q={word}&{chosen}".rstrip("&")
        figures.append(measure("list", f"{view}{query} as {who}", reading(client, [address + query])))
    return figures


def records(who: str) -> list[Figure]:
    """Record pages, another record each round."""
    client = client_of(who)
    user = Colleague.objects.get(email__startswith=f"{who}@")
    pages = {
        "desk:account": Account.objects.visible_to(user),
        "desk:reference": Reference.objects.visible_to(user),
        "desk:story": Story.objects.visible_to(user),
        "desk:deal": Opportunity.objects.visible_to(user),
        "desk:request": ReferenceRequest.objects.visible_to(user),
    }
    figures = []
    for view, rows in pages.items():
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[: WARM + ROUNDS + 1])
        if ids:
            figures.append(measure("record", f"{view} as {who}", reading(client, [reverse(view, args=[pk]) for pk in ids])))
    return figures


def boards() -> list[Figure]:
    figures = []
    for who in ("mia", "sam", "ana", "eli"):
        client = client_of(who)
        figures.append(measure("home", f"desk:home as {who}", reading(client, [reverse("desk:home")])))
    client = client_of("sam")
    figures.append(measure("find", "desk:find?q=bank as sam", reading(client, [f"{reverse('desk:find')}?q=bank"])))
    return figures


def creating() -> list[Figure]:
    """Create an account and file a request through their forms."""
    mia, sam = client_of("mia"), client_of("sam")
    needed_by = (timezone.now().date() + timedelta(days=12)).isoformat()

    def account(_: int) -> None:
        answer = mia.post(reverse("customers:new"), {"name": f"Bench {uuid.uuid4().hex[:12]}", "is_customer": "on"})
        if answer.status_code != 302:
            raise SystemExit(f"creating an account answered {answer.status_code}")

    def request(_: int) -> None:
        typed = {"activity_type": 1, "needed_by": needed_by, "wish": "Month-end close at a bank", "form_key": str(uuid.uuid4())}
        answer = sam.post(reverse("requests:new"), typed)
        if answer.status_code != 302:
            raise SystemExit(f"filing a request answered {answer.status_code}")

    figures = [measure("create", "an account", account), measure("create", "a reference request", request)]
    Account.objects.filter(name__startswith="Bench ").delete()
    return figures


def matches() -> list[Figure]:
    """The whole match of open requests, all reasons, exclusions counted in full."""
    mia = Colleague.objects.get(email__startswith="mia@")
    open_requests = list(ReferenceRequest.objects.filter(status__in=["submitted", "asking"]).order_by("pk")[:20])
    needs = [need_of(each) for each in open_requests]
    return [measure("match", "one request, all reasons", lambda n: match(needs[n % len(needs)], mia))]


def main() -> None:
    for figures in (matches(), lists("mia"), lists("sam"), records("mia"), records("sam"), boards(), creating()):
        for figure in figures:
            print(json.dumps(asdict(figure)), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"group": "memory", "name": "peak of the measuring process, MB", "value": round(peak)}))


if __name__ == "__main__":
    main()
