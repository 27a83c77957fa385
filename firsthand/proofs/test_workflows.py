"""Led and random runs of both workflows never break a rule."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from firsthand.proofs.company import make_company
from firsthand.proofs.letters import post_office
from firsthand.proofs.seasons import SEASONS
from firsthand.proofs.workflow_machine import SITUATIONS, Workflows
from firsthand.requests.workflow import ASK_MOVES, REQUEST_MOVES, AskMove, RequestMove
from firsthand.testing.proof import Proof, Sample

RUNS, STEPS, TURNS = 30, 30, 5
# Whatever may happen to a request or an ask, by the verbs of history.
EVERYTHING = {
    *AskMove, *RequestMove,
    *("file", "propose", "join", "join_moved", "lift", "hand_on", "hand_over", "note", "remind", "remind_reference", "silence", "offer"),
    *("ask_along", "along_moved", "bring", "take_off", "change_wanted", "hand_past", "hand_to_owner", "new_requester", "waits"),
    *("withdraw_time", "release_times", "say_outcome", "stands", "places", "window", "show", "debrief", "release_debrief", "write_note"),
    *("arranged_outside", "debrief_outside", "outside_retracted"),
}  # fmt: skip
# What random runs come to as well. Each of these happens in so many of them that other draws leave none out.
OFTEN = {
    *("file", "propose", "approve", "send", "accept", "schedule", "reschedule", "hold", "cancel", "remind"),
    *("ask_along", "along_moved", "bring", "change_wanted"),
}  # fmt: skip
pytestmark = [pytest.mark.prove, pytest.mark.django_db]


def test_situations_break_no_rule(proof: Proof, sample: Sample) -> None:
    """`rounds` are situations led to straight away, each in another place and season, with a trial of every bar at one moment.

    In `make test` every second situation, once; whether all of them together come to everything is asked in `make prove`.
    """
    Workflows.company, Workflows.tell, Workflows.happened = make_company(), proof.count, set()
    numbers = sample.some("situations", range(len(SITUATIONS)), one_in=2)
    turns = proof.rounds(TURNS * len(SITUATIONS), at_least=len(numbers)) // len(numbers)
    with post_office() as Workflows.post:
        for turn in range(turns):
            for number in numbers:
                run = Workflows()
                try:
                    run.walk(number, turn)
                finally:
                    run.teardown()
    if turns < TURNS:
        return
    missing = EVERYTHING - Workflows.happened
    assert not missing, f"no situation came to {sorted(missing)}"
    unmoved = {(status, move) for table in (ASK_MOVES, REQUEST_MOVES) for status in table for move in table[status]} - Workflows.moved
    assert not unmoved, f"no situation came to {sorted(unmoved)}"
    missed = SEASONS - Workflows.seasons
    assert not missed, f"no situation went through {sorted(missed)}"


def test_whoever_may_does_and_nobody_else(proof: Proof) -> None:
    """Each deed tried by everybody, and what a manager may lift for one ask."""
    Workflows.company, Workflows.tell = make_company(), proof.count
    with post_office() as Workflows.post:
        for turn in range(proof.rounds(10, at_least=1)):
            run = Workflows()
            try:
                run.try_rights()
                run.try_exceptions(turn, turn)
            finally:
                run.teardown()


def test_random_moves_break_no_rule(proof: Proof) -> None:
    """`rounds` are runs of up to 30 steps each; the other counts say what was asked of how many rows."""
    Workflows.company, Workflows.tell, Workflows.happened = make_company(), proof.count, set()
    with post_office() as Workflows.post:
        run_state_machine_as_test(
            Workflows,
            settings=settings(
                max_examples=proof.rounds(RUNS),
                stateful_step_count=STEPS,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    if proof.stated < RUNS:
        return
    missing = OFTEN - Workflows.happened
    assert not missing, f"no random run came to {sorted(missing)}"
    assert proof.counts["panels"], "in no random run several references came to one time"
