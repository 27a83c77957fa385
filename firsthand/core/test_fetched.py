"""Rows as arrays, alike on both engines."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import Avg, DateField, Value

from firsthand.core.fetched import DAY, columns, fetched, seconds, whole_columns
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


def test_moments_come_as_seconds_rounded_down() -> None:
    moment = datetime(2026, 2, 28, 23, 59, 59, 900_000, tzinfo=UTC)
    Job.objects.create(kind="a", subject_id=1, started_at=moment)
    [[at]] = whole_columns(Job.objects.values_list(seconds("started_at")), 1)
    assert at == int(moment.timestamp())


def test_days_come_as_their_first_second() -> None:
    Job.objects.create(kind="a", subject_id=1)
    day = seconds(Value(date(2026, 3, 1), output_field=DateField()))
    assert whole_columns(Job.objects.values_list(day), 1).tolist() == [[DAY * (date(2026, 3, 1) - date(1970, 1, 1)).days]]
