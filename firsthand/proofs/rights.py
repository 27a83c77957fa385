"""Whose move it is, stated once more: everybody tries each move at its time, and those succeed who may, and nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from firsthand.customers.models import Contact
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague
from firsthand.proofs.obstacles import Case
from firsthand.proofs.trials import GUEST, Trials, noon_of
from firsthand.requests import actions
from firsthand.requests.models import Outcome, ReferenceRequest

Person = Colleague | Contact
MANAGERS, OWNERS, REQUESTER = frozenset({"Mia"}), frozenset({"Ana", "Dan"}), frozenset({"Sam"})
REFERENCE, NOBODY = frozenset({"Rae"}), frozenset[str]()
EITHER = REQUESTER | MANAGERS
ALL_SIDES = EITHER | OWNERS


@dataclass(frozen=True)
class Deed:
    """`do` as this person, which only these may, by first name. Some deeds are for references by their links, some for both."""

    name: str
    do: Callable[[Any], object]
    whose: frozenset[str]
    by_link: bool = False
    by_colleague: bool = True


class Rights(Trials):
    """Rae of Ana's customer is asked for by Sam; Dan is Ana's deputy, Lia her lead, Otto owns another customer, Mia runs the program."""

    def try_rights(self) -> None:
        """Every deed of an ask and of its request, at the status it belongs to."""
        stages = (self.when_filed, self.when_proposed, self.when_approved, self.when_sent, self.when_accepted)
        for stage in (*stages, self.when_scheduled, self.when_over, self.when_held):
            now = timezone.now()
            with self.nothing_kept():
                self.try_all(stage(self.a_case(0, self.company.call)))
            self.traveller.move_to(now)
        with self.nothing_kept():
            self.try_all(self.when_shared(self.a_case(0, self.company.panel)))

    def try_all(self, deeds: list[Deed]) -> None:
        colleagues = {each.name.split()[0]: each for each in self.company.people if each.name != "Max Manager"}
        contacts = {each.contact.person.first_name: each.contact for each in self.company.references}
        for deed in deeds:
            everybody = (colleagues if deed.by_colleague else {}) | (contacts if deed.by_link else {})
            able = {name for name, person in everybody.items() if self.is_done(partial(deed.do, person))}
            assert able == deed.whose, f"{deed.name} may be done by {sorted(able)}, and is for {sorted(deed.whose)}"
            self.watch.asked("rights tried", len(everybody))

    def when_filed(self, case: Case) -> list[Deed]:
        row, seller = case.reference_request, self.company.people[0]
        draft = actions.file_request(self.wish(case.deal, case.activity_type), by=seller, as_draft=True)
        story = self.company.stories[:1]
        waits = actions.file_request(self.wish(case.deal, case.activity_type), by=seller)
        actions.ask_info(waits, by=self.company.manager, question="Which modules?")
        told = actions.file_request(self.wish(case.deal, case.activity_type), by=seller)
        actions.answer_with_content(told, by=self.company.manager, stories=story)
        wish = self.wish(case.deal, case.activity_type)
        return [
            Deed("submit", lambda by: actions.submit(draft, by=by), REQUESTER),
            Deed("change draft", lambda by: actions.change_draft(draft, wish, by=by), REQUESTER),
            Deed("ask info", lambda by: actions.ask_info(row, by=by, question="Which?"), MANAGERS),
            Deed("give info", lambda by: actions.give_info(waits, by=by, answer="Ledger."), EITHER),
            Deed("answer with content", lambda by: actions.answer_with_content(row, by=by, stories=story), MANAGERS),
            Deed("confirm content", lambda by: actions.confirm_content(told, by=by), EITHER),
            Deed("reopen", lambda by: actions.reopen(told, by=by), EITHER),
            Deed("withdraw", lambda by: actions.withdraw(row, by=by), EITHER),
            Deed("close", lambda by: actions.close(row, by=by, reason=ReferenceRequest.UnfulfilledReason.NO_MATCH), MANAGERS),
            Deed("propose", lambda by: actions.propose(row, [case.reference], by=by), MANAGERS),
        ]

    def when_proposed(self, case: Case) -> list[Deed]:
        ask = self.proposed(case)
        return [
            Deed("approve", lambda by: actions.approve(ask, by=by), OWNERS),
            Deed("ask in person", lambda by: actions.ask_in_person(ask, by=by), OWNERS),
            Deed("refuse", lambda by: actions.refuse(ask, by=by, reason="No"), OWNERS),
            Deed("postpone", lambda by: actions.postpone(ask, by=by, until=case.day, reason="No"), OWNERS),
            Deed("cancel", lambda by: actions.cancel(ask, by=by), ALL_SIDES),
            Deed("send unapproved", lambda by: actions.send(ask, by=by), NOBODY),
            Deed("accept unasked", lambda by: actions.accept(ask, by=by), NOBODY, by_link=True),
        ]

    def when_approved(self, case: Case) -> list[Deed]:
        ask = self.proposed(case)
        actions.approve(ask, by=ask.approver or self.company.manager)
        at = noon_of(case)
        return [
            Deed("send", lambda by: actions.send(ask, by=by), MANAGERS | OWNERS),
            Deed("approve twice", lambda by: actions.approve(ask, by=by), NOBODY),
            Deed("fix a time unasked", lambda by: actions.schedule(ask, by=by, starts_at=at), NOBODY),
        ]

    def when_sent(self, case: Case) -> list[Deed]:
        ask, day = self.sent(case), case.today
        return [
            Deed("accept", lambda by: actions.accept(ask, by=by), MANAGERS | OWNERS | REFERENCE, by_link=True),
            Deed("decline", lambda by: actions.decline(ask, by=by), MANAGERS | OWNERS | REFERENCE, by_link=True),
            Deed("record a yes", lambda by: actions.record_answer(ask, by=by, accepted=True, channel="phone", day=day), MANAGERS | OWNERS),
            Deed("fix a time unanswered", lambda by: actions.schedule(ask, by=by, starts_at=noon_of(case)), NOBODY),
            Deed("introduce unanswered", lambda by: actions.introduce(ask, by=by), NOBODY),
            Deed("not now", lambda by: actions.not_now(ask, by=by, until=case.day), REFERENCE, by_link=True, by_colleague=False),
        ]

    def when_accepted(self, case: Case) -> list[Deed]:
        ask, times = self.accepted(case), [noon_of(case)]
        return [
            Deed("offer times", lambda by: actions.offer_times(ask, by=by, times=times), REFERENCE, by_link=True, by_colleague=False),
            Deed("schedule", lambda by: actions.schedule(ask, by=by, starts_at=times[0]), ALL_SIDES),
            Deed("introduce", lambda by: actions.introduce(ask, by=by), ALL_SIDES),
            Deed("hold without a time", lambda by: actions.hold(ask, by=by), NOBODY),
            Deed("let pick", lambda by: actions.let_pick(ask, by=by, name="Pat", email=GUEST), ALL_SIDES),
        ]

    def when_scheduled(self, case: Case) -> list[Deed]:
        ask = self.scheduled(case)
        return [
            Deed("move", lambda by: actions.schedule(ask, by=by, starts_at=noon_of(case), minutes=20), ALL_SIDES),
            Deed("call off", lambda by: actions.call_off(ask, by=by), REFERENCE, by_link=True, by_colleague=False),
            Deed("swap", lambda by: actions.swap(ask, [case.neighbor], by=by), MANAGERS),
            Deed("settle early", lambda by: actions.hold(ask, by=by), NOBODY),
            Deed("miss early", lambda by: actions.miss(ask, by=by, missed_by="us"), NOBODY),
            Deed("say so early", lambda by: actions.say_outcome(ask, by=by, says=Outcome.Says.HELD), NOBODY, by_link=True),
            Deed("debrief early", lambda by: actions.give_debrief(ask, by=by, grade=4), NOBODY, by_link=True),
        ]

    def when_shared(self, case: Case) -> list[Deed]:
        host = self.scheduled(case)
        return [
            Deed("ask along", lambda by: actions.ask_along(host, [case.neighbor], by=by), MANAGERS),
            Deed("set places", lambda by: actions.set_places(host, by=by, places=5), ALL_SIDES),
        ]

    def when_over(self, case: Case) -> list[Deed]:
        ask = self.scheduled(case)
        self.traveller.move_to(noon_of(case) + timedelta(hours=2))
        return [
            Deed("hold", lambda by: actions.hold(ask, by=by), ALL_SIDES),
            Deed("miss", lambda by: actions.miss(ask, by=by, missed_by="us"), ALL_SIDES),
            Deed("say so", lambda by: actions.say_outcome(ask, by=by, says=Outcome.Says.HELD), ALL_SIDES | REFERENCE, by_link=True),
            Deed("lift", lambda by: actions.lift_bars(ask, by=by, reason="Why not"), NOBODY),
        ]

    def when_held(self, case: Case) -> list[Deed]:
        ask = self.accepted(case)
        actions.schedule(ask, by=self.company.manager, starts_at=noon_of(case), attendee="Pat Prospect", attendee_email=GUEST)
        self.traveller.move_to(noon_of(case) + timedelta(hours=2))
        ask = actions.hold(ask, by=self.company.manager)
        Opportunity.objects.filter(reference_requests=ask.reference_request).update(outcome=Stage.Outcome.LOST)
        attendee, words = ask.reference_request.attendees.get(), "Thank you."
        missed, why = Outcome.Says.PROSPECT, "It was another day"
        return [
            Deed("debrief", lambda by: actions.give_debrief(ask, by=by, grade=4), REQUESTER | REFERENCE, by_link=True),
            Deed("ask the prospect", lambda by: actions.release_debrief(ask, attendee, by=by), REQUESTER),
            Deed("thank", lambda by: actions.write_note(ask, by=by, kind="thanks", words=words), MANAGERS | OWNERS),
            Deed("tell what came of it", lambda by: actions.write_note(ask, by=by, kind="came_of_it", words=words), REQUESTER),
            Deed("correct", lambda by: actions.correct_outcome(ask, by=by, says=missed, reason=why), MANAGERS),
        ]
