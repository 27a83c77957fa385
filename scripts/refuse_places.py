"""Refuse files that name a package registry or a place on somebody's machine: both are true for one person only."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = re.compile(
    r"""
    --(extra-)?index-url | --find-links          # a lock or script that fetches from a named registry
    | files\.pythonhosted\.org | //pypi\.org/simple | //registry\.(npmjs|yarnpkg)\.
    | (?<![\w.~-])/(home|Users)/[\w.-]+/         # a person's folder
    | (?<![\w.~-])/(root|work|workspace)/[\w.-]+ # a build machine's folder
    """,
    re.VERBOSE,
)
ITSELF = "scripts/refuse_places.py"


def main() -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found = [line for name in names if name != ITSELF for line in places_in(name)]
    if found:
        sys.exit("\n".join(found))


def places_in(name: str) -> list[str]:
    path = ROOT / name
    if path.is_symlink():
        return [f"{name}: a link, true on one machine only"]
    if not path.is_file() or name.endswith((".min.js", ".min.css")):
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    return [
        f"{name}:{number}: names a registry or a machine's folder: {found.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := PLACES.search(line))
    ]


if __name__ == "__main__":
    main()
