"""The demo program: complete, the same every time, and never mixed with real rows."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.references.models import Engagement, Reference
from firsthand.requests.competing import how_many_contested
from firsthand.requests.models import ArrangedOutside, Ask, BarException, Debrief, ReferenceRequest
from firsthand.stories.models import Story
from firsthand.upkeep.demo.fill import fill
from firsthand.upkeep.demo.world import Size

TINY = Size(accounts=40, contacts=160, references=60, engagements=120, opportunities=200, stories=10, requests=40, colleagues=12)
TODAY = date(2026, 3, 10)

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return [*Account.objects.order_by("pk").values_list("name", flat=True)]


@time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False)
def test_every_part_of_a_demo_has_its_rows_and_each_company_a_name() -> None:
    fill(size=TINY, seed=1, today=TODAY)
    models = (Account, Contact, Opportunity, Reference, ReferenceRequest, Story, Colleague)
    assert [model.objects.count() for model in models] == [40, 160, 201, 60, 44, 10, 12]
    assert Engagement.objects.count() == 120 + Ask.objects.count()
    assert len(set(names())) == 40


def test_an_installation_in_use_is_left_alone() -> None:
    make_account("Real customer")
    with pytest.raises(Refused, match="in use already"):
        fill(size=TINY, seed=1, today=TODAY)
    assert names() == ["Real customer"]


ROOMY = Size(accounts=150, contacts=600, references=200, engagements=300, opportunities=4_000, stories=40, requests=40, colleagues=12)


@time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False)
def test_every_episode_is_played_to_its_end() -> None:
    fill(size=ROOMY, seed=1, today=TODAY)
    played = ReferenceRequest.objects.order_by("pk")[40:]
    asks = Ask.objects.filter(reference_request__in=played.values("pk"))
    of = {name: asks.filter(reference_request__activity_type__code=name) for name in ("group-call", "tender", "press-interview")}
    assert [*BarException.objects.order_by("pk").values_list("ask__status", flat=True)] == ["held", "declined", "sent"]
    assert [*ArrangedOutside.objects.order_by("pk").values_list("by_prospect", flat=True)] == [False, True]
    assert Debrief.objects.filter(facts__found_own=True).count() == 1
    shared, panel = (of["group-call"].filter(reference_request__n_wanted=wanted) for wanted in (1, 2))
    for fixed, requests, people in ((shared, 2, 1), (panel, 1, 2)):
        assert [ask.status for ask in fixed] == ["scheduled", "scheduled"]
        assert len({ask.occasion_id for ask in fixed}) == 1
        assert len({ask.reference_request_id for ask in fixed}) == requests
        assert len({ask.reference_id for ask in fixed}) == people
    assert [(ask.status, bool(ask.shows)) for ask in of["tender"].order_by("pk")] == [
        ("accepted", True),
        ("accepted", True),
        ("sent", False),
    ]
    assert [ask.status for ask in of["press-interview"]] == ["proposed"]
    assert how_many_contested() == 1
    assert ReferenceRequest.objects.filter(status="answered_with_content").count() == 1
    assert Opportunity.objects.filter(source=Opportunity.Source.TYPED).count() == 1
    assert asks.filter(status="introduced").count() == 1
    assert [*Event.objects.filter(verb="hand_over").values_list("facts__to", flat=True)] == [Colleague.objects.get(name="Mia Lindgren").pk]
    assert Colleague.objects.filter(role=Colleague.Role.MANAGER).count() == 1


def test_the_command_prepares_a_database_without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr("firsthand.upkeep.management.commands.demo.call_command", called.append)
    monkeypatch.setattr("django.db.connection.introspection.table_names", list)
    make_account("Real customer")
    with pytest.raises(CommandError, match="in use already"):
        call_command("demo")
    assert called == ["prepare"]
