"""The throw-away PostgreSQL goes with the command it was started for."""

import signal
import subprocess
import sys

import psycopg
import pytest

SECONDS = 30


@pytest.mark.postgres
def test_a_cluster_is_gone_when_its_command_is_told_to_end() -> None:
    waits = [sys.executable, "-c", "import os, time; print(os.environ['FIRSTHAND_TEST_DATABASE_URL'], flush=True); time.sleep(60)"]
    with subprocess.Popen([sys.executable, "-m", "firsthand.testing.postgres", *waits], stdout=subprocess.PIPE) as process:
        assert process.stdout
        url = process.stdout.readline().decode().strip()
        psycopg.connect(url).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SECONDS) == 128 + signal.SIGTERM
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
