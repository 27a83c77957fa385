"""What the tests of real processes share: one prepared data folder, copied for each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare one data folder for all tests here."""
    folder = tmp_path_factory.mktemp("prepared")
    others = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTHAND_")}
    command = [sys.executable, "-m", "firsthand", "prepare"]
    subprocess.run(command, env={**others, "FIRSTHAND_DATA_DIR": str(folder)}, check=True)
    return folder
