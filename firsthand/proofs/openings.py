"""How a run begins: with something under way, so that random moves meet more than first steps."""

from firsthand.proofs.changes import Changes
from firsthand.proofs.meetings import Meetings
from firsthand.proofs.movers import pick
from firsthand.proofs.tenders import Tenders
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask, Outcome, ReferenceRequest

OPENINGS = ["a_call", "a_call_that_was_held", "an_introduction", "a_group_call", "a_tender", "a_story_first", "a_rule_lifted"]
STRANGER = 1  # which deal is with somebody we know nothing of


class Openings(Tenders, Meetings, Changes):
    """Each takes three numbers, as moves do; `who` is the reference it is about."""

    def a_call(self, which: int, who: int, how: int) -> None:
        """Somebody is proposed for a call, and perhaps asked."""
        self.file(which, 0, 3)
        self.propose(0, who, how)
        for _ in range(how % 4):
            self.carry_forward(0, who, 0)

    def a_call_that_was_held(self, which: int, who: int, how: int) -> None:
        """With a guest of the other side."""
        if not self.led_to_yes(who, 3):
            return
        self.schedule(1, 1, 2)
        self.time_goes_by(24 * 4, "ticks")
        self.carry_forward(0, who, 0)

    def an_introduction(self, which: int, who: int, how: int) -> None:
        """Both sides find a time themselves, and are asked later whether it happened."""
        if not self.led_to_yes(who, 3):
            return
        self.introduce(1, who, 1)
        self.time_goes_by(24 * 5 * (how % 3), "ticks")
        ask = Ask.objects.select_related("reference__contact").filter(status=Ask.Status.INTRODUCED).order_by("-pk").first()
        if ask is not None and which % 4:
            says = Outcome.Says.HELD if which % 2 else Outcome.Says.REFERENCE
            self.attempt(actions.say_outcome, ask, by=ask.reference.contact, says=says, seen=ask.status)

    def a_group_call(self, which: int, who: int, how: int) -> None:
        """A time is fixed to which another request may come."""
        if self.led_to_yes(who, 4):
            self.schedule(1, 3, 2)
            self.join(0, 1, how)

    def a_tender(self, which: int, who: int, how: int) -> None:
        """Somebody said yes to it, and ticks what may be shown."""
        self.file_tender(STRANGER, 0, 1)
        self.ask_for_tender(0, who, how)
        self.agree_to_show(0, who, 9)

    def a_story_first(self, which: int, who: int, how: int) -> None:
        """The policy prefers a story, one of the deals is early enough for it; that did it, or a person is needed all the same."""
        self.prefer_content(0, 2)
        self.change_deal(0, 0)
        self.file(STRANGER, 1, 3)
        answered = ReferenceRequest.objects.filter(status="answered_with_content").order_by("-pk").first()
        if answered is not None and how % 3:
            self.time_goes_by(24 * how, "ticks")
            self.attempt(actions.reopen if how % 3 == 1 else actions.confirm_content, answered, by=answered.requester)

    def a_rule_lifted(self, which: int, who: int, how: int) -> None:
        """The deal is too small or too early for a call, or the customer has a case open; a manager lets it pass this once."""
        live = {"earliest_stage": "", "least_amount": 500_000} if how % 2 else {"earliest_stage": "proposal", "least_amount": 0}
        self.save_policy(live=live)
        self.change_deal(0, 0)
        self.file(STRANGER, 0, 3)
        self.propose(0, who, 9)

    def led_to_yes(self, who: int, how: int) -> bool:
        """A request of its own, and the yes of a reference, unless nobody may be asked; says whether anybody was."""
        self.file(STRANGER, 0, how)
        confirmed = [n for n, each in enumerate(self.company.references) if is_confirmed(Reference.objects.get(pk=each.pk))]
        self.propose(0, pick(confirmed, who) if confirmed else who, 1)
        for _ in range(3):
            asks = Ask.objects.filter(status__in=["proposed", "approved", "sent"]).order_by("-pk")
            if asks.exists():
                self.carry_forward(0, who, 0)
        return Ask.objects.exists()
