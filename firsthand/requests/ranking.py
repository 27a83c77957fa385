"""What stands first in the queue: open requests by the day they are needed, a big deal or one far along some days earlier.

The day is kept on the row, so that lists are read by its index. It is written with every move of a request, and set right each
minute for deals, stages and policies that changed meanwhile. A request that is a draft or over has none and comes last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from firsthand.core.locks import deed
from firsthand.core.words import counted
from firsthand.deals.models import Stage
from firsthand.program.policy import Policy, in_force
from firsthand.requests.models import ReferenceRequest

BATCH = 500


@dataclass(frozen=True)
class Earlier:
    """By how many days a deal moves its request forward, and for what."""

    by_amount: int
    by_stage: int

    @property
    def days(self) -> int:
        return self.by_amount + self.by_stage

    @property
    def words(self) -> str:
        """Why first: "counts 4 days earlier: big deal, far along"; nothing where it does not."""
        why = [word for word, days in (("big deal", self.by_amount), ("far along", self.by_stage)) if days]
        return f"counts {counted(self.days, 'day')} earlier: {', '.join(why)}" if why else ""


class Ranking:
    """The rule, with the policy and the stages read once."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.rules = (policy or in_force()).priority
        stages = Stage.objects.filter(outcome=Stage.Outcome.OPEN).order_by("position", "pk").values_list("pk", flat=True)
        self.places = {pk: place for place, pk in enumerate(stages)}

    def earlier(self, amount: Decimal | None, stage: int | None) -> Earlier:
        """`amount` in the base currency, up to the policy's large one in proportion; `stage` by its place among the open ones."""
        part = min(1.0, float(amount or 0) / self.rules.large_amount)
        last = max(len(self.places) - 1, 1)
        far = self.places.get(stage or 0, 0) / last
        return Earlier(round(self.rules.amount_days * max(part, 0)), round(self.rules.stage_days * far))

    def day(self, needed_by: date, amount: Decimal | None, stage: int | None) -> date:
        """The day it counts as due."""
        return needed_by - timedelta(days=self.earlier(amount, stage).days)


def rank_of(reference_request: ReferenceRequest, status: str) -> date | None:
    """Where it stands once it has this status."""
    if status not in ReferenceRequest.OPEN:
        return None
    deal = reference_request.opportunity
    return Ranking().day(reference_request.needed_by, deal.amount_base if deal else None, deal.stage_id if deal else None)


def rank_requests(now: datetime) -> int:
    """Set right where open requests stand. Says how many moved."""
    del now
    ranking = Ranking()
    rows = ReferenceRequest.objects.open().order_by("pk")
    facts = rows.values_list("pk", "needed_by", "opportunity__amount_base", "opportunity__stage", "rank_on").iterator(chunk_size=2000)
    moved = [(pk, then) for pk, day, amount, stage, before in facts if (then := ranking.day(day, amount, stage)) != before]
    for start in range(0, len(moved), BATCH):
        _write(moved[start : start + BATCH])
    return len(moved)


@deed
def _write(moved: Sequence[tuple[int, date]]) -> None:
    """Only over what is still open: whoever ended it meanwhile took its place away."""
    by_day: dict[date, list[int]] = {}
    for pk, day in moved:
        by_day.setdefault(day, []).append(pk)
    for day, ids in by_day.items():
        ReferenceRequest.objects.open().filter(pk__in=ids).update(rank_on=day)
