"""The demo as the first visitor of an empty installation loads it: one part a step, in the worker."""

import random
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from firsthand.core import jobs, statistics
from firsthand.core.jobs import Next
from firsthand.core.locks import deed
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.people.models import Colleague
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.fill import PARTS, begin, working_day
from firsthand.upkeep.demo.world import SIZES, World

KIND = "demo"
SIZE, SEED = SIZES["S"], 1


def loading() -> Job | None:
    """The loading of the demo, begun, done or stopped; None where it never was asked for, and once somebody has signed in."""
    if Colleague.objects.exclude(last_login=None).exists():
        return None
    return Job.objects.filter(kind=KIND).first()


def load() -> None:
    """Begin to load the demo, or go on where it stopped. Asked twice, it is loaded once. Refuses as `fill` does."""
    try:
        _load()
    except Refused:
        if loading() is None:  # else two asked at once, and the other one loads it
            raise


@deed
def _load() -> None:
    job = loading()
    if job is None:
        world = begin(size=SIZE, seed=SEED, today=working_day(timezone.now()))
        jobs.start(KIND, 0, total=len(PARTS), mark=_mark(world))
    elif job.state == Job.State.STOPPED:
        jobs.go_on(job.pk)


def load_part(job: Job) -> Next:
    """One step of the job."""
    if job.done < len(PARTS):
        with transaction.atomic():
            world = _world(job.mark)
            PARTS[job.done](world)
            jobs.advance(job, mark=_mark(world), done=job.done + 1)
        return Next.MORE
    statistics.refresh()
    write_sign_ins()
    return Next.DONE


def write_sign_ins() -> str:
    """Keep the sign-ins in the data folder, where `firsthand serve` reads them at every start. Gives them as text."""
    lines = [f"Demo sign-ins, all with the password {words.PASSWORD}:"]
    lines += [f"  {local}@{words.DOMAIN}  ({name}, {title.lower()})" for name, local, _role, title in words.CAST]
    settings.DEMO_SIGN_INS.write_text("\n".join(lines) + "\n")
    return "\n".join(lines)


def _mark(world: World) -> dict[str, Any]:
    """What the next part needs that is not in the rows: the day, and where chance stands."""
    return {"today": world.today.isoformat(), "chance": world.chance.getstate()}


def _world(mark: dict[str, Any]) -> World:
    version, numbers, spare = mark["chance"]
    chance = random.Random()
    chance.setstate((version, tuple(numbers), spare))
    return World(size=SIZE, chance=chance, today=date.fromisoformat(mark["today"]))
