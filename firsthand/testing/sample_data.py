"""Real input that stands beside a checkout, if somebody put it there; no user's machine has it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE_DATA = Path(os.environ.get("FIRSTHAND_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
ABSENT = "the sample data are absent (FIRSTHAND_SAMPLE_DATA names their folder)"

needs_sample_data = pytest.mark.skipif(not SAMPLE_DATA.is_dir(), reason=ABSENT)
"""Mark a test that reads `SAMPLE_DATA`: it skips where there is none, even where nothing else may."""
