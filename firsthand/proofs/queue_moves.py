"""Moves of whoever runs the queue: several requests at once, reminders, notes to the others, a guest's own clock."""

from django.utils import timezone

from firsthand.proofs.company import GUEST_ZONES
from firsthand.proofs.facts import Facts
from firsthand.proofs.meetings import newest
from firsthand.proofs.movers import Movers, pick
from firsthand.proofs.readers import found_in, secrets_from
from firsthand.requests import actions, bulk
from firsthand.requests.models import Attendee, ReferenceRequest

QUEUE_MOVES = (*["move_several"] * 4, "remind", "write_to_others", "choose_zone", "change_requester")
REASONS = {"reason": "On leave", "unfulfilled": "too_late", "note": "The quarter ends."}


class Queue(Movers):
    """Drawn like the other moves."""

    def move_several(self, which: int, who: int, how: int) -> None:
        """One move on several requests, first planned and read, then carried out line by line."""
        by = self.whoever(who, how, lambda each: None if each.runs_program else "no")
        gentle = [move for code, move in bulk.moves().items() if how > 9 or code not in {"withdraw", "close"}]
        rows = ReferenceRequest.objects.visible_to(by).order_by("-pk").values("pk")[: 1 + which % 4]
        move = pick(gentle, which + how)
        lines = bulk.plan(move, ReferenceRequest.objects.filter(pk__in=[row["pk"] for row in rows]), by)
        self.attempt(bulk.carry_out, move, lines, REASONS, by=by)
        said = "\n".join([bulk.said(lines), *(f"{line.title} {line.sub} {line.what} {line.why_not}" for line in lines)])
        told = found_in(said, secrets_from(by, Facts(timezone.now())))
        assert not told, f"{move.label} tells {by.name} {told}:\n{said}"
        assert all(bool(line.done) != bool(line.why_not) for line in lines), "a line was neither done nor refused"
        self.watch.asked("moves of several", len(lines))

    def remind(self, which: int, who: int, how: int) -> None:
        row = newest(list(ReferenceRequest.objects.order_by("-pk")[:4]), which)
        if row is not None:
            self.attempt(actions.remind, row, by=self.whoever(who, how, lambda each: None if each.runs_program else "no"))

    def write_to_others(self, which: int, who: int, how: int) -> None:
        by = pick(self.company.people, who)
        row = newest(list(ReferenceRequest.objects.visible_to(by).order_by("-pk")[:4]), which)
        if row is not None:
            self.attempt(actions.add_note, row, by=by, words="Any news?")

    def choose_zone(self, which: int, who: int, how: int) -> None:
        guest = newest(list(Attendee.objects.order_by("-pk")[:4]), which)
        if guest is not None:
            self.attempt(actions.choose_zone, guest, [*GUEST_ZONES, "nowhere"][how % 4])

    def change_requester(self, which: int, who: int, how: int) -> None:
        """Somebody else asks for it from now on, who may be the one to answer for the customer."""
        row = newest(list(ReferenceRequest.objects.open().order_by("-pk")[:4]), which)
        if row is not None:
            by = self.whoever(who, how, lambda each: None if each.runs_program else "no")
            self.attempt(actions.give_requester, row, to=pick(self.company.people, who), by=by, reason="On leave")
