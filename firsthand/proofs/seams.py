"""What may be taken out of a server that only a proof starts: the locks, or the guard of the guarded update.

The program knows nothing of this. The replacements do what a careless author would have written, and wait between reading and
writing until the others have read too, as may happen on a busy machine.
"""

import importlib
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db.models import F, Model, QuerySet

from firsthand.core import locks

CLIENTS = 8
A_MOMENT = 0.15  # seconds between reading a status and writing it
LONGEST = 5.0  # seconds to wait for the others


def read_without_locking(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """In place of `core.locks.locked`: the same rows, locked by nobody."""
    return rows.order_by("pk")


def write_over_whatever_is_there(row: Model, *, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """In place of `core.locks.guarded_update`: the status seen is not asked again."""
    time.sleep(A_MOMENT)
    changes = {**after, "revision": F("revision") + 1} if hasattr(row, "revision") else after
    return bool(row._meta.base_manager.filter(pk=row.pk).update(**changes))


def without_locks() -> None:
    locks.locked = read_without_locking


def without_guards() -> None:
    """A guard stands behind the lock, so both have to go."""
    without_locks()
    locks.guarded_update = write_over_whatever_is_there


def slow_slots() -> None:
    """Take a slot only once every client has counted."""
    wait_after("firsthand.references.actions.slots", "why_no_slot")


def slow_exceptions() -> None:
    """Lift rules only once every client knows which."""
    wait_after("firsthand.requests.actions.proposing", "bars_of")


def slow_offers() -> None:
    """Pick a time, or take it back, only once every client has seen it stand."""
    wait_after("firsthand.requests.actions.offering", "_of_the_reference", "choose_zone")


def slow_moves() -> None:
    """Be done with a time only a while after it was written: whoever comes to it meanwhile reads the old one."""
    room = vars(importlib.import_module("firsthand.requests.actions.meeting"))
    write = room["send_calendar_files"]

    def writing(*args: Any, **facts: Any) -> None:
        write(*args, **facts)
        time.sleep(4 * A_MOMENT)

    room["send_calendar_files"] = writing


def wait_after(module: str, *names: str) -> None:
    """Let functions of a module answer only once as many clients have an answer. Only after Django is set up, which its models need."""
    room = vars(importlib.import_module(module))
    everybody = threading.Barrier(CLIENTS)

    def waiting(function: Callable[..., Any]) -> Callable[..., Any]:
        def ask_and_wait(*args: Any, **facts: Any) -> Any:
            answer = function(*args, **facts)
            try:
                everybody.wait(timeout=LONGEST)
            except threading.BrokenBarrierError:
                everybody.reset()
            return answer

        return ask_and_wait

    room.update({name: waiting(room[name]) for name in names})


# Before Django is set up, since the rooms take these functions by name; and after.
BEFORE: dict[str, Callable[[], None]] = {
    "locks": without_locks,
    "guards": without_guards,
    "exceptions": without_locks,
    "offers": without_guards,
    "moves": without_guards,
}
AFTER: dict[str, Callable[[], None]] = {"locks": slow_slots, "exceptions": slow_exceptions, "offers": slow_offers, "moves": slow_moves}
