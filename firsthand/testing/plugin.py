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
from django.db import connection

from firsthand.testing.proof import Proof, Sample, scale

KEPT = ("FIRSTHAND_TEST_", "FIRSTHAND_SAMPLE_DATA", "FIRSTHAND_REQUIRE_ALL")
LEFT = "left to `make prove`"
ON_POSTGRES = "asked of PostgreSQL alone: `python -m firsthand.testing.postgres python -m pytest ...`"
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


@pytest.fixture(autouse=True)
def sample(request: pytest.FixtureRequest) -> Iterator[Sample]:
    """Give a test its sample of what it would ask of everything; a helper finds it as `Sample.now`."""
    Sample.now = taken = Sample(request.node.name)
    yield taken
    for what, number in taken.all.items():
        request.node.user_properties.append(("sample", [what, taken.asked[what], number]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first, which are long and wait a lot; pytest-django would have them last, after whatever needs the test's database."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("whole") and scale() < 1:
        pytest.skip(LEFT)
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip(ON_POSTGRES)


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


def told_by(stats: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    """What proofs and samples counted. A teardown that passed, where they tell it, is kept under no name."""
    reports = [report for kind in ("", "passed", "failed", "error") for report in stats.get(kind, [])]
    return [told for report in reports if getattr(report, "when", "") == "teardown" for told in report.user_properties]


def samples(told: list[list[Any]]) -> list[str]:
    """A line for each kind of thing, over all tests: how many were asked, of how many."""
    asked, everything = Counter[str](), Counter[str]()
    for what, number, of in told:
        asked[what] += number
        everything[what] += of
    return [f"{what}: {asked[what]:,} of {everything[what]:,}" for what in sorted(everything)]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what was skipped and what was proved; leave it to the runner as JSON where it asks."""
    stats = terminalreporter.stats
    skipped = Counter(reason_of(report) for report in stats.get("skipped", []))
    left = skipped.pop(LEFT, 0)
    told = told_by(stats)
    proofs = sorted({value for key, value in told if key == "proof"}) + samples([value for key, value in told if key == "sample"])
    if left:
        proofs.append(f"whole runs: 0 of {left}, {LEFT}")
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
