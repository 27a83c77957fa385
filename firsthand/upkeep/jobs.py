"""Long work in the background: the task that runs one step, and whoever waits for a turn woken again."""

from datetime import datetime

from firsthand.core import jobs
from firsthand.core.models import Job
from firsthand.core.wake import wake
from firsthand.intake.actions import STEPS


def run_job(job_id: int) -> None:
    """One step of a job. Enqueued by the step before it, so it is told nothing but the job's id."""
    jobs.run(job_id, STEPS)
    wake_next(job_id)


def wake_next(job_id: int) -> None:
    """An import that waited for this one may begin now."""
    job = Job.objects.get(pk=job_id)
    if job.state not in jobs.OPEN:
        waiting = Job.objects.filter(kind=job.kind, state=Job.State.WAITING).order_by("id").first()
        if waiting is not None:
            wake("job", waiting.pk)


def wake_waiting(now: datetime) -> int:
    """Wake every job that is not ended: a lost task, a restart, a turn that has come. A step too many does no harm."""
    waiting = list(Job.objects.filter(state__in=jobs.OPEN).order_by("id").values_list("id", flat=True))
    for pk in waiting:
        wake("job", pk)
    return len(waiting)
