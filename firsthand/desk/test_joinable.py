"""The page of times to join asks the database as often for many times as for few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.desk.test_sharing import second_request
from firsthand.people.models import Colleague
from firsthand.requests.builders import make_cast, make_group_ask, make_policy, make_rae
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.places import joinable, why_not_join

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def hosts(first: int, last: int) -> None:
    """Times with as many references, on three days in turn."""
    sam, ana, mia = make_cast()
    for n in range(first, last):
        rae = make_rae(f"Rae {n}", company=f"Bank {n}")
        ask = make_group_ask(reference=rae, requester=sam, owner=ana, manager=mia)
        assert ask.occasion
        ask.occasion.starts_at += timedelta(days=n % 3)
        ask.occasion.save()
        assert ask.engagement
        ask.engagement.day += timedelta(days=n % 3)
        ask.engagement.save()


def count(found: ReferenceRequest, mia: Colleague) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as queries:
        rows = joinable(ReferenceRequest.objects.get(pk=found.pk), mia)
    return len(rows), len(queries)


def test_many_times_take_as_many_queries_as_few() -> None:
    _, _, mia = make_cast()
    make_policy()
    hosts(0, 3)
    found = second_request()
    count(found, mia)  # the policy is read once
    few = count(found, mia)
    hosts(3, 12)
    many = count(found, mia)
    assert (few[0], many[0], many[1] - few[1]) == (3, 12, 0), (few, many)


def test_each_time_is_judged_as_it_is_when_it_is_joined() -> None:
    _, _, mia = make_cast()
    make_policy()
    hosts(0, 3)
    found = second_request()
    rows = joinable(found, mia)
    assert [row.why_not for row in rows] == [why_not_join(found, Ask.objects.get(pk=row.ask.pk), viewer=mia) or "" for row in rows]
