"""Random people make random moves at random times, by the deeds alone; after each the never-broken rules are asked."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import ClassVar

import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from firsthand.proofs.afterwards import AFTER_MOVES, Afterwards
from firsthand.proofs.changes import CHANGES
from firsthand.proofs.facts import Facts
from firsthand.proofs.links_opened import Links
from firsthand.proofs.meetings import MEETING_MOVES
from firsthand.proofs.movers import MOVES
from firsthand.proofs.never_broken import Watch
from firsthand.proofs.openings import OPENINGS, Openings
from firsthand.proofs.queue_moves import QUEUE_MOVES, Queue
from firsthand.proofs.readers import found_in, secrets_from
from firsthand.proofs.tenders import TENDER_MOVES
from firsthand.requests.models import Ask
from firsthand.testing.smtp import Sink

# Days before the clocks change in Berlin, Los Angeles and Auckland, an ordinary Tuesday, ends of quarters and of a year.
STARTS = [
    datetime(2026, *day, 15, 30, tzinfo=UTC)
    for day in ((3, 27), (3, 6), (4, 3), (9, 25), (10, 23), (10, 30), (3, 10), (6, 29), (9, 30), (12, 30))
]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Los_Angeles"]
HOURS = [1, 5, 14, 24, 49, 24 * 4, 24 * 8, 24 * 33]
number = st.integers(0, 11)


class Workflows(Openings, Afterwards, Queue, Links, RuleBasedStateMachine):
    """One run. `company` and `tell` are set by the test that starts it; each run ends by taking back everything it wrote."""

    tell: ClassVar[Callable[..., None]]
    post: ClassVar[Sink]

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.clock = time_machine.travel(STARTS[0], tick=False)
        self.traveller = self.clock.start()
        self.post.mails.clear()
        self.watch = Watch(self.post)
        self.watch.remember()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        type(self).tell(rounds=1, **self.watch.counts)

    @initialize(
        start=st.sampled_from(STARTS),
        zone=st.sampled_from(ZONES),
        route=st.tuples(st.sampled_from(["always", "first", "never"]), st.sampled_from(["manager", "manager", "self_service"])),
        draws=st.tuples(number, number, number),
        openings=st.lists(st.sampled_from(OPENINGS), min_size=2, max_size=3, unique=True),
    )
    def begin(self, start: datetime, zone: str, route: tuple[str, str], draws: tuple[int, int, int], openings: list[str]) -> None:
        """A program somewhere in the world, in which something is going on."""
        self.traveller.move_to(start)
        self.save_policy(time_zone=zone, activities={"reference-call": {"owner_approval": route[0], "routing": route[1]}})
        for opening in openings:
            getattr(self, opening)(*draws)
            self.time_goes_by(1, "ticks")

    @rule(move=st.sampled_from(MOVES), which=number, who=number, how=number)
    def somebody_moves(self, move: str, which: int, who: int, how: int) -> None:
        if Ask.objects.exists() or move in {"file", "propose", "move_request", "end_request"}:
            getattr(self, move)(which, who, how)

    @rule(move=st.sampled_from(MOVES[:18]), which=number, who=number, how=number)
    def somebody_leads_on(self, move: str, which: int, who: int, how: int) -> None:
        """The same, leaning towards what leads on; and the worker does what follows."""
        self.somebody_moves(move, which, who, how)
        self.time_goes_by(HOURS[how % 4], "ticks")

    @rule(move=st.sampled_from(MEETING_MOVES), which=number, who=number, how=number)
    def they_meet(self, move: str, which: int, who: int, how: int) -> None:
        self.somebody_moves(move, which, who, how)

    @rule(move=st.sampled_from(AFTER_MOVES), which=number, who=number, how=number)
    def they_look_back(self, move: str, which: int, who: int, how: int) -> None:
        """On something that was held, or it is led there."""
        held = Ask.objects.filter(status=Ask.Status.HELD).exists()
        self.somebody_moves(move if held else "carry_forward", which, who, how)

    @rule(move=st.sampled_from(TENDER_MOVES), which=number, who=number, how=number)
    def they_answer_a_tender(self, move: str, which: int, who: int, how: int) -> None:
        getattr(self, move if self.tenders() else "file_tender")(which, who, how)

    @rule(move=st.sampled_from(QUEUE_MOVES), which=number, who=number, how=number)
    def they_run_the_queue(self, move: str, which: int, who: int, how: int) -> None:
        getattr(self, move)(which, who, how)

    @rule(change=st.sampled_from(CHANGES), which=number, how=number)
    def the_world_changes(self, change: str, which: int, how: int) -> None:
        """And somebody acts as if it had not."""
        getattr(self, change)(which, how)
        self.try_at_once(which)

    @rule(hours=st.sampled_from(HOURS), worker=st.sampled_from(["ticks", "ticks", "ticks", "sends", "sleeps"]))
    def time_passes(self, hours: int, worker: str) -> None:
        """The worker does what is due, or only sends what is due, or is down."""
        self.time_goes_by(hours, worker)

    @rule(which=number, how=number)
    def a_link_is_opened(self, which: int, how: int) -> None:
        self.open_link(which, how)

    @rule(which=number, reader=st.integers(0, 1), page=st.integers(0, 4))
    def somebody_reads(self, which: int, reader: int, page: int) -> None:
        """Sam, who requests, or Eve, who may, read what they can get: an address stands there only once it was earned."""
        if not Ask.objects.exists():
            return
        ask, colleague, client = self.an_ask(which, ""), self.company.people[reader], Client()
        client.force_login(colleague)
        pages = (
            ("desk:request", ask.reference_request_id),
            ("requests:ask", ask.pk),
            ("desk:reference", ask.reference_id),
            ("desk:account", ask.reference.contact.account_id),
            ("requests:brief", ask.pk),
        )
        name, pk = pages[page]
        answer = client.get(reverse(name, args=[pk]))
        assert answer.status_code in {200, 404, 409}, f"{name} answers {answer.status_code}"
        told = found_in(unescape(answer.content.decode()), secrets_from(colleague, Facts(timezone.now())))
        assert not told, f"{name} tells {colleague.name} {told}"
        self.watch.asked("pages read")
