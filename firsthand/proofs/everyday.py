"""Situations of every day: somebody says no, a time is moved and missed, a manager runs the queue, a draft is written anew, a panel."""

from datetime import timedelta

from django.utils import timezone

from firsthand.proofs.company import CLOSE
from firsthand.proofs.leading import GUEST, RELATED, Leading
from firsthand.proofs.obstacles import clear_the_way
from firsthand.proofs.openings import STRANGER
from firsthand.proofs.queue_moves import Queue
from firsthand.references.actions import set_hold
from firsthand.requests import actions
from firsthand.requests.models import Ask, Outcome, ReferenceRequest

EVERYDAY = ("turned_down", "moved_about", "missed", "fewer_are_enough", "the_queue_is_run", "written_anew", "they_stop", "a_panel")


class Everyday(Leading, Queue):
    """Each takes three numbers, as openings do; `who` is the reference it is about."""

    def turned_down(self, which: int, who: int, how: int) -> None:
        """By the owner, not before a day, by the reference, not now, and by us."""
        self.save_policy(activities={"reference-call": {"owner_approval": "always", "routing": "manager"}})
        for n in range(2):
            ask = self.led_to("proposed", who + n)
            if ask is not None and n:
                self.attempt(actions.postpone, ask, by=ask.approver, until=self.today + timedelta(days=4), reason="Year end")
            elif ask is not None:
                self.attempt(actions.refuse, ask, by=ask.approver, reason="Not now")
        for n in range(3):
            ask = self.led_to("sent", who + n)
            if ask is not None and n == 0:
                self.attempt(actions.decline, ask, by=ask.reference.contact, reason="No time", colleague_suggested="Ask Kim")
            elif ask is not None and n == 1:
                self.attempt(actions.not_now, ask, by=ask.reference.contact, until=self.today + timedelta(days=9))
            elif ask is not None:
                self.attempt(actions.cancel, ask, by=ask.reference_request.requester, reason="Plans changed")
        self.wait(1)

    def moved_about(self, which: int, who: int, how: int) -> None:
        """Times are offered and taken back, one is fixed and moved over the change of the clocks, a brief goes out; then they cannot."""
        ask = self.led_to("accepted", who)
        if ask is None:
            return
        now, contact = timezone.now(), ask.reference.contact
        self.attempt(actions.offer_times, ask, by=contact, times=[now + timedelta(days=each) for each in (1, 2, 3)], time_zone="nowhere")
        offered = ask.offered_times.first()
        if offered is not None:
            self.attempt(actions.withdraw_time, ask, offered.pk, by=contact)
        guest = {"attendee": "Pia Prospect", "attendee_email": "pia@prospect.example"}
        for days in (1, 5):
            self.attempt(actions.schedule, ask, by=self.company.manager, starts_at=now + timedelta(days=days, hours=3), **guest)
            self.wait(1)
        self.choose_zone(0, 0, 1)
        self.choose_zone(0, 0, 2)
        self.wait(24 * 3)
        self.attempt(set_hold, ask.reference, kind="own", by=self.company.manager, reason="Ill")
        self.attempt(actions.tell_what_stands, ask.reference, by=self.company.manager.actor)
        self.attempt(actions.call_off, ask, by=contact, reason="Ill")
        self.wait(1)

    def missed(self, which: int, who: int, how: int) -> None:
        """By the prospect, which counts, and by us, which does not."""
        for n, whose in enumerate([Outcome.Says.PROSPECT, Outcome.Says.US]):
            ask = self.led_to("scheduled", who + n)
            if ask is not None:
                self.wait(24 * 4)
                self.attempt(actions.miss, ask, by=ask.reference_request.requester, missed_by=whose)

    def fewer_are_enough(self, which: int, who: int, how: int) -> None:
        """Two are wanted, one is held; the requester says that it is enough, a manager that it was never held."""
        ask = self.led_to("held", who, wanted=2)
        if ask is not None:
            self.attempt(actions.close, ask.reference_request, by=ask.reference_request.requester, reason="enough")
            self.wait(24)
            self.correct(0, 0, 1, says=Outcome.Says.REFERENCE)
            self.wait(1)

    def the_queue_is_run(self, which: int, who: int, how: int) -> None:
        """Nobody moves, and is reminded by the clock and by hand; requests are changed, change hands, are written on, closed, withdrawn."""
        for n in range(3):
            self.file(STRANGER, 0, 3 + 2 * (n == 2))
        rows = list(ReferenceRequest.objects.select_related("requester").order_by("-pk")[:3])
        self.attempt(actions.ask_info, rows[0], by=self.company.manager, question="Which modules?")
        self.wait(49, 49)
        for row in rows:
            self.attempt(actions.remind, row, by=self.company.manager)
            wanted = actions.Wanted("What did Payments cost in the first year?", "Who looks after it?", self.today + timedelta(days=20))
            self.attempt(actions.change_wanted, row, wanted, by=row.requester)
        self.write_to_others(0, 0, 1)
        self.move_several(2, 0, 1)
        self.attempt(actions.hand_over, rows[1], to=self.company.people[4], by=self.company.manager, reason="On leave")
        self.attempt(actions.hand_over, rows[1], to=self.company.manager, by=self.company.manager, reason="Back")
        self.wait(24 * 3, 24 * 3)
        self.attempt(actions.close, rows[1], by=self.company.manager, reason=ReferenceRequest.UnfulfilledReason.NO_MATCH)
        self.attempt(actions.withdraw, rows[2], by=rows[2].requester)
        self.wait(1)

    def written_anew(self, which: int, who: int, how: int) -> None:
        """A draft is changed by whoever wrote it, and by nobody else; days later it is submitted, and the clock starts then."""
        self.file(STRANGER, 0, 11)
        draft = ReferenceRequest.objects.filter(status="draft").select_related("requester").order_by("-pk").first()
        if draft is None:
            return
        wish = actions.Wish(self.company.call, self.today + timedelta(days=30), CLOSE, self.a_deal(STRANGER))
        for by in (self.company.people[1], draft.requester):
            self.attempt(actions.change_draft, draft, wish, by=by)
        self.wait(49)
        self.attempt(actions.submit, draft, by=draft.requester)
        self.attempt(actions.answer_with_content, draft, by=self.company.manager, stories=self.company.stories[:1])
        self.wait(24)
        self.attempt(actions.confirm_content, draft, by=draft.requester)

    def they_stop(self, which: int, who: int, how: int) -> None:
        """By their own page, with a time fixed and an ask that waits for the owner; nothing more is asked of them."""
        ask = self.led_to("scheduled", who)
        if ask is not None:
            self.file(STRANGER, 0, 3)
            self.save_policy(activities={"reference-call": {"owner_approval": "always", "routing": "manager"}})
            row, by = ReferenceRequest.objects.latest("pk"), self.company.manager
            self.attempt(actions.propose, row, [ask.reference], by=by, exception="The sponsor asks for it")
            self.withdraw_consent(who, 4)
            self.attempt(actions.end_for_reference, ask.reference, reason="They withdrew their consent.")
            self.wait(1)

    def a_panel(self, which: int, who: int, how: int) -> None:
        """Two more come to the time of one, guests are brought and taken off; it is moved for all, one leaves and a place is given on."""
        host = self.led_to("accepted", who, activity=4, wanted=3)
        if host is None:
            return
        manager, at = self.company.manager, timezone.now() + timedelta(days=9)
        guest = {"attendee": "Pia Prospect", "attendee_email": GUEST}
        self.attempt(actions.schedule, host, by=manager, starts_at=at, **guest)
        first, second = self.come_along(host, who + 1), self.come_along(host, who + 2)
        self.wait(1)
        for name in ("Pat", "Kai"):
            self.attempt(actions.bring, host, by=manager, name=f"{name} Prospect", email=f"{name.lower()}@prospect.example")
            self.wait(1)
        for brought in host.reference_request.attendees.filter(email="pat@prospect.example"):
            for by in (self.company.people[1], host.reference_request.requester):
                self.attempt(actions.take_off, first or host, brought, by=by)
        self.wait(1)
        self.attempt(actions.schedule, first or host, by=manager, starts_at=at + timedelta(days=1))
        self.disclose(host, "anonymous")
        self.wait(1)
        for ask in filter(None, (first, second)):
            self.attempt(actions.offer_times, ask, by=ask.reference.contact, times=[at + timedelta(days=2)])
        self.read_all()
        if first is not None:
            self.attempt(actions.call_off, first, by=first.reference.contact, reason="Ill")
            self.wait(1)
        if second is not None and how % 2:
            self.attempt(actions.swap, second, [self.fresh(who + 3)], by=manager)
            self.lead_all_on(host, who)
        self.wait(24 * 9 if how % 3 else 1)
        self.attempt(actions.cancel if how % 2 else actions.hold, host, by=manager)
        self.wait(24)

    def come_along(self, host: Ask, who: int) -> Ask | None:
        """Somebody set right is asked to the time of another, which is moved, and says yes to it; None where nobody comes of it."""
        reference = self.fresh(who)
        clear_the_way(reference, self.today)
        self.attempt(actions.ask_along, host, [reference], by=self.company.manager, seen="scheduled")
        now = Ask.objects.select_related("occasion").get(pk=host.pk)
        if now.occasion is not None:
            self.attempt(actions.schedule, now, by=self.company.manager, starts_at=now.occasion.starts_at + timedelta(minutes=15))
        self.lead_all_on(host, who)
        found = Ask.objects.beside(Ask.objects.get(pk=host.pk)).filter(reference=reference).select_related(*RELATED).first()
        self.watch.asked("panels come about" if found else "panels missed")
        return found

    def lead_all_on(self, host: Ask, who: int) -> None:
        for _ in range(3):
            for ask in Ask.objects.filter(reference_request=host.reference_request, status__in=["proposed", "approved", "sent"]):
                self.lead_on(ask, 3, who)
