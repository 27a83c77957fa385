"""Each obstacle is what it is called, and nothing else: so says the second opinion on the rules."""

import pytest
from django.utils import timezone

from firsthand.proofs.bars import bars_of
from firsthand.proofs.company import make_company
from firsthand.proofs.facts import Facts
from firsthand.proofs.letters import post_office
from firsthand.proofs.obstacles import OBSTACLES, Case
from firsthand.proofs.workflow_machine import Workflows
from firsthand.requests.models import Ask

RELATED = ("engagement", "joins__engagement", "reference_request__activity_type", "reference_request__opportunity")


@pytest.mark.django_db
def test_the_second_opinion_sees_each_obstacle_and_no_other() -> None:
    Workflows.company, Workflows.tell = make_company(), lambda **counts: None
    with post_office() as Workflows.post:
        run = Workflows()
        case = run.a_case(1, run.company.call)
        ask = run.proposed(case)
        wrong = [f"{code} {n}: {seen}" for code in OBSTACLES for n, seen in enumerate(seen_with(run, code, case, ask)) if seen != {code}]
        run.teardown()
    assert wrong == []


def seen_with(run: Workflows, code: str, case: Case, ask: Ask) -> list[set[str]]:
    """The bars seen with each obstacle of a code in the way of the ask."""
    found = []
    for obstacle in OBSTACLES[code]:
        with run.nothing_kept():
            obstacle(case)
            fresh = Ask.objects.select_related(*RELATED).get(pk=ask.pk)
            assert fresh.engagement is not None
            found.append(bars_of(Facts(timezone.now()), fresh, fresh.engagement))
    return found
