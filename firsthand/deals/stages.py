"""The stages of the sales process as imports meet them, and which deal entered which when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict

from firsthand.core import bulk
from firsthand.core.words_key import key
from firsthand.deals.crm_ids import deals_by_id
from firsthand.deals.models import Stage, StageChange
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow
from firsthand.history.upserts import CHANGE_ROW, Answer, Done, Refusal, Row, State, Table, upsert

STAGES = Table(model=Stage)
# The order of stages nobody has put in order yet: words of the usual sales processes, early ones first.
USUAL = (
    "prospect", "lead", "appointment", "qualif", "engag", "discover", "analysis", "present", "demo", "value prop",
    "decision", "perception", "proposal", "quote", "negotiat", "contract", "commit",
)  # fmt: skip
WON, LOST = ("won", "closed won", "win", "gewonnen"), ("lost", "closed lost", "abandoned", "verloren")


def upsert_stages(names: Iterable[str], *, by: Actor, change: Change | None) -> dict[str, Stage]:
    """Stage by the name it was given; those not met before are made, in the usual order."""
    keys = {name: key(name)[:80] for name in names}
    there = {stage.key: stage for stage in Stage.objects.filter(key__in=set(keys.values()))}
    absent = {each: name for name, each in keys.items() if each not in there}
    rows = [
        Row(None, {"name": name[:80], "key": each, "position": usual_position(each), "outcome": usual_outcome(each)})
        for each, name in absent.items()
    ]
    if rows:
        upsert(STAGES, rows, by=by, change=change)
        there = {stage.key: stage for stage in Stage.objects.filter(key__in=set(keys.values()))}
    return {name: there[each] for name, each in keys.items()}


def usual_outcome(folded: str) -> str:
    words = folded.split()
    if any(word in words for word in LOST) or folded in LOST:
        return Stage.Outcome.LOST
    return Stage.Outcome.WON if any(word in words for word in WON) or folded in WON else Stage.Outcome.OPEN


def usual_position(folded: str) -> int:
    outcome = usual_outcome(folded)
    if outcome != Stage.Outcome.OPEN:
        return 900 if outcome == Stage.Outcome.WON else 910
    return next((10 * (place + 1) for place, word in enumerate(USUAL) if word in folded), 500)


class StageRow(TypedDict, total=False):
    """A deal entered a stage at a moment."""

    opportunity_external_id: str
    stage: str
    entered_at: datetime
    amount: Any


Place = tuple[int, int, datetime]


def add_stage_changes(rows: Sequence[StageRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Add to the stage history of deals; what is there already is left alone."""
    stages = upsert_stages({row["stage"] for row in rows}, by=by, change=change)
    deals = deals_by_id({row["opportunity_external_id"] for row in rows})
    places: list[Place | None] = [
        (deals[row["opportunity_external_id"]], stages[row["stage"]].pk, row["entered_at"])
        if row["opportunity_external_id"] in deals
        else None
        for row in rows
    ]
    there = changes_of(deals.values())
    new = {place: row.get("amount") for place, row in zip(places, rows, strict=True) if place and place not in there}
    made = dict(zip(new, write_stage_changes([(*place, amount) for place, amount in new.items()], change=change), strict=True))
    answers: list[Answer] = []
    for row, place in zip(rows, places, strict=True):
        if place is None:
            answers.append(Refusal(f"No deal has the id {row['opportunity_external_id']}. Import opportunities first."))
        elif place in there:
            answers.append(Done(there[place], State.UNCHANGED))
        else:
            answers.append(Done(made[place], State.NEW))
    return answers


def changes_of(deals: Iterable[int]) -> dict[Place, int]:
    """The id of each stage change these deals have."""
    rows = StageChange.objects.filter(opportunity__in=list(deals)).values_list("id", "opportunity_id", "stage_id", "entered_at")
    return {(deal, stage, entered): pk for pk, deal, stage, entered in rows}


def write_stage_changes(rows: Sequence[tuple[int, int, datetime, Any]], *, change: Change | None) -> list[int]:
    ids = bulk.reserve_ids(StageChange, len(rows))
    names = ("id", "opportunity_id", "stage_id", "entered_at", "amount")
    bulk.insert(StageChange, names, [(pk, *row) for pk, row in zip(ids, rows, strict=True)], ignore_conflicts=True)
    if change is not None:
        label = StageChange._meta.label_lower
        bulk.insert(ChangeRow, CHANGE_ROW, [(change.pk, label, pk, None, 0) for pk in ids])
    return ids
