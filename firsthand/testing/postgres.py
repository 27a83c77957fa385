"""A throw-away PostgreSQL, started from the installed programs for as long as one command runs.

`python -m firsthand.testing.postgres COMMAND ...` runs the command with `FIRSTHAND_TEST_DATABASE_URL` set.
PostgreSQL refuses to run as root, so root lends the cluster to the `postgres` user (or `nobody`).
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

Owner = pwd.struct_passwd | None
MISSING = 77  # the exit status that says: PostgreSQL is not installed
DURABLE = ("max_connections=100", "shared_buffers=256MB", "listen_addresses=127.0.0.1", "unix_socket_directories=")
FAST_AND_FORGETFUL = (
    *DURABLE,
    "max_connections=400",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "deadlock_timeout=50ms",
)


def programs() -> Path | None:
    """Give the folder that holds `initdb` and `postgres`, the newest version first, or None."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    return next((folder for folder in versions if (folder / "postgres").exists()), None)


def version(folder: Path) -> int:
    found = re.search(r"/(\d+)/bin$", str(folder))
    return int(found.group(1)) if found else 0


@contextlib.contextmanager
def cluster(bin_folder: Path, *, keep: Path | None = None, settings: Sequence[str] = FAST_AND_FORGETFUL) -> Iterator[str]:
    """Run a cluster on a free loopback port and give its URL; stop it afterwards. It is empty and thrown away, unless kept in `keep`."""
    owner = unprivileged()
    folder = keep or Path(tempfile.mkdtemp(prefix="firsthand-postgres-"))
    folder.mkdir(exist_ok=True)
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    try:
        if not data.exists():
            initdb = [str(bin_folder / "initdb"), "-D", str(data), "-U", "firsthand", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
            run_as(owner, initdb, folder)
        port = free_port()
        server = start_as(owner, bin_folder, data, [*settings, f"port={port}"], folder)
        try:
            wait_until_ready(server, port, folder / "log")
            yield f"postgres://firsthand@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: open sessions are ended
            server.wait(timeout=30)
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> Owner:
    """Give the user to run the server as, or None to stay who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    sys.exit("PostgreSQL does not run as root, and there is neither a `postgres` nor a `nobody` user to lend it to.")


def run_as(owner: Owner, command: list[str], folder: Path) -> None:
    user, group = identity(owner)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, user=user, group=group, extra_groups=groups(owner)
    )
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed: {done.stderr.strip()}")


def start_as(owner: Owner, bin_folder: Path, data: Path, settings: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    words = [word for setting in settings for word in ("-c", setting)]
    user, group = identity(owner)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [str(bin_folder / "postgres"), "-D", str(data), *words],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command; the server is stopped after it
            user=user,
            group=group,
            extra_groups=groups(owner),
        )


def identity(owner: Owner) -> tuple[int | None, int | None]:
    return (None, None) if owner is None else (owner.pw_uid, owner.pw_gid)


def groups(owner: Owner) -> list[int] | None:
    return None if owner is None else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            sys.exit(f"PostgreSQL ended at once: {log.read_text().strip()}")
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"postgres://firsthand@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=0.1)
    sys.exit("PostgreSQL did not answer within 30 seconds.")


def end_when_told() -> None:
    """Leave on SIGTERM as on Ctrl-C, so that the cluster is stopped and thrown away. Python would be gone at once otherwise."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def main() -> None:
    bin_folder = programs()
    if bin_folder is None:
        print("PostgreSQL is not installed (apt-get install postgresql).")
        sys.exit(MISSING)
    end_when_told()
    with cluster(bin_folder) as url:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "FIRSTHAND_TEST_DATABASE_URL": url}, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
