"""What record pages are made of. Each room's `panels.py` has functions `(record, user) -> Panel | None`, each with its template."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Panel:
    """One card of a record page. `template` is the room's `_panel_*.html`; it reads `panel.data`.

    None in its place means: nothing here for this person, and no hint that there might be.
    """

    template: str
    data: dict[str, Any] = field(default_factory=dict)
    place: Literal["top", "main", "rail"] = "main"


def placed(panels: list[Panel | None]) -> dict[str, list[Panel]]:
    """The panels by where they stand, in their order."""
    there = [panel for panel in panels if panel is not None]
    return {place: [panel for panel in there if panel.place == place] for place in ("top", "main", "rail")}
