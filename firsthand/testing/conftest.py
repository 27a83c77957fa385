"""The world as the permission table and the nonsense ask it: written once for a file, and fresh for each test."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from firsthand.testing.world import World, make_world


@pytest.fixture(scope="module")
def small_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, written once for all rows; nothing of it outlives this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(small_world: World) -> Iterator[World]:
    """The world as it was written, whatever the last test did to it."""
    with transaction.atomic():
        yield small_world
        transaction.set_rollback(True)
