"""Where the system's Chromium is; Playwright's own download is never used."""

import os
import shutil

import pytest

# The first draws no window around a page, which is a quarter of the work of a journey.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str | None:
    """Give the path of a Chromium to drive, or None. `FIRSTHAND_TEST_CHROMIUM` names another."""
    named = os.environ.get("FIRSTHAND_TEST_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


needs_chromium = pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine")
