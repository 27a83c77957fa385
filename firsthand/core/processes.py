"""Processes that end together."""

import contextlib
import ctypes
import signal

SET_PARENT_DEATH_SIGNAL = 1


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere it is left running."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
