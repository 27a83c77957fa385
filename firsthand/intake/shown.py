"""An import as its pages show it: where it stands, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from firsthand.core.jobs import OPEN
from firsthand.core.models import Job
from firsthand.core.ui.parts import Figure, Mark, Step
from firsthand.core.words import number
from firsthand.intake.kinds import KINDS
from firsthand.intake.models import Import
from firsthand.intake.results import STATES

WORDS = {"new": "New", "changed": "Changed", "unchanged": "Same as before", "refused": "Left out, to fix"}
STEPS = ("Upload", "Match columns", "Check", "Write", "Done")
AT = {"reading": 0, "unreadable": 0}
AT |= {
    "columns": 1,
    "checking": 2,
    "checked": 2,
    "writing": 3,
    "stopped": 4,
    "done": 4,
    "undoing": 4,
    "undone": 4,
}
MARKS = {
    "reading": Mark("Being read", "circle-dot", "info"),
    "unreadable": Mark("Cannot be read", "circle-alert", "bad"),
    "columns": Mark("Columns to match", "circle", "wait"),
    "checking": Mark("Being checked", "circle-dot", "info"),
    "checked": Mark("To be confirmed", "circle-dot", "wait"),
    "writing": Mark("Being written", "circle-dot", "info"),
    "stopped": Mark("Stopped", "circle-alert", "bad"),
    "done": Mark("Done", "circle-check", "good"),
    "undoing": Mark("Being undone", "circle-dot", "info"),
    "undone": Mark("Undone", "undo-2"),
}
BETWEEN_SIZES = 1024
UNITS = ("bytes", "kB", "MB", "GB")


@dataclass(frozen=True)
class Shown:
    """`stage` is a key of MARKS; `job` is what runs now or ran last."""

    intake: Import
    stage: str
    job: Job | None

    @property
    def mark(self) -> Mark:
        return MARKS[self.stage]

    @property
    def kind(self) -> str:
        return KINDS[self.intake.kind].label

    @property
    def new(self) -> int | None:
        return self.count("new")

    @property
    def changed(self) -> int | None:
        return self.count("changed")

    @property
    def refused(self) -> int | None:
        return self.count("refused")

    def count(self, state: str) -> int | None:
        """None before anything was counted."""
        counted: int = self.intake.counts.get(state, 0)
        return counted if self.intake.counts else None

    @property
    def is_busy(self) -> bool:
        return self.stage in ("reading", "checking", "writing", "undoing")

    @property
    def title(self) -> str:
        """The finding: what became of the file, or what it waits for."""
        counts, name = self.intake.counts, self.intake.file_name
        written = f"{number(counts.get('new', 0))} new and {number(counts.get('changed', 0))} changed rows"
        return {
            "reading": f"Reading {name}",
            "unreadable": f"{name} cannot be read",
            "columns": f"Match the columns of {name}",
            "checking": f"Checking {name}",
            "checked": f"{name} would bring {written}",
            "writing": f"Importing {name}",
            "stopped": f"{name} was stopped after {written}",
            "done": f"{name} brought {written}",
            "undoing": f"Taking {name} back",
            "undone": f"{name} was taken back",
        }[self.stage]

    @property
    def steps(self) -> list[Step]:
        at = AT[self.stage]
        ended = self.stage in ("done", "undone")
        notes = {0: size(self.intake.size), 1: matched(self.intake), 2: refused_words(self.intake)}
        return [
            Step(label, "done" if place < at or (ended and place == at) else "now" if place == at else "next", notes.get(place, ""))
            for place, label in enumerate(STEPS)
        ]

    @property
    def figures(self) -> list[Figure]:
        return [Figure(WORDS[state], number(self.intake.counts.get(state, 0))) for state in STATES]

    @property
    def progress(self) -> str:
        """How far it is, how fast, and how long it still takes."""
        job = self.job
        if job is None or not job.done or job.started_at is None:
            return "Waiting for its turn"
        if self.stage == "reading":
            return f"{size(job.done)} of {size(job.total)} read"
        seconds = max((timezone.now() - job.started_at).total_seconds(), 0.1)
        rate = job.done / seconds
        left = max(job.total - job.done, 0) / rate
        return f"{number(job.done)} of {number(job.total)} rows, {number(int(rate))} a second, about {number(int(left) + 1)} s left"


def shown(intake: Import) -> Shown:
    return Shown(intake, *standing(intake, undos([intake]).get(intake.pk)))


def standing(intake: Import, undoing: Job | None) -> tuple[str, Job | None]:
    """Where it stands, and the job that brought it there; `undoing` is an undo that has not ended."""
    if intake.change is not None and intake.change.undone_at is not None:
        return "undone", None
    if undoing is not None:
        return "undoing", undoing
    if intake.commit_job is not None:
        states = {Job.State.DONE: "done", Job.State.STOPPED: "stopped"}
        return states.get(Job.State(intake.commit_job.state), "writing"), intake.commit_job
    job = intake.preview_job
    if not intake.detected:
        return ("unreadable" if job and job.state == Job.State.STOPPED else "reading"), job
    if job is None or job.state == Job.State.STOPPED:
        return "columns", job
    return ("checked" if job.state == Job.State.DONE else "checking"), job


def undos(imports: Sequence[Import]) -> dict[int, Job]:
    jobs = Job.objects.filter(kind="undo", subject_id__in=[each.pk for each in imports], state__in=OPEN)
    return {job.subject_id: job for job in jobs}


def recent(limit: int = 100) -> "QuerySet[Import]":
    """The imports the list shows, the newest first."""
    return Import.objects.select_related("uploaded_by", "change", "commit_job", "preview_job").order_by("-id")[:limit]


def listed() -> list[Shown]:
    """The same with where each stands, in one query more."""
    imports = list(recent())
    undoing = undos(imports)
    return [Shown(each, *standing(each, undoing.get(each.pk))) for each in imports]


def matched(intake: Import) -> str:
    if not intake.detected:
        return ""
    total, columns = len(intake.detected["headings"]), len(intake.mapping["columns"])
    return f"{columns} of {total}"


def refused_words(intake: Import) -> str:
    refused = intake.counts.get("refused", 0)
    return f"{number(refused)} {'row' if refused == 1 else 'rows'} to fix" if refused else ""


def size(count: float) -> str:
    for unit in UNITS[:-1]:
        if count < BETWEEN_SIZES:
            return f"{count:,.0f} {unit}" if unit == UNITS[0] else f"{count:,.1f} {unit}"
        count /= BETWEEN_SIZES
    return f"{count:,.1f} {UNITS[-1]}"
