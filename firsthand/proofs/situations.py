"""Situations that random moves seldom come to, each led to straight away: nobody answers, a name is kept back, a person after all."""

from datetime import timedelta

from django.utils import timezone

from firsthand.proofs.afterwards import Afterwards
from firsthand.proofs.obstacles import NO_LIMITS
from firsthand.proofs.openings import OPENINGS, STRANGER, Openings
from firsthand.proofs.reading import Reading
from firsthand.references.actions import change_standing, record_consent, set_willingness
from firsthand.references.models import Reference, ReferenceAccount
from firsthand.requests import actions
from firsthand.requests.models import Ask, Attendee, OfferedTime, Outcome, ReferenceRequest

SITUATIONS = (
    *OPENINGS, "nobody_answers", "a_name_kept_back", "a_name_known", "a_person_after_all", "looked_back_on", "settled_wrongly",
    "unconfirmed_since", "a_shared_time_ends", "a_sheet_taken", "talked_outside", "one_word_alone", "they_withdraw",
)  # fmt: skip
RELATED = ("reference__contact__person", "reference__reference_account", "reference_request__requester", "reference_request__activity_type")
GUEST = "pia@prospect.example"


class Situations(Openings, Afterwards, Reading):
    """Each takes three numbers, as openings do; `who` is the reference it is about."""

    def nobody_answers(self, which: int, who: int, how: int) -> None:
        """Neither the owner's side until the reservation runs out, nor the reference until the ask lapses, who then says yes after all."""
        if self.somebody_askable(who) is not None:
            self.wait(20, 30, 30, 49)
        ask = self.led_to("sent", who)
        if ask is not None:
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
        self.disclose(ask, "hidden" if how % 2 else "internal")
        self.read_all()
        self.wait(24 * 3)
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
        """The policy prefers a story for this deal, which is late enough for none a moment before."""
        self.prefer_content(0, 1)
        self.change_deal(0, 1)
        self.file(STRANGER, 1, 3)
        self.prefer_content(0, 2)
        self.change_deal(0, 0)
        self.file(STRANGER, 1, 3)
        return ReferenceRequest.objects.filter(status="answered_with_content").select_related("requester").order_by("-pk").first()

    def looked_back_on(self, which: int, who: int, how: int) -> None:
        """All sides say how it was, words are tried that may not leave, the deal closes and its owner is asked to tell."""
        ask = self.led_to("held", who)
        if ask is None:
            return
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
        ask = self.led_to("held", who)
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
        if self.led_to("accepted", who, activity=4) is None:
            return
        self.schedule(1, 3, 2)
        for _ in range(2):
            self.join(0, 1, 3)
        joining = list(Ask.objects.filter(joins__isnull=False, status="sent").select_related("reference__contact", "joins").order_by("pk"))
        if joining:
            self.attempt(actions.accept, joining[0], by=joining[0].reference.contact)
            self.wait(1)
            self.attempt(actions.cancel, joining[0].joins, by=self.company.manager)
        self.wait(1)
        for ask in Ask.objects.filter(status="scheduled").select_related("reference__contact"):
            self.attempt(actions.call_off, ask, by=ask.reference.contact, reason="Ill")
        self.wait(1)

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

    def one_word_alone(self, which: int, who: int, how: int) -> None:
        """After an introduction: both say the same, or one alone does and the other stays silent."""
        ask = self.led_to("accepted", who)
        if ask is None:
            return
        self.attempt(actions.introduce, ask, by=self.company.manager)
        self.wait(24 * 8)
        self.attempt(actions.say_outcome, ask, by=ask.reference.contact, says=Outcome.Says.HELD)
        if how % 2:
            self.attempt(actions.say_outcome, ask, by=ask.reference_request.requester, says=Outcome.Says.HELD)
        self.wait(24 * 5)

    def they_withdraw(self, which: int, who: int, how: int) -> None:
        """While a time is fixed and something else is asked of them, by whatever door; and a manager asks all the same."""
        ask = self.led_to("scheduled", who)
        if ask is None:
            return
        contact, by = ask.reference.contact, self.company.manager
        if how % 2:
            self.attempt(record_consent, contact, kind="withdrawn", by=by.actor)
        else:
            self.attempt(set_willingness, ask.reference, ask.reference_request.activity_type, by=by.actor, answer="no")
        self.file(STRANGER, 0, 3)
        self.propose(0, who, 4)
        self.wait(1, 24)

    def led_to(self, status: str, who: int, *, activity: int = 3) -> Ask | None:
        """An ask of somebody confirmed, for a request of its own, led so far; None where nobody may be asked so far."""
        reference = self.somebody_askable(who, activity=activity)
        ask = Ask.objects.filter(reference=reference).order_by("-pk").first() if reference else None
        for _ in range(5):
            if ask is not None and ask.status != status:
                self.lead_on(ask, 3, who)
                ask.refresh_from_db()
            if ask is not None and ask.status == "scheduled" and status == "held":
                self.wait(24 * 4 + 8)
        found = Ask.objects.select_related(*RELATED).filter(pk=ask.pk, status=status).first() if ask else None
        self.watch.asked("situations come to" if found else "situations missed")
        return found

    def somebody_askable(self, who: int, *, activity: int = 3) -> Reference | None:
        """Somebody is set right, and proposed for a new request for a deal with a stranger."""
        self.set_right(who, 0)
        self.save_policy(limits={**NO_LIMITS, "min_gap_days": 0}, live={"earliest_stage": "", "least_amount": 0})
        self.change_deal(0, 1)
        self.file(STRANGER, 0, activity)
        row, reference = ReferenceRequest.objects.order_by("-pk").first(), self.fresh(who)
        assert row is not None
        self.attempt(actions.propose, row, [reference], by=self.company.manager)
        return reference if row.asks.filter(reference=reference).exists() else None

    def offered_and_picked(self, ask: Ask, *, days: int) -> None:
        """The reference offers a time, and a guest picks it and brings company."""
        at = timezone.now() + timedelta(days=days)
        self.attempt(actions.offer_times, ask, by=ask.reference.contact, times=[at, at + timedelta(days=1)])
        self.attempt(actions.let_pick, ask, by=self.company.manager, name="Pia Prospect", email=GUEST)
        self.wait(1)
        guest = Attendee.objects.filter(reference_request=ask.reference_request, email=GUEST).first()
        offered = OfferedTime.objects.filter(ask=ask).order_by("starts_at").first()
        if guest is not None and offered is not None:
            people = [("Pat Prospect", "pat@prospect.example")]
            self.attempt(actions.pick_time, ask, offered.pk, by=guest, time_zone="Asia/Kolkata", people=people)

    def disclose(self, ask: Ask, level: str) -> None:
        """How far the name of the customer goes from now on."""
        standing = ReferenceAccount.objects.select_related("account").get(pk=ask.reference.reference_account_id)
        self.attempt(change_standing, standing, by=self.company.manager, no_go=[], disclosure=level)

    def take_all_sheets(self) -> None:
        for form in (4, 1, 3):
            self.take_sheet(0, 0, form)

    def wait(self, *hours: int) -> None:
        """That long, and the worker does what is due each time."""
        for each in hours:
            self.time_goes_by(each, "ticks")
