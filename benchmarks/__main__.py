"""`make bench`: figures, never pass or fail. Fills sizes S and M once, keeps them, and writes benchmarks/results.md.

`FIRSTHAND_BENCH_SIZES=S,M,L` chooses the sizes; L takes a while to fill.
"""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import django

from benchmarks import importing, starting
from benchmarks.installation import Installation, on_postgres, on_sqlite, with_queue
from firsthand.config.sqlite import use_bundled_sqlite
from firsthand.testing import postgres

use_bundled_sqlite()

import sqlite3  # noqa: E402  (the bundled one)

RESULTS = Path(__file__).with_name("results.md")
Row = dict[str, object]
# Milliseconds at size M on an idle machine: of the match the median, of pages p95.
TARGETS = {"match": ("median", 50), "list": ("p95", 100), "record": ("p95", 80), "create": ("p95", 50)}
# What is better the higher it is, and what the lower.
AT_LEAST = {"new accounts": 12_000, "unchanged accounts": 40_000}
AT_MOST = {"first answer": 2, "web process": 200}


def main() -> None:
    postgres.end_when_told()
    sizes = os.environ.get("FIRSTHAND_BENCH_SIZES", "S,M").split(",")
    parts: list[tuple[str, list[Row]]] = []

    def add(title: str, rows: list[Row]) -> None:
        parts.append((title, rows))
        RESULTS.write_text(report(parts))  # after each part: whoever stops it keeps what was measured

    for installation in map(on_sqlite, sizes):
        add(*part(installation))
    with on_postgres(sizes) as installations:
        for installation in installations:
            add(*part(installation))
    add("SQLite, size M, with 20,000 open requests", figures_of(with_queue("M"), "benchmarks.queue"))
    add("Import, SQLite", importing.figures())
    add(f"Start-up and memory, SQLite, size {sizes[0]}", starting.figures(on_sqlite(sizes[0])))
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
        "Times are milliseconds inside the process: middleware, database and template, without the network; up to 30 rounds, fewer",
        "where they take long. Median and p95 are by the wall clock; processor is the mean of what a round spent computing, in this",
        f"process and its PostgreSQL backend, and is the one to compare where others use the machine too. {load()}",
        "",
        *missing(parts),
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


def missing(parts: list[tuple[str, list[Row]]]) -> list[str]:
    """What misses its target, and by how much."""
    missed = [f"- {title}: {words}" for title, rows in parts for row in rows if (words := miss(title, row))]
    head = "The targets are for size M (`TARGETS` in `benchmarks/__main__.py`)"
    return ["## What misses its target", "", f"{head}." if missed else f"{head}; nothing misses its target.", "", *missed, ""]


def miss(title: str, row: Row) -> str:
    """By how much a figure misses its target, in words; empty where it does not or has none."""
    name, group = str(row["name"]), str(row["group"])
    if "median" in row:
        of, most = TARGETS.get(group, ("", 0))
        found = float(str(row[of])) if of else 0.0
        if not of or found <= most or ", size M" not in title:
            return ""
        return f"{group} {name}: {of} {found:.0f} ms of {most} ms, {found / most:.1f} times; processor {row['processor']:.0f} ms"
    value = float(str(row["value"]))
    low = next((least for start, least in AT_LEAST.items() if name.startswith(start) and value < least), None)
    high = next((most for start, most in AT_MOST.items() if name.startswith(start) and value > most), None)
    bound = low or high
    return f"{name}: {value:,g} {row.get('unit', '')} where {bound:,g} are wanted" if bound else ""


def load() -> str:
    """How busy the machine was at the end, in words."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"Over the last 15 minutes {os.getloadavg()[2]:.1f} processes wanted its {os.cpu_count()} processors, this one among them."


def machine() -> str:
    """What was measured on, in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, Django {django.get_version()}, SQLite {sqlite3.sqlite_version}, {postgres_version()}"
    )


def postgres_version() -> str:
    """`PostgreSQL 15.14`, or that there is none."""
    programs = postgres.programs()
    if programs is None:
        return "no PostgreSQL"
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return f"PostgreSQL {said.split()[2]}"


if __name__ == "__main__":
    main()
