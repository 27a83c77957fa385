"""Situations that are seldom: too many are asked, somebody else asks or answers for it, a rule is lifted with the move; and odd ends."""

from datetime import timedelta

from django.utils import timezone

from firsthand.proofs.leading import Leading
from firsthand.proofs.movers import WHY
from firsthand.proofs.obstacles import clear_the_way
from firsthand.proofs.openings import STRANGER
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import Ask, Outcome, ReferenceRequest

SELDOM = (
    *("more_than_enough", "other_hands", "lifted_with_the_move", "done_in_writing"),
    *("ended_at_each_step", "introduced_and_then", "one_after_the_other", "too_late"),
)


class Seldom(Leading):
    """Each takes three numbers, as openings do; `who` is the reference it is about."""

    def more_than_enough(self, which: int, who: int, how: int) -> None:
        """One is wanted and three are proposed; a fourth never is, neither alone nor with the others."""
        if self.somebody_askable(who, wanted=1) is None:
            return
        row, others = ReferenceRequest.objects.latest("pk"), [self.fresh(who + n) for n in (1, 2, 3)]
        for each in others:
            clear_the_way(each, self.today)
        self.attempt(actions.propose, row, others, by=self.company.manager)
        for each in others:
            self.attempt(actions.propose, row, [each], by=self.company.manager)

    def other_hands(self, which: int, who: int, how: int) -> None:
        """Whoever was to approve asks for it now, or owns the customer no more; a mail is on its way to who asks no more."""
        self.save_policy(activities={"reference-call": {"owner_approval": "always", "routing": "manager"}})
        manager, another = self.company.manager, self.company.people[1]
        accepted = self.led_to("accepted", who)
        if accepted is not None:
            self.attempt(actions.give_requester, accepted.reference_request, to=another, by=manager, reason="On leave")
        for n in (1, 2):
            ask = self.led_to("proposed", who + n)
            if ask is not None and ask.approver is not None and n == 1:
                self.attempt(actions.give_requester, ask.reference_request, to=ask.approver, by=another, reason="On leave")
                self.attempt(actions.give_requester, ask.reference_request, to=ask.approver, by=manager, reason="On leave")
            elif ask is not None:
                self.give_account(ask.reference.contact.account, to=self.company.people[5])
                self.wait(1)
                self.attempt(actions.cancel, ask, by=manager, reason="Plans changed")
        self.wait(24)

    def lifted_with_the_move(self, which: int, who: int, how: int) -> None:
        """A renewal is near on the day that is chosen: a manager fixes it, lets another request come and swaps the person all the same."""
        host = self.led_to("accepted", who, activity=4)
        if host is None:
            return
        manager, seller = self.company.manager, host.reference_request.requester
        neighbor = Reference.objects.exclude(pk=host.reference_id).get(reference_account=host.reference.reference_account_id)
        clear_the_way(neighbor, self.today)
        at = timezone.now() + timedelta(days=25)
        self.set_renewal(0 if host.reference.contact.account_id == self.company.accounts[0].pk else 1, self.today + timedelta(days=50))
        self.file(STRANGER, 0, 4)
        row = ReferenceRequest.objects.latest("pk")
        for by, why in ((manager, ""), (seller, WHY), (manager, WHY)):
            self.attempt(actions.schedule, host, by=by, starts_at=at, exception=why)
        for by, why in ((manager, ""), (seller, WHY), (manager, WHY)):
            self.attempt(actions.join, row, host, by=by, exception=why)
        for by, why in ((manager, ""), (seller, WHY), (manager, WHY)):
            self.attempt(actions.swap, host, [self.fresh_of(neighbor)], by=by, exception=why)
        self.wait(1)

    def fresh_of(self, reference: Reference) -> Reference:
        """The same as it stands now."""
        return self.fresh([each.pk for each in self.company.references].index(reference.pk))

    def done_in_writing(self, which: int, who: int, how: int) -> None:
        """A quote takes no meeting: once they agreed it is done. It was not, says a manager, and was after all."""
        ask = self.led_to("accepted", who, activity=7, wanted=1)
        if ask is None:
            return
        manager = self.company.manager
        self.attempt(actions.schedule, ask, by=manager, starts_at=timezone.now() + timedelta(days=2))
        self.attempt(actions.hold, ask, by=ask.reference_request.requester)
        self.wait(1)
        for says in (Outcome.Says.US, Outcome.Says.HELD):
            self.attempt(actions.correct_outcome, ask, by=manager, says=says, reason="It was another one")
        self.wait(1)

    def ended_at_each_step(self, which: int, who: int, how: int) -> None:
        """Withdrawn or closed: a draft, with a question open, with a story to read, with somebody asked. And a story once somebody was."""
        manager, stories = self.company.manager, self.company.stories[:1]
        self.file(STRANGER, 0, 11)
        self.end(self.newest_request(), how=1)
        for how_ended in (0, 1):
            self.file(STRANGER, 0, 3)
            self.attempt(actions.ask_info, self.newest_request(), by=manager, question="Which modules?")
            self.end(self.newest_request(), how=how_ended)
            self.file(STRANGER, 0, 3)
            self.attempt(actions.answer_with_content, self.newest_request(), by=manager, stories=stories)
            self.end(self.newest_request(), how=how_ended)
            ask = self.led_to("approved", who)
            if ask is not None and how_ended:
                row = ask.reference_request
                self.attempt(actions.cancel, ask, by=manager, reason="Plans changed")
                self.attempt(actions.ask_info, row, by=manager, question="Which modules?")
                self.attempt(actions.give_info, row, by=row.requester, answer="Ledger.")
                self.attempt(actions.answer_with_content, row, by=manager, stories=stories)
                self.attempt(actions.reopen, row, by=row.requester)
            self.end(self.newest_request(), how=how_ended)
        self.wait(1)

    def newest_request(self) -> ReferenceRequest:
        return ReferenceRequest.objects.select_related("requester").latest("pk")

    def end(self, row: ReferenceRequest, *, how: int) -> None:
        """Withdrawn by the requester (1), or closed by a manager."""
        if how:
            self.attempt(actions.withdraw, row, by=row.requester)
        else:
            self.attempt(actions.close, row, by=self.company.manager, reason=ReferenceRequest.UnfulfilledReason.TOO_LATE)

    def introduced_and_then(self, which: int, who: int, how: int) -> None:
        """A time is fixed after all; nothing comes of it; it is taken back."""
        for n in range(3):
            ask = self.led_to("accepted", who + n)
            if ask is None:
                continue
            manager = self.company.manager
            self.attempt(actions.introduce, ask, by=manager)
            self.wait(1)
            if n == 0:
                self.attempt(actions.schedule, ask, by=manager, starts_at=timezone.now() + timedelta(days=3))
            elif n == 1:
                self.attempt(actions.miss, ask, by=manager, missed_by=Outcome.Says.REFERENCE)
            else:
                self.attempt(actions.cancel, ask, by=manager, reason="Plans changed")
        self.wait(24)

    def one_after_the_other(self, which: int, who: int, how: int) -> None:
        """Two are wanted: the first was not held, then it was, then the second is; and once, after the first, no more are wanted."""
        for n in range(2):
            ask = self.led_to("held", who, wanted=2)
            if ask is None:
                continue
            if n:
                self.attempt(actions.withdraw, ask.reference_request, by=ask.reference_request.requester)
                continue
            for says in (Outcome.Says.US, Outcome.Says.HELD):
                self.correct(0, 0, 1, says=says)
            clear_the_way(self.fresh(who + 1), self.today)
            self.attempt(actions.propose, ask.reference_request, [self.fresh(who + 1)], by=self.company.manager)
            second = Ask.objects.filter(reference_request=ask.reference_request).latest("pk")
            for _ in range(4):
                self.lead_on(second, 0, who)
            self.wait(24)
            self.lead_on(second, 0, who)

    def too_late(self, which: int, who: int, how: int) -> None:
        """The reference says no once the ask has lapsed; nobody says anything to another until its reservation is over."""
        ask = self.led_to("sent", who)
        self.save_policy(activities={"reference-call": {"owner_approval": "always", "routing": "manager"}})
        self.led_to("proposed", who + 1)
        self.wait(24 * 4, 24 * 4, 24 * 4)
        if ask is not None:
            self.attempt(actions.decline, ask, by=ask.reference.contact, reason="No time")
