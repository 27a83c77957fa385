"""Statements worded once, asked with other values."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, F
from django.test.utils import CaptureQueriesContext

from firsthand.core.models import Job
from firsthand.core.statement import Given, GivenIds, OneOf, Statement

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

SUBJECT, SINCE = Given("subject", BigIntegerField()), Given("since", DateTimeField())


def statement() -> Statement:
    return Statement(lambda: Job.objects.filter(subject_id=SUBJECT, started_at__gte=SINCE).values_list("pk", "subject_id"), 2)


def test_a_statement_is_asked_again_with_other_values() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    first, second = (Job.objects.create(kind="a", subject_id=n, started_at=late) for n in (7, 8))
    asked = statement()
    assert asked.columns(subject=7, since=early).tolist() == [[first.pk], [7]]
    assert asked.columns(subject=8, since=late).tolist() == [[second.pk], [8]]
    assert asked.columns(subject=8, since=datetime(2026, 6, 2, tzinfo=UTC)).shape == (2, 0)


def test_a_value_that_is_not_handed_in_is_missed() -> None:
    with pytest.raises(KeyError, match="since"):
        statement().columns(subject=7)


def test_a_statement_that_can_find_nothing_is_not_asked() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Statement(lambda: Job.objects.none().values_list("pk"), 1).columns().shape == (1, 0)
    assert len(queries) == 0


def test_any_number_of_ids_is_handed_in() -> None:
    made = [Job.objects.create(kind="a", subject_id=number).pk for number in range(3)]
    asked = Statement(lambda: Job.objects.filter(OneOf(F("pk"), GivenIds("mine"))).values_list("pk"), 1)
    assert asked.columns(mine=made[:1]).tolist() == [made[:1]]
    assert sorted(asked.columns(mine=made[1:]).tolist()[0]) == made[1:]
    assert asked.columns(mine=[]).shape == (1, 0)
