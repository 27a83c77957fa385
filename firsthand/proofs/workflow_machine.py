"""Random people make random moves at random times, by the deeds alone; after each the never-broken rules are asked."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from firsthand.history.models import Event
from firsthand.program.policy import in_force
from firsthand.proofs import everyday, openings, seldom, situations
from firsthand.proofs.afterwards import AFTER_MOVES
from firsthand.proofs.changes import CHANGES
from firsthand.proofs.gathering import GATHERING_MOVES, Gathering
from firsthand.proofs.meetings import MEETING_MOVES
from firsthand.proofs.movers import MOVES, pick
from firsthand.proofs.never_broken import Watch
from firsthand.proofs.queue_moves import QUEUE_MOVES
from firsthand.proofs.reading import PAGES
from firsthand.proofs.rights import Rights
from firsthand.proofs.seasons import crossed
from firsthand.proofs.tenders import TENDER_MOVES
from firsthand.proofs.trials import MOMENTS
from firsthand.requests.models import Ask
from firsthand.testing.proof import Sample

# Days before the clocks change in Berlin, Los Angeles and Auckland, an ordinary Tuesday, ends of quarters and of a year.
STARTS = [
    datetime(2026, *day, 15, 30, tzinfo=UTC)
    for day in ((3, 27), (3, 6), (4, 3), (9, 25), (10, 23), (10, 30), (3, 10), (6, 29), (9, 30), (12, 30))
]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Los_Angeles"]
HOURS = [1, 5, 14, 24, 49, 24 * 4, 24 * 8, 24 * 33]
SITUATIONS = (*openings.OPENINGS, *situations.SITUATIONS, *everyday.EVERYDAY, *seldom.SELDOM)
ROUTES = [(approval, routing) for approval in ("always", "first", "never") for routing in ("manager", "manager", "self_service")]
# How often each is drawn. They are one rule, since Hypothesis leaves out some of several rules in each run.
STEPS = (
    *["somebody_moves", "somebody_leads_on", "they_meet", "they_gather", "the_world_changes", "time_passes"] * 3,
    *["they_look_back", "they_answer_a_tender", "they_run_the_queue"] * 2,
    "a_link_is_opened", "somebody_reads", "a_bar_is_tried",
)  # fmt: skip
number = st.integers(0, 11)


class Workflows(Rights, situations.Situations, Gathering, seldom.Seldom, RuleBasedStateMachine):
    """One run. `company` and `tell` are set by the test that starts it; each run ends by taking back everything it wrote."""

    tell: ClassVar[Callable[..., None]]
    happened: ClassVar[set[str]] = set()
    moved: ClassVar[set[tuple[str, str]]] = set()
    seasons: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.clock = time_machine.travel(STARTS[0], tick=False)
        self.traveller = self.clock.start()
        self.began = STARTS[0]
        self.post.mails.clear()
        self.watch = Watch(self.post)
        self.watch.remember()

    def teardown(self) -> None:
        self.seasons.update(crossed(self.began, timezone.now(), in_force().time_zone))
        self.clock.stop()
        self.happened.update(Event.objects.values_list("verb", flat=True))
        self.moved.update(self.watch.moved)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        type(self).tell(rounds=1, **self.watch.counts)

    @initialize(
        start=st.sampled_from(STARTS),
        zone=st.sampled_from(ZONES),
        route=st.sampled_from(ROUTES),
        draws=st.tuples(number, number, number),
        situations=st.lists(st.sampled_from(SITUATIONS), min_size=2, max_size=2, unique=True),
    )
    def begin(self, start: datetime, zone: str, route: tuple[str, str], draws: tuple[int, int, int], situations: list[str]) -> None:
        """A program somewhere in the world, in which something is going on."""
        self.traveller.move_to(start)
        self.began = start
        self.save_policy(time_zone=zone, activities={"reference-call": {"owner_approval": route[0], "routing": route[1]}})
        for situation in situations:
            getattr(self, situation)(*draws)
            self.time_goes_by(1, "ticks")

    def walk(self, number: int, turn: int) -> None:
        """One situation somewhere in the world and the days after it, and then a moment in which bars may stand in the way.

        In `make test` a third of these moments are tried.
        """
        start, zone, route = (pick(rows, number + turn) for rows in (STARTS, ZONES, ROUTES))
        self.begin(start, zone, route, (1 + turn, number + turn, turn), [SITUATIONS[number]])
        self.wait(24 * 3)  # through the weekend, on which the clocks change
        moments = [pick(list(MOMENTS), number + turn)] if number < len(MOMENTS) else []
        for moment in Sample.now.some("moments at which every bar is tried", moments, one_in=3):
            self.try_bars(moment, number, turn)

    @rule(kind=st.sampled_from(STEPS), move=st.integers(0, 59), which=number, who=number, how=number)
    def step(self, kind: str, move: int, which: int, who: int, how: int) -> None:
        getattr(self, kind)(move, which, who, how)

    def somebody_moves(self, move: int, which: int, who: int, how: int) -> None:
        self.make(pick(MOVES, move), which, who, how)

    def somebody_leads_on(self, move: int, which: int, who: int, how: int) -> None:
        """The same, leaning towards what leads on; and the worker does what follows."""
        self.make(pick(MOVES[:18], move), which, who, how)
        self.time_goes_by(HOURS[how % 4], "ticks")

    def make(self, move: str, which: int, who: int, how: int) -> None:
        if Ask.objects.exists() or move in {"file", "propose", "move_request", "end_request", "fix_group_time"}:
            getattr(self, move)(which, who, how)

    def they_meet(self, move: int, which: int, who: int, how: int) -> None:
        self.make(pick(MEETING_MOVES, move), which, who, how)

    def they_gather(self, move: int, which: int, who: int, how: int) -> None:
        """A time that several may come to is fixed, somebody comes to it as well, and then anything."""
        coming = len(self.group_times())
        self.make(pick(GATHERING_MOVES, move) if coming > 1 else ("fix_group_time", "come_too")[coming], which, who, how)

    def they_look_back(self, move: int, which: int, who: int, how: int) -> None:
        """On something that was held, or it is led there."""
        held = Ask.objects.filter(status=Ask.Status.HELD).exists()
        self.make(pick(AFTER_MOVES, move) if held else "carry_forward", which, who, how)

    def they_answer_a_tender(self, move: int, which: int, who: int, how: int) -> None:
        getattr(self, pick(TENDER_MOVES, move) if self.tenders() else "file_tender")(which, who, how)

    def they_run_the_queue(self, move: int, which: int, who: int, how: int) -> None:
        getattr(self, pick(QUEUE_MOVES, move))(which, who, how)

    def the_world_changes(self, move: int, which: int, who: int, how: int) -> None:
        """And somebody acts as if it had not."""
        getattr(self, pick(CHANGES, move))(which, how)
        self.try_at_once(which)

    def time_passes(self, move: int, which: int, who: int, how: int) -> None:
        """The worker does what is due, or only sends what is due, or is down."""
        self.time_goes_by(pick(HOURS, which), pick(["ticks", "ticks", "ticks", "sends", "sleeps"], move))

    def a_link_is_opened(self, move: int, which: int, who: int, how: int) -> None:
        self.open_link(which, how)

    def somebody_reads(self, move: int, which: int, who: int, how: int) -> None:
        self.read_page(which, who % 2, move % PAGES)

    def a_bar_is_tried(self, move: int, which: int, who: int, how: int) -> None:
        self.try_bars(pick(list(MOMENTS), move), who, how)
