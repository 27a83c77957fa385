"""`firsthand worker` ends when it is told to, whatever it is doing, and leaves nobody behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BUSY = """
import os, time
import django
django.setup()
from django.conf import settings
from firsthand.config import worker
from django_q.tasks import async_task
worker.SECONDS_TO_FINISH = 1
async_task("time.sleep", 25)
raise SystemExit(worker.Worker().run())
"""


@pytest.fixture
def variables(tmp_path: Path, prepared: Path) -> dict[str, str]:
    """Give a prepared data folder of one's own."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    others = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTHAND_")}
    return {**others, "FIRSTHAND_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "firsthand.config.settings"}


def started(variables: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, *(arguments or ("-m", "firsthand", "worker"))]
    return subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True, start_new_session=True)


def group(process: "subprocess.Popen[str]") -> list[int]:
    """The processes of its group that live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = stat.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(of_group) == process.pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_until_it_works(process: "subprocess.Popen[str]", processes: int = 5) -> None:
    """Main, sentinel, worker, monitor and pusher."""
    deadline = time.monotonic() + 60
    while len(group(process)) < processes and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.parametrize("pause", [0.0, 0.5])
def test_it_ends_at_a_word_and_takes_all_along(variables: dict[str, str], pause: float) -> None:
    with started(variables) as process:
        wait_until_it_works(process, processes=2 if not pause else 5)
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert group(process) == []


def test_a_task_that_goes_on_for_long_is_cut_off(variables: dict[str, str]) -> None:
    with started(variables, "-c", BUSY) as process:
        wait_until_it_works(process)
        time.sleep(2)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "The worker was still busy and was cut off; what it did is done again." in said
    deadline = time.monotonic() + 10
    while group(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert group(process) == []


def test_when_it_is_killed_nobody_is_left(variables: dict[str, str]) -> None:
    with started(variables) as process:
        wait_until_it_works(process)
        process.kill()
        process.wait(timeout=20)
        deadline = time.monotonic() + 10
        while group(process) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert group(process) == []
