"""Rows as arrays, alike on both engines."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db.models import Max

from firsthand.core.fetched import columns, day_number, days, fetched, whole_columns
from firsthand.core.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_numbers_come_as_columns() -> None:
    made = [Job.objects.create(kind="a", subject_id=number) for number in (7, 8)]
    ids, subjects = whole_columns(Job.objects.order_by("pk").values_list("pk", "subject_id"), 2)
    assert (ids.tolist(), subjects.tolist()) == ([job.pk for job in made], [7, 8])
    assert columns(Job.objects.none().values_list("pk", "subject_id"), 2).shape == (2, 0)
    assert fetched(Job.objects.order_by("pk").values_list("subject_id")) == [(7,), (8,)]


def test_days_come_as_days_and_none_as_none() -> None:
    Job.objects.create(kind="a", subject_id=1, started_at=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    Job.objects.create(kind="b", subject_id=2)
    [numbers] = whole_columns(Job.objects.order_by("kind").values("kind").annotate(at=day_number(Max("started_at"))).values_list("at"), 1)
    found = days(numbers)
    assert found[0] == np.datetime64("2026-02-28")
    assert np.isnat(found[1])
