import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.core import keyset
from firsthand.core.keyset import Order
from firsthand.core.models import Job

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def make_jobs(*starts: int | None) -> list[Job]:
    """Jobs that started so many days after the day, or never."""
    return [
        Job.objects.create(kind="test", subject_id=1, started_at=None if start is None else DAY + dt.timedelta(days=start))
        for start in starts
    ]


def walk(order: Order, size: int) -> list[Job]:
    return [job for batch in keyset.batches(Job.objects.all(), order, size) for job in batch]


@pytest.mark.both_engines
@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_missing_values_come_last_whichever_way(size: int) -> None:
    late, none, early, tie, none_too = make_jobs(5, None, 1, 5, None)
    assert walk(Order("started_at"), size) == [early, late, tie, none, none_too]
    assert walk(Order("started_at", descending=True), size) == [tie, late, early, none_too, none]


@pytest.mark.both_engines
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["started_at", "kind", "id"])
def test_going_back_meets_the_same_pages(field: str, descending: bool) -> None:  # noqa: FBT001
    make_jobs(5, None, 1, 5, None, 2, 2)
    order = Order(field, descending=descending)
    everything = walk(order, 100)
    for place in range(2, 7):
        part = keyset.before(Job.objects.all(), order, everything[place], 2)
        assert part.rows == everything[place - 2 : place]
        assert part.has_before == (place > 2)


def test_before_a_short_first_page_gives_the_first_page() -> None:
    first, second, third = make_jobs(1, 2, 3)
    part = keyset.before(Job.objects.all(), Order("started_at"), second, 2)
    assert part == keyset.Slice([first, second], has_before=False, has_after=True)
    assert keyset.after(Job.objects.all(), Order("started_at"), second, 2) == keyset.Slice([third], has_before=True, has_after=False)


@pytest.mark.both_engines
@pytest.mark.parametrize("descending", [False, True])
def test_what_is_joined_comes_with_the_rows_that_are_shown(descending: bool) -> None:  # noqa: FBT001
    order, plain = Order("codename", descending=descending), Permission.objects.filter(codename__startswith="add_")
    with CaptureQueriesContext(connection) as queries:
        shown = keyset.first(plain.select_related("content_type"), order, 5)
        models = [row.content_type.model for row in shown.rows]
    assert len(queries) == 1
    assert shown == keyset.first(plain, order, 5)
    assert models == [row.codename.removeprefix("add_") for row in shown.rows]
