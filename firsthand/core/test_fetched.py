"""Rows as arrays, alike on both engines."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db.models import Avg, Max

from firsthand.core.fetched import columns, day_number, days, fetched, whole_columns
from firsthand.core.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_numbers_come_as_columns() -> None:
    made = [Job.objects.create(kind="a", subject_id=number) for number in (7, 8)]
    ids, subjects = whole_columns(Job.objects.filter(kind="a").values_list("pk", "subject_id"), 2)
    assert sorted(zip(ids.tolist(), subjects.tolist(), strict=True)) == [(job.pk, job.subject_id) for job in made]
    [means] = columns(Job.objects.values("kind").annotate(mean=Avg("subject_id")).values_list("mean"), 1)
    assert means.tolist() == [7.5]
    assert columns(Job.objects.none().values_list("pk", "subject_id"), 2).shape == (2, 0)
    assert fetched(Job.objects.order_by("pk").values_list("subject_id")) == [(7,), (8,)]


def test_days_come_as_days_and_none_as_none() -> None:
    Job.objects.create(kind="a", subject_id=1, started_at=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    Job.objects.create(kind="b", subject_id=2)
    [numbers] = whole_columns(Job.objects.values("kind").annotate(at=day_number(Max("started_at"))).values_list("at"), 1)
    found = days(numbers)
    assert np.datetime64("2026-02-28") in found
    assert np.isnat(found).sum() == 1
