"""What comes to whose desk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from firsthand.desk.waiting import waiting_for
from firsthand.requests.builders import make_ask, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def test_what_is_stuck_after_a_yes_comes_to_the_desk_of_the_manager_in_charge(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    make_ask("accepted")
    clock.shift(timedelta(days=4))
    assert not any("Sam Seller" in each.title for each in waiting_for(mia, 9)[0])
    clock.shift(timedelta(days=2))
    assert "Sam Seller has fixed no time with Rae Reference" in [each.title for each in waiting_for(mia, 9)[0]]
