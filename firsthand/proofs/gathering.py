"""Moves around a time that is fixed: others are asked along and come, guests are brought and taken off, it moves for all, one leaves."""

from datetime import timedelta

from django.utils import timezone

from firsthand.people.models import Colleague
from firsthand.proofs.everyday import Everyday
from firsthand.proofs.leading import RELATED, WANTED
from firsthand.proofs.meetings import newest
from firsthand.proofs.movers import Movers, pick
from firsthand.proofs.obstacles import clear_the_way
from firsthand.requests import actions
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.requests.workflow import AskMove

GATHERING_MOVES = (*["come_too"] * 3, *["bring"] * 2, *["take_off"] * 2, "move_all", "one_leaves")
GUESTS = ("Pia Prospect", "Pat Prospect", "Kai Prospect", "Lou Prospect")


class Guests(Movers):
    """Who comes from the other side. Drawn like the other moves."""

    def times_ahead(self) -> list[Ask]:
        """Whoever comes to a time that is still to come, the newest first."""
        ahead = Ask.objects.filter(status="scheduled", occasion__starts_at__gt=timezone.now())
        return list(ahead.select_related(*RELATED, "occasion").order_by("-pk")[:8])

    def bring(self, which: int, who: int, how: int) -> None:
        """Somebody more, or again, by us or by somebody who comes; now and then without an address."""
        ask, name = newest(self.times_ahead(), which) or self.an_ask(which, AskMove.RESCHEDULE), pick(GUESTS, who)
        email = f"{name.split()[0].lower()}@prospect.example" if how != 1 else ""
        self.attempt(actions.bring, ask, by=self.host_of(ask, who, how), name=name, email=email)

    def take_off(self, which: int, who: int, how: int) -> None:
        """One of those who come; now and then somebody of another request, or who is off already."""
        ask = newest(self.times_ahead(), which) or self.an_ask(which, AskMove.RESCHEDULE)
        theirs = Attendee.objects.coming_to(ask) if how > 1 else Attendee.objects.all()
        guest = newest(list(theirs.order_by("-pk")[:4]), who)
        if guest is None:
            self.bring(which, who, how)
        else:
            self.attempt(actions.take_off, ask, guest, by=self.host_of(ask, which, how))

    def host_of(self, ask: Ask, who: int, how: int) -> Colleague | Attendee:
        """Somebody of ours, or for a third of the numbers one of those who come."""
        coming = list(Attendee.objects.coming_to(ask).order_by("pk")) if how % 3 == 2 else []
        return newest(coming, who) or self.mover(ask, AskMove.SCHEDULE, who, how)


class Gathering(Everyday, Guests):
    """The time of a panel. Drawn like the other moves."""

    def group_times(self) -> list[Ask]:
        return [ask for ask in self.times_ahead() if ask.reference_request.activity_type == self.company.panel]

    def fix_group_time(self, which: int, who: int, how: int) -> None:
        """For a request of its own that wants three, with somebody in whose way they themselves put nothing."""
        self.file(WANTED[3], 0, 4)
        row, reference, manager = ReferenceRequest.objects.latest("pk"), self.fresh(who), self.company.manager
        clear_the_way(reference, self.today)
        self.attempt(actions.propose, row, [reference], by=manager)
        ask = row.asks.select_related(*RELATED).first()
        if ask is not None:
            self.lead_all_on(ask, who)
            self.attempt(actions.schedule, ask, by=manager, starts_at=timezone.now() + timedelta(days=8 + which))

    def come_too(self, which: int, who: int, how: int) -> None:
        """Somebody else is asked to come as well, and led to their yes."""
        host = newest(self.group_times(), which)
        if host is not None:
            asked = host.reference_request.asks.open().values_list("reference", flat=True)
            others = [n for n, each in enumerate(self.company.references) if each.pk not in asked]
            self.come_along(host, pick(others, who) if others else who)

    def move_all(self, which: int, who: int, how: int) -> None:
        ask = newest(self.group_times(), which)
        if ask is not None and ask.occasion is not None:
            at = ask.occasion.starts_at + timedelta(hours=[1, 24, -1, 24 * 7][how % 4])
            self.attempt(actions.schedule, ask, by=self.mover(ask, AskMove.RESCHEDULE, who, how), starts_at=at)

    def one_leaves(self, which: int, who: int, how: int) -> None:
        """By their own word, or by ours."""
        ask = newest(self.group_times(), which)
        if ask is not None and how % 2:
            self.attempt(actions.call_off, ask, by=ask.reference.contact, reason="Ill", seen=ask.status)
        elif ask is not None:
            self.attempt(actions.cancel, ask, by=self.mover(ask, AskMove.CANCEL, who, how), reason="Plans changed")
