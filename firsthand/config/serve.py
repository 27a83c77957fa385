"""`firsthand serve`: the web process and the worker beside it, started, watched and stopped together."""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from types import FrameType

from firsthand.config import environment
from firsthand.core.processes import end_with_parent

Process = subprocess.Popen[bytes]
FIRSTHAND = [sys.executable, "-m", "firsthand"]
SECONDS_TO_STOP = 15
LONGEST_PAUSE = 30.0  # between two starts of a worker that keeps ending


def serve(arguments: list[str]) -> int:
    """Run until stopped, and give the exit status."""
    parser = argparse.ArgumentParser(prog="firsthand serve", description="Answer requests, with the worker beside.")
    parser.add_argument("--no-worker", action="store_true", help="only the web process; run `firsthand worker` elsewhere")
    parser.add_argument("--prepare", action="store_true", help="first `firsthand prepare --demo`: database, static files, demo program")
    chosen = parser.parse_args(arguments)
    taken = why_port_is_taken()
    if taken:
        print(taken, file=sys.stderr)
        return 2
    if chosen.prepare:
        prepared = subprocess.run([*FIRSTHAND, "prepare", "--demo"], check=False)
        if prepared.returncode != 0:
            return prepared.returncode
    if chosen.no_worker:
        from firsthand.config.web import run_web

        run_web()
        return 0
    return Pair().run()


def why_port_is_taken() -> str | None:
    """Say that something else listens there already, or give None."""
    host, port = environment.HOST.read(), environment.PORT.read()
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return f"Port {port} on {host} cannot be used ({error.strerror}). Set FIRSTHAND_PORT to another."
    return None


class Pair:
    """The web process and the worker. The web process decides: when it ends, both end. A worker that ends is started again."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.web: Process | None = None
        self.worker: Process | None = None
        self.worker_started = 0.0
        self.pause = 1.0

    def run(self) -> int:
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self.stop)
        self.web = start("serve", "--no-worker")
        while self.web.poll() is None and not answers() and not self.stopped.wait(0.05):
            pass
        if self.web.poll() is None and not self.stopped.is_set():
            self.start_worker()
            announce()
        while self.web.poll() is None and not self.stopped.wait(1.0):
            self.look_after_worker()
        for process in (self.web, self.worker):
            end(process)
        return 0 if self.stopped.is_set() else int(self.web.returncode)

    def stop(self, signal_number: int, frame: FrameType | None) -> None:
        self.stopped.set()

    def start_worker(self) -> None:
        self.worker, self.worker_started = start("worker"), time.monotonic()

    def look_after_worker(self) -> None:
        """Start a worker that ended again, the later the more often it ends."""
        lasted = time.monotonic() - self.worker_started
        if self.worker is None or self.worker.poll() is None or lasted < self.pause:
            return
        print(f"The worker ended with status {self.worker.returncode}; starting it again.", file=sys.stderr, flush=True)
        self.pause = 1.0 if lasted > 2 * LONGEST_PAUSE else min(2 * self.pause, LONGEST_PAUSE)
        self.start_worker()


def start(*arguments: str) -> Process:
    # A session of its own: Ctrl-C reaches us alone, and we tell each child once.
    ours = partial(end_with_parent, os.getpid())
    return subprocess.Popen([*FIRSTHAND, *arguments], start_new_session=True, preexec_fn=ours)  # noqa: PLW1509  (there is one thread)


def end(process: Process | None) -> None:
    if process is None:
        return
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers() -> bool:
    """Whether the web process answers yet."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (asked where it listens, not made to listen)
    host = environment.HOST.read()
    asked = http.client.HTTPConnection(everywhere.get(host, host), environment.PORT.read(), timeout=2)
    try:
        asked.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def announce() -> None:
    """Say where to go, and with which demo sign-ins."""
    address = environment.BASE_URL.read() or f"http://127.0.0.1:{environment.PORT.read()}"
    sign_ins = environment.DATA_DIR.read() / environment.DEMO_SIGN_INS
    known = f"\n\n{sign_ins.read_text().strip()}" if sign_ins.exists() else ""
    print(f"\nFirsthand answers at {address}/ (Ctrl-C stops it).{known}\n", flush=True)
