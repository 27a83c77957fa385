"""Eight clients at one time: two people take it over or come to it, it is moved while one comes to it, picked while it is taken back."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from firsthand.core import links
from firsthand.history.models import Event, Message
from firsthand.proofs.clients import Browser
from firsthand.proofs.racing import CLIENTS, Press, Race, run, run_without
from firsthand.proofs.scenes import Scene
from firsthand.proofs.scenes_of_time import OSLO, offered, to_come_along, to_take_over
from firsthand.proofs.server import Servers
from firsthand.requests.beside import moment_shown
from firsthand.requests.models import Ask, OfferedTime
from firsthand.testing.proof import Proof

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_accept_a_swapped_time(proof: Proof, servers: Servers) -> None:
    run(TAKE_OVER, proof, servers)


def test_two_accept_a_swapped_time_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(TAKE_OVER, proof, servers)


def test_two_come_to_the_time_of_a_third(proof: Proof, servers: Servers) -> None:
    run(COME_ALONG, proof, servers)


def test_two_come_to_the_time_of_a_third_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(COME_ALONG, proof, servers)


def test_move_against_coming(proof: Proof, servers: Servers) -> None:
    run(MOVE_OR_COME, proof, servers)


def test_move_against_coming_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(MOVE_OR_COME, proof, servers)


def test_pick_against_taking_back(proof: Proof, servers: Servers) -> None:
    run(PICK_OR_TAKE_BACK, proof, servers)


def test_pick_against_taking_back_without_locks(proof: Proof, servers: Servers) -> None:
    run_without(PICK_OR_TAKE_BACK, proof, servers)


def take_over(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    """Rae and Ria both press "Accept, at that time"."""
    assert scene.ask
    fields = {"act": "accept_time", "seen": "sent", "moment": moment_shown(Ask.objects.get(pk=scene.ask.pk))}
    return two_by_link(browsers, scene, fields, fields)


def move_or_come(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    """Rae presses "Accept, at that time", as she read it, seven times, while the manager moves it by a day."""
    assert scene.ask
    assert scene.link
    asked = Ask.objects.select_related("comes_to__occasion").get(pk=scene.ask.pk)
    assert asked.comes_to
    assert asked.comes_to.occasion
    browsers["rae"].get(f"/l/{links.token(scene.link)}/")
    fields = {"act": "accept_time", "seen": "sent", "moment": moment_shown(asked)}
    later = f"{asked.comes_to.occasion.starts_at + timedelta(days=1):%Y-%m-%dT%H:%M}"
    yes = partial(browsers["rae"].post, links.page(scene.link), **fields)
    move = partial(browsers["mia"].post, reverse("requests:time", args=[asked.comes_to.pk]), starts_at=later, seen="scheduled")
    return [yes, move, *[yes] * (CLIENTS - 2)]


def pick_or_take_back(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    """Rae takes the only time back that she offered while the prospect picks it."""
    one = str(OfferedTime.objects.get(ask=scene.ask).pk)
    return two_by_link(browsers, scene, {"act": "take_back", "offered": one}, {"offered": one, "zone": OSLO})


def two_by_link(browsers: dict[str, Browser], scene: Scene, first: dict[str, str], second: dict[str, str]) -> list[Press]:
    """Both have opened their links; now they press, four times each."""
    presses: list[Press] = []
    for who, link, fields in (("rae", scene.link, first), ("other", scene.other_link, second)):
        assert link
        browsers[who].get(f"/l/{links.token(link)}/")
        presses.append(partial(browsers[who].post, links.page(link), **fields))
    return presses * (CLIENTS // 2)


def times_taken_over(scene: Scene) -> int:
    asks = Ask.objects.filter(reference_request=scene.requests[0]).values("pk")
    return Event.objects.filter(subject_kind="ask", subject_id__in=asks, verb="schedule").count()


def one_took_it_over(scene: Scene) -> None:
    """One came in their place, at the same occasion; the other is not needed and keeps no slot; everybody who comes has one file."""
    rows = Ask.objects.filter(reference_request=scene.requests[0]).select_related("engagement", "occasion").order_by("pk")
    left, *both = rows
    assert sorted((ask.status, ask.engagement.state) for ask in both if ask.engagement) == [
        ("canceled", "released"),
        ("scheduled", "reserved"),
    ]
    [came] = [ask for ask in both if ask.status == "scheduled"]
    assert came.occasion
    assert (came.occasion, came.occasion.canceled_at, came.occasion.sequence) == (left.occasion, None, 1)
    assert Message.objects.filter(kind="fixed", subject_kind="ask", subject_id=came.pk).count() == 2


def one_came_along(scene: Scene) -> None:
    """One came beside whoever had the time; the other is not needed. The requester has one file about both."""
    host, *both = Ask.objects.filter(reference_request=scene.requests[0]).select_related("engagement", "occasion").order_by("pk")
    assert sorted((ask.status, ask.engagement.state) for ask in both if ask.engagement) == [
        ("canceled", "released"),
        ("scheduled", "reserved"),
    ]
    [came] = [ask for ask in both if ask.status == "scheduled"]
    assert came.occasion
    assert (host.status, came.occasion, came.occasion.canceled_at, came.occasion.sequence) == ("scheduled", host.occasion, None, 1)
    files = Message.objects.filter(kind__in=["fixed", "company"], subject_id__in=[host.pk, came.pk]).order_by(
        "recipient_kind", "subject_id"
    )
    about = [(row.kind, row.recipient_kind, row.subject_id) for row in files]
    assert about == [("company", "colleague", came.pk), ("company", "contact", host.pk), ("fixed", "contact", came.pk)]


def moments_kept(scene: Scene) -> int:
    """At how many moments people come to one time: that of the time itself, and that of everybody's slot."""
    coming = Ask.objects.filter(reference_request=scene.requests[0], status="scheduled").select_related("engagement", "occasion")
    moments = {moment for ask in coming if ask.engagement and ask.occasion for moment in (ask.engagement.starts_at, ask.occasion.starts_at)}
    return len(moments)


def came_and_moved_or_is_asked_still(scene: Scene) -> None:
    """Either the yes came first and was moved along, with a file of each, or nothing is recorded of it and nothing was fixed."""
    assert scene.ask
    host, ask = Ask.objects.filter(reference_request=scene.requests[0]).select_related("occasion").order_by("pk")[:2]
    verbs = [*Event.objects.filter(subject_kind="ask", subject_id=ask.pk).order_by("pk").values_list("verb", flat=True)]
    files = Message.objects.filter(kind="fixed", subject_kind="ask", subject_id=ask.pk, recipient_kind="contact")
    moves = Event.objects.filter(subject_kind="ask", subject_id=host.pk, verb="reschedule").count()
    if ask.status == "scheduled":
        assert ask.occasion == host.occasion
        assert verbs == ["accept", "schedule", *["reschedule"] * moves]
        assert files.count() == 1 + moves
    else:
        assert (ask.status, ask.occasion, set(verbs), files.count()) == ("sent", None, {"along_moved"}, 0)


def picked_or_taken_back(scene: Scene) -> None:
    """Picked, it is fixed and still offered; taken back, nothing is fixed."""
    assert scene.ask
    ask = Ask.objects.select_related("occasion").get(pk=scene.ask.pk)
    is_picked = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb="schedule").exists()
    assert (ask.status, ask.occasion is not None) == (("scheduled", True) if is_picked else ("accepted", False))
    assert OfferedTime.objects.filter(ask=ask).exists() == is_picked


def moves_of_time(scene: Scene) -> int:
    assert scene.ask
    moves = Event.objects.filter(subject_kind="ask", subject_id=scene.ask.pk)
    return moves.filter(verb__in=["schedule", "withdraw_time"]).count()


def always(scene: Scene) -> bool:
    """Each of these buttons may be pressed again by whoever won."""
    return True


TAKE_OVER = Race("guards", to_take_over, take_over, times_taken_over, one_took_it_over, always, clients_without=2)
COME_ALONG = Race("guards", to_come_along, take_over, times_taken_over, one_came_along, always, clients_without=2)
MOVE_OR_COME = Race(
    "moves", to_come_along, move_or_come, moments_kept, came_and_moved_or_is_asked_still, always,
    side=lambda n: 0, clients_without=2, rounds=60,
)  # fmt: skip
PICK_OR_TAKE_BACK = Race("offers", offered, pick_or_take_back, moves_of_time, picked_or_taken_back, always)
