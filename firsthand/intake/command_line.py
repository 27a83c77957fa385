"""What `firsthand import` does and prints."""

import json
from pathlib import Path
from typing import Any

from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.intake import actions, reading, results
from firsthand.intake.casting import Plan
from firsthand.intake.kinds import Column, Kind
from firsthand.intake.models import Import
from firsthand.intake.staging import Staged
from firsthand.intake.values import Values

SHOWN = 20


def run(kind: str, file: Path, *, mapping: Path | None, unknown: str, dry_run: bool, refused: Path | None) -> dict[str, Any]:
    """Import a file and say what became of it. Raises Refused with one sentence; then nothing was written."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.", status=400)
    with file.open("rb") as opened:
        intake = reading.upload(kind, opened, name=file.name, by=None)
    told = read_map(mapping)
    if told:
        actions.set_mapping(intake, planned(intake, told))
        actions.decide(intake, decisions(told.get("values", {})))
    actions.refuse_open_questions(intake)
    if unknown != "skip":
        ended(actions.run_here(actions.check(intake, background=False)))
        intake.refresh_from_db()
        actions.decide(intake, results.all_alike(intake, unknown))
    job = actions.check(intake, background=False) if dry_run else actions.confirm(intake, by=None, background=False)
    ended(actions.run_here(job))
    intake.refresh_from_db()
    if refused:
        refused.write_bytes(b"".join(results.refused_csv(intake)))
    return results.as_json(intake, dry_run=dry_run)


def ended(job: Job) -> None:
    if job.state == Job.State.STOPPED:
        raise Refused(job.sentence)


def read_map(path: Path | None) -> dict[str, Any]:
    """The mapping file: {"columns": {ours: heading}, "custom", "dates", "serials", "commas", "points", "scale", "values"}."""
    if path is None:
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        raise Refused(f"{path} is no JSON file.", status=400) from None
    allowed = {"columns", "custom", "dates", "serials", "commas", "points", "scale", "values"}
    if not isinstance(told, dict) or set(told) - allowed:
        raise Refused(f"The map may hold {', '.join(sorted(allowed))}.", status=400)
    return told


def planned(intake: Import, told: dict[str, Any]) -> Plan:
    """The suggested plan with what the map says put over it. A column mapped to null is left out."""
    plan = Plan.from_json(intake.mapping)
    headings = Staged.from_json(intake.detected).headings
    positions = {heading.name: heading.position for heading in reversed(headings)} | {h.label: h.position for h in headings}
    for ours, heading in told.get("columns", {}).items():
        plan.columns.pop(ours, None)
        if heading is not None:
            if heading not in positions:
                raise Refused(f"The file has no column {heading}.", status=400)
            position = positions[heading]
            plan.columns = {name: at for name, at in plan.columns.items() if at != position} | {ours: position}
            plan.custom.pop(position, None)
    if "custom" in told:
        plan.custom = {positions[heading]: heading for heading in told["custom"] if heading in positions}
    plan.orders |= told.get("dates", {})
    plan.serials = [*plan.serials, *told.get("serials", [])]
    points = told.get("points", [])
    plan.commas = [*(name for name in plan.commas if name not in points), *told.get("commas", [])]
    plan.points = [*plan.points, *points]
    plan.scale |= told.get("scale", {})
    return plan


def decisions(told: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """By facet and written value, a known value's name, true to add it as it is, null to leave it out."""
    values = Values()
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for facet, cells in told.items():
        if facet not in values.facets:
            raise Refused(f"There is no facet {facet}. There are {', '.join(values.facets)}.", status=400)
        for cell, meant in cells.items():
            decision: dict[str, Any] = {"do": "add" if meant is True else "skip"}
            if isinstance(meant, str):
                known = values.find(facet, meant)
                if not known:
                    raise Refused(f"The facet {facet} has no value {meant}.", status=400)
                decision = {"do": "map", "value": known[0]}
            found.setdefault(facet, {})[cell] = decision
    return found


def describe(kind: Kind) -> str:
    """A kind's columns, what else they are called, and an example file."""
    width = max(len(column.name) for column in kind.columns)
    lines = [kind.about, f"A row is known by {kind.natural_key}.", ""]
    for column in kind.columns:
        also = f"  also: {', '.join(column.aliases)}" if column.aliases else ""
        lines.append(f"{column.name + ('*' if column.needed else ''):<{width + 1}}  {meaning(column)}{also}")
    filled = [column for column in kind.columns if column.example]
    lines += ["", "Example:", ",".join(column.name for column in filled), ",".join(quoted(column.example) for column in filled)]
    return "\n".join(lines)


def meaning(column: Column) -> str:
    if column.choices:
        return " | ".join(column.choices)
    if column.facet:
        return f"{column.facet.replace('_', ' ')} ({'list with ;' if column.many else 'facet value'})"
    return column.type.value


def quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


def in_words(result: dict[str, Any]) -> str:
    """The result for a reader: counts first, then what is to be done."""
    verb = "Would be" if result["dry_run"] else "Done:"
    lines = [
        f"{verb} {result['new']:,} new, {result['changed']:,} changed, {result['unchanged']:,} unchanged, {result['refused']:,} refused."
    ]
    lines += result["notes"]
    lines += [f"Line {each['line']:,}: {each['sentence']}" for each in result["refusals"][:SHOWN]]
    for each in result["unknown_values"][:SHOWN]:
        near = f" Closest: {each['closest']}." if each["closest"] else ""
        lines.append(f"{each['facet']} “{each['value']}” is not known ({each['rows']:,} rows); it was left out.{near}")
    lines += result["warnings"][:SHOWN]
    return "\n".join(lines)
