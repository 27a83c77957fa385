"""How fast a CSV of accounts comes in, through the command a manager would type."""

import csv
import json
import shutil
import time
from pathlib import Path

from benchmarks.installation import KEPT, Installation, on_sqlite

ROWS = 30_000


def figures() -> list[dict[str, object]]:
    """Rows a second for new accounts (with facets, history, search and undo rows) and for the same file again."""
    shutil.rmtree(KEPT / "sqlite-import", ignore_errors=True)
    installation = on_sqlite("import")
    installation.run("-m", "firsthand", "prepare")
    installation.run("-m", "firsthand", "manage", "shell", "-c", "from firsthand.program.actions import set_up; set_up()")
    file = _accounts(installation.folder / "accounts.csv")
    return [_timed(installation, file, "new accounts", "new"), _timed(installation, file, "unchanged accounts", "unchanged")]


def _accounts(file: Path) -> Path:
    industries, countries = ("Banking", "Insurance", "Retail", "Energy and utilities"), ("Norway", "Germany", "France", "Japan")
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["account_id", "name", "domain", "industry", "country", "employees", "annual_revenue"])
        for number in range(ROWS):
            writer.writerow(
                [
                    f"A-{number}",
                    f"Account {number:05d}",
                    f"a{number}.example",
                    industries[number % 4],
                    countries[number % 4],
                    number,
                    number * 1000,
                ]
            )
    return file


def _timed(installation: Installation, file: Path, name: str, what: str) -> dict[str, object]:
    started = time.perf_counter()
    said = json.loads(installation.run("-m", "firsthand", "import", "accounts", str(file), "--json").stdout)
    seconds = time.perf_counter() - started
    if said[what] != ROWS:
        raise SystemExit(f"The import of {name} said {said}")
    return {"group": "import", "name": f"{name}, {ROWS:,} rows, whole command", "value": round(ROWS / seconds), "unit": "rows/s"}
