"""Processes end together."""

import subprocess
import sys

# A grandchild that asks to end with its parent only once that is gone.
TOO_LATE = """
import os, time
from firsthand.core.processes import end_with_parent
if os.fork() == 0:
    parent = os.getpid()
    if os.fork() == 0:
        while os.getppid() == parent:
            time.sleep(0.01)
        end_with_parent(parent)
        print("is left")
    os._exit(0)
os.wait()
"""


def test_who_was_too_late_to_ask_ends_as_well() -> None:
    done = subprocess.run([sys.executable, "-u", "-c", TOO_LATE], capture_output=True, text=True, check=True, timeout=20)
    assert (done.stdout, done.stderr) == ("", "")
