"""Eight clients, and time itself: two managers lift the same rules, a reservation runs out while the reference says yes."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from firsthand.core import links, locks
from firsthand.history.models import Event, Message
from firsthand.proofs import seams
from firsthand.proofs.clients import Answer, Browser
from firsthand.proofs.racing import CLIENTS, CONFLICT, DONE, Press, Race, run, run_without
from firsthand.proofs.scenes import Scene, asked, escalated
from firsthand.proofs.server import Servers
from firsthand.proofs.test_races import moves_made, said_again
from firsthand.requests.actions import lapse_asks
from firsthand.requests.models import Ask, BarException
from firsthand.testing.proof import Proof, scale

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@dataclass
class Pace:
    """How long a press took last, in seconds, and whether one of this round is answered: the clock has no browser to be slow with."""

    seconds: float = 0.1
    answered: threading.Event = field(default_factory=threading.Event)

    def press(self, post: Press) -> Answer:
        started = time.monotonic()
        answer = post()
        self.seconds = time.monotonic() - started
        self.answered.set()
        return answer


PACE = Pace()


def test_two_managers_granting_exceptions(proof: Proof, servers: Servers) -> None:
    run(GRANT, proof, servers)


def test_two_managers_granting_exceptions_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(GRANT, proof, servers)


def test_expiry_against_accept(proof: Proof, servers: Servers) -> None:
    """Neither side is so much faster that it always wins, in many rounds."""
    run(ACCEPT_OR_LAPSE, proof, servers)
    first = Counter(Event.objects.filter(verb__in=["accept", "lapse"]).values_list("verb", flat=True))
    proof.count(**first)
    assert min(first["accept"], first["lapse"]) > 0 or scale() < 1


@pytest.mark.usefixtures("careless_clock")
def test_expiry_against_accept_without_guards(proof: Proof, servers: Servers) -> None:
    run_without(ACCEPT_OR_LAPSE, proof, servers)


def grant(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    """Mia and Max lift what bars the same ask."""
    assert scene.ask
    address = reverse("requests:exception", args=[scene.ask.pk])
    presses: list[Press] = [partial(browsers[who].post, address, seen=scene.ask.status, reason=f"{who} wants it") for who in ("mia", "max")]
    return presses * (CLIENTS // 2)


def one_exception_stands(scene: Scene) -> None:
    """One row, by one manager for their reason, and one mail to the owner."""
    assert scene.ask
    row = BarException.objects.select_related("granted_by").get(ask=scene.ask)
    assert row.granted_by
    assert (row.rule, row.reason) == ("minor_escalation", f"{row.granted_by.name.split()[0].lower()} wants it")
    event = Event.objects.get(subject_kind="ask", subject_id=scene.ask.pk, verb="lift")
    assert Message.objects.filter(kind="news", channel="mail", facts__event=event.pk).count() == 1


def accept_or_lapse(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    """Rae presses yes seven times while the clock takes the ask back; the wait for her answer is over."""
    assert scene.ask
    assert scene.link
    Ask.objects.filter(pk=scene.ask.pk).update(answer_by=timezone.now() - timedelta(minutes=1))
    browsers["rae"].get(f"/l/{links.token(scene.link)}/")
    yes = partial(browsers["rae"].post, links.page(scene.link), act="accept", seen="sent")
    PACE.answered.clear()
    return [*[partial(PACE.press, yes)] * (CLIENTS - 1), the_clock]


def the_clock() -> Answer:
    """What `tick` does, answered as a page would."""
    time.sleep(random.uniform(0, PACE.seconds))
    try:
        is_done = lapse_asks(timezone.now())
    finally:
        connection.close()  # each round has a thread of its own
    return Answer(DONE if is_done else CONFLICT, "<h1>It was answered in the meantime.</h1>", "")


def answered_or_lapsed(scene: Scene) -> None:
    """The slot is kept after a yes and free after a lapse."""
    assert scene.ask
    ask = Ask.objects.select_related("engagement").get(pk=scene.ask.pk)
    assert ask.engagement
    verb = Event.objects.get(subject_kind="ask", subject_id=ask.pk).verb
    expected = {"accept": ("accepted", "reserved"), "lapse": ("lapsed", "released")}
    assert (ask.status, ask.engagement.state) == expected[verb]


@pytest.fixture
def careless_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs here and not in the server, so that its locks and guards have to go here. It writes late."""

    def see_nothing(before: dict[str, Any]) -> dict[str, Any]:
        PACE.answered.wait(seams.LONGEST)
        return {}

    monkeypatch.setattr(random, "uniform", lambda *_: 0)
    monkeypatch.setattr(locks, "lock", lambda rows: rows)
    monkeypatch.setattr(locks, "guard", see_nothing)


GRANT = Race("exceptions", escalated, grant, moves_made("lift"), one_exception_stands)
ACCEPT_OR_LAPSE = Race(
    "guards",
    partial(asked, status="sent"),
    accept_or_lapse,
    moves_made("accept", "lapse"),
    answered_or_lapsed,
    said_again,
    side=lambda n: n == CLIENTS - 1,
)
