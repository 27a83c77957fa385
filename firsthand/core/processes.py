"""Processes that end together."""

import contextlib
import ctypes
import os
import signal

SET_PARENT_DEATH_SIGNAL = 1


def end_with_parent(parent: int) -> None:
    """Ask Linux to end this process when the parent that has just started it is killed; elsewhere it is left running.

    Where the parent was killed before this could be asked, this process ends at once.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def end_forks_with_parent() -> None:
    """The same for each process that this one forks from now on, and that those fork."""
    parent = [0]

    def remember() -> None:
        parent[0] = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: end_with_parent(parent[0]))
