"""`firsthand check` finds rows that are not in order, and says nothing of those that are."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.people.builders import make_colleague
from firsthand.program.builders import make_program
from firsthand.program.models import FacetValue
from firsthand.references.builders import make_reference
from firsthand.references.models import Engagement, ReferenceAccount
from firsthand.requests import actions
from firsthand.requests.builders import group_call, make_ask, make_cast, make_group_ask, make_policy, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.clock import NOW
from firsthand.upkeep.check import findings

pytestmark = pytest.mark.django_db


def sentences() -> list[str]:
    return [finding.sentence for finding in findings()]


def test_an_ordinary_program_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    make_program()
    make_account("Child", parent=make_account("Parent"))
    make_ask("sent")
    call_command("check")
    assert capsys.readouterr().out.endswith("The data are in order.\n")


@pytest.mark.parametrize("first", ["host", "joined"])
@pytest.mark.parametrize("how", ["waits", "shares", "held", "missed"])
def test_a_time_that_is_shared_is_in_order(how: str, first: str) -> None:
    make_policy()
    sam, ana, mia = make_cast()
    host = make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)
    wish = actions.Wish(group_call(), timezone.now().date() + timedelta(days=12), "How did it go?")
    ask = actions.join(actions.file_request(wish, by=make_colleague("Sue Second")), host, by=mia)
    if how != "waits":
        actions.accept(ask, by=host.reference.contact)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        over = host if first == "host" else ask
        if how == "held":
            actions.hold(over, by=mia)
        elif how == "missed":
            actions.miss(over, by=mia, missed_by="prospect")
    assert sentences() == []


def test_a_family_that_is_not_the_top_is_found() -> None:
    child = make_account("Child", parent=make_account("Parent"))
    Account.objects.filter(pk=child.pk).update(family=child)
    assert sentences() == ["An account belongs to the family at the top of its chain."]
    with pytest.raises(CommandError, match="1 rules about the data do not hold"):
        call_command("check")


def test_an_account_that_should_be_hidden_is_found() -> None:
    make_reference()
    ReferenceAccount.objects.update(disclosure="hidden")
    assert sentences() == ["An account is hidden exactly when its disclosure says so."]


def test_a_value_off_its_path_is_found() -> None:
    make_program()
    FacetValue.objects.filter(parent__isnull=False).update(path="/1/2/")
    assert sentences() == ["A facet value's path leads from the top of its tree to itself."]


def test_a_reference_of_another_customer_is_found() -> None:
    reference, other = make_reference(), make_reference("Ria Other", account=make_account("Other"))
    type(reference).objects.filter(pk=reference.pk).update(reference_account=other.reference_account)
    assert sentences() == ["A reference counts under the customer it works for."]


def test_an_open_ask_whose_slot_is_gone_is_found() -> None:
    make_ask("sent")
    Engagement.objects.update(state="released")
    assert sentences() == ["An open ask holds a reserved slot."]


def test_an_ended_ask_that_keeps_its_slot_is_found() -> None:
    make_ask("sent")
    Ask.objects.update(status="declined")
    assert sentences() == ["An ask that has ended holds no reserved slot."]


def test_a_slot_of_no_ask_is_found() -> None:
    make_ask("sent")
    Ask.objects.update(engagement=None, status="declined")
    assert sentences() == ["A reserved slot belongs to an ask."]


def test_a_withdrawn_request_may_have_left_a_call_to_be_settled(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled", reference_request=make_request())
    clock.move_to(NOW + timedelta(days=4))
    actions.withdraw(ask.reference_request, by=ask.reference_request.requester)
    assert sentences() == []


def test_a_withdrawn_request_that_still_asks_is_found() -> None:
    make_ask("sent", reference_request=make_request())
    ReferenceRequest.objects.update(status="withdrawn")
    assert sentences() == ["A request that is not being worked on has no open ask."]
