"""The demo program: complete, the same every time, and never mixed with real rows."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.references.models import Engagement, Reference
from firsthand.requests.models import Ask, ReferenceRequest
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
    assert [model.objects.count() for model in models] == [40, 160, 200, 60, 42, 10, 12]
    assert Engagement.objects.count() == 120 + Ask.objects.count()
    assert len(set(names())) == 40


def test_an_installation_in_use_is_left_alone() -> None:
    make_account("Real customer")
    with pytest.raises(Refused, match="in use already"):
        fill(size=TINY, seed=1, today=TODAY)
    assert names() == ["Real customer"]
