"""How soon `firsthand serve` answers, and what its processes weigh."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.installation import ROOT, Installation
from firsthand.testing.postgres import free_port

LONGEST = 30


def figures(installation: Installation) -> list[dict[str, object]]:
    """Seconds to the first answer (median of three) and the web process's memory after 50 pages."""
    tries = [_started(installation) for _ in range(3)]
    seconds = sorted(seconds for seconds, _ in tries)[1]
    weight = max(weight for _, weight in tries)
    return [
        {"group": "start", "name": "first answer of `firsthand serve`", "value": round(seconds, 2), "unit": "s"},
        {"group": "memory", "name": "web process after 50 pages", "value": weight, "unit": "MB"},
    ]


def _started(installation: Installation) -> tuple[float, int]:
    port = free_port()
    variables = {**os.environ, **installation.variables, "FIRSTHAND_PORT": str(port)}
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "firsthand", "serve"], cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}/sign-in/"
        while not _answers(address):
            if time.perf_counter() - started > LONGEST:
                raise SystemExit(f"`firsthand serve` did not answer within {LONGEST} s")
            time.sleep(0.02)
        seconds = time.perf_counter() - started
        for _ in range(50):
            _answers(address)
        return seconds, _heaviest(server.pid)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # our own loopback address
            return bool(answer.read())
    except (urllib.error.URLError, ConnectionError):
        return False


def _heaviest(pid: int) -> int:
    """The resident memory of the largest process below `pid`, in MB; 0 where /proc tells nothing."""
    below, found = {pid}, 0
    for _ in range(3):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            except OSError:
                continue
            if int(status["PPid"]) in below:
                below.add(int(folder.name))
                found = max(found, int(status.get("VmRSS", "0 kB").split()[0]) // 1024)
    return found
