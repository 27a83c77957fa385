"""Moves around the meeting: times offered, taken back and picked, not after all, did it happen, somebody else, arranged outside."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, Q
from django.utils import timezone

from firsthand.proofs.movers import WHY, Movers, pick
from firsthand.requests import actions
from firsthand.requests.actions import Outside
from firsthand.requests.models import ArrangedOutside, Ask, Attendee, OfferedTime, Outcome, ReferenceRequest
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.workflow import ASK_MOVES, AskMove, RequestMove

M = TypeVar("M", bound=Model)
MEETING_MOVES = (
    *["offer_times", "prospect_picks", "join"] * 2, "set_places", "ask_along", "take_time_back", "let_pick", "reference_stops",
    *["say_outcome"] * 3, *["ask_introduction", "bring", "take_off"] * 2, "swap", "log_outside", "debrief_outside", "retract_outside",
    "hand_over",
)  # fmt: skip


def newest(rows: Sequence[M], which: int) -> M | None:
    return pick(rows, which) if rows else None


class Meetings(Movers):
    """Drawn like the other moves."""

    def offer_times(self, which: int, who: int, how: int) -> None:
        """By the reference; now and then by another, or for a day that is past."""
        ask = self.an_ask(which, AskMove.SCHEDULE)
        by = ask.reference.contact if how else pick(self.company.references, who).contact
        days = [1, 2, 6, 30] if how != 1 else [-1]
        times = [timezone.now() + timedelta(days=each, hours=who) for each in days[: 1 + who % 4]]
        zone = ["", "Asia/Kolkata", "Pacific/Auckland", "nowhere"][how % 4]
        self.attempt(actions.offer_times, ask, by=by, times=times, time_zone=zone)

    def take_time_back(self, which: int, who: int, how: int) -> None:
        offered = newest(list(OfferedTime.objects.select_related("ask__reference__contact").order_by("-pk")[:8]), which)
        if offered is not None:
            by = offered.ask.reference.contact if how else pick(self.company.references, who).contact
            self.attempt(actions.withdraw_time, offered.ask, offered.pk, by=by)

    def let_pick(self, which: int, who: int, how: int) -> None:
        """The other side gets a link."""
        ask = self.an_ask(which, AskMove.SCHEDULE)
        name = ["Pia Prospect", "Pat Prospect"][how % 2]
        by = self.mover(ask, AskMove.SCHEDULE, who, how)
        self.attempt(actions.let_pick, ask, by=by, name=name, email=f"{name.split()[0].lower()}@prospect.example")

    def prospect_picks(self, which: int, who: int, how: int) -> None:
        """One of the times of their meeting, or one that is gone; perhaps with company."""
        by = newest(list(Attendee.objects.select_related("reference_request").order_by("-pk")[:6]), which)
        theirs = (
            Q(attendances__attendee=by, attendances__taken_off_at=None)
            if how > 1
            else Q(reference_request=by.reference_request if by else None)
        )
        asks = list(Ask.objects.filter(theirs).order_by("status", "pk")) if by else []
        if by is None or not asks:
            return
        ask = pick(asks, who)
        standing = list(ask.offered_times.values_list("pk", flat=True))
        offered = pick(standing, who) if standing and how else 999_999
        people = [("Pat Prospect", "pat@prospect.example")] if how > 8 else []
        self.attempt(actions.pick_time, ask, offered, by=by, time_zone="America/Los_Angeles" if how % 2 else "", people=people)

    def reference_stops(self, which: int, who: int, how: int) -> None:
        """Not now, or not after all."""
        ask = self.an_ask(which, AskMove.ACCEPT if how % 2 else AskMove.SCHEDULE)
        by = ask.reference.contact if how else pick(self.company.references, who).contact
        if how % 2:
            self.attempt(actions.not_now, ask, by=by, until=self.today + timedelta(days=who), seen=ask.status)
        else:
            self.attempt(actions.call_off, ask, by=by, reason="Ill", seen=ask.status)

    def ask_introduction(self, which: int, who: int, how: int) -> None:
        """The reference would rather find a time themselves: with their yes, or after it; now and then another asks."""
        ask = self.an_ask(which, AskMove.ACCEPT if how % 2 else AskMove.INTRODUCE)
        by = ask.reference.contact if how else pick(self.company.references, who).contact
        if AskMove.ACCEPT in ASK_MOVES[ask.status]:
            self.attempt(actions.accept, ask, by=by, introduces=True, seen=ask.status)
        else:
            self.attempt(actions.ask_introduction, ask, by=by, seen=ask.status)

    def say_outcome(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.HOLD)
        by = ask.reference.contact if how % 3 == 0 else self.mover(ask, AskMove.HOLD, who, how)
        says = Outcome.Says.HELD if how > 3 else pick(Outcome.Says.values, who)
        self.attempt(actions.say_outcome, ask, by=by, says=says, seen=ask.status)

    def swap(self, which: int, who: int, how: int) -> None:
        """Somebody else is asked to take a fixed time over."""
        ask = self.an_ask(which, AskMove.RESCHEDULE)
        by = self.whoever(who, how, lambda each: who_may_not_request(each, RequestMove.ASK, ask.reference_request))
        others = [pick(self.company.references, who + n) for n in range(1 + how % 3)]
        self.attempt(actions.swap, ask, others, by=by, exception=WHY if how > 8 else "", seen=ask.status)

    def ask_along(self, which: int, who: int, how: int) -> None:
        """Others are asked to come to a fixed time as well; now and then past what a manager may lift."""
        hosts = list(Ask.objects.filter(occasion__activity_type=self.company.panel, status="scheduled").order_by("-pk"))
        host = pick(hosts, which) if hosts and how else self.an_ask(which, AskMove.RESCHEDULE)
        by = self.whoever(who, how, lambda each: who_may_not_request(each, RequestMove.ASK, host.reference_request))
        others = [pick(self.company.references, who + n) for n in range(1 + how % 2)]
        self.attempt(actions.ask_along, host, others, by=by, exception="The sponsor asks for it" if how > 8 else "", seen=host.status)

    def join(self, which: int, who: int, how: int) -> None:
        """A request, new where need be, comes to a time that is fixed for another."""
        hosts = list(Ask.objects.filter(occasion__activity_type=self.company.panel, status="scheduled").order_by("-pk"))
        if how % 3 == 0 or not hosts:
            self.file(which, who, 4)
        row = newest(list(ReferenceRequest.objects.filter(activity_type=self.company.panel).order_by("-pk")[:4]), how // 3)
        host = pick(hosts, which) if hosts else self.an_ask(which, AskMove.RESCHEDULE)
        if row is not None:
            by = self.request_mover(row, RequestMove.ASK, who, how)
            self.attempt(actions.join, row, host, by=by, exception=WHY if how > 8 else "")

    def set_places(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.RESCHEDULE)
        self.attempt(actions.set_places, ask, by=self.mover(ask, AskMove.RESCHEDULE, who, how), places=how)

    def log_outside(self, which: int, who: int, how: int) -> None:
        """Somebody we know, or a name."""
        contact = pick(self.company.references, which).contact if how % 4 else None
        day = self.today + timedelta(days=[-3, 0, 5, -40][how % 4])
        said = Outside(day, self.company.call, contact, "A friendly customer", self.a_deal(who), by_prospect=how > 9)
        self.attempt(actions.log_outside, said, by=pick(self.company.people, who))

    def debrief_outside(self, which: int, who: int, how: int) -> None:
        row = newest(list(ArrangedOutside.objects.select_related("colleague").order_by("-pk")[:4]), which)
        if row is not None:
            by = row.colleague if how else pick(self.company.people, who)
            self.attempt(actions.debrief_outside, row, by=by, grade=how % 7)

    def retract_outside(self, which: int, who: int, how: int) -> None:
        """By whoever logged it; now and then by somebody, or without a reason."""
        row = newest(list(ArrangedOutside.objects.select_related("colleague").order_by("-pk")[:4]), which)
        if row is not None:
            by = row.colleague if how else pick(self.company.people, who + 1)
            self.attempt(actions.retract_outside, row, by=by, reason="It was another day" if how != 5 else " ")

    def hand_over(self, which: int, who: int, how: int) -> None:
        row = newest(list(ReferenceRequest.objects.order_by("-pk")[:4]), which)
        if row is not None:
            to, by = pick(self.company.people, who), self.company.manager if how else pick(self.company.people, who + 1)
            self.attempt(actions.hand_over, row, to=to, by=by, reason="On leave")
