"""A fact that the match masks is told by no other page: escalations of an account, legal holds of a reference."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.customers import actions as customers
from firsthand.customers.actions import SignalFacts
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Person, Signal
from firsthand.customers.people_upserts import upsert_signals
from firsthand.desk import timeline
from firsthand.history.actions import Actor
from firsthand.matching.match import match
from firsthand.matching.need import Need
from firsthand.people.builders import ana, eli, eve, make_colleague, mia
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.references.actions import lift_hold, record_consent, set_hold
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Hold, Reference
from firsthand.requests.builders import make_ask, make_cast

pytestmark = pytest.mark.django_db
READERS = ("mia", "eli", "ana", "dee", "sue", "eve")
WORDS = ("escalation", "Printer on fire", "CASE-7")


@pytest.fixture
def readers() -> dict[str, Colleague]:
    """Mia, Eli, the owner Ana and her deputy Dee, the support lead Sue, and Eve, who is a colleague like any other."""
    owner = ana()
    owner.deputy = make_colleague("Dee Deputy")
    owner.save()
    support = make_colleague("Sue Support")
    support.is_support_lead = True
    support.save()
    return {"mia": mia(), "eli": eli(), "ana": owner, "dee": owner.deputy, "sue": support, "eve": eve()}


@pytest.fixture
def reference(readers: dict[str, Colleague]) -> Reference:
    """Rae at a customer of Ana's where one escalation was resolved, one imported and one is open."""
    make_policy()
    found = make_reference(account=make_account("Ostvik Bank", owner=readers["ana"]))
    day = timezone.now().date()
    for severity in ("minor", "severe"):
        facts = SignalFacts("escalation", day, severity, words="Printer on fire", external_id=f"CASE-7{severity}")
        customers.add_signal(found.account, facts, by=readers["mia"])
    customers.resolve_signal(Signal.objects.get(severity="minor"), by=readers["mia"], on=day)
    imported = {"external_id": "CASE-9", "account_id": found.account.pk, "kind": "escalation", "happened_on": day}
    upsert_signals([imported], by=Actor("import", 1))  # type: ignore[list-item]
    return found


def told(client: Client, reader: Colleague, path: str) -> list[str]:
    client.force_login(reader)
    page = client.get(path).content.decode()
    return [word for word in WORDS if word.lower() in page.lower()]


def of_match(reference: Reference, reader: Colleague) -> set[str]:
    today = today_in("UTC")
    found = match(Need(make_activity_type(), needed_by=today + timedelta(days=9), today=today), reader)
    assert not found.matches
    return {exclusion.rule for exclusion in found.exclusions}


@pytest.mark.parametrize("who", READERS)
def test_page_filter_timeline_and_match_tell_of_an_escalation_to_the_same_people(
    client: Client, readers: dict[str, Colleague], reference: Reference, who: str
) -> None:
    reader, account = readers[who], Account.objects.get()
    knows = who != "eve"
    assert bool(told(client, reader, f"/accounts/{account.pk}/")) is knows
    found = client.get("/accounts/?escalation=open").content.decode()
    assert ("Ostvik Bank" in found) is knows
    file = b"".join(client.get("/accounts/?escalation=open&as=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert ("Ostvik Bank" in file) is knows
    lines = [line.what for line in timeline.of_record(account, reader, 50)]
    assert lines == (["recorded a signal", "resolved an escalation", "opened an escalation", "opened an escalation"] if knows else [])
    assert of_match(reference, reader) == {"severe_escalation" if knows else "account"}
    assert client.post(f"/signals/{Signal.objects.earliest('pk').pk}/resolution/").status_code == {"eve": 404, "eli": 403}.get(who, 409)


@pytest.mark.parametrize("who", READERS)
def test_a_legal_hold_leaves_a_line_only_for_those_whom_the_rule_tells(
    readers: dict[str, Colleague], reference: Reference, who: str
) -> None:
    set_hold(reference, kind=Hold.Kind.OWNER, by=readers["ana"], reason="Renewal talks")
    legal = set_hold(reference, kind=Hold.Kind.LEGAL, by=readers["mia"], reason="A lawsuit")
    lift_hold(legal, by=readers["mia"])
    lines = [line.what for line in timeline.of_record(reference, readers[who], 50)]
    assert lines == (["set a hold"] if who in {"eve", "sue"} else ["lifted a hold", "set a hold", "set a hold"])


@pytest.mark.parametrize("how", ["withdrawn", "unsubscribed", "left"])
def test_a_requester_reads_no_address_of_somebody_who_took_their_yes_back(client: Client, how: str) -> None:
    seller, _, manager = make_cast()
    ask = make_ask("held")
    contact = ask.reference.contact
    places = (f"/asks/{ask.pk}/", f"/accounts/{contact.account_id}/")
    client.force_login(seller)
    assert [contact.email in client.get(place).content.decode() for place in places] == [True, True]
    if how == "withdrawn":
        record_consent(contact, kind=Consent.Kind.WITHDRAWN, by=manager.actor)
    elif how == "unsubscribed":
        Person.objects.filter(pk=contact.person_id).update(unsubscribed_at=timezone.now())
    else:
        customers.mark_left(contact, today_in("UTC"), by=manager)
    assert [contact.email in client.get(place).content.decode() for place in places] == [False, False]
