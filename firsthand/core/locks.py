"""Row locks, taken in one order everywhere: account, reference account, person, reference, request, ask; several by ascending id.

Also what stands beside a lock: an update that writes only over what was seen, and a deed that is tried again after a deadlock.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import F, Model, QuerySet

from firsthand.core.refused import Refused

M = TypeVar("M", bound=Model)
P = ParamSpec("P")
R = TypeVar("R")

RETRIED = {"40001", "40P01"}  # serialization failure, deadlock
BUSY = "Somebody else is changing this right now. Nothing was changed; try again in a moment."


def locked(rows: "QuerySet[M]") -> "QuerySet[M]":
    """The same rows, locked until the transaction ends and read in ascending id. SQLite's IMMEDIATE transaction locks all anyway."""
    return lock(rows).order_by("pk")


def lock(rows: "QuerySet[M]") -> "QuerySet[M]":
    """What locks. A test that proves the locks puts a plain read in its place; nothing else does."""
    return rows.select_for_update(of=("self",))


def guard(before: dict[str, Any]) -> dict[str, Any]:
    """What guards an update: the values it was decided on. A test that proves the guards takes them out; nothing else does."""
    return before


def guarded_update(row: Model, *, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Write `after` only where the row still holds `before`; say whether it did. Counts the row's revision up."""
    manager = row._meta.base_manager
    changes = {**after, "revision": F("revision") + 1} if hasattr(row, "revision") else after
    return bool(manager.filter(pk=row.pk, **guard(before)).update(**changes))


def deed(function: Callable[P, R]) -> Callable[P, R]:
    """Run it in one transaction. A deadlock or serialization failure is tried once more, then refused with 409."""

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        alone = not connection.in_atomic_block
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except OperationalError as error:
            if not (alone and is_collision(error)):
                raise
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except OperationalError as error:
            if not is_collision(error):
                raise
            raise Refused(BUSY) from error

    return whole


def is_collision(error: OperationalError) -> bool:
    """Whether two transactions got into each other's way, and trying again makes sense."""
    return getattr(error.__cause__, "sqlstate", None) in RETRIED or "database is locked" in str(error)
