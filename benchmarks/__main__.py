"""`make bench`: figures, never pass or fail. Fills sizes S and M once, keeps them, and writes benchmarks/results.md.

`FIRSTHAND_BENCH_SIZES=S,M,L` chooses the sizes; L takes a while to fill.
"""

import json
import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import django

from benchmarks import importing, starting
from benchmarks.installation import Installation, on_postgres, on_sqlite, with_queue

RESULTS = Path(__file__).with_name("results.md")
Row = dict[str, object]


def main() -> None:
    sizes = os.environ.get("FIRSTHAND_BENCH_SIZES", "S,M").split(",")
    parts = [part(installation) for installation in map(on_sqlite, sizes)]
    with on_postgres(sizes) as installations:
        parts += [part(installation) for installation in installations]
    parts.append(("SQLite, size M, with 20,000 open requests", figures_of(with_queue("M"), "benchmarks.queue")))
    parts.append(("Import, SQLite", importing.figures()))
    parts.append(("Start-up and memory, SQLite, size S", starting.figures(on_sqlite(sizes[0]))))
    RESULTS.write_text(report(parts))
    print(f"\nWritten to {RESULTS.name}")


def part(installation: Installation) -> tuple[str, list[Row]]:
    return f"{installation.engine}, size {installation.size}", measured(installation)


def measured(installation: Installation) -> list[Row]:
    installation.fill()
    return figures_of(installation, "benchmarks.one")


def figures_of(installation: Installation, module: str) -> list[Row]:
    """What the module says of a filled installation."""
    print(f"\n{installation.engine}, {installation.folder.name}", flush=True)
    rows = [json.loads(line) for line in installation.run("-m", module).stdout.splitlines()]
    for row in rows:
        print("  " + in_words(row), flush=True)
    return rows


def in_words(row: Row) -> str:
    if "median" in row:
        times = f"median {row['median']:.1f} ms, p95 {row['p95']:.1f} ms, processor {row['processor']:.1f} ms"
        return f"{row['name']}: {times}, {row['queries']} queries"
    return f"{row['name']}: {row['value']} {row.get('unit', '')}".rstrip()


def report(parts: list[tuple[str, list[Row]]]) -> str:
    lines = ["# Figures", "", f"Measured {datetime.now(UTC):%Y-%m-%d} by `make bench` on {machine()}.", ""]
    lines += [
        "Times are milliseconds inside the process: middleware, database and template, without the network; 30 rounds. Median and p95",
        "are by the wall clock; processor is the mean of what a round spent computing, in this process and its PostgreSQL backend,",
        f"and is the one to compare where others use the machine too. {load()}",
        "",
    ]
    for title, rows in parts:
        lines += [f"## {title}", ""]
        timed = [row for row in rows if "median" in row]
        if timed:
            lines += ["| what | median | p95 | processor | queries |", "|---|---:|---:|---:|---:|"]
            lines += [
                f"| {row['group']}: {row['name']} | {row['median']:.1f} | {row['p95']:.1f} | {row['processor']:.1f} | {row['queries']} |"
                for row in timed
            ]
            lines.append("")
        lines += [f"- {in_words(row)}" for row in rows if "median" not in row]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def load() -> str:
    """How busy the machine was at the end, in words."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"Over the last 15 minutes {os.getloadavg()[2]:.1f} processes wanted its {os.cpu_count()} processors, this one among them."


def machine() -> str:
    """What was measured on, in words."""
    cpus = os.cpu_count()
    return (
        f"{cpus} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    main()
