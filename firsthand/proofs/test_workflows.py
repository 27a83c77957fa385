"""Led and random runs of both workflows never break a rule."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from firsthand.proofs.company import make_company
from firsthand.proofs.letters import post_office
from firsthand.proofs.situations import SITUATIONS
from firsthand.proofs.workflow_machine import Workflows
from firsthand.testing.proof import Proof

STEPS = 40
pytestmark = [pytest.mark.prove, pytest.mark.django_db]


def test_situations_break_no_rule(proof: Proof) -> None:
    """`rounds` are situations led to straight away, each in another place and season, with a trial of every bar at one moment."""
    Workflows.company, Workflows.tell = make_company(), proof.count
    turns = proof.rounds(10 * len(SITUATIONS), at_least=len(SITUATIONS)) // len(SITUATIONS)
    with post_office() as Workflows.post:
        for turn in range(turns):
            for number in range(len(SITUATIONS)):
                run = Workflows()
                try:
                    run.walk(number, turn)
                finally:
                    run.teardown()
        run = Workflows()
        run.try_exceptions(turns, turns)
        run.teardown()


def test_random_moves_break_no_rule(proof: Proof) -> None:
    """`rounds` are runs of up to 40 steps each; the other counts say what was asked of how many rows."""
    Workflows.company, Workflows.tell = make_company(), proof.count
    with post_office() as Workflows.post:
        run_state_machine_as_test(
            Workflows,
            settings=settings(
                max_examples=proof.rounds(40),
                stateful_step_count=STEPS,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
