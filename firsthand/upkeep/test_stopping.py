"""A consent that ends takes with it whatever was asked or agreed, by whatever door it ended."""

from datetime import timedelta

import pytest
import time_machine

from firsthand.customers.models import Person
from firsthand.history.models import Message
from firsthand.references.actions import change_reference, record_consent, set_hold
from firsthand.references.models import Consent, Hold, Reference
from firsthand.requests import actions
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.models import Ask
from firsthand.testing.clock import NOW
from firsthand.upkeep.worker import drain_messages, tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def withdraw(ask: Ask) -> None:
    record_consent(ask.reference.contact, kind=Consent.Kind.WITHDRAWN, by=make_cast()[2].actor)


def fresh(ask: Ask) -> Ask:
    return Ask.objects.select_related("engagement", "occasion").get(pk=ask.pk)


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind, channel="mail").values_list("recipient_kind", flat=True))


@pytest.mark.parametrize("status", ["proposed", "approved", "sent", "accepted", "introduced", "scheduled"])
def test_a_withdrawn_consent_ends_an_ask_wherever_it_stands(status: str) -> None:
    ask = make_ask(status)
    withdraw(ask)
    assert actions.end_withdrawn(NOW) == 1
    found = fresh(ask)
    assert found.engagement is not None
    assert (found.status, found.engagement.state) == (Ask.Status.CANCELED, "released")
    assert found.canceled_reason == "Their consent does not cover it any more."


def test_a_fixed_time_is_taken_out_of_every_calendar() -> None:
    ask = make_ask("scheduled")
    add_attendee(ask, name="Pia Prospect", email="pia@prospect.example")
    withdraw(ask)
    tick(NOW)
    assert told("unfixed") == ["attendee", "colleague", "contact"]
    occasion = fresh(ask).occasion
    assert occasion is not None
    assert occasion.canceled_at == NOW
    assert set(Message.objects.filter(kind="unfixed").values_list("state", flat=True)) == {"sent"}


def test_the_time_is_not_sent_to_anybody_once_they_have_withdrawn() -> None:
    ask = make_ask("scheduled")
    withdraw(ask)
    drain_messages(NOW)
    mails = Message.objects.filter(kind="fixed")
    assert set(mails.values_list("state", flat=True)) == {"dropped"}
    assert mails.count() == 2


@pytest.mark.parametrize("how", ["unsubscribed", "retired", "narrowed", "left"])
def test_other_ends_of_what_they_agreed_to_count_alike(how: str) -> None:
    ask = make_ask("scheduled")
    contact, manager = ask.reference.contact, make_cast()[2]
    if how == "unsubscribed":
        Person.objects.update(unsubscribed_at=NOW)
    elif how == "retired":
        change_reference(Reference.objects.get(), by=manager.actor, status=Reference.Status.RETIRED)
    elif how == "narrowed":
        Consent.objects.create(contact=contact, kind="narrowed", given_on=NOW.date(), method="mail", evidence="a mail")
    else:
        contact.left_on = NOW.date()
        contact.save()
    assert actions.end_withdrawn(NOW) == 1
    assert fresh(ask).status == Ask.Status.CANCELED


def test_a_hold_keeps_from_asking_and_leaves_a_fixed_time_as_it_is() -> None:
    ask = make_ask("scheduled")
    set_hold(ask.reference, kind=Hold.Kind.OWNER, by=make_cast()[1], reason="Renewal talks", until=None)
    assert actions.end_withdrawn(NOW) == 0
    assert fresh(ask).status == Ask.Status.SCHEDULED


def test_who_has_withdrawn_is_not_asked_whether_it_happened(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    drain_messages(NOW)
    later = NOW + timedelta(days=8)
    clock.move_to(later)
    actions.ask_whether_it_happened(later)
    withdraw(ask)
    drain_messages(later)
    mails = Message.objects.filter(kind="did_it_happen")
    assert dict(mails.values_list("recipient_kind", "state")) == {"contact": "dropped", "colleague": "sent"}


def test_the_references_own_page_ends_a_fixed_time_at_once() -> None:
    ask = make_ask("scheduled")
    actions.end_for_reference(ask.reference, reason="They withdrew their consent.")
    assert told("unfixed") == ["colleague", "contact"]
    assert (fresh(ask).status, fresh(ask).canceled_reason) == (Ask.Status.CANCELED, "They withdrew their consent.")
