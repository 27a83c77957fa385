"""`make bench`: figures, never pass or fail. Fills sizes S and M once, keeps them, and writes benchmarks/results.md.

`python -m benchmarks sqlite --sizes M --groups match,home` prints some of them and writes nothing; `--help` names the parts.
"""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django

from benchmarks import importing, starting
from benchmarks.installation import Installation, on_postgres, on_sqlite
from firsthand.config.sqlite import use_bundled_sqlite
from firsthand.testing import postgres

use_bundled_sqlite()

import sqlite3  # noqa: E402  (the bundled one)

RESULTS = Path(__file__).with_name("results.md")
Row = dict[str, object]
Part = tuple[str, list[Row]]  # a title and its figures
# Milliseconds at size M on an idle machine: of the match the median, of pages p95.
TARGETS = {"match": ("median", 50), "list": ("p95", 100), "record": ("p95", 80), "create": ("p95", 50), "home": ("p95", 300)}
# What is better the higher it is, and what the lower.
AT_LEAST = {"new accounts": 12_000, "unchanged accounts": 40_000}
AT_MOST = {"first answer": 2, "web process": 200}


PARTS = {
    "sqlite": "pages and the match on SQLite, each size",
    "postgres": "the same on PostgreSQL",
    "queue": "pages with 20,000 open requests, size M, on both",
    "import": "a CSV file of 30,000 accounts, twice, SQLite",
    "start": "start-up and memory, SQLite, the first size",
}
GROUPS = ("match", "list", "record", "home", "find", "create")  # of `benchmarks.one`
SIZES = ("S", "M", "L")


def main() -> None:
    postgres.end_when_told()
    asked = arguments().parse_args()
    is_whole = (asked.parts, asked.groups) == (list(PARTS), [])
    parts: list[Part] = []
    print(f"Writing {RESULTS.name}" if is_whole else f"Some of the figures: {RESULTS.name} stays as it is")
    for name in asked.parts:
        for each in MEASURES[name](asked.sizes, asked.groups):
            parts.append(each)
            if is_whole:
                RESULTS.write_text(report(parts))  # after each part: whoever stops it keeps what was measured


def arguments() -> argparse.ArgumentParser:
    """What may be asked for."""
    said = "\n".join(f"  {name:10}{words}" for name, words in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure, and write results.md where all is measured. Sizes are filled once and kept under var/bench.",
        epilog=f"parts:\n{said}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    default = os.environ.get("FIRSTHAND_BENCH_SIZES", "S,M")
    parser.add_argument("parts", nargs="?", type=some_of(PARTS), default=list(PARTS), help="which, such as sqlite,queue; else all")
    parser.add_argument("--sizes", type=some_of(SIZES), default=default, help=f"such as M, else {default}; L takes a while to fill")
    parser.add_argument("--groups", type=some_of(GROUPS), default=[], help=f"of the pages these alone: {', '.join(GROUPS)}")
    return parser


def some_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Reads `S,M`."""

    def read(text: str) -> list[str]:
        words = text.split(",")
        if strange := sorted(set(words) - set(known)):
            raise argparse.ArgumentTypeError(f"{strange[0]!r} is none of {', '.join(known)}")
        return words

    return read


def sqlite(sizes: list[str], groups: list[str]) -> Iterator[Part]:
    for size in sizes:
        yield pages(on_sqlite(size), groups)


def postgresql(sizes: list[str], groups: list[str]) -> Iterator[Part]:
    with on_postgres(sizes) as installations:
        for installation in installations:
            yield pages(installation, groups)


def queue(_: list[str], __: list[str]) -> Iterator[Part]:
    yield queue_pages(on_sqlite("M", kept="-queue"))
    with on_postgres(["M"], kept="-queue") as installations:
        for installation in installations:
            yield queue_pages(installation)


def imports(_: list[str], __: list[str]) -> Iterator[Part]:
    yield "Import, SQLite", printed(importing.figures())


def start(sizes: list[str], _: list[str]) -> Iterator[Part]:
    yield f"Start-up and memory, SQLite, size {sizes[0]}", printed(starting.figures(filled(on_sqlite(sizes[0]))))


MEASURES: dict[str, Callable[[list[str], list[str]], Iterator[Part]]] = {
    "sqlite": sqlite, "postgres": postgresql, "queue": queue, "import": imports, "start": start,
}  # fmt: skip


def pages(installation: Installation, groups: list[str]) -> Part:
    return f"{installation.engine}, size {installation.size}", figures_of(filled(installation), "benchmarks.one", *groups)


def queue_pages(installation: Installation) -> Part:
    installation.fill_queue()
    return f"{installation.engine}, size M, with 20,000 open requests", figures_of(installation, "benchmarks.queue")


def filled(installation: Installation) -> Installation:
    installation.fill()
    return installation


def figures_of(installation: Installation, module: str, *groups: str) -> list[Row]:
    """What the module says of a filled installation."""
    print(f"\n{installation.engine}, {installation.folder.name}", flush=True)
    return printed([json.loads(line) for line in installation.run("-m", module, *groups).stdout.splitlines()])


def printed(rows: list[Row]) -> list[Row]:
    for row in rows:
        print("  " + in_words(row), flush=True)
    return rows


def in_words(row: Row) -> str:
    if "median" in row:
        times = f"median {row['median']:.1f} ms, p95 {row['p95']:.1f} ms, processor {row['processor']:.1f} ms"
        return f"{row['name']}: {times}, {row['queries']} queries"
    return f"{row['name']}: {row['value']} {row.get('unit', '')}".rstrip()


def report(parts: list[Part]) -> str:
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


def missing(parts: list[Part]) -> list[str]:
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
