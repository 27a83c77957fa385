"""Situations that random moves seldom come to, each led to straight away: nobody answers, a name is kept back, a person after all."""

from datetime import timedelta

from django.utils import timezone

from firsthand.people.actions import deactivate, reactivate
from firsthand.proofs.leading import Leading
from firsthand.proofs.obstacles import clear_the_way
from firsthand.proofs.openings import STRANGER
from firsthand.references.actions import record_consent, set_willingness
from firsthand.requests import actions
from firsthand.requests.models import Ask, Outcome, ReferenceRequest

SITUATIONS = (
    *("nobody_answers", "a_name_kept_back", "a_name_known", "a_person_after_all", "looked_back_on", "settled_wrongly", "unconfirmed_since"),
    *("a_shared_time_ends", "a_sheet_taken", "a_window_ends", "talked_outside", "one_word_alone", "two_words", "they_withdraw"),
    *("a_swap_unanswered", "a_manager_leaves", "others_wait"),
)


class Situations(Leading):
    """Each takes three numbers, as openings do; `who` is the reference it is about."""

    def nobody_answers(self, which: int, who: int, how: int) -> None:
        """Neither the owner's side until the reservation runs out, nor the reference until the ask lapses, who then says yes after all."""
        if self.somebody_askable(who) is not None:
            self.wait(20, 30, 30, 49)
        ask = self.led_to("sent", who)
        if ask is not None:
            self.read_all()
            self.wait(24 * 4, 24 * 8)
            self.attempt(actions.accept, ask, by=ask.reference.contact)

    def a_name_kept_back(self, which: int, who: int, how: int) -> None:
        """The customer is described and never named: not while the prospect picks a time, not in the calendar file, not in the brief."""
        ask = self.led_to("accepted", who)
        if ask is None:
            return
        self.disclose(ask, "anonymous")
        self.offered_and_picked(ask, days=4)
        self.wait(1, 24 * 3)
        self.attempt(actions.schedule, ask, by=self.company.manager, starts_at=timezone.now() + timedelta(days=6))
        self.read_all()
        self.wait(24 * 5, 24 * 2)

    def a_name_known(self, which: int, who: int, how: int) -> None:
        """A time is fixed with a guest; then the name stays in the house, or with those close to it, and mails are still to come."""
        ask = self.led_to("accepted", who)
        if ask is None:
            return
        self.offered_and_picked(ask, days=4)
        self.wait(1)
        self.disclose(ask, "internal")
        self.wait(24)
        self.disclose(ask, "hidden")
        self.read_all()
        self.wait(24 * 2)
        self.attempt(actions.cancel, ask, by=self.company.manager, reason="Plans changed")
        self.wait(1)

    def a_person_after_all(self, which: int, who: int, how: int) -> None:
        """A story was offered first and did not do; a question is asked besides, and answered days later."""
        row = self.answered_with_a_story()
        if row is None:
            return
        self.wait(49)
        self.attempt(actions.reopen, row, by=row.requester)
        self.attempt(actions.ask_info, row, by=self.company.manager, question="Which modules?")
        self.wait(24 * 4)
        self.attempt(actions.give_info, row, by=row.requester, answer="Ledger.")
        self.propose(0, who, 1)
        self.wait(1)

    def answered_with_a_story(self) -> ReferenceRequest | None:
        """The policy prefers a story for this deal, which is late enough for none a moment before; then one that may be sent."""
        self.prefer_content(0, 1)
        self.change_deal(0, 1)
        self.file(STRANGER, 1, 3)
        self.prefer_content(0, 2)
        self.change_deal(0, 0)
        for story in (4, 0):  # the same one, its link for colleagues alone, then to be sent
            self.change_story(story, 2)
            self.file(STRANGER, 1, 3)
        return ReferenceRequest.objects.filter(status="answered_with_content").select_related("requester").order_by("-pk").first()

    def looked_back_on(self, which: int, who: int, how: int) -> None:
        """All sides say how it was, words are tried that may not leave, the deal closes and its owner is asked to tell."""
        ask = self.led_to("accepted", who)
        if ask is None:
            return
        self.offered_and_picked(ask, days=2)
        self.wait(24 * 4)
        self.attempt(actions.hold, ask, by=self.company.manager)
        for number in (0, 1, 3):
            self.release_debrief(1, number, number)
        for number in (2, 4, 5):
            self.prospect_says(1, number, number)
        self.debrief(0, 0, 4)
        self.debrief(0, 0, 3)
        self.close_deal(0, which % 2, 1)
        self.wait(1)
        for number in (1, 2, 3, 4):
            self.write_note(1, 1, number)
        self.write_note(1, 0, 4)
        self.wait(24 * 4)

    def settled_wrongly(self, which: int, who: int, how: int) -> None:
        """Held, then not, by one and by another, then held after all, with the clock of the request running on."""
        ask = self.led_to("held", who, wanted=1)
        if ask is not None:
            self.debrief(0, 0, 2)
            for number, says in enumerate([Outcome.Says.PROSPECT, Outcome.Says.US, Outcome.Says.HELD]):
                self.wait(24 * number)
                self.correct(0, 0, 1, says=says)

    def unconfirmed_since(self, which: int, who: int, how: int) -> None:
        """Approved, and only claimed since: the program may not ask, whoever approved asks in person and writes the answer down."""
        ask = self.led_to("approved", who)
        if ask is None:
            return
        self.attempt(record_consent, ask.reference.contact, kind="claimed", by=self.company.manager.actor)
        self.attempt(actions.send, ask, by=self.company.manager)
        self.give_to_owner(1, who, 1)
        self.wait(1)
        self.record_answer(1, who, 5)
        self.wait(24)

    def a_shared_time_ends(self, which: int, who: int, how: int) -> None:
        """One comes to a time that is fixed for another, one waits for the answer; then whoever had it first comes no more, nor anybody."""
        host = self.led_to("accepted", who, activity=4)
        if host is None:
            return
        manager, at = self.company.manager, timezone.now() + timedelta(days=9)
        self.attempt(actions.schedule, host, by=manager, starts_at=at)
        self.attempt(actions.set_places, host, by=manager, places=2)
        for number in range(3):
            self.file(STRANGER, number, 4)
            self.attempt(actions.join, ReferenceRequest.objects.latest("pk"), host, by=manager)
            if number == 1:
                self.attempt(actions.set_places, host, by=manager, places=3)
                self.attempt(actions.accept, Ask.objects.filter(joins=host).latest("pk"), by=host.reference.contact)
        self.attempt(actions.schedule, host, by=manager, starts_at=at + timedelta(days=1))
        self.wait(1)
        self.attempt(actions.cancel, host, by=manager)
        self.wait(1)
        for ask in Ask.objects.filter(status="scheduled").select_related("reference__contact"):
            self.attempt(actions.call_off, ask, by=ask.reference.contact, reason="Ill")
        self.wait(1)

    def a_window_ends(self, which: int, who: int, how: int) -> None:
        """A draft gets its window late; somebody stands by for evaluators from its first day to its last."""
        self.file_tender(STRANGER, 0, 0)
        draft = ReferenceRequest.objects.latest("pk")
        self.attempt(actions.set_window, draft, by=draft.requester, first=self.today, last=self.today + timedelta(days=3))
        self.attempt(actions.submit, draft, by=draft.requester)
        for n in range(2):
            clear_the_way(self.fresh(who + n), self.today)
            self.ask_for_tender(0, who + n, 1)
        ask = Ask.objects.filter(status="accepted", reference_request=draft).order_by("-pk").first()
        self.wait(24)
        if ask is not None:
            self.attempt(actions.schedule, ask, by=self.company.manager, starts_at=timezone.now() + timedelta(days=1))
            self.attempt(actions.introduce, ask, by=self.company.manager)
            self.attempt(actions.hold, ask, by=self.company.manager)
        self.wait(*[24] * 4, 24 * 4)

    def a_sheet_taken(self, which: int, who: int, how: int) -> None:
        """In each form, with all that may be ticked, with little, once the name is kept back, once they withdrew, and when it is over."""
        self.a_tender(which, who, how)
        self.take_all_sheets()
        ask = Ask.objects.filter(status="accepted", reference_request__activity_type=self.company.tender).order_by("-pk").first()
        if ask is None:
            return
        self.agree_to_show(0, 1, 2)
        self.take_all_sheets()
        self.disclose(ask, "anonymous")
        self.take_all_sheets()
        self.disclose(ask, "named")
        self.agree_to_show(0, who, 9)
        self.attempt(record_consent, ask.reference.contact, kind="withdrawn", by=self.company.manager.actor)
        self.take_all_sheets()
        self.wait(24 * 33)

    def talked_outside(self, which: int, who: int, how: int) -> None:
        """With somebody we know and with a name; whoever logged it says how it went, others may not."""
        self.log_outside(who, 0, 1)
        self.log_outside(who, 1, 4 + how % 4)
        self.wait(49)
        for number in (0, 3, 5):
            self.debrief_outside(0, number, number)
        self.retract_outside(1, 0, 0)
        self.retract_outside(1, 0, 1)
        self.wait(1)

    def one_word_alone(self, which: int, who: int, how: int) -> None:
        """After an introduction the reference says that it happened, and the requester stays silent."""
        ask = self.led_to("accepted", who)
        if ask is not None:
            self.attempt(actions.introduce, ask, by=self.company.manager)
            self.wait(24 * 8)
            self.attempt(actions.say_outcome, ask, by=ask.reference.contact, says=Outcome.Says.HELD)
            self.wait(24 * 5)

    def two_words(self, which: int, who: int, how: int) -> None:
        """After an introduction, which the reference asked for, both say how it was: not the same at first, then the same."""
        ask = self.led_to("accepted", who)
        if ask is not None:
            self.attempt(actions.ask_introduction, ask, by=ask.reference.contact, seen="accepted")
            self.attempt(actions.say_outcome, ask, by=ask.reference.contact, says=Outcome.Says.US)
            self.attempt(actions.say_outcome, ask, by=ask.reference_request.requester, says=Outcome.Says.HELD)
            self.wait(1)
            self.attempt(actions.say_outcome, ask, by=ask.reference.contact, says=Outcome.Says.HELD)

    def they_withdraw(self, which: int, who: int, how: int) -> None:
        """They do no more of what is fixed, which it survives; then their consent goes, which ends it; a manager asks all the same."""
        ask = self.led_to("scheduled", who)
        if ask is None:
            return
        contact, by = ask.reference.contact, self.company.manager
        self.attempt(set_willingness, ask.reference, ask.reference_request.activity_type, by=by.actor, answer="no")
        self.file(STRANGER, 0, 3)
        self.propose(0, who, 4)
        self.attempt(record_consent, contact, kind="withdrawn", by=by.actor)
        self.propose(0, who, 4)
        self.wait(1, 24)

    def a_swap_unanswered(self, which: int, who: int, how: int) -> None:
        """Somebody else is asked to take a time over, which comes before they have answered."""
        ask = self.led_to("accepted", who)
        if ask is not None:
            self.attempt(actions.schedule, ask, by=self.company.manager, starts_at=timezone.now() + timedelta(hours=20))
            clear_the_way(self.fresh(who + 1), self.today)
            self.attempt(actions.swap, ask, [self.fresh(who + 1)], by=self.company.manager)
            self.wait(21, 24)

    def a_manager_leaves(self, which: int, who: int, how: int) -> None:
        """Whoever is in charge of some of the requests, and comes back later."""
        mia, max_, ada = self.company.manager, self.company.people[4], self.company.admin
        self.file(STRANGER, 0, 3)
        row = ReferenceRequest.objects.order_by("-pk").first()
        if row is not None and row.manager != max_:
            self.attempt(actions.hand_over, row, to=max_, by=mia, reason="On leave")
        self.attempt(deactivate, max_, by=ada)
        self.wait(1, 24)
        self.attempt(reactivate, max_, by=ada)
        self.wait(1)

    def others_wait(self, which: int, who: int, how: int) -> None:
        """Something is under way with somebody whose owner, asked for another thing, says not before a day; then nobody answers."""
        first = self.led_to("accepted" if how % 2 else "sent", who)
        if first is None:
            return
        self.save_policy(activities={"reference-call": {"owner_approval": "always", "routing": "manager"}})
        reference = self.somebody_askable(who)
        another = Ask.objects.filter(reference=reference, status="proposed").order_by("-pk").first()
        if another is not None:
            by = another.approver or self.company.manager
            self.attempt(actions.postpone, another, by=by, until=self.today + timedelta(days=9), reason="Year end")
            self.wait(1, 24 * 8, 24 * 3)
