"""A handful of requests that went through the real deeds, so that every link, mail and page of the thread can be tried."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.deals.models import Opportunity, Stage
from firsthand.matching.match import match
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import Ask
from firsthand.requests.needs import need_of
from firsthand.upkeep.demo.world import World

WISHES = (
    "How long until the first month-end close ran, and whether the auditors accepted the trail.",
    "They worry about regulatory compliance and want a peer who went through an audit.",
    "The warehouse lead asks how the seasonal peak went.",
    "What did the rollout in several countries cost in the first year?",
    "How do they plan demand across plants, and who maintains the forecast?",
    "A peer who moved their reports to self-service.",
    "Somebody who replaced many interfaces by one.",
    "How long was the migration weekend, and what broke?",
    "The controller wants to know who builds the reports now.",
)


def play(world: World) -> None:
    """File one request of Sam's for each of the steps and bring it there. A step nobody is free for is left out."""
    steps: tuple[Callable[[Scene], object], ...] = (
        lambda scene: None,
        lambda scene: actions.ask_info(scene.filed, by=scene.mia, question="Which product is it about, and who will be on the call?"),
        lambda scene: scene.proposed(),
        lambda scene: scene.proposed(),
        lambda scene: scene.approved(),
        lambda scene: scene.sent(),
        lambda scene: scene.sent(),
        lambda scene: scene.accepted(),
        lambda scene: scene.scheduled(),
    )
    sam = world.colleagues[1]
    deals = Opportunity.objects.filter(owner=sam, outcome=Stage.Outcome.OPEN, reference_requests=None).order_by("-amount_base", "pk")
    for wish, step, deal in zip(WISHES, steps, deals, strict=False):
        scene = Scene(world, deal, wish)
        try:
            step(scene)
        except Refused:
            continue


class Scene:
    """One request and how it goes on: each step does the ones before it."""

    def __init__(self, world: World, deal: Opportunity, wish: str) -> None:
        self.mia, self.sam, self.ana = world.colleagues[:3]
        needed_by = world.today + timedelta(days=world.chance.randint(5, 14))
        call = world.types["reference-call"]
        self.filed = actions.file_request(actions.Wish(activity_type=call, needed_by=needed_by, words=wish, opportunity=deal), by=self.sam)

    def proposed(self) -> Ask:
        [ask] = actions.propose(self.filed, [next(self._free())], by=self.mia)
        return ask

    def approved(self) -> Ask:
        ask = self.proposed()
        return actions.approve(ask, by=ask.approver or self.mia, expected_grade=4)

    def sent(self) -> Ask:
        return actions.send(self.approved(), by=self.mia)

    def accepted(self) -> Ask:
        ask = self.sent()
        morning = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
        return actions.accept(ask, by=ask.reference.contact, times=[morning + timedelta(days=days) for days in (2, 3, 6)])

    def scheduled(self) -> Ask:
        ask = self.accepted()
        return actions.schedule(ask, by=self.sam, starts_at=ask.offered_times.all()[1].starts_at)

    def _free(self) -> Iterator[Reference]:
        """Who may be asked and is confirmed, Ana's customers first."""
        ranked = [row.reference.pk for row in match(need_of(self.filed), self.mia, shown=200).matches if row.is_confirmed]
        rows = Reference.objects.filter(pk__in=ranked).select_related("contact__account__owner")
        return iter(sorted(rows, key=lambda row: (row.account.owner_id != self.ana.pk, ranked.index(row.pk))))
