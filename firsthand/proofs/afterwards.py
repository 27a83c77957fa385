"""Moves after it was held: the prospect is asked how it was, the reference is thanked and told what came of it; deals close."""

from decimal import Decimal

from firsthand.deals.actions import DealFacts, change_deal
from firsthand.deals.models import Opportunity, Stage
from firsthand.proofs.company import LATE, LOST, WON
from firsthand.proofs.meetings import newest
from firsthand.proofs.movers import Movers, pick
from firsthand.requests import actions
from firsthand.requests.models import Ask, Attendee, Outcome, PersonalNote
from firsthand.requests.notes_drafted import draft

AFTER_MOVES = (*["release_debrief"] * 2, *["prospect_says"] * 2, *["write_note"] * 3, "close_deal", "debrief", "debrief", *["correct"] * 2)


class Afterwards(Movers):
    """Drawn like the other moves."""

    def a_held_ask(self, which: int) -> Ask:
        """Mostly one that was held."""
        related = ("reference__contact__person", "reference__contact__account__owner", "reference_request__requester")
        held = Ask.objects.filter(status="held").select_related(*related, "reference_request__opportunity__owner")
        return newest(list(held.order_by("-pk")[:6]), which) or self.an_ask(which, "")

    def release_debrief(self, which: int, who: int, how: int) -> None:
        """The seller asks somebody of the other side; now and then somebody of another request, or not the seller."""
        ask = self.a_held_ask(which)
        theirs = Attendee.objects.order_by("-pk") if how == 1 else Attendee.objects.coming_to(ask).order_by("-pk")
        attendee = newest(list(theirs[:4]), who)
        if attendee is not None:
            by = ask.reference_request.requester if how else pick(self.company.people, who)
            self.attempt(actions.release_debrief, ask, attendee, by=by)

    def prospect_says(self, which: int, who: int, how: int) -> None:
        ask = self.a_held_ask(which)
        theirs = Attendee.objects.order_by("-pk") if how < 2 else Attendee.objects.coming_to(ask).order_by("-pk")
        attendee = newest(list(theirs[:4]), who)
        if attendee is not None:
            self.attempt(actions.give_debrief, ask, by=attendee, grade=how % 7, words="They knew what they spoke of.")

    def write_note(self, which: int, who: int, how: int) -> None:
        """The draft, or words that tell more than may leave: who it was, what it was worth, why it was lost."""
        ask, kind = self.a_held_ask(which), pick(PersonalNote.Kind.values, who)
        deal = ask.reference_request.opportunity
        owner = deal.owner if deal is not None else None
        side = ask.reference.contact.account.owner if kind == PersonalNote.Kind.THANKS else owner
        by = side if side is not None and how else pick(self.company.people, who)
        words = draft(ask, kind, by)
        if deal is not None and how in {1, 2, 3}:
            words = [f"It was {deal.prospect}.", f"It was worth {deal.amount or 0:,.0f}.", f"They said: {deal.loss_reason}"][how - 1]
        if kind == PersonalNote.Kind.THANKS and how in {1, 2, 3}:
            words = "Thank you."
        self.attempt(actions.write_note, ask, by=by, kind=kind, words=words, prospect_agreed=how > 7)

    def correct(self, which: int, who: int, how: int, *, says: str = "") -> None:
        """What was settled about one of the newest is settled anew, mostly by a manager."""
        settled = list(Ask.objects.filter(status__in=["held", "missed"]).select_related("reference_request").order_by("-pk")[:6])
        ask = newest(settled, which) or self.an_ask(which, "")
        by = self.whoever(who, how, lambda each: None if each.runs_program else "no")
        word = says or pick(Outcome.Says.values, who + how)
        self.attempt(actions.correct_outcome, ask, by=by, says=word, reason="It was another day" if how != 5 else " ")

    def close_deal(self, which: int, who: int, how: int) -> None:
        """Won, lost, or open again; mostly one that somebody helped with."""
        helped = Opportunity.objects.filter(reference_requests__asks__status="held").order_by("pk")
        deal = newest(list(helped if how else Opportunity.objects.order_by("pk")), which)
        if deal is not None:
            stage = Stage.objects.get(key=[WON, LOST, WON, LOST, LATE][who % 5])
            amount = deal.amount if deal.amount is not None else Decimal(431_207)
            facts = DealFacts(deal.name, deal.account, deal.prospect_name, deal.owner, stage, amount, "EUR")
            self.attempt(change_deal, deal, facts, by=self.company.manager)
