"""Each bar tried alone, at each moment in which it may stand in the way: without it the move is made, with it it is not.

A trial is made in the midst of a run, in whatever world that has come to, and everything in it is taken back.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.deals.models import Opportunity, Stage
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.proofs.bars import ABSOLUTE
from firsthand.proofs.company import LATE
from firsthand.proofs.leading import Leading
from firsthand.proofs.obstacles import FREE, OBSTACLES, Case, change, clear_the_way, rule
from firsthand.proofs.openings import STRANGER
from firsthand.proofs.readers import Reader
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import Ask, BarException, ReferenceRequest
from firsthand.testing.smtp import Sink
from firsthand.upkeep.worker import drain_messages

EVERY = tuple(OBSTACLES)
NEVER_LIFTED = tuple(code for code in OBSTACLES if code in ABSOLUTE)
OF_A_SLOT = {"own_limit", "own_gap", "default_limit", "customer_limit", "default_gap"}
TAKES_NO_SLOT = tuple(code for code in OBSTACLES if code not in OF_A_SLOT)
# Once it is out, no slot or ask that comes later undoes an ask.
WHEN_OUT = tuple(code for code in TAKES_NO_SLOT if code != "ask_limit")
WHEN_TOLD = tuple(code for code in NEVER_LIFTED if code in WHEN_OUT)
WITHDRAWN = ("left", "consent", "unsubscribed")
GUEST = "pat@prospect.example"

Act = Callable[[], object]


class NotSent(Exception):  # noqa: N818  (an answer, as `Refused` is one)
    """A mail did not leave the house."""


@dataclass(frozen=True)
class Moment:
    """`prepare` leads a case to where the act is what comes next; each of these `bars` keeps it from being done."""

    prepare: Callable[["Trials", Case], Act]
    bars: tuple[str, ...] = EVERY
    is_shared: bool = False


class Trials(Leading):
    """Cases, and what is next in each."""

    post: ClassVar[Sink]

    def try_bars(self, name: str, which: int, how: int) -> None:
        """Every bar that counts at this moment, one after the other, with one reference and its obstacles of that number."""
        moment = MOMENTS[name]
        with self.nothing_kept():
            case = self.a_case(which, self.company.panel if moment.is_shared else self.company.call)
            act = moment.prepare(self, case)
            assert self.is_done(act), f"{name}: nothing stands in the way, and it is refused"
            for code in moment.bars:
                with self.nothing_kept():
                    OBSTACLES[code][how % len(OBSTACLES[code])](case)
                    assert not self.is_done(act), f"{name}: it is done past {code}, obstacle {how % len(OBSTACLES[code])}"
                self.watch.asked("bars tried alone")

    def try_exceptions(self, which: int, how: int) -> None:
        """A manager lifts what the program bars, for one ask and with a row that says so; nobody lifts the rest, nobody else lifts any."""
        with self.nothing_kept():
            case = self.a_case(which, self.company.call)
            ask = self.proposed(case)
            another = actions.file_request(self.wish(case.deal, case.activity_type), by=self.company.people[0])
            for code, obstacles in OBSTACLES.items():
                with self.nothing_kept():
                    obstacles[how % len(obstacles)](case)
                    change(another, **ReferenceRequest.objects.values("audience", "outlet").get(pk=case.reference_request.pk))
                    self.try_exception(code, case, ask, another)
                self.watch.asked("exceptions tried")

    def try_exception(self, code: str, case: Case, ask: Ask, another: ReferenceRequest) -> None:
        manager, seller, why = self.company.manager, self.company.people[0], "The sponsor asks for it"
        is_lifted = code not in ABSOLUTE
        assert not self.is_done(lambda: actions.lift_bars(ask, by=seller, reason=why)), f"a seller lifted {code}"
        done = self.is_done(lambda: actions.lift_bars(ask, by=manager, reason=why), keep=True)
        assert done == is_lifted, f"{code} was lifted: {done}"
        assert [row.rule for row in BarException.objects.filter(ask=ask)] == ([code] if is_lifted else [])
        done = self.is_done(lambda: actions.approve(ask, by=ask.approver or manager))
        assert done == is_lifted, f"with {code} lifted: {is_lifted}, it was approved: {done}"
        for_another = self.is_done(lambda: actions.propose(another, [case.reference], by=manager))
        assert not for_another, f"{code}, lifted for one ask, bars no other"
        by_exception = self.is_done(lambda: actions.propose(another, [case.reference], by=manager, exception=why))
        assert by_exception == is_lifted, f"proposed past {code} with a reason: {by_exception}"

    @contextmanager
    def nothing_kept(self) -> Iterator[None]:
        """Whatever is written or sent here is taken back."""
        mails = len(self.post.mails)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        del self.post.mails[mails:]

    def is_done(self, act: Act, *, keep: bool = False) -> bool:
        """Whether it can be done; it is taken back again unless it is to be kept."""
        try:
            with transaction.atomic():
                act()
                transaction.set_rollback(not keep)
        except (Refused, NotSent):
            return False
        return True

    def a_case(self, which: int, activity_type: ActivityType) -> Case:
        """Somebody who may be asked, their neighbor in the same company, and a new request for a deal with a stranger."""
        reference = self.fresh(which)
        neighbor = Reference.objects.exclude(pk=reference.pk).get(reference_account=reference.reference_account)
        for each in (reference, neighbor):
            clear_the_way(each, self.today)
        codes = (self.company.call.code, self.company.panel.code)
        rule(**FREE, content={"first_before": ""}, activities={code: {"owner_approval": "always", "routing": "manager"} for code in codes})
        stranger = self.company.deals[STRANGER]
        assert stranger is not None
        facts = {"stage": Stage.objects.get(key=LATE), "amount": Decimal(431_207), "amount_base": Decimal(431_207), "currency": "EUR"}
        deal = Opportunity.objects.create(name="Case", account=stranger.account, owner=stranger.owner, **facts)
        row = actions.file_request(self.wish(deal, activity_type), by=self.company.people[0])
        return Case(self.fresh(which), neighbor, row, deal, self.today, row.needed_by)

    def wish(self, deal: Opportunity, activity_type: ActivityType) -> actions.Wish:
        topics = ((self.company.topics[0].pk, "should"),)
        return actions.Wish(activity_type, self.today + timedelta(days=20), "How long did it take?", deal, n_wanted=3, criteria=topics)

    def proposed(self, case: Case) -> Ask:
        [ask] = actions.propose(case.reference_request, [case.reference], by=self.company.manager)
        return ask

    def sent(self, case: Case) -> Ask:
        ask = self.proposed(case)
        actions.approve(ask, by=ask.approver or self.company.manager)
        return actions.send(ask, by=self.company.manager)

    def accepted(self, case: Case) -> Ask:
        return actions.accept(self.sent(case), by=case.contact)

    def scheduled(self, case: Case) -> Ask:
        return actions.schedule(self.accepted(case), by=self.company.manager, starts_at=noon_of(case))

    def a_host(self, case: Case, reference: Reference) -> Ask:
        """A time that is fixed with this reference for a request of its own."""
        row = actions.file_request(self.wish(case.deal, case.activity_type), by=self.company.people[0])
        host = Case(reference, case.neighbor, row, case.deal, case.today, case.day)
        return self.scheduled(host)

    def to_propose(self, case: Case) -> Act:
        return lambda: actions.propose(case.reference_request, [case.reference], by=self.company.manager)

    def to_approve(self, case: Case) -> Act:
        ask = self.proposed(case)
        return lambda: actions.approve(ask, by=ask.approver or self.company.manager)

    def to_ask_in_person(self, case: Case) -> Act:
        ask = self.proposed(case)
        return lambda: actions.ask_in_person(ask, by=ask.approver or self.company.manager)

    def to_send(self, case: Case) -> Act:
        ask = self.proposed(case)
        actions.approve(ask, by=ask.approver or self.company.manager)
        return lambda: actions.send(ask, by=self.company.manager)

    def to_mail(self, case: Case) -> Act:
        """The ask is a row, and waits for the worker."""
        self.sent(case)
        return self.the_mail("ask", case.contact)

    def to_accept(self, case: Case) -> Act:
        ask = self.sent(case)
        return lambda: actions.accept(ask, by=case.contact)

    def to_record_a_yes(self, case: Case) -> Act:
        ask = self.sent(case)
        owner: Colleague = case.account.owner or self.company.manager
        return lambda: actions.record_answer(ask, by=owner, accepted=True, channel="phone", day=case.today)

    def to_accept_late(self, case: Case) -> Act:
        ask = self.sent(case)
        actions.lapse_asks(timezone.now() + timedelta(days=30))
        return lambda: actions.accept(ask, by=case.contact)

    def to_schedule(self, case: Case) -> Act:
        ask = self.accepted(case)
        return lambda: actions.schedule(ask, by=self.company.manager, starts_at=noon_of(case))

    def to_pick(self, case: Case) -> Act:
        """The prospect picks what the reference offered."""
        ask = self.accepted(case)
        actions.offer_times(ask, by=case.contact, times=[noon_of(case)])
        guest = actions.let_pick(ask, by=self.company.manager, name="Pat Prospect", email=GUEST)
        offered = ask.offered_times.get()
        return lambda: actions.pick_time(ask, offered.pk, by=guest)

    def to_introduce(self, case: Case) -> Act:
        ask = self.accepted(case)
        return lambda: actions.introduce(ask, by=self.company.manager)

    def to_tell_the_address(self, case: Case) -> Act:
        """Both are introduced, and the mail to the requester, which tells how to reach them, waits for the worker."""
        actions.introduce(self.accepted(case), by=self.company.manager)
        return self.the_mail("introduction", case.reference_request.requester)

    def to_move(self, case: Case) -> Act:
        ask = self.scheduled(case)
        return lambda: actions.schedule(ask, by=self.company.manager, starts_at=noon_of(case) + timedelta(hours=2))

    def to_tell_the_time(self, case: Case) -> Act:
        """A time is fixed, and the calendar file waits for the worker."""
        self.scheduled(case)
        return self.the_mail("fixed", case.contact)

    def to_swap(self, case: Case) -> Act:
        """The time of a neighbor is put to them."""
        row = case.reference_request
        host = self.scheduled(Case(case.neighbor, case.reference, row, case.deal, case.today, case.day))
        return lambda: actions.swap(host, [case.reference], by=self.company.manager)

    def to_ask_along(self, case: Case) -> Act:
        """They are asked to come to the time of a neighbor."""
        host = self.scheduled(Case(case.neighbor, case.reference, case.reference_request, case.deal, case.today, case.day))
        return lambda: actions.ask_along(host, [case.reference], by=self.company.manager)

    def to_come_along(self, case: Case) -> Act:
        """They were, and say yes to that time."""
        host = self.scheduled(Case(case.neighbor, case.reference, case.reference_request, case.deal, case.today, case.day))
        [ask] = actions.ask_along(host, [case.reference], by=self.company.manager)
        actions.send(actions.approve(ask, by=ask.approver or self.company.manager), by=self.company.manager)
        return lambda: actions.accept(ask, by=case.contact, takes_time=True)

    def to_join(self, case: Case) -> Act:
        host = self.a_host(case, case.reference)
        return lambda: actions.join(case.reference_request, host, by=self.company.manager)

    def to_take_part(self, case: Case) -> Act:
        ask = actions.join(case.reference_request, self.a_host(case, case.reference), by=self.company.manager)
        return lambda: actions.accept(ask, by=case.contact)

    def the_mail(self, kind: str, to: Reader) -> Act:
        """The worker sends it, and nothing else: all other mail waits."""
        due = Message.objects.filter(state=Message.State.DUE)
        due.exclude(kind=kind, recipient_id=to.pk).update(due_at=timezone.now() + timedelta(days=999))

        def send() -> None:
            before = len(self.post.mails)
            drain_messages(timezone.now())
            came = {mail["To"] for mail in self.post.mails[before:]}
            del self.post.mails[before:]
            if to.email not in came:
                raise NotSent

        return send


def noon_of(case: Case) -> datetime:
    """Noon of the slot's day where the program is at home."""
    return datetime.combine(case.day, time(12), ZoneInfo(in_force().time_zone))


MOMENTS: Mapping[str, Moment] = {
    "propose": Moment(Trials.to_propose),
    "approve": Moment(Trials.to_approve),
    "ask in person": Moment(Trials.to_ask_in_person),
    "send": Moment(Trials.to_send),
    "mail the ask": Moment(Trials.to_mail, WHEN_OUT),
    "accept": Moment(Trials.to_accept, WHEN_OUT),
    "record a yes": Moment(Trials.to_record_a_yes, WHEN_OUT),
    "accept late": Moment(Trials.to_accept_late, WHEN_OUT),
    "schedule": Moment(Trials.to_schedule, WHEN_OUT),
    "pick a time": Moment(Trials.to_pick, WHEN_OUT),
    "introduce": Moment(Trials.to_introduce, WHEN_OUT),
    "mail the address": Moment(Trials.to_tell_the_address, WHEN_TOLD),
    "move the time": Moment(Trials.to_move, WHEN_OUT),
    "mail the time": Moment(Trials.to_tell_the_time, WITHDRAWN),
    "swap": Moment(Trials.to_swap),
    "ask along": Moment(Trials.to_ask_along, is_shared=True),
    "come along": Moment(Trials.to_come_along, WHEN_OUT, is_shared=True),
    "join": Moment(Trials.to_join, TAKES_NO_SLOT, is_shared=True),
    "take part": Moment(Trials.to_take_part, WHEN_OUT, is_shared=True),
}
