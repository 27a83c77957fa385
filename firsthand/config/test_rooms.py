"""The order of rooms where import-linter cannot see it: foreign keys, templates, imports inside functions."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Model

PACKAGE = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [[room.strip() for room in layer.split("|")] for layer in CONTRACTS[0]["layers"]]
WIRING = {"cli", "config", "testing", "__main__"}
DRAWS = re.compile(r"\{%\s*(?:include|extends)\s+[\"']([^\"'#]+)")
HEAVY = {"xlsxwriter", "icalendar", "reportlab", "snowballstemmer"}  # loaded by the first that needs it, not by every process


def depth(room: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if room in layer)


def may_use(room: str, other: str) -> bool:
    return room == other or depth(other) > depth(room)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def room_of_model(model: type[Model]) -> str | None:
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "firsthand" else None


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        tested = path.name.startswith("test_") or path.name == "conftest.py"
        if not tested and "migrations" not in path.parts and room_of(path) not in WIRING:
            yield path, ast.parse(path.read_text())


def test_no_foreign_key_points_to_a_room_above_or_beside() -> None:
    arrows = {
        (room, other)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and isinstance(field.related_model, type)
        if (room := room_of_model(model)) and (other := room_of_model(field.related_model))
    }
    assert [arrow for arrow in arrows if not may_use(*arrow)] == []
    assert ("references", "customers") in arrows


def test_no_template_draws_one_of_a_room_above_or_beside() -> None:
    templates = {path: room_of(path) for path in PACKAGE.rglob("templates/**/*.html")}
    owners = {str(path).rsplit("/templates/", 1)[1]: room for path, room in templates.items()}
    drawn = [
        (str(path.relative_to(PACKAGE)), name)
        for path, room in templates.items()
        for name in DRAWS.findall(path.read_text())
        if name in owners and not may_use(room, owners[name])
    ]
    assert drawn == []
    assert owners["ui/base.html"] == "core"


def test_two_rooms_never_give_a_template_the_same_name() -> None:
    names = [str(path).rsplit("/templates/", 1)[1] for path in PACKAGE.rglob("templates/**/*.html")]
    assert sorted(names) == sorted(set(names))


def test_no_function_imports_what_a_linter_would_have_refused() -> None:
    hidden = [
        f"{path.relative_to(PACKAGE)}:{statement.lineno}"
        for path, tree in sources()
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for statement in ast.walk(function)
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and imported(statement) - HEAVY
    ]
    assert hidden == []


def imported(statement: ast.Import | ast.ImportFrom) -> set[str]:
    names = [statement.module or ""] if isinstance(statement, ast.ImportFrom) else [alias.name for alias in statement.names]
    return {name.split(".")[0] for name in names}


def test_only_upkeep_finds_models_by_name() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path, tree in sources()
        if room_of(path) != "upkeep"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"get_model", "get_models"}
    ]
    assert found == []
