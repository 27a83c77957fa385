"""The page of a reference: its rail, and each sentence once."""

import pytest
from django.test import Client

from firsthand.customers.models import Relationship
from firsthand.people.builders import ana, eli, mia
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.references.actions import set_hold, set_willingness
from firsthand.references.builders import make_reference
from firsthand.references.models import Hold

pytestmark = pytest.mark.django_db


def test_the_rail_has_who_knows_them_signals_and_what_happened(client: Client) -> None:
    reference, owner = make_reference(), ana()
    Relationship.objects.create(colleague=owner, contact=reference.contact, kind="knows", strength=4)
    set_hold(reference, kind=Hold.Kind.OWNER, by=owner, reason="Renewal talks")
    client.force_login(mia())
    page = client.get(f"/references/{reference.pk}/").content.decode()
    assert [title in page for title in ('id="knowing"', 'id="signals"', 'id="timeline"')] == [True, True, True]
    assert 'aria-label="4 of 5"' in page
    client.force_login(eli())
    assert f"/contacts/{reference.contact_id}/ties/" not in client.get(f"/references/{reference.pk}/").content.decode()


def test_a_sentence_that_bars_every_activity_stands_once(client: Client) -> None:
    make_policy()
    reference, manager = make_reference(), mia()
    for code in ("site-visit", "case-study"):
        set_willingness(reference, make_activity_type(code), by=manager.actor, answer="yes")
    set_hold(reference, kind=Hold.Kind.LEGAL, by=manager, reason="A lawsuit")
    client.force_login(manager)
    page = client.get(f"/references/{reference.pk}/").content.decode()
    assert page.count("cannot be asked: a legal hold stands") == 1
    assert page.count("Not askable") == 3
