"""Eight clients want what there is once: the last slot, the answer of an owner, a reference who is asked and taken back."""

from collections.abc import Callable
from functools import partial

import pytest
from django.urls import reverse

from firsthand.core import links
from firsthand.history.models import Event, Message
from firsthand.proofs.clients import Browser
from firsthand.proofs.racing import CLIENTS, Press, Race, run, run_without
from firsthand.proofs.scenes import Scene, asked, wanting
from firsthand.proofs.server import Servers
from firsthand.references.models import Engagement
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.proof import Proof

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_last_slot_of_a_reference(proof: Proof, servers: Servers) -> None:
    run(LAST_SLOT, proof, servers)


def test_the_last_slot_of_a_reference_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(LAST_SLOT, proof, servers)


def test_the_last_slot_of_a_customer_through_two_people(proof: Proof, servers: Servers) -> None:
    run(LAST_OF_CUSTOMER, proof, servers)


def test_the_last_slot_of_a_customer_through_two_people_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(LAST_OF_CUSTOMER, proof, servers)


def test_approve_against_refuse(proof: Proof, servers: Servers) -> None:
    run(APPROVE_OR_REFUSE, proof, servers)


def test_approve_against_refuse_without_guards(proof: Proof, servers: Servers) -> None:
    run_without(APPROVE_OR_REFUSE, proof, servers)


def test_accept_against_cancel(proof: Proof, servers: Servers) -> None:
    run(ACCEPT_OR_CANCEL, proof, servers)


def test_accept_against_cancel_without_guards(proof: Proof, servers: Servers) -> None:
    run_without(ACCEPT_OR_CANCEL, proof, servers)


def propose(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    return [
        partial(
            browsers["mia"].post,
            reverse("requests:matches", args=[each.pk]),
            reference=str(scene.references[n % len(scene.references)].pk),
        )
        for n, each in enumerate(scene.requests)
    ]


def slots_taken(scene: Scene) -> int:
    return Engagement.objects.filter(reference__in=scene.references, state="reserved").count()


def one_request_has_the_slot(scene: Scene) -> None:
    """One ask, its slot, its row of history and its mail; the other requests stand as they stood."""
    ask = Ask.objects.get(reference__in=scene.references)
    assert (ask.status, ask.engagement is not None) == ("proposed", True)
    rows = ReferenceRequest.objects.filter(pk__in=[each.pk for each in scene.requests])
    assert sorted(rows.values_list("status", flat=True)) == ["asking", *["submitted"] * (CLIENTS - 1)]
    events = Event.objects.filter(context_kind="referencerequest", context_id__in=rows)
    assert sorted(events.values_list("verb", flat=True)) == ["ask", "propose"]
    assert Message.objects.filter(subject_kind="ask", subject_id=ask.pk, kind="approval", channel="mail").count() == 1


def decide(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    assert scene.ask
    post = partial(browsers["ana"].post, reverse("requests:approval", args=[scene.ask.pk]), seen="proposed")
    return [partial(post, answer="approve"), partial(post, answer="refuse", reason="Year end")] * (CLIENTS // 2)


def answer_or_cancel(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    assert scene.ask
    assert scene.link
    browsers["rae"].get(f"/l/{links.token(scene.link)}/")
    yes = partial(browsers["rae"].post, links.page(scene.link), act="accept", seen="sent")
    no = partial(browsers["mia"].post, reverse("requests:cancellation", args=[scene.ask.pk]), reason="Plans changed", seen="sent")
    return [yes, no] * (CLIENTS // 2)


def said_again(scene: Scene) -> bool:
    """A reference who says yes twice is thanked twice; it is one yes."""
    assert scene.ask
    return Ask.objects.get(pk=scene.ask.pk).status == Ask.Status.ACCEPTED


def moves_made(*verbs: str) -> Callable[[Scene], int]:
    def count(scene: Scene) -> int:
        assert scene.ask
        return Event.objects.filter(subject_kind="ask", subject_id=scene.ask.pk, verb__in=verbs).count()

    return count


def the_ask_is_as_its_history_says(scene: Scene) -> None:
    """The winner's move, the status it leads to, the slot that goes with it, and nobody told anything else."""
    assert scene.ask
    ask = Ask.objects.select_related("engagement").get(pk=scene.ask.pk)
    [event] = Event.objects.filter(subject_kind="ask", subject_id=ask.pk)
    status, slot = {
        "approve": ("approved", "reserved"),
        "refuse": ("refused", "released"),
        "accept": ("accepted", "reserved"),
        "cancel": ("canceled", "released"),
    }[event.verb]
    assert ask.engagement
    assert (ask.status, ask.engagement.state) == (status, slot)
    told = Message.objects.filter(kind="news", subject_kind="ask", subject_id=ask.pk).values_list("facts__event", flat=True)
    assert set(told) == {event.pk}
    ended = Message.objects.filter(kind="no_longer", subject_kind="ask", subject_id=ask.pk).count()
    assert ended == (1 if event.verb == "cancel" else 0)


LAST_SLOT = Race("locks", partial(wanting, people=1), propose, slots_taken, one_request_has_the_slot)
LAST_OF_CUSTOMER = Race("locks", partial(wanting, people=2), propose, slots_taken, one_request_has_the_slot)
APPROVE_OR_REFUSE = Race(
    "guards", partial(asked, status="proposed"), decide, moves_made("approve", "refuse"), the_ask_is_as_its_history_says
)
ACCEPT_OR_CANCEL = Race(
    "guards",
    partial(asked, status="sent"),
    answer_or_cancel,
    moves_made("accept", "cancel"),
    the_ask_is_as_its_history_says,
    said_again,
)
