"""The day on which most tests play, held still. A plugin, so that every test finds `clock`."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)  # a Tuesday


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is `NOW` until the test moves the clock."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
