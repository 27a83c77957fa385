"""Long proofs: races, kills, model runs. Each states its rounds, counts what happened, and fails when it did less."""

import os
from collections import Counter


def scale() -> float:
    """Give the share of the stated rounds to do: all in `make prove`, a fiftieth in `make test`."""
    return float(os.environ.get("FIRSTHAND_TEST_PROOF_SCALE", "0.02"))


class Proof:
    """Counts of one proof, printed at the end of the run.

    `rounds(300)` gives the number to do now; each round is told with `count(rounds=1, winners=1, losers=7)`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.stated = 0
        self.counts: Counter[str] = Counter()

    def rounds(self, at_full: int, *, at_least: int = 3) -> int:
        self.stated = max(at_least, round(at_full * scale()))
        return self.stated

    def count(self, **happened: int) -> None:
        self.counts.update(happened)

    def shortfall(self) -> str | None:
        """Say by how much the proof did less than it stated, or None."""
        if self.stated == 0:
            return f"{self.name} never stated its rounds."
        done = self.counts["rounds"]
        return None if done >= self.stated else f"{self.name} did {done} of its {self.stated} rounds."

    def line(self) -> str:
        return f"{self.name}: " + ", ".join(f"{number:,} {what}" for what, number in self.counts.items())
