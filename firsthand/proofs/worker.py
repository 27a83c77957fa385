"""A real worker for a proof, to be killed: `firsthand worker` in a process group of its own, with a short lease."""

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command

LEASE = timedelta(seconds=2)  # so that a proof need not wait a minute for each kill


def start(variables: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as written:
        command = [sys.executable, "-m", "firsthand.proofs.worker"]
        return subprocess.Popen(command, env=dict(variables), stdout=written, stderr=written, start_new_session=True)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """The worker and everything it started, at once and without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firsthand.config.settings")
    django.setup()
    outbox = importlib.import_module("firsthand.upkeep.outbox")  # its models need Django to be set up

    vars(outbox)["LEASE"] = LEASE
    call_command("worker")


if __name__ == "__main__":
    main()
