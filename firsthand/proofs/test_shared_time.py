"""Eight requests press for the last place at a time that is fixed already: one joins, without a slot."""

from functools import partial

import pytest
from django.urls import reverse

from firsthand.history.models import Message
from firsthand.proofs.clients import Browser
from firsthand.proofs.racing import Press, Race, run, run_without
from firsthand.proofs.scenes import Scene, sharing
from firsthand.proofs.server import Servers
from firsthand.references.models import Engagement
from firsthand.requests.models import Ask
from firsthand.testing.proof import Proof

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_last_place_at_a_shared_time(proof: Proof, servers: Servers) -> None:
    run(LAST_PLACE, proof, servers)


def test_the_last_place_at_a_shared_time_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(LAST_PLACE, proof, servers)


def join(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    assert scene.ask
    return [partial(browsers["mia"].post, reverse("requests:occasions", args=[each.pk]), ask=str(scene.ask.pk)) for each in scene.requests]


def places_taken(scene: Scene) -> int:
    return Ask.objects.filter(joins=scene.ask).count()


def one_joins_without_a_slot(scene: Scene) -> None:
    """One ask and its mail beside the first; still one engagement, and two places of two."""
    [ask] = Ask.objects.filter(joins=scene.ask)
    assert (ask.status, ask.engagement) == ("sent", None)
    assert Engagement.objects.filter(reference__in=scene.references).count() == 1
    assert Message.objects.filter(kind="ask", subject_kind="ask", subject_id=ask.pk).count() == 1


LAST_PLACE = Race("locks", sharing, join, places_taken, one_joins_without_a_slot)
