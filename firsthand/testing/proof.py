"""Long proofs: races, kills, model runs. Each states its rounds, counts what happened, and fails when it did less.

Where the same question is asked of very many things, `make test` asks it of a sample, and `make prove` of all.
"""

import os
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, TypeVar
from zlib import crc32

T = TypeVar("T")


def scale() -> float:
    """Give the share of the stated rounds to do: all in `make prove`, a hundredth in `make test`."""
    return float(os.environ.get("FIRSTHAND_TEST_PROOF_SCALE", "0.01"))


class Sample:
    """What one test asks of some things only, and of how many it would in `make prove`; all tests' counts are added for the account.

    It begins elsewhere in each test and goes on by one each time it is asked, so that every thing has its turn.
    """

    now: ClassVar["Sample"]  # of the test that runs

    def __init__(self, test: str) -> None:
        self.turn = crc32(test.encode())
        self.asked: Counter[str] = Counter()
        self.all: Counter[str] = Counter()

    def some(self, what: str, things: Sequence[T], *, one_in: int) -> list[T]:
        """Give every so-manieth of the things, in their order, or all of them in `make prove`."""
        self.turn += 1
        found = list(things) if scale() >= 1 else list(things[self.turn % one_in :: one_in])
        self.asked[what] += len(found)
        self.all[what] += len(things)
        return found


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
