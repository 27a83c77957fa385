"""Bulk writing leaves the same rows on both engines."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from firsthand.core import bulk
from firsthand.core.models import Job, SearchEntry
from firsthand.customers.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

AT = datetime(2026, 2, 28, 12, tzinfo=UTC)
NAMES = ("id", "created_at", "revision", "name", "key", "external_id", "domain", "is_customer", "is_prospect", "is_partner", "is_hidden",
         "location", "annual_revenue", "currency", "customer_since", "health", "custom")  # fmt: skip


def account(pk: int, name: str) -> tuple[object, ...]:
    return (
        pk,
        AT,
        1,
        name,
        name.lower(),
        "",
        "",
        True,
        False,
        False,
        False,
        "",
        Decimal("1100.04"),
        "USD",
        date(2020, 1, 31),
        "",
        {"a": "“b”"},
    )


def test_inserted_rows_hold_every_type() -> None:
    ids = bulk.reserve_ids(Account, 2)
    bulk.insert(Account, NAMES, [account(pk, f"Account {pk}") for pk in ids])
    row = Account.objects.get(pk=ids[1])
    assert (row.created_at, row.annual_revenue, row.customer_since) == (AT, Decimal("1100.04"), date(2020, 1, 31))
    assert (row.custom, row.is_customer, row.owner_id, row.employees) == ({"a": "“b”"}, True, None, None)


def test_reserved_ids_are_never_given_again() -> None:
    ids = bulk.reserve_ids(Account, 3)
    assert ids == list(range(ids[0], ids[0] + 3))
    bulk.insert(Account, NAMES, [account(pk, "A") for pk in ids])
    assert Account.objects.create(name="next", key="next").pk > ids[-1]
    assert bulk.reserve_ids(Account, 0) == []


def test_updates_touch_the_named_fields_of_the_named_rows() -> None:
    ids = bulk.reserve_ids(Account, 2)
    bulk.insert(Account, NAMES, [account(pk, "A") for pk in ids])
    bulk.update(Account, ("id", "name", "annual_revenue", "custom"), [(ids[0], "B", None, {})])
    assert list(Account.objects.order_by("id").values_list("name", "annual_revenue", "custom", "currency")) == [
        ("B", None, {}, "USD"),
        ("A", Decimal("1100.04"), {"a": "“b”"}, "USD"),
    ]


def test_conflicting_rows_are_left_alone_when_asked() -> None:
    rows = [(17, "account", 1, "first", "")]
    names = ("id", "kind", "object_id", "title", "body")
    bulk.insert(SearchEntry, names, rows)
    bulk.insert(SearchEntry, names, [(17, "account", 1, "second", ""), (33, "account", 2, "third", "")], ignore_conflicts=True)
    assert list(SearchEntry.objects.order_by("object_id").values_list("title", flat=True)) == ["first", "third"]


def test_no_rows_are_no_statement() -> None:
    bulk.insert(Job, ("kind",), [])
    bulk.update(Job, ("id", "kind"), [])
    assert not Job.objects.exists()
