"""`firsthand serve` on a data folder of its own: the web process, the worker, and a look into their database."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from e2e.mailbox import Mailbox
from firsthand.config.database import database_settings
from firsthand.testing.postgres import free_port

FIRSTHAND = [sys.executable, "-m", "firsthand"]
ALIAS = "served"
DEMO = """
from datetime import date
from django.utils import timezone
from firsthand.upkeep.demo.fill import fill, working_day
from firsthand.upkeep.demo.world import Size
fill(
    size=Size(accounts=150, contacts=600, references=160, engagements=1100, opportunities=900, stories=60, requests=90, colleagues=24),
    seed=7,
    today=working_day(timezone.now()),
)
"""
BARE = """
from firsthand.people.actions import open_installation
from firsthand.people.models import Colleague
from firsthand.program.actions import set_up
from firsthand.program.policy import Policy
mia = open_installation(name="Mia Lindgren", email="mia@calderfinch.example", password="firsthand-demo")
set_up(by=mia, policy=Policy(company="Calder & Finch", base_currency="USD", time_zone="UTC"))
Colleague.objects.update(role="manager")
"""
# What is done to a prepared data folder: nothing, a demo program, or one manager with an empty program.
KINDS = {"empty": "", "demo": DEMO, "bare": BARE}


def variables(folder: Path, **ours: str) -> dict[str, str]:
    """The environment of a process on a data folder; what the person at the terminal set is put aside."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTHAND_", "DJANGO_", "PYTEST_"))}
    return {**others, "FIRSTHAND_DATA_DIR": str(folder), "FIRSTHAND_LOG_LEVEL": "WARNING", **ours}


def prepare(folder: Path, kind: str) -> None:
    """Make a data folder of a kind; the demo is the same every time on one day."""
    environment = variables(folder)
    subprocess.run([*FIRSTHAND, "prepare"], env=environment, check=True)
    if KINDS[kind]:
        subprocess.run([*FIRSTHAND, "manage", "shell", "--verbosity", "0", "--command", KINDS[kind]], env=environment, check=True)


class Server:
    """One installation that runs. Its database is read through Django's models, with `.using(server.alias)`."""

    def __init__(self, prepared: Path, folder: Path, blocker: DjangoDbBlocker) -> None:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        self.folder, self.blocker, self.mailbox = folder, blocker, Mailbox()
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.environment = variables(folder, FIRSTHAND_PORT=str(port), FIRSTHAND_WEB_PROCESSES="1", FIRSTHAND_EMAIL_URL=self.mailbox.url)

    def start(self) -> None:
        told = self.folder / "told"  # a file: a pipe that nobody reads is full after some thousand requests, and they all wait
        with told.open("wb") as out, (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen([*FIRSTHAND, "serve"], env=self.environment, stdout=out, stderr=log)
        while "Firsthand answers at " not in told.read_text():
            if self.process.poll() is not None:
                raise AssertionError(f"serve did not start: {self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.mailbox.shutdown()
        self.mailbox.server_close()

    def log(self) -> str:
        """What the processes complained about."""
        return (self.folder / "log").read_text()

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """Open the installation's own database and give its alias for `.using`."""
        ours = {**database_settings(None, data_dir=self.folder, pool=1, pooled=False), "CONN_MAX_AGE": 0}
        connections.settings[ALIAS] = {**connections.settings["default"], **ours}
        with self.blocker.unblock():
            try:
                yield ALIAS
            finally:
                connections[ALIAS].close()
                del connections[ALIAS], connections.settings[ALIAS]
