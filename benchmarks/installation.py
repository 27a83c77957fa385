"""Installations that are filled once and kept: one folder, and on PostgreSQL one database, a size."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from firsthand.testing import postgres

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 30 * 60  # seconds for one command: filling M on a crowded machine takes six minutes
KEPT = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Installation:
    """Where one size on one engine lives, as the variables that lead Firsthand there."""

    engine: str
    size: str
    variables: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments on this installation. Raises `SystemExit` with what it said when it failed or hung."""
        command, variables = [sys.executable, *arguments], {**os.environ, **self.variables}
        try:
            done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"{' '.join(arguments)} took more than {LONGEST} seconds") from None
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
        return done

    @property
    def folder(self) -> Path:
        return Path(self.variables["FIRSTHAND_DATA_DIR"])

    def fill(self) -> None:
        """Make the database and the demo of this size, unless they are there."""
        done = self.folder / "filled"
        self.run("-m", "firsthand", "prepare")
        if not done.exists():
            print(f"filling {self.engine} {self.size} ...", flush=True)
            self.run("-m", "firsthand", "demo", "--size", self.size)
            done.touch()

    def fill_queue(self) -> None:
        """Put 20,000 open requests into it besides, unless they are there. Raises `SystemExit` as `run` does."""
        queued = self.folder / "queued"
        self.fill()
        if not queued.exists():
            print(f"filling the queue of {self.engine} {self.size} ...", flush=True)
            self.run("-m", "benchmarks.queue", "fill")
            queued.touch()


def on_sqlite(size: str, *, kept: str = "") -> Installation:
    """`kept` names one that is filled further than the others of its size, and so kept apart."""
    folder = KEPT / f"sqlite-{size}{kept}"
    folder.mkdir(parents=True, exist_ok=True)
    return Installation("SQLite", size, {"FIRSTHAND_DATA_DIR": str(folder)})


@contextlib.contextmanager
def on_postgres(sizes: list[str], *, kept: str = "") -> Iterator[list[Installation]]:
    """The kept PostgreSQL cluster with a database a size, running for as long as the block; an empty list where there is none.

    `kept` is as in `on_sqlite`.
    """
    programs = postgres.programs()
    if programs is None:
        yield []
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with postgres.cluster(programs, keep=KEPT / "postgres", settings=postgres.DURABLE) as url:
        yield [_database(url, f"{size}{kept}", size) for size in sizes]


def _database(url: str, kept: str, size: str) -> Installation:
    name = f"bench_{kept.lower().replace('-', '_')}"
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}")
    folder = KEPT / f"postgres-{kept}"
    folder.mkdir(parents=True, exist_ok=True)
    variables = {"FIRSTHAND_DATA_DIR": str(folder), "FIRSTHAND_DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}"}
    return Installation("PostgreSQL", size, variables)
