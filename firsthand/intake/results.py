"""What an import did, for pages, files and the command line."""

from collections.abc import Iterator
from typing import Any

from firsthand.core.export import csv_lines
from firsthand.intake.casting import ADDED, Plan
from firsthand.intake.models import Import
from firsthand.intake.staging import Staged
from firsthand.intake.values import Values

STATES = ("new", "changed", "unchanged", "refused")


def as_json(intake: Import, *, dry_run: bool) -> dict[str, Any]:
    """Counts, refusals and everything that was told, as plain data."""
    staged = Staged.from_json(intake.detected)
    nothing = () if staged.records else ("The file has a header and no rows. There is nothing to import.",)
    return {
        "import": intake.pk,
        "kind": intake.kind,
        "file": intake.file_name,
        "sha256": intake.sha256,
        "dry_run": dry_run,
        "rows": staged.records,
        **{state: intake.counts.get(state, 0) for state in STATES},
        "refusals": [
            {"line": row.line, "sentence": row.sentence, "cells": row.cells} for row in intake.refused_rows.order_by("line", "id")
        ],
        "unknown_values": unknown_values(intake),
        "notes": [*nothing, *staged.warnings, *Plan.from_json(intake.mapping).notes],
        "warnings": warnings(intake),
    }


def as_told(intake: Import) -> list[str]:
    """Everything the person should know beside the counts."""
    return [*Staged.from_json(intake.detected).warnings, *Plan.from_json(intake.mapping).notes, *warnings(intake)]


def warnings(intake: Import) -> list[str]:
    """The commonest first: PostgreSQL keeps no order of its own."""
    notices = sorted(intake.values.get("notices", {}).items(), key=lambda each: (-each[1], each[0]))
    return [*(f"{sentence} ({count:,})" for sentence, count in notices), *intake.values.get("told", [])]


def unknown_values(intake: Import, values: Values | None = None) -> list[dict[str, Any]]:
    """Facet values the file holds and the vocabulary does not, the commonest first, each with the nearest known one."""
    unknown = intake.values.get("unknown", {})
    if not any(unknown.values()):
        return []
    values = values or Values()
    found = []
    for facet, cells in unknown.items():
        for cell, rows in cells.items():
            near = values.closest(facet, cell)
            found.append(
                {
                    "facet": facet,
                    "value": cell,
                    "rows": rows,
                    "closest": near.name if near else None,
                    "closest_id": near.id if near else None,
                }
            )
    return sorted(found, key=lambda each: (-int(each["rows"]), each["facet"], each["value"]))


def all_alike(intake: Import, do: str) -> dict[str, dict[str, dict[str, Any]]]:
    """One decision for all unknown values: `add` them, or map each to its `closest` and skip those without one."""
    decided: dict[str, dict[str, dict[str, Any]]] = {}
    for each in unknown_values(intake):
        decision: dict[str, Any] = {"do": "add"}
        if do == "closest":
            decision = {"do": "map", "value": each["closest_id"]} if each["closest_id"] else {"do": "skip"}
        decided.setdefault(each["facet"], {})[each["value"]] = decision
    return decided


def refused_csv(intake: Import) -> Iterator[bytes]:
    """The refused rows as a file to mend and import again: the cells as read, then line and sentence."""
    headings = [heading.label for heading in Staged.from_json(intake.detected).headings]
    rows = intake.refused_rows.order_by("line", "id").iterator(chunk_size=500)
    return csv_lines([*headings, *ADDED], ([*padded(row.cells, len(headings)), row.line, row.sentence] for row in rows))


def padded(cells: list[str], width: int) -> list[str]:
    """A refused row may have fewer cells than headings, or more; the last heading then takes what is over."""
    if len(cells) > width:
        return [*cells[: width - 1], ",".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]
