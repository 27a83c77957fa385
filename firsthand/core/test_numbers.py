"""NumPy comes late, and then is NumPy."""

import subprocess
import sys

from firsthand.core.numbers import Late, np


def test_what_stands_for_a_module_gives_what_the_module_holds() -> None:
    assert np.array([1, 2, 3]).sum() == 6
    assert Late("math").pi == 3.141592653589793


def test_no_process_loads_it_at_its_start() -> None:
    loads_all = "import django, sys; django.setup(); import firsthand.config.urls; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loads_all], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
