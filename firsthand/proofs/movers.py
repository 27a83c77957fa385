"""Every move a person can make, as methods that take three numbers: on what, by whom, how."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, ClassVar, TypeVar

import time_machine
from django.db import transaction
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.proofs.company import CLOSE, Company
from firsthand.proofs.facts import Facts
from firsthand.proofs.never_broken import Watch
from firsthand.proofs.readers import found_in, secrets_from
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.requests.permissions import why_not_now, why_not_propose
from firsthand.requests.who_may import who_may_not, who_may_not_request
from firsthand.requests.workflow import ASK_MOVES, REQUEST_MOVES, AskMove, RequestMove
from firsthand.upkeep.worker import DUE, drain_messages, tick

T = TypeVar("T")

RELATED = ("contact__person", "contact__account__owner", "reference_account")
FORWARD: dict[str, AskMove] = {
    Ask.Status.PROPOSED: AskMove.APPROVE,
    Ask.Status.APPROVED: AskMove.SEND,
    Ask.Status.SENT: AskMove.ACCEPT,
    Ask.Status.LAPSED: AskMove.ACCEPT,
    Ask.Status.ACCEPTED: AskMove.SCHEDULE,
    Ask.Status.INTRODUCED: AskMove.HOLD,
    Ask.Status.SCHEDULED: AskMove.HOLD,
}
WHY = "The sponsor asks for it"
# How often each is drawn; what leads on is drawn more often than what ends.
MOVES = (
    *["carry_forward"] * 6, *["file", "propose"] * 3, *["answer_for_owner", "reference_answers", "schedule"] * 2,
    *["move_request"] * 2, "end_request", "send", "record_answer", "introduce", "hold", "miss", "cancel", "debrief", "lift",
    "give_to_owner",
)  # fmt: skip


def pick(rows: Sequence[T], which: int) -> T:
    return rows[which % len(rows)]


class Movers:
    """Moves by the deeds alone. `which`, `who` and `how` lie between 0 and 11; a `how` of 0 is the odd case."""

    company: ClassVar[Company]
    watch: Watch
    traveller: time_machine.Traveller

    def attempt(self, deed: Callable[..., Any], *args: Any, **facts: Any) -> None:
        """Do it, which takes a second; a refusal is an answer too. Whatever was done, the rules hold; what was refused changes nothing."""
        self.traveller.shift(timedelta(seconds=1))
        try:
            with transaction.atomic():
                deed(*args, **facts)
            self.watch.asked("moves made")
        except Refused as refused:
            self.watch.asked("moves refused")
            self.is_fit_to_hear(str(refused), facts.get("by"), [each for each in args if isinstance(each, Ask)])
            self.watch.nothing_changed()
        else:
            self.watch.look(timezone.now())

    def time_goes_by(self, hours: int, worker: str) -> None:
        """The worker does what is due, or only sends what is due, or is down."""
        self.traveller.shift(timedelta(hours=hours))
        now = timezone.now()
        if worker == "ticks":
            done = tick(now)
            assert done.keys() >= {work.__name__ for work in DUE}, f"of what was due only {sorted(done)} was done"
        elif worker == "sends":
            drain_messages(now)
        self.watch.asked(f"times the worker {worker}")
        self.watch.look(now, after_tick=worker == "ticks")

    def is_fit_to_hear(self, sentence: str, hearer: object, asks: list[Ask]) -> None:
        """A refusal is read by whoever tried, who may not be one of those close to the customer."""
        if isinstance(hearer, Colleague | Contact | Attendee):
            told = found_in(sentence, secrets_from(hearer, Facts(timezone.now()), asks))
            assert not told, f"{hearer} is told {told}: {sentence}"

    @property
    def today(self) -> date:
        return today_in(in_force().time_zone)

    def whoever(self, who: int, how: int, why_not: Callable[[Colleague], str | None]) -> Colleague:
        """Mostly somebody whose move it is, else anybody."""
        able = [each for each in self.company.people if why_not(each) is None] if how else []
        return pick(able or self.company.people, who)

    def mover(self, ask: Ask, move: str, who: int, how: int) -> Colleague:
        return self.whoever(who, how, lambda each: who_may_not(each, move, ask))

    def request_mover(self, row: ReferenceRequest, move: str, who: int, how: int) -> Colleague:
        return self.whoever(who, how, lambda each: who_may_not_request(each, move, row))

    def an_ask(self, which: int, move: str) -> Ask:
        """Mostly one in a state that knows the move."""
        related = ("reference_request__requester", "reference__contact__account__owner", "occasion")
        asks = list(Ask.objects.select_related(*related).order_by("-pk")[:12])
        fitting = [ask for ask in asks if move in ASK_MOVES[ask.status]]
        return pick(fitting if fitting and which else asks, which)

    def a_request(self, which: int, move: str) -> ReferenceRequest:
        rows = self.newest_requests()
        fitting = [row for row in rows if move in REQUEST_MOVES[row.status]]
        return pick(fitting if fitting and which else rows, which)

    def newest_requests(self) -> list[ReferenceRequest]:
        """At least one: a wish that is for no deal is never refused."""
        if not ReferenceRequest.objects.exists():
            self.file(0, 0, 3)
        return list(ReferenceRequest.objects.order_by("-pk")[:8])

    def a_deal(self, which: int) -> Opportunity | None:
        """One of the deals as it stands now, or none."""
        known = pick(self.company.deals, which)
        return known and Opportunity.objects.select_related("account", "stage").get(pk=known.pk)

    def file(self, which: int, who: int, how: int) -> None:
        deal = self.a_deal(which)
        facts: dict[str, Any] = {"activity_type": self.company.panel if how in {4, 5, 8} else self.company.call, "opportunity": deal}
        if deal is None and how % 3 == 1:
            facts = {"activity_type": self.company.interview, "purpose": "press", "audience": "press", "outlet": "The Ledger Post"}
        if how == 7:
            facts["activity_type"] = self.company.quote
        if how in {2, 9}:
            facts["criteria"] = ((pick(self.company.topics, who).pk, ["should", "must", "avoid"][which % 3]),)
        wish = actions.Wish(
            needed_by=self.today + timedelta(days=[0, 1, 4, 10, 30, 80][how % 6]),
            words=CLOSE if who % 2 else "How long did the first close take?",
            n_wanted=1 + which % 3,
            **facts,
        )
        self.attempt(actions.file_request, wish, by=pick(self.company.requesters, who), as_draft=how == 11)

    def move_request(self, which: int, who: int, how: int) -> None:
        """Mostly one that its state knows."""
        row = pick(self.newest_requests(), which)
        deeds: dict[str, Callable[[Colleague], Any]] = {
            RequestMove.SUBMIT: lambda by: actions.submit(row, by=by),
            RequestMove.ASK_INFO: lambda by: actions.ask_info(row, by=by, question="Which modules?"),
            RequestMove.GIVE_INFO: lambda by: actions.give_info(row, by=by, answer="Ledger."),
            RequestMove.ANSWER_WITH_CONTENT: lambda by: actions.answer_with_content(row, by=by, stories=self.company.stories[which % 2 :]),
            RequestMove.CONFIRM_CONTENT: lambda by: actions.confirm_content(row, by=by),
            RequestMove.REOPEN: lambda by: actions.reopen(row, by=by),
        }
        known = [move for move in deeds if move in REQUEST_MOVES[row.status]] if how else []
        move = pick(known or list(deeds), who + how)
        self.attempt(deeds[move], self.request_mover(row, move, who, how))

    def end_request(self, which: int, who: int, how: int) -> None:
        move = RequestMove.WITHDRAW if how % 2 else RequestMove.CLOSE
        row = self.a_request(which, move)
        by = self.request_mover(row, move, who, how)
        if move == RequestMove.WITHDRAW:
            self.attempt(actions.withdraw, row, by=by)
        else:
            self.attempt(actions.close, row, by=by, reason=ReferenceRequest.UnfulfilledReason.NO_MATCH)

    def propose(self, which: int, who: int, how: int) -> None:
        """One or several at once, mostly of those who may be asked; now and then past what a manager may lift."""
        row = self.a_request(which, RequestMove.ASK)
        self.come_in_time(row)
        by = self.request_mover(row, RequestMove.ASK, who, how)
        rows = {each.pk: each for each in Reference.objects.select_related(*RELATED)}
        everybody = [rows[pick(self.company.references, who + n).pk] for n in range(len(rows))]
        free = (each for each in everybody if how % 4 == 0 or how > 8 or why_not_propose(by, each, row) is None)
        whom = list(islice(free, 1 + how % 3)) or everybody[:1]
        self.attempt(actions.propose, row, whom, by=by, exception=WHY if how > 8 else "")

    def come_in_time(self, row: ReferenceRequest) -> None:
        """Whoever asked moves a day that is past, since nobody is asked for it."""
        fresh = ReferenceRequest.objects.get(pk=row.pk)
        if fresh.needed_by < self.today:
            self.attempt(
                actions.change_wanted,
                fresh,
                actions.Wanted(fresh.wish, fresh.questions, self.today + timedelta(days=9)),
                by=fresh.requester,
            )

    def carry_forward(self, which: int, who: int, how: int) -> None:
        """The next natural moves of one ask, each by somebody whose move it is."""
        asks = list(Ask.objects.filter(status__in=FORWARD).order_by("-pk")[:12])
        for _ in range(1 + how % 4 if asks else 0):
            self.lead_on(pick(asks, which), which, who)

    def lead_on(self, ask: Ask, which: int, who: int) -> None:
        """Its next natural move, if there is one."""
        ask = Ask.objects.select_related("reference_request__activity_type", "reference__contact", "occasion").get(pk=ask.pk)
        move = FORWARD.get(ask.status)
        if move == AskMove.SEND:
            self.come_in_time(ask.reference_request)
        if move == AskMove.SCHEDULE and not ask.reference_request.activity_type.has_time:
            move = AskMove.HOLD
        if move == AskMove.ACCEPT:
            self.attempt(actions.accept, ask, by=ask.reference.contact, takes_time=ask.comes_to_id is not None)
        elif move == AskMove.SCHEDULE:
            starts_at = timezone.now() + timedelta(hours=7 + 24 * which)
            self.attempt(actions.schedule, ask, by=self.mover(ask, move, who, 1), starts_at=starts_at)
        elif move is not None:
            self.attempt(getattr(actions, move), ask, by=self.mover(ask, move, who, 1))

    def answer_for_owner(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.APPROVE)
        by = self.mover(ask, AskMove.APPROVE, who, how)
        seen = Ask.Status.SENT if how == 1 else ask.status
        if how in {2, 3}:
            self.attempt(actions.postpone, ask, by=by, until=self.today + timedelta(days=4), reason="Year end", seen=seen)
        elif how in {4, 5}:
            self.attempt(actions.refuse, ask, by=by, reason="Not now", seen=seen)
        else:
            self.attempt(actions.approve if how < 9 else actions.ask_in_person, ask, by=by, seen=seen)

    def send(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.SEND)
        self.attempt(actions.send, ask, by=self.mover(ask, AskMove.SEND, who, how))

    def give_to_owner(self, which: int, who: int, how: int) -> None:
        """Approved, and unconfirmed since; or it is tried where the program can ask."""
        ask = self.an_ask(which, AskMove.SEND)
        self.attempt(actions.give_to_owner, ask, by=self.mover(ask, AskMove.SEND, who, how))

    def reference_answers(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.ACCEPT)
        contact = ask.reference.contact if how else pick(self.company.references, who).contact
        if how > 2:
            offered = [timezone.now() + timedelta(days=each) for each in range(1, who % 4)]
            self.attempt(actions.accept, ask, by=contact, times=offered)
        else:
            self.attempt(actions.decline, ask, by=contact, reason="No time", colleague_suggested="Ask Kim")

    def record_answer(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.ACCEPT)
        by = self.mover(ask, AskMove.ACCEPT, who, how)
        instead = {"until": self.today + timedelta(days=who % 40)} if not how else {"colleague_suggested": "Bo Berg"} if how == 1 else {}
        self.attempt(actions.record_answer, ask, by=by, accepted=how > 2, channel="phone", day=self.today, **instead)

    def schedule(self, which: int, who: int, how: int) -> None:
        move = AskMove.RESCHEDULE if how % 2 else AskMove.SCHEDULE
        ask = self.an_ask(which, move)
        when = timezone.now() + timedelta(days=[0.1, 1, 3, 9, 40, 95][who % 6])
        guest = {"attendee": "Pia Prospect", "attendee_email": "pia@prospect.example", "exception": WHY if how > 8 else ""}
        self.attempt(actions.schedule, ask, by=self.mover(ask, move, who, how), starts_at=when, **guest)

    def introduce(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.INTRODUCE)
        self.attempt(actions.introduce, ask, by=self.mover(ask, AskMove.INTRODUCE, who, how))

    def hold(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.HOLD)
        self.attempt(actions.hold, ask, by=self.mover(ask, AskMove.HOLD, who, how))

    def miss(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.MISS)
        by = self.mover(ask, AskMove.MISS, who, how)
        self.attempt(actions.miss, ask, by=by, missed_by=["reference", "prospect", "us"][how % 3])

    def cancel(self, which: int, who: int, how: int) -> None:
        ask = self.an_ask(which, AskMove.CANCEL)
        self.attempt(actions.cancel, ask, by=self.mover(ask, AskMove.CANCEL, who, how), reason="Plans changed")

    def debrief(self, which: int, who: int, how: int) -> None:
        held = list(Ask.objects.filter(status="held").select_related("reference__contact", "reference_request__requester"))
        ask = pick(held, which) if held else self.an_ask(which, "")
        mover = ask.reference.contact if how % 2 else pick([ask.reference_request.requester, *self.company.people], who)
        self.attempt(actions.give_debrief, ask, by=mover, grade=how % 7)

    def lift(self, which: int, who: int, how: int) -> None:
        barred = [
            ask for ask in Ask.objects.open().select_related("reference_request") if why_not_now(self.company.manager, "approve", ask)
        ]
        ask = pick(barred, which) if barred else self.an_ask(which, "")
        by = self.whoever(who, how, lambda each: None if each.runs_program else "no")
        self.attempt(actions.lift_bars, ask, by=by, reason=WHY)
