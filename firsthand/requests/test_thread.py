"""The whole thread, once, by its deeds."""

from datetime import timedelta

import pytest
import time_machine

from firsthand.history.models import Event, Message
from firsthand.references.models import Engagement
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest, Use
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_from_wish_to_debrief(clock: time_machine.Traveller) -> None:
    sam, ana, mia = make_cast()
    reference_request = make_request()
    rae, ria = make_rae(), make_rae("Ria Second", company="Second Bank")

    first, second = actions.propose(reference_request, [rae, ria], by=mia)
    actions.approve(first, by=ana, expected_grade=4)
    actions.approve(second, by=ana)
    actions.send(first, by=mia)
    actions.accept(first, by=rae.contact, times=[NOW + timedelta(days=3)])
    actions.schedule(first, by=sam, starts_at=NOW + timedelta(days=3))
    clock.move_to(NOW + timedelta(days=3, hours=1))
    actions.hold(first, by=sam)
    actions.give_debrief(first, by=sam, grade=5)
    actions.give_debrief(first, by=rae.contact, grade=4)

    first.refresh_from_db()
    second.refresh_from_db()
    reference_request.refresh_from_db()
    assert (first.status, second.status) == (Ask.Status.HELD, Ask.Status.CANCELED)
    assert reference_request.status == ReferenceRequest.Status.FULFILLED
    assert [slot.state for slot in Engagement.objects.order_by("pk")] == ["held", "released"]
    assert Engagement.objects.filter(state="held").get().grade == 5
    assert Use.objects.get().reference_request == reference_request
    verbs = Event.objects.filter(context_kind="referencerequest").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "file", "submit", "propose", "propose", "ask", "approve", "approve", "send", "accept", "cancel", "schedule", "hold", "fulfill",
        "debrief", "debrief",
    ]  # fmt: skip
    mails = Message.objects.filter(channel="mail").exclude(kind="news").order_by("pk").values_list("kind", "recipient_kind")
    assert list(mails) == [
        ("approval", "colleague"), ("approval", "colleague"), ("ask", "contact"), ("fixed", "contact"), ("reminder", "contact"),
        ("fixed", "colleague"), ("reminder", "colleague"), ("debrief", "contact"), ("thanks_draft", "colleague"),
        ("debrief", "colleague"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["proposed", "approved", "sent", "accepted", "introduced", "scheduled", "held"])
def test_the_builder_reaches_every_step(status: str) -> None:
    assert make_ask(status).status == status
