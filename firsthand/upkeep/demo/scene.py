"""One request and how it goes on through the real deeds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from firsthand.deals.models import Opportunity
from firsthand.matching.match import match
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import Ask
from firsthand.requests.needs import need_of
from firsthand.upkeep.demo.world import World


class Scene:
    """A request of Sam's, unless `by` somebody else: each step does the ones before it. Other columns of the wish go in by name."""

    def __init__(self, world: World, deal: Opportunity | None, wish: str, *, activity: str = "reference-call", **more: Any) -> None:
        self.mia, self.sam, self.ana = world.colleagues[:3]
        self.requester = more.pop("by", self.sam)
        needed_by = world.today + timedelta(days=more.pop("days", None) or world.chance.randint(5, 14))
        written = actions.Wish(activity_type=world.types[activity], needed_by=needed_by, words=wish, opportunity=deal, **more)
        self.filed = actions.file_request(written, by=self.requester)

    def proposed(self, reference: Reference | None = None, *, exception: str = "") -> Ask:
        [ask] = actions.propose(self.filed, [reference or next(self.free())], by=self.mia, exception=exception)
        return ask

    def approved(self, ask: Ask | None = None) -> Ask:
        ask = ask or self.proposed()
        return actions.approve(ask, by=ask.approver or self.mia, expected_grade=4)

    def sent(self, ask: Ask | None = None) -> Ask:
        return actions.send(self.approved(ask), by=self.mia)

    def accepted(self, ask: Ask | None = None) -> Ask:
        ask = self.sent(ask)
        return actions.accept(ask, by=ask.reference.contact, times=[morning(days) for days in (2, 3, 6)])

    def scheduled(self, *, attendee: str, attendee_email: str) -> Ask:
        ask = self.accepted()
        starts_at = ask.offered_times.all()[1].starts_at
        return actions.schedule(ask, by=self.requester, starts_at=starts_at, attendee=attendee, attendee_email=attendee_email)

    def free(self) -> Iterator[Reference]:
        """Who may be asked and is confirmed, Ana's customers first."""
        ranked = [row.reference.pk for row in match(need_of(self.filed), self.mia, shown=200).matches if row.is_confirmed]
        rows = Reference.objects.filter(pk__in=ranked).select_related("contact__account__owner")
        return iter(sorted(rows, key=lambda row: (row.account.owner_id != self.ana.pk, ranked.index(row.pk))))


def morning(days: int) -> datetime:
    """Nine o'clock UTC in so many days."""
    return timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)
