"""How a run is led somewhere: an ask to a status, time on its way, a name to how far it may go, pages and sheets to be read."""

from datetime import timedelta

from django.utils import timezone

from firsthand.deals.models import Stage
from firsthand.proofs.afterwards import Afterwards
from firsthand.proofs.company import LATE
from firsthand.proofs.obstacles import FREE, change, clear_the_way, rule
from firsthand.proofs.openings import STRANGER, Openings
from firsthand.proofs.reading import Reading
from firsthand.references.actions import change_standing
from firsthand.references.models import Reference, ReferenceAccount
from firsthand.requests import actions
from firsthand.requests.models import Ask, Attendee, OfferedTime, ReferenceRequest

RELATED = ("reference__contact__person", "reference__reference_account", "reference_request__requester", "reference_request__activity_type")
WANTED = {1: 6, 2: STRANGER, 3: 11}  # by how many are wanted the number that files it for a deal with a stranger
GUEST = "pia@prospect.example"


class Leading(Openings, Afterwards, Reading):
    """Steps that situations are made of."""

    def led_to(self, status: str, who: int, *, activity: int = 3, wanted: int = 2) -> Ask | None:
        """An ask of somebody confirmed, for a request of its own, led so far; None where nobody may be asked so far."""
        reference = self.somebody_askable(who, activity=activity, wanted=wanted)
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

    def somebody_askable(self, who: int, *, activity: int = 3, wanted: int = 2) -> Reference | None:
        """Somebody is set right, and proposed for a new request for a deal with a stranger."""
        deal = self.a_deal(STRANGER)
        assert deal is not None
        clear_the_way(self.fresh(who), self.today)
        rule(**FREE)
        change(deal, stage=Stage.objects.get(key=LATE), outcome="open")
        self.file(WANTED[wanted], 0, activity)
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
