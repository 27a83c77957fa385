"""The page of a reference: its rail, and each sentence once."""

import pytest
from django.test import Client

from firsthand.customers.models import Relationship
from firsthand.people.builders import ana, eli, mia
from firsthand.program.builders import make_activity_type, make_facet, make_policy, make_value
from firsthand.references.actions import set_hold, set_willingness
from firsthand.references.builders import make_reference
from firsthand.references.models import Hold, ReferenceTopic
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.models import Ask

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


def test_topics_and_what_an_import_noted_stand_on_the_page_for_whoever_may_read_them(client: Client) -> None:
    """What the reference said in confidence is for the owner's side; the topics are for everybody who sees them."""
    sam, owner, _ = make_cast()
    ask = make_ask("held")
    Ask.objects.filter(pk=ask.pk).update(note="The prospect said: clear\nThe reference said: too long", proposed_by=None)
    topic = make_facet("topic")
    for name, is_welcome in (("Moving house", True), ("Price talk", False)):
        ReferenceTopic.objects.create(reference=ask.reference, value=make_value(name, facet=topic), is_welcome=is_welcome)
    for reader, is_told in ((owner, True), (sam, False)):
        client.force_login(reader)
        page = client.get(f"/references/{ask.reference_id}/").content.decode()
        assert "Likes to speak about Moving house. Would rather not speak about Price talk." in page
        assert ("The prospect said: clear<br>The reference said: too long" in page) == is_told
        page = client.get(f"/asks/{ask.pk}/").content.decode()
        assert "<dt>Likes to tell of</dt><dd>Moving house</dd><dt>Rather not of</dt><dd>Price talk</dd>" in page
        assert ("The prospect said: clear<br>The reference said: too long" in page) == is_told
