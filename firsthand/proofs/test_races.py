"""Eight clients press their button at the same moment, over real HTTP: one wins, the others read why not.

Each race is run again on a server without the locks, or without the guard behind them: then it is lost nearly every time, so
what protects is what the program says protects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from django.urls import reverse

from firsthand.core import links
from firsthand.history.models import Event, Message
from firsthand.proofs.clients import Answer, Browser, all_at_once
from firsthand.proofs.scenes import PASSWORD, Scene, Stage, asked, escalated, make_stage, wanting
from firsthand.proofs.server import running
from firsthand.references.models import Engagement
from firsthand.requests.models import Ask, BarException, ReferenceRequest
from firsthand.testing.proof import Proof

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS, ROUNDS_WITHOUT, ALMOST_ALL = 8, 300, 100, 0.95
DONE, CONFLICT, BROKEN = 302, 409, 500
Press = Callable[[], Answer]


@dataclass(frozen=True)
class Race:
    """`scenes` writes the rounds, `presses` are the eight buttons of one, `won` counts what was done, `check` looks at the rows."""

    without: str
    scenes: Callable[[Stage, int], list[Scene]]
    presses: Callable[[dict[str, Browser], Scene], list[Press]]
    won: Callable[[Scene], int]
    check: Callable[[Scene], None]


def test_the_last_slot_of_a_reference(proof: Proof, tmp_path: Path) -> None:
    run(LAST_SLOT, proof, tmp_path)


def test_the_last_slot_of_a_reference_without_locks(proof: Proof, tmp_path: Path) -> None:
    run_without(LAST_SLOT, proof, tmp_path)


def test_the_last_slot_of_a_customer_through_two_people(proof: Proof, tmp_path: Path) -> None:
    run(LAST_OF_CUSTOMER, proof, tmp_path)


def test_the_last_slot_of_a_customer_through_two_people_without_locks(proof: Proof, tmp_path: Path) -> None:
    run_without(LAST_OF_CUSTOMER, proof, tmp_path)


def test_approve_against_refuse(proof: Proof, tmp_path: Path) -> None:
    run(APPROVE_OR_REFUSE, proof, tmp_path)


def test_approve_against_refuse_without_guards(proof: Proof, tmp_path: Path) -> None:
    run_without(APPROVE_OR_REFUSE, proof, tmp_path)


def test_accept_against_cancel(proof: Proof, tmp_path: Path) -> None:
    run(ACCEPT_OR_CANCEL, proof, tmp_path)


def test_accept_against_cancel_without_guards(proof: Proof, tmp_path: Path) -> None:
    run_without(ACCEPT_OR_CANCEL, proof, tmp_path)


def test_two_managers_lift_the_same_rule(proof: Proof, tmp_path: Path) -> None:
    run(LIFT_A_RULE, proof, tmp_path)


def run(race: Race, proof: Proof, folder: Path) -> None:
    """Every round has one winner; everybody else gets a page of one sentence, and the rows agree."""
    stage, rounds = make_stage(), proof.rounds(ROUNDS)
    scenes = race.scenes(stage, rounds)
    with running(folder) as port:
        browsers = sign_in(port, stage)
        for scene in scenes:
            answers = all_at_once(race.presses(browsers, scene))
            lost = [answer for answer in answers if answer.status == CONFLICT]
            repeated = repeats(scene, answers)
            proof.count(
                rounds=1, winners=race.won(scene), losers=len(lost), yes_again=repeated, server_errors=broken(answers), overbooked=0
            )
            assert broken(answers) == 0
            assert race.won(scene) == 1
            assert len(lost) + repeated == CLIENTS - 1, [answer.status for answer in answers]
            assert all(answer.sentence.endswith((".", "?")) for answer in lost), [answer.sentence for answer in lost]
            race.check(scene)


def run_without(race: Race, proof: Proof, folder: Path) -> None:
    """The same race without protection: more than one wins in nearly every round."""
    stage, rounds = make_stage(), proof.rounds(ROUNDS_WITHOUT, at_least=20)
    scenes = race.scenes(stage, rounds)
    with running(folder, without=race.without) as port:
        browsers = sign_in(port, stage)
        for scene in scenes:
            all_at_once(race.presses(browsers, scene))
            won = race.won(scene)
            proof.count(rounds=1, winners=won, losers=CLIENTS - won, overbooked=int(won > 1))
    assert proof.counts["overbooked"] >= ALMOST_ALL * rounds


def sign_in(port: int, stage: Stage) -> dict[str, Browser]:
    """Mia and Ana, by the sign-in page; Rae has no account, only a token for forms."""
    browsers = {each.name.split()[0].lower(): Browser(port).sign_in(each.email or "", PASSWORD) for each in (stage.mia, stage.ana)}
    browsers["rae"] = Browser(port)
    browsers["rae"].get("/sign-in/")
    return browsers


def broken(answers: list[Answer]) -> int:
    return sum(answer.status >= BROKEN for answer in answers)


def repeats(scene: Scene, answers: list[Answer]) -> int:
    """A reference who says yes twice is thanked twice; it is one yes."""
    done = sum(answer.status == DONE for answer in answers)
    if scene.link is None or Ask.objects.get(pk=scene.references[0].asks.get().pk).status != Ask.Status.ACCEPTED:
        return 0
    return done - 1


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


def lift(browsers: dict[str, Browser], scene: Scene) -> list[Press]:
    assert scene.ask
    post = partial(browsers["mia"].post, reverse("requests:exception", args=[scene.ask.pk]))
    return [partial(post, reason=f"Reason {n}") for n in range(CLIENTS)]


def one_exception_stands(scene: Scene) -> None:
    """One row, one line of history, one mail to the owner."""
    assert scene.ask
    assert list(BarException.objects.filter(ask=scene.ask).values_list("rule", flat=True)) == ["minor_escalation"]
    [event] = Event.objects.filter(subject_kind="ask", subject_id=scene.ask.pk, verb="lift")
    assert Message.objects.filter(kind="news", channel="mail", facts__event=event.pk).count() == 1


LAST_SLOT = Race("locks", partial(wanting, people=1), propose, slots_taken, one_request_has_the_slot)
LAST_OF_CUSTOMER = Race("locks", partial(wanting, people=2), propose, slots_taken, one_request_has_the_slot)
APPROVE_OR_REFUSE = Race(
    "guards", partial(asked, status="proposed"), decide, moves_made("approve", "refuse"), the_ask_is_as_its_history_says
)
LIFT_A_RULE = Race("locks", escalated, lift, moves_made("lift"), one_exception_stands)
ACCEPT_OR_CANCEL = Race(
    "guards", partial(asked, status="sent"), answer_or_cancel, moves_made("accept", "cancel"), the_ask_is_as_its_history_says
)
