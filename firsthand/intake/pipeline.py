"""The steps of an import that may take long: compare the file's rows, check what would change, write, link.

Each is done in batches of at most 500 rows. A batch's rows and the mark of how far the job came are one transaction;
checking rolls its rows back, so the preview counts what writing would do, with the same code and the same refusals.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from firsthand.core import bulk, jobs, statistics
from firsthand.core.jobs import Next
from firsthand.core.models import Job
from firsthand.core.wake import wake
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Done, Refusal
from firsthand.intake import seen
from firsthand.intake.casting import Caster, Plan, Read
from firsthand.intake.kinds import KINDS
from firsthand.intake.models import Import, RefusedRow
from firsthand.intake.repeats import Repeats, as_one, drop_files, find_repeats, read_keys, read_repeats, write_keys
from firsthand.intake.staging import Line, read_staged
from firsthand.intake.writers import WRITERS
from firsthand.intake.writers.accounts import link_parents
from firsthand.intake.writers.context import MAX_UNKNOWN, Context

BATCH = 500
PAUSE = 0.01
# Others get at least this share of the time a batch took, and a batch shall not take much longer than LONG seconds.
SHARE, LONG, SMALLEST = 0.2, 0.15, 50
MAX_REFUSED = 20_000
MAX_TOLD = 50
SENTENCE = 500


@dataclass
class Work:
    """One import as a step works on it."""

    intake: Import
    context: Context
    plan: Plan
    caster: Caster
    path: Path
    repeats: Repeats = field(default_factory=Repeats)
    salt: bytes = b""
    marks: dict[int, tuple[int, int]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, intake: Import, *, change: Change | None) -> "Work":
        kind, plan = KINDS[intake.kind], Plan.from_json(intake.mapping)
        by, decided = Actor("import", intake.pk), intake.values.get("decided", {})
        context = Context(kind=kind, by=by, change=change, mapped=plan.columns.keys(), decided=decided)
        salt = seen.salt_of(intake.mapping, context.decided, context.base_currency, context.values.vocabulary.bands("company_size"))
        return cls(intake, context, plan, Caster(kind, plan), Path(intake.file.path), salt=salt)


@dataclass
class Result:
    """What became of a batch of lines."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, list[str], str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    ready: list[tuple[Line, Read]] = field(default_factory=list)

    def refuse(self, read: Read, sentence: str) -> None:
        self.refused.append((read.line, read.cells, sentence))


def preview_step(job: Job) -> Next:
    """Compare the rows among each other, then check them against the database; `job.mark["phase"]` says which."""
    work = Work.of(Import.objects.get(pk=job.subject_id), change=None)
    if job.mark.get("phase") != "check":
        return compare(job, work)
    work.repeats = read_repeats(work.path)
    return in_batches(job, work, check_batch)


def commit_step(job: Job) -> Next:
    """Write the rows, then link accounts to parents that came later in the file. One import commits at a time."""
    earlier = Job.objects.filter(kind="import", state=Job.State.RUNNING).exclude(pk=job.pk)
    if earlier.exists():
        return Next.LATER
    intake = Import.objects.get(pk=job.subject_id)
    work = Work.of(intake, change=intake.change)
    if job.mark.get("phase") not in ("write", "link"):
        after = compare(job, work)
        return after if job.mark.get("phase") != "write" else Next.MORE
    work.repeats = read_repeats(work.path)
    return in_batches(job, work, link_batch if job.mark["phase"] == "link" else write_batch)


def compare(job: Job, work: Work) -> Next:
    """Fingerprint each row's identity, so that rows which mean the same record are merged."""
    ends = time.monotonic() + jobs.STEP_SECONDS
    offset, done = job.mark.get("offset", 0), job.mark.get("compared", 0)
    caster = Caster(KINDS[work.intake.kind], work.plan, only_keys=True)
    for place, count in write_keys(work.path, caster, offset=offset, done=done):
        offset, done = place, count
        if done % BATCH == 0 and time.monotonic() > ends:
            break
    else:
        find_repeats(work.path)
        with transaction.atomic():
            jobs.advance(job, mark={"phase": "check" if job.kind == "preview" else "write"}, done=0)
        return Next.MORE
    with transaction.atomic():
        jobs.advance(job, mark={"phase": "compare", "offset": offset, "compared": done}, done=0)
    return Next.MORE


def in_batches(job: Job, work: Work, one: Callable[[Job, Work, Sequence[Line]], bool]) -> Next:
    """Batches until the step's time is over or the file's end is reached."""
    ends = time.monotonic() + jobs.STEP_SECONDS
    lines = read_staged(work.path, offset=job.mark.get("offset", 0))
    size = BATCH
    while batch := list(islice(lines, size)):
        began = time.monotonic()
        wrote = one(job, work, batch)
        took = time.monotonic() - began
        if time.monotonic() > ends:
            return Next.MORE
        if wrote:
            time.sleep(max(PAUSE, took * SHARE))
            size = paced(size, took)
    if job.kind == "import" and job.mark.get("phase") == "write" and "parent_id" in work.plan.columns:
        with transaction.atomic():
            jobs.advance(job, mark={"phase": "link"}, done=job.done)
        return Next.MORE
    if job.kind == "import":
        Import.objects.filter(pk=work.intake.pk, ended_at=None).update(ended_at=timezone.now())
        drop_files(work.path)
        statistics.refresh()
        wake_next(job)
    return Next.DONE


def paced(size: int, took: float) -> int:
    """A batch that held the database for long is followed by a smaller one, so that others never wait for long."""
    if took > LONG:
        return max(size // 2, min(SMALLEST, BATCH))
    return min(size * 2, BATCH) if took < LONG / 4 else size


def wake_next(job: Job) -> None:
    """An import that waited for this one may begin; the tick would see to it within a minute anyway."""
    waiting = Job.objects.filter(kind=job.kind, state=Job.State.WAITING).exclude(pk=job.pk).order_by("id").first()
    if waiting is not None:
        wake("job", waiting.pk)


def check_batch(job: Job, work: Work, lines: Sequence[Line]) -> bool:
    """Write and roll back; keep the counts, the refused rows and what nothing knows."""
    result = read_lines(work, lines)
    with transaction.atomic():
        work.context.change = Change.objects.create(kind="preview", subject_id=work.intake.pk)
        write_rows(work, result)
        transaction.set_rollback(True)
    with transaction.atomic():
        keep(job, work, result, lines)
    return bool(result.ready)


def write_batch(job: Job, work: Work, lines: Sequence[Line]) -> bool:
    result = read_lines(work, lines)
    with transaction.atomic():
        write_rows(work, result)
        keep(job, work, result, lines)
    return bool(result.ready)


def link_batch(job: Job, work: Work, lines: Sequence[Line]) -> bool:
    """Parents that were not there yet when their child was written. The child counts as changed unless it did already."""
    written = readable(work, lines)
    with transaction.atomic():
        changed, refused = link_parents([read.values for read in written], work.context)
        intake, counts = work.intake, work.intake.counts
        counts["changed"] = counts.get("changed", 0) + changed
        counts["unchanged"] = counts.get("unchanged", 0) - changed
        told = [f"Line {written[place].line:,}: {sentence} It has no new parent." for place, sentence in refused.items()]
        intake.values = {**intake.values, "told": [*intake.values.get("told", []), *told][:MAX_TOLD]}
        jobs.advance(job, mark={"phase": "link", "offset": lines[-1].offset}, done=job.done)
        intake.save(update_fields=["counts", "values"])
    return True


def readable(work: Work, lines: Sequence[Line]) -> list[Read]:
    """The rows that were written, as they were: what was refused then is not linked now."""
    result = Result()
    for line in lines:
        read_line(work, line, result)
    refused = set(work.intake.refused_rows.filter(line__range=(lines[0].line, lines[-1].line)).values_list("line", flat=True))
    return [read for _, read in result.ready if read.line not in refused]


def read_lines(work: Work, lines: Sequence[Line]) -> Result:
    """Everything that needs no write lock: what the rows say, which are the same as last time, which cannot be read."""
    result = Result()
    for line in unseen(work, lines, result):
        read_line(work, line, result)
    return result


def read_line(work: Work, line: Line, result: Result) -> None:
    """One line, and with the last one of a record the earlier ones: where it cannot be read, the last that can is written."""
    read = work.caster.read(line)
    if line.number in work.repeats.into and not read.refusal:
        result.counts["unchanged"] += 1
        return
    rows = work.repeats.earlier(work.path, work.caster, line) if line.number in work.repeats.of else []
    if read.refusal:
        result.refuse(read, read.refusal)
        if read.values.get("deleted"):
            result.counts["unchanged"] -= len(rows)
            for each in rows:
                result.refuse(each, read.refusal)
            rows = []
        result.counts["unchanged"] -= bool(rows)
    else:
        rows.append(read)
    if rows:
        one = as_one(rows)
        result.ready.append((line, one))
        result.told += [f"Line {one.line:,}: {warning}" for warning in one.warnings[:MAX_TOLD]]


def write_rows(work: Work, result: Result) -> None:
    """The rows that were read, through their kind's deed."""
    answers = write_safely(work, [read for _, read in result.ready])
    for (_, read), answer in zip(result.ready, answers, strict=True):
        if isinstance(answer, Refusal):
            result.refuse(read, answer.sentence)
        else:
            result.counts[answer.state] += 1
    remember(work, result.ready, answers)
    result.refused.sort(key=lambda row: row[0])
    result.counts["refused"] = len(result.refused)


def unseen(work: Work, lines: Sequence[Line], result: Result) -> list[Line]:
    """The lines that have to be read; those that say what they said last time are counted as unchanged."""
    work.marks = {}
    if work.intake.kind not in seen.MODELS or work.repeats.of:
        return list(lines)
    keys = read_keys(work.path, lines[0].number, len(lines))
    marks = [(seen.key_of(work.intake.kind, key), seen.digest_of(work.salt, line.content)) for line, key in zip(lines, keys, strict=True)]
    work.known, same = seen.look_up(work.intake.kind, dict(marks))
    result.counts["unchanged"] += sum(1 for key, _ in marks if key in same)
    work.marks = {line.number: mark for line, mark in zip(lines, marks, strict=True)}
    return [line for line, (key, _) in zip(lines, marks, strict=True) if key not in same]


def remember(work: Work, ready: Sequence[tuple[Line, Read]], answers: Sequence[Answer]) -> None:
    """Keep what rows said that are now in the database as they are in the file."""
    rows = [
        (*work.marks[line.number], answer)
        for (line, read), answer in zip(ready, answers, strict=True)
        if line.number in work.marks and isinstance(answer, Done) and not read.warnings and id(read.values) not in work.context.unsure
    ]
    work.context.unsure.clear()
    if rows:
        seen.keep(work.intake.kind, rows, work.known)


def write_safely(work: Work, ready: Sequence[Read]) -> list[Answer]:
    """The writer's answers. A row that the database itself refuses is found by halving, and the others are kept."""
    if not ready:
        return []
    try:
        with transaction.atomic():
            return WRITERS[work.intake.kind]([read.values for read in ready], work.context)
    except (DataError, IntegrityError, OverflowError, ValueError):
        if len(ready) == 1:
            return [Refusal("The row cannot be stored: a value is out of range or contradicts another record.")]
        half = len(ready) // 2
        return [*write_safely(work, ready[:half]), *write_safely(work, ready[half:])]


def keep(job: Job, work: Work, result: Result, lines: Sequence[Line]) -> None:
    """The batch's outcome and the mark, in one transaction with what it wrote."""
    intake = work.intake
    counts = Counter(intake.counts)
    counts.update(result.counts)
    room = max(MAX_REFUSED - intake.counts.get("refused", 0), 0)
    rows = [(intake.pk, line, cells, sentence[:SENTENCE]) for line, cells, sentence in result.refused[:room]]
    bulk.insert(RefusedRow, ("intake_id", "line", "cells", "sentence"), rows)
    mark = {"phase": job.mark["phase"], "offset": lines[-1].offset}
    jobs.advance(job, mark=mark, done=job.done + len(lines))
    told = [*intake.values.get("told", []), *result.told][:MAX_TOLD]
    intake.counts = dict(counts)
    intake.values = {**intake.values, "told": told, "unknown": merged_unknown(work), "notices": merged_notices(work)}
    intake.save(update_fields=["counts", "values"])


def merged_unknown(work: Work) -> dict[str, dict[str, int]]:
    """Facet -> written value -> rows, over all batches so far, of so many values; the context's own counts start anew."""
    known = {facet: Counter(values) for facet, values in work.intake.values.get("unknown", {}).items()}
    for facet, found in work.context.unknown.items():
        kept = known.setdefault(facet, Counter())
        for cell, rows in found.items():
            if cell in kept or len(kept) < MAX_UNKNOWN:
                kept[cell] += rows
            else:
                work.context.told[f"More than {MAX_UNKNOWN:,} values of {facet} are not known; the others were left out."] += rows
    work.context.unknown = {}
    return {facet: dict(counter) for facet, counter in known.items()}


def merged_notices(work: Work) -> dict[str, int]:
    known = Counter(work.intake.values.get("notices", {}))
    known.update(work.context.told)
    work.context.told = Counter()
    return dict(known.most_common(MAX_TOLD))
