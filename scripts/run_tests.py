"""Run `make test` or `make prove`, and say at the end what passed, what was proved, what was skipped and why.

`FIRSTHAND_REQUIRE_ALL=1` turns a skip into a failure; only the sample data may be absent.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from firsthand.testing.postgres import MISSING  # noqa: E402  (the path first)

PYTEST = [sys.executable, "-m", "pytest", "-q"]
# Journeys, races and kills wait for browsers, mail and workers half of their time: one more process than there are processors uses it.
ONE_MORE = ["-n", str((os.cpu_count() or 1) + 1)]
WORKSTEAL = ["--dist", "worksteal"]  # a long test at the end keeps nobody waiting
JOURNEYS_FIRST = ["--maxschedchunk", "2"]  # a few at a time, so that each process has some and the short tests fill the end
ON_POSTGRES = [sys.executable, "-m", "firsthand.testing.postgres"]
NO_TESTS = 5  # pytest's status when nothing was selected
NO_POSTGRES = "PostgreSQL is not installed, so what needs it did not run (apt-get install postgresql)"


@dataclass
class Account:
    """What the parts of a run add up to."""

    parts: list[str] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)

    def run(self, name: str, command: list[str], *, proof_scale: str = "0.01") -> None:
        """Run one part and add what it tells."""
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "account.json"
            variables = {"FIRSTHAND_TEST_ACCOUNT": str(told), "FIRSTHAND_TEST_PROOF_SCALE": proof_scale}
            done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
            counts = self.add(told)
        if done.returncode == MISSING and command[: len(ON_POSTGRES)] == ON_POSTGRES:
            self.skipped[NO_POSTGRES] = 1
            return
        if done.returncode not in {0, NO_TESTS}:
            self.bad.append(name)
        self.parts.append(f"{name}: {counts}{time.monotonic() - started:.0f} s")

    def add(self, told: Path) -> str:
        if not told.exists():
            return ""
        account = json.loads(told.read_text())
        self.proofs += account["proofs"]
        for reason, count in account["skipped"].items():
            self.skipped[reason] = self.skipped.get(reason, 0) + count
        return f"{account['passed']} passed, {account['failed']} failed, "

    def close(self) -> int:
        """Print the account and give the exit status."""
        print("\n== In short")
        for part in self.parts:
            print(part)
        for proof in self.proofs:
            print(f"Proof: {proof}")
        for reason, count in self.skipped.items():
            print(f"Skipped: {count} × {reason}")
        if not self.skipped:
            print("Nothing was skipped.")
        if os.environ.get("FIRSTHAND_REQUIRE_ALL") == "1":
            self.bad += [f"skipped where nothing may be: {reason}" for reason in self.skipped if "sample data" not in reason]
        for name in self.bad:
            print(f"FAILED: {name}")
        return 1 if self.bad else 0


def test(account: Account) -> None:
    account.run("Lint, types, order, migrations", [sys.executable, "scripts/lint.py"])
    account.run("Tests on SQLite", [*PYTEST, *ONE_MORE, *JOURNEYS_FIRST, "-m", "not postgres"])
    account.run("Tests on PostgreSQL", [*ON_POSTGRES, *PYTEST, "-n", "auto", *WORKSTEAL, "-m", "postgres or both_engines"])


def prove(account: Account) -> None:
    account.run("Proofs on PostgreSQL", [*ON_POSTGRES, *PYTEST, "-n", "auto", *WORKSTEAL, "-m", "prove or whole"], proof_scale="1")
    if not account.proofs and not account.skipped:
        account.bad.append("no proof counted anything")


def main() -> None:
    account = Account()
    {"test": test, "prove": prove}[sys.argv[1]](account)
    sys.exit(account.close())


if __name__ == "__main__":
    main()
