"""A yes that comes after the wait for it ended: what it is judged for, and when it comes too late."""

from datetime import date, timedelta

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.deals.models import Opportunity
from firsthand.program.builders import make_activity_type
from firsthand.program.policy import in_force
from firsthand.references.builders import make_engagement
from firsthand.references.models import Engagement, Reference, Willingness
from firsthand.requests import actions
from firsthand.requests.actions import Wanted, Wish
from firsthand.requests.answer_page import answer_page
from firsthand.requests.ask_rows import asks_of, row_of
from firsthand.requests.builders import group_call, make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import seen_as
from firsthand.requests.permissions import CHANGED
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db]
A = Ask.Status


def fresh(ask: Ask) -> Ask:
    return Ask.objects.get(pk=ask.pk)


def lapsed(clock: time_machine.Traveller, ask: Ask) -> Ask:
    """The ask, to which nobody answered in eight days."""
    clock.move_to(NOW + timedelta(days=8))
    assert actions.lapse_asks(NOW + timedelta(days=8)) == 1
    return fresh(ask)


def brought_to_sent(ask: Ask) -> Ask:
    _, ana, mia = make_cast()
    return actions.send(actions.approve(ask, by=ana), by=mia)


def test_a_late_yes_to_a_time_that_is_fixed_takes_its_slot_on_that_day(clock: time_machine.Traveller) -> None:
    """Of a panel: Rae's limit of the month in which the request needs it is used up; the time is in the month before."""
    sam, _, mia = make_cast()
    make_request()
    kind, ria, rae = group_call(), make_rae("Ria Second", company="Second Bank"), make_rae(limit=1)
    Reference.objects.filter(pk=rae.pk).update(limit_period="month")
    Willingness.objects.bulk_create([Willingness(reference=each, activity_type=kind) for each in (ria, rae)])
    found = actions.file_request(Wish(kind, date(2026, 4, 20), "How did it go?", n_wanted=2), by=sam)
    [host] = actions.propose(found, [ria], by=mia)
    actions.accept(brought_to_sent(host), by=ria.contact)
    actions.schedule(fresh(host), by=mia, starts_at=NOW + timedelta(days=17))
    [ask] = actions.ask_along(fresh(host), [rae], by=mia)
    ask = lapsed(clock, brought_to_sent(ask))
    make_engagement(rae, date(2026, 4, 6))
    assert answer_page(ask).why_not == ""
    actions.accept(ask, by=rae.contact, takes_time=True, seen=seen_as(ask))
    slot = Engagement.objects.get(ask=ask)
    assert (fresh(ask).status, slot.day, slot.state) == (A.SCHEDULED, date(2026, 3, 27), "reserved")


def test_a_late_yes_is_judged_for_the_day_that_was_set_since(clock: time_machine.Traveller) -> None:
    ask = lapsed(clock, make_ask("sent"))
    ReferenceRequest.objects.filter(pk=ask.reference_request_id).update(needed_by=date(2026, 6, 10))
    ask = fresh(ask)
    Contact.objects.filter(pk=ask.reference.contact_id).update(left_on=date(2026, 5, 1))
    ask = fresh(ask)
    assert answer_page(ask).why_not == CHANGED
    with pytest.raises(Refused, match="This has changed since we wrote"):
        actions.accept(ask, by=ask.reference.contact)
    assert fresh(ask).status == A.LAPSED


def tender() -> Ask:
    """Rae was asked to stand by for evaluators from the 20th to the end of March."""
    make_request()
    sam, _, mia = make_cast()
    kind, rae = make_activity_type("tender", is_live=False), make_rae()
    Willingness.objects.create(reference=rae, activity_type=kind)
    window = (date(2026, 3, 20), date(2026, 3, 31))
    wish = Wish(kind, date(2026, 3, 31), "A bank our size", window=window)
    [ask] = actions.propose(actions.file_request(wish, by=sam), [rae], by=mia)
    return brought_to_sent(ask)


def test_a_late_yes_to_a_tender_is_judged_for_the_window_that_was_set_since(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = lapsed(clock, tender())
    actions.set_window(ask.reference_request, by=sam, first=date(2026, 6, 1), last=date(2026, 6, 15))
    Contact.objects.filter(pk=ask.reference.contact_id).update(left_on=date(2026, 5, 1))
    ask = fresh(ask)
    with pytest.raises(Refused, match="This has changed since we wrote"):
        actions.accept(ask, by=ask.reference.contact)
    Contact.objects.filter(pk=ask.reference.contact_id).update(left_on=None)
    ask = fresh(ask)
    assert actions.accept(ask, by=ask.reference.contact).status == A.ACCEPTED
    assert Engagement.objects.get(ask=ask).day == date(2026, 6, 1)


def late_and_one_agreed(clock: time_machine.Traveller) -> Ask:
    """Rae did not answer in time; for the one reference that is wanted, Ria said yes since."""
    ask = lapsed(clock, make_ask("sent"))
    make_ask("accepted", reference_request=ask.reference_request, reference=make_rae("Ria Second", company="Second Bank"))
    return fresh(ask)


def test_a_late_yes_beyond_what_is_wanted_is_declined_with_thanks(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ask = late_and_one_agreed(clock)
    assert answer_page(ask).why_not == "Somebody else has agreed in the meantime, so nothing is asked of you any more. Thank you."
    with pytest.raises(Refused, match="Somebody else has agreed in the meantime"):
        actions.accept(ask, by=ask.reference.contact)
    with pytest.raises(Refused, match="Somebody has agreed already, so nobody else is needed"):
        actions.record_answer(ask, by=mia, accepted=True, channel="phone", day=(NOW + timedelta(days=8)).date())
    assert fresh(ask).status == A.LAPSED
    assert actions.decline(ask, by=ask.reference.contact, reason="Too late anyway").status == A.DECLINED


def test_a_late_yes_counts_again_once_the_other_cannot(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ask = late_and_one_agreed(clock)
    words = [row_of(each, mia, in_force(), NOW).waiting_sub for each in asks_of(ask.reference_request) if each == ask]
    assert words == ["No answer in time, slot given back"]
    other = Ask.objects.get(status=A.ACCEPTED)
    actions.call_off(other, by=other.reference.contact)
    assert actions.accept(fresh(ask), by=ask.reference.contact).status == A.ACCEPTED


def test_a_late_yes_for_a_lost_deal_is_declined_with_thanks(clock: time_machine.Traveller) -> None:
    ask = lapsed(clock, make_ask("sent"))
    deal = Opportunity.objects.create(prospect_name="Fennmark", outcome="lost", owner=make_cast()[0])
    ReferenceRequest.objects.filter(pk=ask.reference_request_id).update(opportunity=deal)
    with pytest.raises(Refused, match=r"This is not needed any more, so nothing is asked of you. Thank you."):
        actions.accept(fresh(ask), by=ask.reference.contact)
    assert fresh(ask).status == A.LAPSED


def test_a_late_yes_is_to_the_window_that_was_read(clock: time_machine.Traveller) -> None:
    ask = lapsed(clock, tender())
    read = seen_as(ask)
    actions.set_window(ask.reference_request, by=make_cast()[0], first=date(2026, 4, 1), last=date(2026, 4, 9))
    with pytest.raises(Refused, match="What is wanted was changed after you opened the page"):
        actions.accept(fresh(ask), by=ask.reference.contact, seen=read)
    assert fresh(ask).status == A.LAPSED
    assert actions.accept(fresh(ask), by=ask.reference.contact, seen=seen_as(fresh(ask))).status == A.ACCEPTED


def test_a_late_yes_is_to_the_day_that_was_read(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = lapsed(clock, make_ask("sent"))
    read, found = seen_as(ask), ask.reference_request
    actions.change_wanted(found, Wanted(found.wish, found.questions, date(2026, 4, 30)), by=sam)
    with pytest.raises(Refused, match="What is wanted was changed after you opened the page"):
        actions.accept(fresh(ask), by=ask.reference.contact, seen=read)
    assert actions.accept(fresh(ask), by=ask.reference.contact, seen=seen_as(fresh(ask))).status == A.ACCEPTED
