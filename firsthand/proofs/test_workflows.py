"""Random runs of both workflows never break a rule."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from firsthand.proofs.company import make_company
from firsthand.proofs.letters import post_office
from firsthand.proofs.workflow_machine import Workflows
from firsthand.testing.proof import Proof

STEPS = 50


@pytest.mark.prove
@pytest.mark.django_db
def test_random_moves_break_no_rule(proof: Proof) -> None:
    """`rounds` are runs of up to 50 steps each; the other counts say what was asked of how many rows."""
    Workflows.company = make_company()
    Workflows.tell = proof.count
    with post_office() as Workflows.post:
        run_state_machine_as_test(
            Workflows,
            settings=settings(
                max_examples=proof.rounds(100),
                stateful_step_count=STEPS,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
