"""`firsthand serve` as a person runs it: real processes, a real port."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Give a data folder and a free port of one's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    others = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTHAND_")}
    return {**others, "FIRSTHAND_DATA_DIR": str(tmp_path), "FIRSTHAND_PORT": str(port), "FIRSTHAND_WEB_PROCESSES": "1"}


@pytest.fixture
def served(variables: dict[str, str], prepared: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run `firsthand serve` on a prepared database until the test ends."""
    shutil.copytree(prepared, variables["FIRSTHAND_DATA_DIR"], dirs_exist_ok=True)
    with serve(variables) as process:
        yield process
        process.kill()


def serve(variables: dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "firsthand", "serve"]
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def status(port: str) -> int | None:
    asked = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    try:
        asked.request("GET", "/readyz")
        return asked.getresponse().status
    except OSError:
        return None
    finally:
        asked.close()


def test_it_answers_says_where_and_stops_both_processes(served: "subprocess.Popen[str]", variables: dict[str, str]) -> None:
    assert served.stdout is not None
    lines = iter(served.stdout.readline, "")
    announced = next(line for line in lines if line.startswith("Firsthand answers at "))
    assert announced == f"Firsthand answers at http://127.0.0.1:{variables['FIRSTHAND_PORT']}/ (Ctrl-C stops it).\n"
    assert status(variables["FIRSTHAND_PORT"]) == 200
    children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
    assert len(children) == 2
    served.send_signal(signal.SIGINT)
    assert served.wait(timeout=20) == 0
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert status(variables["FIRSTHAND_PORT"]) is None


def test_a_killed_serve_takes_its_processes_along(served: "subprocess.Popen[str]", variables: dict[str, str]) -> None:
    assert served.stdout is not None
    next(line for line in iter(served.stdout.readline, "") if line.startswith("Firsthand answers at "))
    served.kill()
    served.wait()
    deadline = time.monotonic() + 15
    while status(variables["FIRSTHAND_PORT"]) is not None and time.monotonic() < deadline:
        pass
    assert status(variables["FIRSTHAND_PORT"]) is None


def test_silent_connections_keep_nobody_waiting(served: "subprocess.Popen[str]", variables: dict[str, str]) -> None:
    """Browsers open connections ahead: three times as many as there are threads hold none of them."""
    assert served.stdout is not None
    next(line for line in iter(served.stdout.readline, "") if line.startswith("Firsthand answers at "))
    with contextlib.ExitStack() as opened:
        for _ in range(12):
            opened.enter_context(socket.create_connection(("127.0.0.1", int(variables["FIRSTHAND_PORT"]))))
        assert status(variables["FIRSTHAND_PORT"]) == 200


def test_it_says_that_the_database_is_not_prepared(variables: dict[str, str]) -> None:
    with serve(variables) as process:
        output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "The database is not up to date: `firsthand prepare` brings it there.\n")


def test_it_says_that_the_port_is_taken(variables: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(variables["FIRSTHAND_PORT"]))), serve(variables) as process:
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert output.startswith(f"Port {variables['FIRSTHAND_PORT']} on 127.0.0.1 cannot be used (Address already in use).")
