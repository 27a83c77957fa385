"""What comes to whose desk."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.customers.builders import make_account
from firsthand.deals.builders import make_deal
from firsthand.deals.models import Opportunity
from firsthand.desk.waiting import waiting_for
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.references.builders import make_reference
from firsthand.requests import actions, afterwards_mail, news_mail
from firsthand.requests.builders import make_ask, make_cast, make_group_ask, make_policy, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.page import request_page, whose_turn
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_what_is_stuck_after_a_yes_comes_to_the_desk_of_the_manager_in_charge(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    make_ask("accepted")
    clock.shift(timedelta(days=4))
    assert not any("Sam Seller" in each.title for each in waiting_for(mia, 9)[0])
    clock.shift(timedelta(days=2))
    assert "Sam Seller has fixed no time with Rae Reference" in [each.title for each in waiting_for(mia, 9)[0]]


def test_no_manager_has_somebody_to_propose_or_to_send_for_a_lost_deal() -> None:
    _, _, mia = make_cast()
    make_ask("approved", reference_request=make_request(), reference=make_rae())
    make_request()
    ReferenceRequest.objects.update(opportunity=make_deal())
    assert sorted(each.label for each in waiting_for(mia, 9)[0]) == ["Match", "Send"]
    Opportunity.objects.update(outcome="lost")
    assert waiting_for(mia, 9) == ([], 0)


def test_an_approval_goes_from_the_list_at_once_when_its_deal_is_lost_or_the_request_becomes_ones_own() -> None:
    _, ana, _ = make_cast()
    found = make_ask().reference_request
    ReferenceRequest.objects.update(opportunity=make_deal())
    assert [each.label for each in waiting_for(ana, 9)[0]] == ["Answer"]
    Opportunity.objects.update(outcome="lost")
    assert waiting_for(ana, 9) == ([], 0)
    Opportunity.objects.update(outcome="open")
    ReferenceRequest.objects.filter(pk=found.pk).update(requester=ana)
    assert waiting_for(ana, 9) == ([], 0)


def test_a_call_of_ones_own_waits_for_its_debrief_once_its_day_is_over(
    clock: time_machine.Traveller, django_assert_num_queries: Any
) -> None:
    sam, _, mia = make_cast()
    today = NOW.date()
    said = actions.Outside(today, make_activity_type(), make_rae().contact)
    logged = actions.log_outside(said, by=sam)
    assert waiting_for(sam, 9) == ([], 0)
    clock.shift(timedelta(days=1))
    [line], count = waiting_for(sam, 9)
    assert (count, line.title, line.sub) == (1, "How did it go with Rae Reference, Ostvik Bank?", f"{logged} · Tue 10 Mar")
    assert (line.label, line.url) == ("Debrief", f"/outside/{logged.pk}/")
    with CaptureQueriesContext(connection) as for_one:
        waiting_for(sam, 9)
    for _ in range(2):
        actions.log_outside(said, by=sam)
    with django_assert_num_queries(len(for_one)):
        assert waiting_for(sam, 9)[1] == 3
    assert waiting_for(mia, 9) == ([], 0)
    actions.debrief_outside(logged, by=sam, grade=5)
    assert waiting_for(sam, 9)[1] == 2
    clock.shift(timedelta(days=60))
    assert waiting_for(sam, 9) == ([], 0)


TIMES = (("scheduled", timedelta(days=3), timedelta(minutes=30)), ("introduced", timedelta(), timedelta(days=7)))


@pytest.mark.parametrize(("status", "until", "due"), TIMES)
def test_desk_and_head_ask_whether_it_happened_once_it_could_have(
    clock: time_machine.Traveller, status: str, until: timedelta, due: timedelta
) -> None:
    sam, _, _ = make_cast()
    row = make_ask(status).reference_request
    for wait, expected in ((timedelta(), False), (until + due - timedelta(minutes=1), False), (timedelta(minutes=1), True)):
        clock.shift(wait)
        desk = [each.title for each in waiting_for(sam, 9)[0]]
        head = request_page(row, sam).next
        assert (desk, head.is_mine) == (["Did it happen with Rae Reference?"] * expected, expected)
        assert whose_turn(row, sam).startswith("it is your turn. Did it happen with Rae Reference? ") is expected


def test_the_word_of_the_reference_makes_it_the_requesters_turn_at_once() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("introduced")
    actions.say_outcome(ask, by=ask.reference.contact, says="held")
    assert [each.title for each in waiting_for(sam, 9)[0]] == ["Did it happen with Rae Reference?"]
    assert request_page(ask.reference_request, sam).next.is_mine


def test_a_time_that_stands_reads_as_itself(clock: time_machine.Traveller) -> None:
    sam, ana, _ = make_cast()
    row = make_ask("scheduled").reference_request
    assert whose_turn(row, sam) == "Reference call with Rae Reference. Fri 13 Mar, 09:00, in 3 days."
    clock.shift(timedelta(days=4))
    assert whose_turn(row, ana) == "it is your turn. Did it happen with Rae Reference? It was fixed for Fri 13 Mar, 09:00."
    introduced = make_ask("introduced", reference=make_rae("Ria Second", company="Second Bank")).reference_request
    assert whose_turn(introduced, sam).startswith("You and Ria Second find a time yourselves. The introduction went out by mail.")


def test_a_time_that_stands_hides_nobody_who_waits() -> None:
    sam, _, mia = make_cast()
    row = make_request(n_wanted=2)
    make_ask("scheduled", reference_request=row)
    assert request_page(row, mia).next.title == "Propose somebody else"
    assert whose_turn(row, sam).startswith("Mia Manager proposes somebody else. The reference call with Rae Reference is fixed for")
    actions.accept(
        make_ask("sent", reference_request=row, reference=(ria := make_rae("Ria Second", company="Second Bank"))), by=ria.contact
    )
    mail = Message.objects.filter(kind="news", channel="mail", recipient_id=sam.pk).latest("pk")
    assert "Now: it is your turn. Fix a time with Ria Second." in " ".join(news_mail.news(mail, mail.created_at).text().split())


def test_of_a_lost_deal_the_next_thing_is_its_end_though_a_time_stands() -> None:
    sam, _, _ = make_cast()
    row = make_ask("scheduled").reference_request
    ReferenceRequest.objects.update(opportunity=make_deal())
    Opportunity.objects.update(outcome="lost")
    row = ReferenceRequest.objects.get()
    assert Ask.objects.get().status == "scheduled"
    assert request_page(row, sam).next.title == "Withdraw or close this request"


def test_the_owner_is_asked_once_to_thank_for_a_time_that_several_shared(clock: time_machine.Traveller) -> None:
    sam, ana, mia = make_cast()
    make_policy()
    rae = make_reference("Rae Reference", account=make_account("Ostvik Bank", owner=ana))
    host = make_group_ask(reference=rae, requester=sam, owner=ana, manager=mia)
    wish = actions.Wish(host.reference_request.activity_type, NOW.date() + timedelta(days=10), "And how was the second year?")
    joined = actions.accept(actions.join(actions.file_request(wish, by=sam), host, by=mia), by=rae.contact)
    clock.shift(timedelta(days=4))
    for each in (host, joined):
        actions.hold(each, by=mia)
    [mail] = Message.objects.filter(kind="thanks_draft")
    assert (mail.recipient_id, mail.subject_id, afterwards_mail.why_not_thanks_draft(mail, mail.created_at)) == (ana.pk, host.pk, None)
    assert [each.title for each in waiting_for(ana, 9)[0]] == ["Thank Rae Reference"]
    actions.write_note(joined, by=ana, kind="thanks", words="Thank you, Rae.")
    assert afterwards_mail.why_not_thanks_draft(mail, mail.created_at) == Unsent("told")
    assert waiting_for(ana, 9) == ([], 0)


def test_whoever_stands_in_for_the_owner_is_asked_to_thank_for_two_weeks(clock: time_machine.Traveller) -> None:
    _, ana, mia = make_cast()
    make_ask("held")
    mail = Message.objects.get(kind="thanks_draft")
    told = afterwards_mail.thanks_draft(mail, mail.created_at)
    assert (told.subject, told.to_address) == ("Thank Rae Reference", ana.email)
    assert "thank you for the reference call" in told.text()
    later = make_ask("introduced", reference=make_rae("Ria Second", company="Second Bank"))
    Colleague.objects.filter(pk=ana.pk).update(deactivated_at=mail.created_at)
    actions.hold(later, by=mia)
    assert Message.objects.get(kind="thanks_draft", subject_id=later.pk).recipient_id == mia.pk
    clock.shift(timedelta(days=13))
    assert [each.title for each in waiting_for(mia, 9)[0]] == ["Thank Ria Second"]
    clock.shift(timedelta(days=2))
    assert waiting_for(mia, 9) == ([], 0)


def test_what_needs_no_time_waits_for_none_unless_some_were_offered() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("accepted")
    desk = ["Fix a time with Rae Reference"]
    assert [each.title for each in waiting_for(sam, 9)[0]] == desk
    ActivityType.objects.update(is_live=False)
    assert [each.title for each in waiting_for(sam, 9)[0]] == ["Did it happen with Rae Reference?"]
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=3)])
    assert [each.title for each in waiting_for(sam, 9)[0]] == desk
