"""Every page with a form that makes something gives it a key."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from firsthand.core.once import FIELD
from firsthand.testing.access import Access
from firsthand.testing.test_access import rows
from firsthand.testing.world import make_world

pytestmark = pytest.mark.django_db


STANDS_ON = {"requests:notes": "desk:request"}  # forms that are no page of their own


def views_that_make_once(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from views_that_make_once(each, f"{each.namespace}:" if each.namespace else space)
        elif hasattr(each.callback, "makes_once"):
            yield f"{space}{each.name}"


def test_each_such_page_carries_a_key() -> None:
    named = set(views_that_make_once(get_resolver()))
    assert {"customers:new", "customers:new-contact", "deals:new", "people:new", "references:hold"} <= named
    world = make_world()
    client = Client()
    found, shown = set(), {STANDS_ON.get(name, name): name for name in named}
    for who in ("mia", "ada"):
        client.force_login(getattr(world, who))
        for row in rows():
            if isinstance(row, Access) and row.view in shown and row.method == "GET":
                with transaction.atomic():
                    page = client.get(reverse(row.view, args=row.arguments(world)))
                    transaction.set_rollback(True)
                found |= {shown[row.view]} if f'name="{FIELD}"' in page.content.decode() else set()
    assert named - found == set()
