"""Measure one filled installation from inside: pages, match, creating a record. Prints JSON lines; run by `python -m benchmarks`.

`python -m benchmarks.one match list` measures those groups alone.
"""

import gc
import json
import math
import os
import resource
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import chain
from pathlib import Path

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

ROUNDS, FEWEST = 30, 10
LONGEST = 2.5  # seconds for one figure, so that a crowded machine is done in bounded time too: fewer rounds then
WARM = 3

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Figure:
    """`n` timed rounds in milliseconds, after warm-ups; `queries` of one round.

    `processor` is the mean time of this process and of its PostgreSQL backend: what the round costs while others use the machine.
    """

    group: str
    name: str
    median: float
    p95: float
    processor: float
    n: int
    queries: int


def measure(group: str, name: str, work: Callable[[int], object]) -> Figure:
    """Time `work(round)`; each round gets another number, so that no two rounds need ask for the same record."""
    for number in range(WARM):
        work(number)
    with CaptureQueriesContext(connection) as captured:
        work(WARM)
    queries = len(captured)  # now: the next request empties the log
    gc.collect()
    times: list[float] = []
    before = processor()
    while len(times) < FEWEST or (len(times) < ROUNDS and sum(times) < LONGEST * 1000):
        started = time.perf_counter()
        work(WARM + len(times))
        times.append((time.perf_counter() - started) * 1000)
    spent = (processor() - before) * 1000 / len(times)
    times.sort()
    return Figure(group, name, statistics.median(times), times[math.ceil(len(times) * 0.95) - 1], spent, len(times), queries)


def processor() -> float:
    """Processor seconds of this process and of the PostgreSQL backend that serves it, where there is one on this machine."""
    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
    return time.process_time() + (int(fields[11]) + int(fields[12])) * TICK


def client_of(email_local: str) -> Client:
    client = Client(SERVER_NAME="localhost")
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


def lists(who: str) -> Iterator[Figure]:
    """Every list: plain, with a common word, with the widest filter and the word."""
    client = client_of(who)
    industry = AccountValue.objects.filter(value__facet__code="industry").values_list("value__parent", flat=True).first()
    wide = {
        "customers:list": ("bank", f"industry={industry}"),
        "references:list": ("head", f"industry={industry}"),
        "stories:list": ("close", ""),
        "deals:list": ("atlas", "outcome=open"),
        "requests:list": ("close", "view=open"),
        "people:list": ("a", "role=member"),
    }
    for view, (word, chosen) in wide.items():
        address = reverse(view)
        plain = f"{address}?{chosen}" if view == "requests:list" else address  # without a word it leads there itself
        yield measure("list", f"{view} as {who}", reading(client, [plain]))
        query = f"?q={word}&{chosen}".rstrip("&")
        yield measure("list", f"{view}{query} as {who}", reading(client, [address + query]))


def records(who: str) -> Iterator[Figure]:
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
    for view, rows in pages.items():
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[: WARM + ROUNDS + 1])
        if ids:
            yield measure("record", f"{view} as {who}", reading(client, [reverse(view, args=[pk]) for pk in ids]))


def boards() -> Iterator[Figure]:
    for who in ("mia", "sam", "ana", "eli"):
        client = client_of(who)
        yield measure("home", f"desk:home as {who}", reading(client, [reverse("desk:home")]))


def finding() -> Iterator[Figure]:
    """A common word, over everything one may see."""
    yield measure("find", "desk:find?q=bank as sam", reading(client_of("sam"), [f"{reverse('desk:find')}?q=bank"]))


def creating() -> Iterator[Figure]:
    """Create an account and file a request through their forms."""
    mia, sam = client_of("mia"), client_of("sam")
    needed_by = (timezone.now().date() + timedelta(days=12)).isoformat()

    def account(_: int) -> None:
        answer = mia.post(reverse("customers:new"), {"name": f"Bench {uuid.uuid4().hex[:12]}", "is_customer": "on"})
        if answer.status_code != 302:
            raise SystemExit(f"creating an account answered {answer.status_code}")

    def request(_: int) -> None:
        typed = {"activity": "reference-call", "needed_by": needed_by, "wish": "Month-end close at a bank", "form_key": str(uuid.uuid4())}
        answer = sam.post(reverse("requests:new"), typed)
        if answer.status_code != 302:
            raise SystemExit(f"filing a request answered {answer.status_code}")

    yield measure("create", "an account", account)
    yield measure("create", "a reference request", request)
    Account.objects.filter(name__startswith="Bench ").delete()


def matches() -> Iterator[Figure]:
    """The whole match of open requests, all reasons, exclusions counted in full."""
    mia = Colleague.objects.get(email__startswith="mia@")
    open_requests = list(ReferenceRequest.objects.filter(status__in=["submitted", "asking"]).order_by("pk")[:20])
    needs = [need_of(each) for each in open_requests]
    yield measure("match", "one request, all reasons", lambda n: match(needs[n % len(needs)], mia))


GROUPS: dict[str, Callable[[], Iterable[Figure]]] = {
    "match": matches,
    "list": lambda: chain(lists("mia"), lists("sam")),
    "record": lambda: chain(records("mia"), records("sam")),
    "home": boards,
    "find": finding,
    "create": creating,
}


def main() -> None:
    for group in sys.argv[1:] or GROUPS:
        for figure in GROUPS[group]():
            print(json.dumps(asdict(figure)), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"group": "memory", "name": "peak of the measuring process, MB", "value": round(peak)}))


if __name__ == "__main__":
    main()
