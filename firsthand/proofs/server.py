"""A real gunicorn for a proof, on a free port of this machine: `python -m firsthand.proofs.server [locks|guards]`."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.db import connection

from firsthand.config import serve, web
from firsthand.config.database import POOLED
from firsthand.proofs import seams
from firsthand.testing.postgres import free_port

SECONDS_TO_START = 60
Servers = Callable[[str], int]  # from what is taken out, or nothing, to the port of a server that goes on running


@contextlib.contextmanager
def running(folder: Path, *, without: str = "") -> Iterator[int]:
    """Run it on the test's own PostgreSQL and give its port. `without` names what is taken out. Stopped by its own id."""
    port = free_port()
    variables = {
        **own_variables(folder),
        "FIRSTHAND_PORT": str(port),
        "FIRSTHAND_WEB_PROCESSES": "1" if without else "2",  # in one process the replacements can wait for each other
        "FIRSTHAND_WEB_THREADS": "8",
        "FIRSTHAND_DATABASE_POOL": "8",
    }
    with (folder / "server.log").open("wb") as log:
        command = [sys.executable, "-m", "firsthand.proofs.server", *filter(None, [without])]
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        try:
            wait_for(process, port, folder / "server.log")
            yield port
        finally:
            serve.end(process)


def own_variables(folder: Path) -> dict[str, str]:
    """What a process of ours needs to work on the test's own database, with this folder as its own."""
    facts = connection.settings_dict
    return {
        **os.environ,
        "FIRSTHAND_DATA_DIR": str(folder),
        "FIRSTHAND_DATABASE_URL": f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}",
    }


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(SECONDS_TO_START * 10):
        if process.poll() is not None:
            break
        if is_ready(port):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")


def is_ready(port: int) -> bool:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as asked:
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def main() -> None:
    taken_out = sys.argv[1:]
    for name in taken_out:
        seams.BEFORE[name]()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firsthand.config.settings")
    os.environ[POOLED] = "1"
    django.setup()
    for name in taken_out:
        seams.AFTER.get(name, lambda: None)()
    web.run_web()


if __name__ == "__main__":
    main()
