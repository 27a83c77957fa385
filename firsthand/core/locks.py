"""Row locks, taken in one order everywhere: account, reference account, person, reference, request, ask; several by ascending id."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def locked(rows: "QuerySet[M]") -> "QuerySet[M]":
    """The same rows, locked until the transaction ends and read in ascending id. SQLite's IMMEDIATE transaction locks all anyway."""
    return rows.select_for_update(of=("self",)).order_by("pk")
