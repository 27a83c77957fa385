"""A request whose asks all ended is asked about once more."""

import pytest

from firsthand.core.refused import Refused
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.models import ReferenceRequest

pytestmark = pytest.mark.django_db


def test_the_requester_is_asked_once_no_ask_is_open_and_the_first_clock_stays() -> None:
    sam, ana, mia = make_cast()
    ask = make_ask("proposed")
    found = ask.reference_request
    with pytest.raises(Refused) as refusal:
        actions.ask_info(found, by=mia, question="May it be another product?")
    assert refusal.value.sentence == "Somebody is being asked already. Cancel the open asks first, then ask for information."
    actions.refuse(ask, by=ana, reason="Renewal talks")
    began = ReferenceRequest.objects.get().submitted_at
    assert actions.ask_info(found, by=mia, question="May it be another product?").status == "needs_info"
    answered = actions.give_info(found, by=sam, answer="Yes")
    assert (answered.status, answered.submitted_at) == ("asking", began)
