"""Asked and answered in person: who writes to whom, and what the answer is worth."""

from datetime import date
from typing import Any

import pytest

from firsthand.core.refused import Refused
from firsthand.customers.models import Touch
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.references.actions import record_consent
from firsthand.references.models import Consent
from firsthand.requests import actions, asking_mail
from firsthand.requests.builders import fresh, make_ask, make_cast, make_rae, recipients
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status


def test_an_owner_who_asks_in_person_gets_the_text_and_nobody_writes_to_the_reference() -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    actions.ask_in_person(ask, by=ana)
    assert (fresh(ask).status, fresh(ask).door) == (A.SENT, Ask.Door.OWNER)
    assert (recipients("ask_in_person"), recipients("ask")) == (["colleague"], [])
    assert Touch.objects.get().about_id == ask.pk


def test_whoever_asked_in_person_hears_that_it_is_not_needed() -> None:
    _, _, mia = make_cast()
    ask = make_ask()
    Ask.objects.update(approver=mia)
    actions.ask_in_person(ask, by=mia)
    actions.cancel(ask, by=mia)
    [mail] = Message.objects.filter(kind="no_longer_in_person")
    assert mail.recipient_id == mia.pk
    why_not_send = asking_mail.why_not_no_longer_in_person
    assert why_not_send(mail, NOW) is None
    Colleague.objects.filter(pk=mia.pk).update(deactivated_at=NOW)
    assert why_not_send(mail, NOW) == Unsent("not_here")
    assert asking_mail.why_not_in_person(Message.objects.get(kind="ask_in_person"), NOW) == Unsent("ask", {"status": "canceled"})


def test_where_whoever_asked_has_left_the_owner_hears_that_it_is_not_needed() -> None:
    _, ana, mia = make_cast()
    ask = make_ask()
    Ask.objects.update(approver=mia)
    actions.ask_in_person(ask, by=mia)
    Colleague.objects.filter(pk=mia.pk).update(deactivated_at=NOW)
    actions.cancel(ask, by=ana)
    assert Message.objects.get(kind="no_longer_in_person").recipient_id == ana.pk


def test_a_yes_told_in_person_is_the_consent_of_an_unconfirmed_person() -> None:
    _, ana, mia = make_cast()
    rae = make_rae()
    record_consent(rae.contact, kind=Consent.Kind.CLAIMED, by=mia.actor)
    ask = make_ask(reference=rae)
    actions.ask_in_person(ask, by=ana)
    actions.record_answer(ask, by=ana, accepted=True, channel="by phone", day=NOW.date())
    assert (fresh(ask).status, fresh(ask).answered_via, is_confirmed(rae)) == (A.ACCEPTED, "by phone", True)


@pytest.mark.parametrize("until", [None, date(2026, 12, 31)])
def test_a_yes_told_in_person_widens_nothing_they_had_not_agreed_to(until: date | None) -> None:
    _, ana, mia = make_cast()
    rae, call = make_rae(), make_activity_type()
    facts: dict[str, Any] = {"method": "by mail", "recheck_on": NOW.date(), "until": until}
    record_consent(rae.contact, kind=Consent.Kind.NARROWED, by=mia.actor, activity_types=[call], **facts)
    ask = make_ask(reference=rae)
    actions.ask_in_person(ask, by=ana)
    actions.record_answer(ask, by=ana, accepted=True, channel="by phone", day=NOW.date())
    standing = Consent.objects.standing([rae.contact_id]).get()
    assert (standing.kind, standing.covers_all, standing.until, is_confirmed(rae)) == ("given", False, until, True)
    assert list(standing.scope.values_list("activity_type", flat=True)) == [call.pk]


def test_the_program_does_not_ask_somebody_unconfirmed_whatever_the_owner_answers() -> None:
    _, ana, mia = make_cast()
    rae = make_rae()
    record_consent(rae.contact, kind=Consent.Kind.CLAIMED, by=mia.actor)
    ask = make_ask(reference=rae)
    with pytest.raises(Refused, match="Rae Reference is unconfirmed: the account owner asks in person first"):
        actions.approve(ask, by=ana)
    assert fresh(ask).status == A.PROPOSED
    told = asking_mail.approval(Message.objects.get(kind="approval", channel="mail"), NOW).text()
    assert "Rae Reference is unconfirmed: you can ask them yourself and record the answer" in told


def test_an_answer_of_tomorrow_is_refused() -> None:
    _, ana, _ = make_cast()
    ask = make_ask("sent")
    with pytest.raises(Refused, match="a day that has not come yet"):
        actions.record_answer(ask, by=ana, accepted=True, channel="by phone", day=date(2026, 3, 11))


def test_an_answer_from_before_the_ask_is_refused() -> None:
    _, ana, mia = make_cast()
    rae = make_rae()
    record_consent(rae.contact, kind=Consent.Kind.CLAIMED, by=mia.actor)
    ask = make_ask(reference=rae)
    actions.ask_in_person(ask, by=ana)
    sentence = "An answer cannot be older than the ask, which is of 10 Mar 2026. Check the day."
    for accepted in (True, False):
        with pytest.raises(Refused, match=sentence):
            actions.record_answer(ask, by=ana, accepted=accepted, channel="by phone", day=date(2025, 3, 10))
    assert (fresh(ask).status, is_confirmed(rae)) == (A.SENT, False)
