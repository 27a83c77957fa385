"""Ground rules of every test run: own settings, no network, the same chance each time, and a plain account at the end.

Loaded by `-p` before pytest-django reads the settings. Variables `FIRSTHAND_TEST_*` steer it; any other `FIRSTHAND_*`
of the person at the terminal is put aside.
"""

import json
import os
import random
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings

from firsthand.testing.proof import Proof

KEPT = ("FIRSTHAND_TEST_", "FIRSTHAND_SAMPLE_DATA", "FIRSTHAND_REQUIRE_ALL")
LOOPBACK = ("127.", "::1", "localhost")


def put_settings_aside() -> None:
    """Give the run a data folder and a key of its own, and the database that the runner named."""
    for name in [name for name in os.environ if name.startswith("FIRSTHAND_") and not name.startswith(KEPT)]:
        del os.environ[name]
    data_dir = tempfile.mkdtemp(prefix="firsthand-test-")
    Path(data_dir, "static").mkdir()  # whitenoise warns where there is none
    os.environ["FIRSTHAND_DATA_DIR"] = data_dir
    os.environ["FIRSTHAND_SECRET_KEY"] = "only-for-tests-" * 4
    url = os.environ.get("FIRSTHAND_TEST_DATABASE_URL")
    if url:
        os.environ["FIRSTHAND_DATABASE_URL"] = url


put_settings_aside()
hypothesis.settings.register_profile("firsthand", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("firsthand")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Change what real settings get right and tests cannot afford."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
    settings.STORAGES = {  # the manifest is made by `firsthand serve`
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ["FIRSTHAND_DATA_DIR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def same_chance() -> None:
    random.seed(1)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Let a test reach this machine alone."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            pytest.fail(f"A test tried to reach {address[0]}.")
        real_connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Iterator[Proof]:
    """Give a long proof its counter, and fail it when it did less than it stated."""
    counted = Proof(request.node.name.removeprefix("test_").replace("_", " "))
    yield counted
    request.node.user_properties.append(("proof", counted.line()))
    shortfall = counted.shortfall()
    if shortfall:
        pytest.fail(shortfall)


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what was skipped and what was proved; leave it to the runner as JSON where it asks."""
    stats = terminalreporter.stats
    skipped = Counter(reason_of(report) for report in stats.get("skipped", []))
    # A teardown that passed, where a proof tells its counts, is kept under no name.
    reports = [report for kind in ("", "passed", "failed", "error") for report in stats.get(kind, [])]
    proofs = sorted(
        {line for report in reports for key, line in getattr(report, "user_properties", []) if key == "proof" and report.when == "teardown"}
    )
    account = {
        "passed": len(stats.get("passed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "skipped": skipped,
        "proofs": proofs,
    }
    for line in proofs:
        terminalreporter.write_line(f"Proof: {line}")
    target = os.environ.get("FIRSTHAND_TEST_ACCOUNT")
    if target:
        Path(target).write_text(json.dumps(account))
