"""Moves on a request under way: several at once, what is wanted changes, reminders, notes to the others, a guest's own clock."""

from datetime import timedelta

from django.utils import timezone

from firsthand.proofs.company import CLOSE, GUEST_ZONES
from firsthand.proofs.facts import Facts
from firsthand.proofs.meetings import newest
from firsthand.proofs.movers import Movers, pick
from firsthand.proofs.readers import found_in, secrets_from
from firsthand.requests import actions, bulk
from firsthand.requests.changing import why_wish_stays
from firsthand.requests.models import Attendee, ReferenceRequest
from firsthand.requests.moving import seen_as

QUEUE_MOVES = (*["move_several"] * 4, *["change_wanted"] * 4, "remind", "write_to_others", "choose_zone", "change_requester")
WISHES = (CLOSE, "What did Payments cost in the first year?", "Who runs the Ledger?", "Is it worth 431,207?", "How long did it take?")
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

    def change_wanted(self, which: int, who: int, how: int) -> None:
        """Mostly of a request whose wish may change yet; now and then words that tell too much, a day that is past, or by anybody."""
        rows = list(ReferenceRequest.objects.open().select_related("requester", "opportunity__account").order_by("-pk")[:8])
        fitting = [row for row in rows if why_wish_stays(row) is None]
        row = newest(fitting if fitting and how else rows, which)
        if row is None:
            return
        words, named = pick(WISHES, who), list(row.criteria.values_list("value", "value__name"))
        wanted = actions.Wanted(
            wish=words if how % 3 else row.wish,
            questions="Who looks after it now?" if how % 4 == 3 else "",
            needed_by=row.needed_by if how % 2 else self.today + timedelta(days=[-1, 4, 20, 60][who % 4]),
            dropped=tuple(value for value, name in named if which % 2 and name not in words),
        )
        late = [(ask, seen_as(ask)) for ask in row.asks.filter(status="lapsed").select_related("reference__contact", "reference_request")]
        self.attempt(actions.change_wanted, row, wanted, by=row.requester if how % 4 else pick(self.company.people, who))
        for ask, seen in late:
            self.attempt(actions.accept, ask, by=ask.reference.contact, seen=seen)
            ask.refresh_from_db()
            is_other = ask.reference_request.wish != row.wish
            assert not (is_other and ask.status == "accepted"), f"the late yes of ask {ask.pk} counts for words that were changed since"

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
