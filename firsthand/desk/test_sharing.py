"""One occasion, several deals: a second request joins a fixed time without a slot, and neither side reads of the other."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.deals.models import Opportunity
from firsthand.desk.test_requests import by_link, signed_in, text_of
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.program.models import ActivityType
from firsthand.references.models import Engagement, NoGo
from firsthand.requests import actions
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import group_call, make_cast, make_group_ask, make_policy, make_rae
from firsthand.requests.models import Ask, Attendee, Occasion, ReferenceRequest, Use
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def fixed(company: str = "Firstly Corp") -> Ask:
    """A group call fixed in three days, for a deal with `company` that brings somebody along."""
    sam, ana, mia = make_cast()
    make_policy()
    ask = make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)
    return with_deal(ask, company, "pia@firstly.example")


def with_deal(ask: Ask, company: str, email: str) -> Ask:
    deal = Opportunity.objects.create(name=f"{company} deal", prospect_name=company, owner=ask.reference_request.requester)
    ReferenceRequest.objects.filter(pk=ask.reference_request_id).update(opportunity=deal)
    add_attendee(ask, name=f"Somebody of {company}", email=email)
    return Ask.objects.get(pk=ask.pk)


def second_request(company: str = "Secondly Inc") -> ReferenceRequest:
    """Another seller's request for a group call, for another deal."""
    first, *_ = company.split()
    seller = make_colleague(f"{first} Seller")
    deal = Opportunity.objects.create(name=f"{company} deal", prospect_name=company, owner=seller)
    wish = actions.Wish(group_call(), date(2026, 3, 24), "What would you do again?", opportunity=deal)
    return actions.file_request(wish, by=seller)


def joined(host: Ask, company: str = "Secondly Inc") -> Ask:
    _, _, mia = make_cast()
    ask = actions.join(second_request(company), host, by=mia)
    add_attendee(ask, name=f"Somebody of {company}", email=f"sid@{company.lower().split()[0]}.example")
    return actions.accept(ask, by=ask.reference.contact)


def fresh(ask: Ask) -> Ask:
    return Ask.objects.get(pk=ask.pk)


def test_joining_asks_the_reference_and_takes_a_place_but_no_slot() -> None:
    _, ana, mia = make_cast()
    host = fixed()
    ask = actions.join(second_request(), host, by=mia)
    assert (fresh(ask).status, fresh(ask).engagement_id, Engagement.objects.count()) == ("sent", None, 1)
    text = outbox.render(Message.objects.get(kind="ask", subject_id=ask.pk), timezone.now()).text()
    assert "would like to come to the group call you give on Fri 13 March 2026, 09:00 (UTC). It takes no more of your time." in text
    assert Message.objects.filter(kind="news", channel="mail", recipient_kind="colleague", recipient_id=ana.pk, subject_id=ask.pk).exists()


def test_a_yes_by_link_puts_the_ask_onto_the_same_time() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask = actions.join(second_request(), host, by=mia)
    client, address = by_link("ask")
    shown = text_of(client.get(address))
    assert "Hello Rae, may one more join?" in shown
    assert "When suits you?" not in shown
    at = Occasion.objects.get().starts_at
    assert f'name="moment" value="{at.isoformat()}"' in client.get(address).content.decode()
    assert client.post(address, {"act": "accept", "seen": "sent"}).status_code == 400  # to which time it does not say
    assert client.post(address, {"act": "accept", "seen": "sent", "moment": at.isoformat()}).status_code == 302
    assert (fresh(ask).status, fresh(ask).occasion_id) == ("scheduled", fresh(host).occasion_id)


MOVED = "The time was moved to Mon 16 March 2026, 09:00 (UTC). Nothing is recorded yet: choose again with that time in mind."


def test_a_yes_to_one_more_is_to_the_time_that_was_read() -> None:
    sam, _, mia = make_cast()
    host = fixed()
    ask, at = actions.join(second_request(), host, by=mia), Occasion.objects.get().starts_at
    client, address = by_link("ask")
    press = {"act": "accept", "seen": "sent", "moment": at.isoformat()}
    actions.schedule(fresh(host), by=sam, starts_at=at + timedelta(days=3))
    told = Message.objects.count()
    refused = client.post(address, press)
    assert (refused.status_code, MOVED in text_of(refused)) == (409, True)
    assert (fresh(ask).status, fresh(ask).occasion_id, Message.objects.count()) == ("sent", None, told)
    assert client.post(address, {**press, "moment": (at + timedelta(days=3)).isoformat()}).status_code == 302
    assert (fresh(ask).status, fresh(ask).occasion_id) == ("scheduled", fresh(host).occasion_id)


def test_a_yes_to_one_more_that_is_written_down_is_to_the_time_that_was_read() -> None:
    sam, _, mia = make_cast()
    host = fixed()
    ask, at = actions.join(second_request(), host, by=mia), Occasion.objects.get().starts_at
    client, url = signed_in(mia), reverse("requests:ask_answer", args=[ask.pk])
    assert "Yes, on Fri 13 March 2026, 09:00 (UTC) They declined" in text_of(client.get(reverse("requests:ask", args=[ask.pk])))
    press = {"answer": "yes_time", "channel": "by phone", "day": NOW.date().isoformat(), "seen": "sent", "moment": at.isoformat()}
    assert client.post(url, {**press, "answer": "yes"}).status_code == 400  # a yes to one more is to no other time
    actions.schedule(fresh(host), by=sam, starts_at=at + timedelta(days=3))
    refused = client.post(url, press)
    assert (refused.status_code, MOVED in text_of(refused), fresh(ask).status) == (409, True, "sent")
    assert client.post(url, {**press, "moment": (at + timedelta(days=3)).isoformat()}).status_code == 302
    assert (fresh(ask).status, fresh(ask).occasion_id) == ("scheduled", fresh(host).occasion_id)


def test_one_engagement_is_credited_to_both_deals_and_graded_by_both(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    host = fixed()
    ask = joined(host)
    clock.move_to(NOW + timedelta(days=4))
    actions.hold(ask, by=mia)
    actions.hold(host, by=sam)
    assert Engagement.objects.get().state == "held"
    companies = Use.objects.order_by("opportunity__prospect_name").values_list("opportunity__prospect_name", "engagement")
    assert list(companies) == [("Firstly Corp", host.engagement_id), ("Secondly Inc", host.engagement_id)]
    assert Message.objects.filter(kind="debrief", recipient_kind="contact").count() == 1
    actions.give_debrief(host, by=sam, grade=5)
    actions.give_debrief(ask, by=ask.reference_request.requester, grade=2)
    assert Engagement.objects.get().grade == 3.5


def test_the_last_place_is_the_last() -> None:
    _, _, mia = make_cast()
    host = fixed()
    Occasion.objects.update(places=2)
    actions.join(second_request(), host, by=mia)
    third = second_request("Thirdly Ltd")
    with pytest.raises(Refused, match="Every place is taken: 2 of 2"):
        actions.join(third, host, by=mia)
    actions.set_places(host, by=mia, places=3)
    assert actions.join(third, host, by=mia).status == "sent"
    with pytest.raises(Refused, match="3 requests take part already"):
        actions.set_places(host, by=mia, places=2)


def test_a_no_gives_the_place_back_and_changes_nothing_for_the_first() -> None:
    _, _, mia = make_cast()
    host = fixed()
    Occasion.objects.update(places=2)
    ask = actions.join(second_request(), host, by=mia)
    actions.decline(ask, by=ask.reference.contact, reason="Enough people")
    assert (fresh(host).status, Engagement.objects.get().state) == ("scheduled", "reserved")
    assert actions.join(second_request("Thirdly Ltd"), host, by=mia).status == "sent"


def test_canceling_one_part_leaves_the_time_for_the_others() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask = joined(host)
    actions.cancel(ask, by=mia, reason="They bought")
    assert (fresh(ask).status, fresh(host).status) == ("canceled", "scheduled")
    assert (Occasion.objects.get().canceled_at, Engagement.objects.get().state) == (None, "reserved")
    told = outbox.render(Message.objects.get(kind="fewer"), timezone.now())
    assert told.subject.startswith("One less: Group call with Firstly Corp")
    assert b"METHOD:REQUEST" in told.files[0].content
    assert not Message.objects.filter(kind="unfixed", subject_id=host.pk).exists()


def test_whoever_still_comes_for_another_deal_keeps_the_time_in_their_calendar() -> None:
    sam, _, mia = make_cast()
    host = fixed()
    ask = joined(host)
    ReferenceRequest.objects.filter(pk=ask.reference_request_id).update(requester=sam)
    add_attendee(ask, name="Pia of both", email="pia@firstly.example")
    actions.cancel(ask, by=mia, reason="They bought")
    gone = Message.objects.filter(kind="unfixed", subject_id=ask.pk)
    assert [Attendee.objects.get(pk=each.recipient_id).email for each in gone] == ["sid@secondly.example"]
    actions.schedule(host, by=mia, starts_at=NOW + timedelta(days=5))
    actions.cancel(host, by=mia, reason="They bought too")
    told = Message.objects.filter(kind="unfixed").exclude(recipient_kind="contact").order_by("pk")
    assert [(each.subject_id, each.recipient_kind) for each in told] == [
        (ask.pk, "attendee"),
        (host.pk, "attendee"),
        (host.pk, "colleague"),
    ]


def test_a_time_that_others_share_is_not_handed_to_another_person() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask = joined(host)
    ria = make_rae("Ria Second", company="Second Bank")
    for each in (host, ask):
        with pytest.raises(Refused, match="Other requests come to this time for the same person"):
            actions.swap(fresh(each), [ria], by=mia)
        assert fresh(each).status == "scheduled"
        assert "Swap the person" not in text_of(signed_in(mia).get(reverse("requests:ask", args=[each.pk])))


def test_canceling_the_first_part_hands_the_slot_on() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask, third = joined(host), joined(host, "Thirdly Ltd")
    slot = host.engagement_id
    actions.cancel(host, by=mia, reason="They bought")
    assert (fresh(ask).engagement_id, fresh(ask).joins_id, fresh(third).joins_id) == (slot, None, ask.pk)
    assert (Engagement.objects.get().state, Occasion.objects.get().canceled_at) == ("reserved", None)
    actions.cancel(third, by=mia)
    actions.cancel(ask, by=mia)
    assert Engagement.objects.get().state == "released"
    assert Occasion.objects.get().canceled_at is not None


def test_moving_the_time_tells_both_sides() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask = joined(host)
    with pytest.raises(Refused, match="This time is shared with other requests"):
        actions.schedule(ask, by=mia, starts_at=NOW + timedelta(days=5))
    actions.schedule(host, by=mia, starts_at=NOW + timedelta(days=5))
    moved = Message.objects.filter(kind="fixed", facts__sequence=1)
    assert sorted(moved.values_list("subject_id", "recipient_kind")) == sorted(
        (each.pk, kind) for each in (host, ask) for kind in ("contact", "colleague", "attendee")
    )


def test_neither_deal_reads_of_the_other() -> None:
    host = fixed()
    ask = joined(host)
    names = {host.pk: ("Secondly", "sid@"), ask.pk: ("Firstly", "pia@")}
    mails = Message.objects.filter(channel="mail", recipient_kind__in=["attendee", "colleague"], subject_kind="ask")
    _, ana, mia = make_cast()
    looked = 0
    for message in mails.exclude(recipient_kind="colleague", recipient_id__in=[ana.pk, mia.pk]):
        mail = outbox.render(message, timezone.now())
        whole = mail.subject + mail.text() + "".join(file.content.decode() for file in mail.files)
        assert not [name for name in names[message.subject_id] if name in whole], (message.kind, whole)
        looked += 1
    assert looked >= 5
    reference = outbox.render(Message.objects.filter(kind="fixed", recipient_kind="contact").latest("pk"), timezone.now())
    assert "Group call with Secondly Inc and Firstly Corp" in reference.subject


def test_the_page_lists_times_without_their_deals() -> None:
    host = fixed()
    found = second_request()
    _, _, mia = make_cast()
    shown = text_of(signed_in(found.requester).get(reverse("requests:occasions", args=[found.pk])))
    assert "Rae Reference" in shown
    assert "2 places of 3 free" in shown
    assert "Firstly" not in shown
    assert "A program manager proposes asks for this activity." in shown
    answer = signed_in(mia).post(reverse("requests:occasions", args=[found.pk]), {"ask": str(host.pk)})
    assert answer.status_code == 302
    assert Ask.objects.get(reference_request=found).joins_id == host.pk


def test_a_no_go_company_does_not_come_by_the_side_door() -> None:
    _, _, mia = make_cast()
    host = fixed()
    found = second_request()
    rival = make_account("Secondly Inc")
    Opportunity.objects.filter(reference_requests=found).update(account=rival)
    NoGo.objects.create(reference=host.reference, account=rival)
    with pytest.raises(Refused, match="they do not speak to this company"):
        actions.join(ReferenceRequest.objects.get(pk=found.pk), host, by=mia)
    assert Ask.objects.filter(reference_request=found).count() == 0


def test_nobody_joins_a_call_of_one() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ActivityType.objects.update(places=1)
    with pytest.raises(Refused, match="Only a group call that is fixed already can be shared"):
        actions.join(second_request_for_one(), host, by=mia)


def second_request_for_one() -> ReferenceRequest:
    found = second_request()
    ActivityType.objects.update(places=1)
    return ReferenceRequest.objects.get(pk=found.pk)


def test_whoever_says_yes_too_late_reads_that_the_time_is_off() -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask = actions.join(second_request(), host, by=mia)
    actions.cancel(host, by=mia)
    with pytest.raises(Refused, match="This has changed since we wrote"):
        actions.accept(ask, by=ask.reference.contact)
    assert fresh(ask).status == "sent"
    client, address = by_link("ask")
    shown = text_of(client.get(address))
    assert ("This has changed since we wrote" in shown, "They may join" in shown) == (True, False)


def test_a_reference_reads_that_every_place_is_taken_before_they_answer() -> None:
    _, _, mia = make_cast()
    ask = actions.join(second_request(), fixed(), by=mia)
    client, address = by_link("ask")
    shown = text_of(client.get(address))
    assert ("They may join" in shown, "this one included" in shown) == (True, False)
    Occasion.objects.update(places=1)
    assert "They may join" not in text_of(client.get(address))
    with pytest.raises(Refused, match="Every place is taken: 1 of 1"):
        actions.record_answer(ask, by=mia, accepted=True, channel="by phone", day=NOW.date())


def test_whoever_joins_a_time_that_was_moved_reads_of_a_new_one() -> None:
    _, _, mia = make_cast()
    host = fixed()
    actions.schedule(host, by=mia, starts_at=NOW + timedelta(days=5))
    ask = joined(host)
    mails = Message.objects.filter(kind="fixed", recipient_kind="colleague").order_by("pk")
    subjects = {each.subject_id: outbox.render(each, timezone.now()).subject.partition(":")[0] for each in mails}
    assert subjects == {host.pk: "Changed", ask.pk: "Fixed"}


@pytest.mark.parametrize("is_host", [True, False])
def test_a_reference_who_calls_off_a_shared_time_calls_it_off_for_everybody(*, is_host: bool) -> None:
    host = fixed()
    ask, third = joined(host), joined(host, "Thirdly Ltd")
    who = host if is_host else third
    actions.call_off(fresh(who), by=host.reference.contact, reason="Ill")
    assert [fresh(each).canceled_reason for each in (host, ask, third)] == ["The reference cannot after all."] * 3
    assert [each.pk for each in (host, ask, third) if fresh(each).declined_reason] == [who.pk]  # their words are of that ask alone
    assert (Engagement.objects.get().state, Occasion.objects.get().canceled_at) == ("released", NOW)
    told = Message.objects.filter(kind="unfixed", recipient_kind="attendee").values_list("subject_id", flat=True)
    assert sorted(told) == [host.pk, ask.pk, third.pk]
    assert Message.objects.filter(kind="unfixed", recipient_kind="contact").count() == 1
    assert Message.objects.filter(kind="news", channel="mail", recipient_id=third.reference_request.requester_id).exists()


@pytest.mark.parametrize("settled", ["missed", "corrected"])
def test_a_slot_is_settled_by_the_last_who_says_what_happened(settled: str, clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    host = fixed()
    ask = joined(host)
    clock.move_to(NOW + timedelta(days=4))
    if settled == "missed":
        actions.miss(host, by=mia, missed_by="prospect")
    else:
        actions.hold(host, by=mia)
        actions.correct_outcome(fresh(host), by=mia, says="prospect", reason="Nobody dialed in.")
    with pytest.raises(Refused, match="which has come"):
        actions.cancel(ask, by=mia, reason="They bought")
    assert Engagement.objects.get().state == ("reserved" if settled == "missed" else "held")
    actions.miss(ask, by=mia, missed_by="prospect")
    assert (Engagement.objects.get().state, Engagement.objects.get().missed_by) == ("missed", "prospect")
