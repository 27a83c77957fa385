"""`firsthand worker`: django-q2's cluster, which ends when it is told to.

Its own handler waits for the cluster inside the signal: told at the wrong moment, while it holds the lock that the other side
needs to get ready, both wait for ever. Here the signal only leaves a note. What is in hand is finished, for a while; after that
it is cut off, and done again by the next worker, as after a power cut.
"""

import sys
import time
from types import FrameType

from django_q.cluster import Cluster

from firsthand.core.processes import end_forks_with_parent

SECONDS_TO_FINISH = 10  # below what `firsthand serve` waits for us
LOOK = 0.1


class Worker(Cluster):  # type: ignore[misc]  # django-q2 ships no types
    """One cluster, from start to end."""

    def __init__(self) -> None:
        self.is_told = False
        super().__init__()

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        self.is_told = True

    def run(self) -> int:
        """Work until told to stop. Gives 0, or 1 when the cluster ended by itself."""
        end_forks_with_parent()  # nobody is left when we are killed, nor when we cut it off
        self.start()
        while self.sentinel.is_alive() and not self.is_told:
            time.sleep(LOOK)
        if not self.is_told:
            return 1
        self.stop_event.set()
        self.sentinel.join(SECONDS_TO_FINISH)
        if self.sentinel.is_alive():
            sys.stderr.write("The worker was still busy and was cut off; what it did is done again.\n")
            self.sentinel.kill()
            self.sentinel.join()
        return 0
