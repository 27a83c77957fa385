"""Long work in short steps. One `Job` row each; the worker runs a step, writes the mark, and is woken for the next.

A step takes at most some seconds and commits as it goes: what it wrote and how far it came are one transaction, so a
kill at any moment repeats nothing and loses nothing. Attempts are counted before a step starts, because work that kills
its worker would otherwise be handed out for ever.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from django.db import transaction
from django.utils import timezone

from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.core.wake import wake

STEP_SECONDS = 5.0
MAX_ATTEMPTS = 3
OPEN = (Job.State.WAITING, Job.State.RUNNING)


class Next(Enum):
    """What a step leaves: more to do, a turn to wait for, or nothing."""

    MORE = "more"
    LATER = "later"
    DONE = "done"


Step = Callable[[Job], Next]


class MovedOnError(Exception):
    """Somebody else did the same step meanwhile; theirs counts."""


def start(kind: str, subject_id: int, *, total: int, mark: Mapping[str, Any] | None = None, background: bool = True) -> Job:
    """A new job, and the worker woken for it unless whoever starts it runs the steps too."""
    job = Job.objects.create(kind=kind, subject_id=subject_id, total=total, mark=dict(mark or {}))
    if background:
        wake("job", job.pk)
    return job


def run(job_id: int, steps: Mapping[str, Step], *, background: bool = True) -> Next:
    """One step of a job; DONE where it has ended. Raises nothing: what goes wrong ends up in the job's sentence."""
    job = claim(job_id)
    if job is None:
        return Next.DONE
    try:
        after = steps[job.kind](job)
    except Refused as refused:
        stop(job_id, refused.sentence)
        return Next.DONE
    except MovedOnError:
        return Next.LATER
    with transaction.atomic():
        if after == Next.DONE:
            end(job_id)
        else:
            Job.objects.filter(pk=job_id, state__in=OPEN).update(attempts=0)
            if background and after == Next.MORE:
                wake("job", job_id)
    return after


def claim(job_id: int) -> Job | None:
    """The job, counted as attempted once more; None where it has ended or was attempted too often."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state__in=OPEN).first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            stop(job_id, f"It was tried {MAX_ATTEMPTS} times and did not get past {job.done:,} of {job.total:,}. The log says why.")
            return None
        job.attempts += 1
        job.started_at = job.started_at or timezone.now()
        job.save(update_fields=["attempts", "started_at"])
        return job


def advance(job: Job, *, mark: Mapping[str, Any], done: int) -> None:
    """Write how far the job came, in the transaction of what it wrote. Raises MovedOnError where somebody was faster."""
    moved = Job.objects.select_for_update().filter(pk=job.pk, state__in=OPEN).values_list("mark", flat=True).first()
    if moved != job.mark:
        raise MovedOnError
    job.mark, job.done, job.state = dict(mark), done, Job.State.RUNNING
    job.save(update_fields=["mark", "done", "state"])


def stop(job_id: int, sentence: str) -> None:
    """End it before its time, with the sentence the person sees."""
    Job.objects.filter(pk=job_id, state__in=OPEN).update(state=Job.State.STOPPED, sentence=sentence, ended_at=timezone.now())


def go_on(job_id: int) -> None:
    """Take up again what was stopped, from its mark."""
    if Job.objects.filter(pk=job_id, state=Job.State.STOPPED).update(state=Job.State.WAITING, sentence="", attempts=0, ended_at=None):
        wake("job", job_id)


def end(job_id: int) -> None:
    Job.objects.filter(pk=job_id, state__in=OPEN).update(state=Job.State.DONE, ended_at=timezone.now())
