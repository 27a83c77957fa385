"""Files and imports, for tests."""

import io

from firsthand.intake import actions, reading
from firsthand.intake.models import Import
from firsthand.people.models import Colleague


def uploaded(kind: str, text: str, *, by: Colleague | None = None, name: str = "file.csv") -> Import:
    """A file of this content, uploaded and mapped as it suggests itself."""
    return reading.upload(kind, io.BytesIO(text.encode()), name=name, by=by)


def checked(kind: str, text: str) -> Import:
    """The same, and its preview counted."""
    intake = uploaded(kind, text)
    actions.run_here(actions.check(intake, background=False))
    intake.refresh_from_db()
    return intake


def imported(kind: str, text: str) -> Import:
    """The same, written to the end."""
    intake = uploaded(kind, text)
    return written(intake)


def written(intake: Import) -> Import:
    actions.run_here(actions.confirm(intake, by=None, background=False))
    intake.refresh_from_db()
    return intake


def counts(intake: Import) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    told = intake.counts
    return told.get("new", 0), told.get("changed", 0), told.get("unchanged", 0), told.get("refused", 0)


def refusals(intake: Import) -> list[tuple[int, str]]:
    return list(intake.refused_rows.order_by("line").values_list("line", "sentence"))
