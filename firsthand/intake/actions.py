"""The deeds of an import: upload, correct how it is read, map, decide on values, check, confirm, stop."""

import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from firsthand.core import jobs
from firsthand.core.jobs import Next
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.core.wake import wake
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Done, State
from firsthand.intake import reading
from firsthand.intake.casting import Plan, drop_contradicted, settle
from firsthand.intake.kinds import KINDS
from firsthand.intake.models import Import, SavedMapping
from firsthand.intake.pipeline import commit_step, preview_step
from firsthand.intake.staging import Staged
from firsthand.intake.undo import undo_step
from firsthand.people.models import Colleague
from firsthand.program.models import Facet
from firsthand.program.upserts import add_aliases, upsert_values

SMALL = 300
WAIT = 0.2
STEPS = {"stage": reading.stage_step, "preview": preview_step, "import": commit_step, "undo": undo_step}


def read_again(intake: Import, *, encoding: str = "", delimiter: str = "", header_line: int = 0) -> None:
    """Read the file as somebody says rather than as it was detected; the mapping is suggested anew."""
    refuse_unless_open(intake)
    staged = Staged.from_json(intake.detected)
    shape = replace(
        staged.shape,
        encoding=encoding or staged.shape.encoding,
        delimiter=delimiter or staged.shape.delimiter,
        header_line=header_line or staged.shape.header_line,
    )
    with transaction.atomic():
        forget_check(intake)
        reading.again(intake, shape)
        intake.save(update_fields=["detected", "mapping"])


def set_mapping(intake: Import, plan: Plan) -> None:
    """Take the person's mapping. Raises Refused where a column needed is missing or one heading would feed two."""
    refuse_unless_open(intake)
    kind, staged = KINDS[intake.kind], Staged.from_json(intake.detected)
    names = {column.name for column in kind.columns}
    for name in (*plan.columns, *plan.orders, *plan.serials, *plan.commas, *plan.points, *plan.scale):
        if name not in names:
            raise Refused(f"{kind.label} have no column {name}.", status=400)
    positions = [*plan.columns.values(), *plan.custom]
    if any(not 1 <= position <= len(staged.headings) for position in positions):
        raise Refused("The mapping names a column that the file does not have.", status=400)
    if len(positions) != len(set(positions)):
        raise Refused("Two of our columns cannot take the same column of the file.", status=400)
    settle(kind, staged, plan)
    intake.mapping = plan.as_json()
    forget_check(intake)


def forget_check(intake: Import) -> None:
    """What was counted under another mapping says nothing any more."""
    intake.counts = {}
    intake.values = {"decided": intake.values.get("decided", {})}
    intake.refused_rows.all().delete()
    if intake.preview_job:
        jobs.stop(intake.preview_job.pk, "The mapping was changed.")
    intake.preview_job = None
    intake.save(update_fields=["detected", "mapping", "counts", "values", "preview_job"])


def refuse_unless_open(intake: Import) -> None:
    if not intake.detected:
        raise Refused("The file is still being read. Wait for its columns.")
    if intake.confirmed_at is not None:
        raise Refused("This import was confirmed already. Upload the file again to read it in another way.")


def use_saved(intake: Import, saved: SavedMapping) -> None:
    """Map as a saved mapping says, but for headings that this file lacks and for what its cells prove to be written otherwise."""
    staged = Staged.from_json(intake.detected)
    positions = {heading.label: heading.position for heading in staged.headings}
    data = deepcopy(saved.mapping)
    plan = Plan(
        columns={name: positions[label] for name, label in data["columns"].items() if label in positions},
        custom={positions[label]: name for label, name in data["custom"].items() if label in positions},
        orders=data["orders"],
        serials=data["serials"],
        commas=data["commas"],
        points=data.get("points", []),
        scale=data["scale"],
    )
    drop_contradicted(staged, plan)
    set_mapping(intake, plan)


@transaction.atomic
def save_mapping(intake: Import, *, name: str) -> SavedMapping:
    """Keep the mapping under a name, by headings rather than positions, for the next file of this kind."""
    name = name.strip()[:80]
    if not name:
        raise Refused("Give the mapping a name.", status=400)
    plan, staged = Plan.from_json(intake.mapping), Staged.from_json(intake.detected)
    labels = {heading.position: heading.label for heading in staged.headings}
    data = plan.as_json() | {
        "columns": {ours: labels[position] for ours, position in plan.columns.items()},
        "custom": {labels[position]: field for position, field in plan.custom.items()},
    }
    saved, _ = SavedMapping.objects.update_or_create(kind=intake.kind, name=name, defaults={"mapping": data})
    return saved


def decide(intake: Import, decisions: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """By facet and written value, {"do": "map", "value": id} or {"do": "add"} or {"do": "skip"}, for values nothing knows."""
    refuse_unless_open(intake)
    decided = {facet: dict(values) for facet, values in intake.values.get("decided", {}).items()}
    for facet, values in decisions.items():
        decided.setdefault(facet, {}).update({cell: dict(decision) for cell, decision in values.items()})
    intake.values = {**intake.values, "decided": decided}
    intake.save(update_fields=["values"])


@transaction.atomic
def check(intake: Import, *, background: bool = True) -> Job:
    """Start the preview: what would be new, changed, the same, refused."""
    refuse_unless_open(intake)
    refuse_open_questions(intake)
    forget_check(intake)
    intake.preview_job = jobs.start("preview", intake.pk, total=intake.detected["records"], background=background)
    intake.save(update_fields=["preview_job"])
    return intake.preview_job


def refuse_open_questions(intake: Import) -> None:
    kind, plan = KINDS[intake.kind], Plan.from_json(intake.mapping)
    missing = [group for group in kind.needs if not any(name in plan.columns for name in group)]
    if missing:
        wanted = " or ".join(kind.column(name).label for name in missing[0])
        raise Refused(f"{kind.label} need a column for {wanted}. Map one.", status=400)
    if plan.questions:
        raise Refused(f"{plan.questions[0]} may be read two ways. Say whether the day or the month comes first.", status=400)


@transaction.atomic
def confirm(intake: Import, *, by: Colleague | None, background: bool = True) -> Job:
    """Start writing. The decisions on values are written first and undone with the rest. A second confirm is refused."""
    intake = Import.objects.select_for_update().get(pk=intake.pk)
    refuse_unless_open(intake)
    refuse_open_questions(intake)
    if intake.preview_job:
        jobs.stop(intake.preview_job.pk, "The import was confirmed.")
    intake.refused_rows.all().delete()
    intake.change = Change.objects.create(kind="import", subject_id=intake.pk, actor_id=by.pk if by else None)
    intake.confirmed_at = timezone.now()
    intake.counts = {}
    decided = intake.values.get("decided", {})
    apply_decisions(decided, by=Actor("import", intake.pk), change=intake.change)
    intake.values = {"decided": decided}
    intake.commit_job = jobs.start("import", intake.pk, total=intake.detected["records"], background=background)
    intake.save(update_fields=["change", "confirmed_at", "counts", "values", "commit_job"])
    return intake.commit_job


def apply_decisions(decided: Mapping[str, Mapping[str, Mapping[str, Any]]], *, by: Actor, change: Change) -> None:
    """A mapped spelling becomes an alias, so it is asked once; an added one becomes a value of its own."""
    for code, values in decided.items():
        facet = Facet.objects.get(code=code)
        added = [cell for cell, each in values.items() if each["do"] == "add"]
        upsert_values(facet, [{"name": cell} for cell in added], by=by, change=change)
        for cell, each in values.items():
            if each["do"] == "map":
                add_aliases(facet, [cell], Done(each["value"], State.UNCHANGED), change=change)


def stop(intake: Import) -> None:
    """End the writing after the batch in hand; what was written stays until it is undone."""
    if intake.commit_job:
        jobs.stop(intake.commit_job.pk, "It was stopped.")
        finish(intake)


def check_soon(intake: Import) -> None:
    """The preview, at once for a small file and in the background for others."""
    with transaction.atomic():
        job = check(intake, background=not is_small(intake))
    run_small(intake, job)


def confirm_soon(intake: Import, *, by: Colleague) -> None:
    """Write a small file at once, others in the background."""
    with transaction.atomic():
        job = confirm(intake, by=by, background=not is_small(intake))
    run_small(intake, job)


def run_small(intake: Import, job: Job) -> None:
    """The steps of a small file's job, here and now, unless another import is being written: then the worker does it."""
    if is_small(intake):
        while (after := jobs.run(job.pk, STEPS, background=False)) == Next.MORE:
            pass
        if after == Next.LATER:
            wake("job", job.pk)


def is_small(intake: Import) -> bool:
    return bool(intake.detected["records"] <= SMALL)


def run_here(job: Job) -> Job:
    """All steps of a job, one after the other, by whoever started it: the command line."""
    while (after := jobs.run(job.pk, STEPS, background=False)) != Next.DONE:
        if after == Next.LATER:
            time.sleep(WAIT)
    job.refresh_from_db()
    return job


def finish(intake: Import) -> None:
    Import.objects.filter(pk=intake.pk, ended_at=None).update(ended_at=timezone.now())
