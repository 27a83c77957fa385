"""The upload of a file and how it is read: a small one at once, a large one by the worker, in steps."""

import hashlib
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from firsthand.core import jobs
from firsthand.core.jobs import Next
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.intake import FileRefused
from firsthand.intake.casting import first_plan
from firsthand.intake.detect import Shape, decodes_as, detect
from firsthand.intake.kinds import KINDS
from firsthand.intake.models import Import
from firsthand.intake.reader import Reader
from firsthand.intake.repeats import drop_files
from firsthand.intake.staging import Staged, Staging, stage
from firsthand.people.models import Colleague

CHUNK = 1024 * 1024
AT_ONCE = {"csv": 2 * CHUNK, "xlsx": CHUNK // 4}  # bytes that are read in some tenths of a second
WORKBOOK = b"PK"
DAY, KEPT = timedelta(days=1), timedelta(days=30)


def upload(kind: str, file: IO[bytes], *, name: str, by: Colleague | None, background: bool = False) -> Import:
    """Keep the file and read it: its shape, its records, a mapping as it suggests itself.

    In the `background` a large one is read by the worker. Raises Refused if it is no table; then nothing is kept.
    """
    if kind not in KINDS:
        raise Refused(f"There is no file type {kind}. There are {', '.join(KINDS)}.", status=400)
    short = Path(name).name[-150:] or "file"
    stored = default_storage.save(f"imports/{short}", File(file))
    path = Path(default_storage.path(stored))
    intake = Import(kind=kind, file=stored, file_name=short, uploaded_by=by)
    intake.sha256, intake.size = fingerprint(path)
    try:
        refuse_too_large(path)
        if background and not is_quick(path):
            with transaction.atomic():
                intake.save()
                start(intake, None)
            return intake
        take(intake, stage(path))
    except Refused:
        drop_files(path)
        raise
    intake.save()
    return intake


def fingerprint(path: Path) -> tuple[str, int]:
    """(SHA-256, size) of the file as it came."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest(), path.stat().st_size


def refuse_too_large(path: Path) -> None:
    if path.stat().st_size > settings.IMPORT_MB * CHUNK:
        raise FileRefused(f"A file may have {settings.IMPORT_MB:,} MB at most. Split it, or ask for a higher FIRSTHAND_IMPORT_MB.")


def is_quick(path: Path) -> bool:
    """Whether the file is read in some tenths of a second."""
    with path.open("rb") as file:
        return path.stat().st_size <= AT_ONCE["xlsx" if file.read(len(WORKBOOK)) == WORKBOOK else "csv"]


def again(intake: Import, shape: Shape) -> None:
    """Read the file as somebody says rather than as it was detected; the mapping is suggested anew."""
    path = Path(intake.file.path)
    try:
        if is_quick(path):
            take(intake, stage(path, shape=shape))
            return
        if shape.format == "csv" and not decodes_as(path, shape.encoding):
            raise UnicodeError
        Reader(path, shape)
    except (UnicodeError, LookupError):
        raise Refused(f"The file cannot be read as {shape.encoding}.", status=400) from None
    start(intake, shape)


def take(intake: Import, staged: Staged) -> None:
    intake.detected = staged.as_json()
    intake.mapping = first_plan(KINDS[intake.kind], staged).as_json()


def drop_abandoned(now: datetime) -> int:
    """Remove what was uploaded and never confirmed, after a while, and the file of what was stopped. Says how many imports went."""
    for intake in Import.objects.filter(commit_job__state=Job.State.STOPPED, ended_at__gt=now - 2 * DAY, ended_at__lt=now - DAY):
        drop_files(Path(intake.file.path))
    abandoned = Import.objects.filter(confirmed_at=None, created_at__lt=now - KEPT)
    for intake in abandoned:
        drop_files(Path(intake.file.path))
        if intake.preview_job_id:
            jobs.stop(intake.preview_job_id, "The import was given up.")
    return abandoned.delete()[1].get("intake.Import", 0)


def start(intake: Import, shape: Shape | None) -> None:
    """Have the worker read it; until then nothing is known of the file."""
    intake.detected, intake.mapping = {}, {}
    mark = {"shape": asdict(shape)} if shape else {}
    intake.preview_job = jobs.start("stage", intake.pk, total=intake.size, mark=mark)
    intake.save(update_fields=["detected", "mapping", "preview_job"])


def stage_step(job: Job) -> Next:
    """Read on for a step's time. A workbook is read in one step: to go on with it means to open all of it again."""
    intake = Import.objects.get(pk=job.subject_id)
    path = Path(intake.file.path)
    told = job.mark.get("shape")
    shape = Shape(**{**told, "warnings": tuple(told["warnings"])}) if told else detect(path)
    staging = Staging(path, shape, mark=job.mark.get("at"))
    is_read = staging.run(until=None if shape.format == "xlsx" else time.monotonic() + jobs.STEP_SECONDS)
    with transaction.atomic():
        jobs.advance(job, mark={"shape": asdict(shape), "at": staging.mark}, done=min(staging.offset, job.total))
        if is_read:
            take(intake, staging.staged())
            intake.preview_job = None
            intake.save(update_fields=["detected", "mapping", "preview_job"])
    return Next.DONE if is_read else Next.MORE
