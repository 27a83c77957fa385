"""What each deed changes, frees, counts and says, one behavior per test."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Touch
from firsthand.deals.models import Follower, Opportunity
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague, Team
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.references.actions import record_consent
from firsthand.references.builders import make_engagement
from firsthand.references.models import Consent, Engagement, Hold, Reference
from firsthand.requests import actions, asking_mail, meeting_mail, news_mail
from firsthand.requests.answer_page import answer_page
from firsthand.requests.ask_page import ask_page
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask, BarException, ReferenceRequest, Use
from firsthand.requests.page import request_page
from firsthand.requests.panels import dialogs
from firsthand.stories.models import Story
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A, R = Ask.Status, ReferenceRequest.Status


def fresh(ask: Ask) -> Ask:
    return Ask.objects.select_related("engagement", "reference_request", "occasion").get(pk=ask.pk)


def slot_of(ask: Ask) -> Engagement:
    found = fresh(ask).engagement
    assert found is not None
    return found


def mails(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind, channel="mail").order_by("pk").values_list("recipient_kind", flat=True))


def test_filing_takes_the_requester_onto_the_deal() -> None:
    sam, ana, _ = make_cast()
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=ana)
    wish = actions.Wish(make_activity_type(), date(2026, 3, 20), "Speed", opportunity=deal)
    actions.file_request(wish, by=sam)
    assert Follower.objects.get().colleague == sam


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"needed_by": date(2026, 3, 9)}, "The day it is needed by is past."),
        ({"words": " "}, "Say what the prospect wants to hear."),
        ({"n_wanted": 0}, "A request is for 1 to 20 references."),
        ({"n_wanted": 500}, "A request is for 1 to 20 references."),
        ({"words": "x" * 5000}, "That is 5,000 characters; 4,000 fit."),
    ],
)
def test_a_wish_that_cannot_be_is_refused(change: dict[str, object], sentence: str) -> None:
    sam, _, _ = make_cast()
    facts = {"activity_type": make_activity_type(), "needed_by": date(2026, 3, 20), "words": "Speed", **change}
    with pytest.raises(Refused, match=sentence):
        actions.file_request(actions.Wish(**facts), by=sam)  # type: ignore[arg-type]
    assert not ReferenceRequest.objects.exists()


def test_a_deal_that_is_lost_needs_no_reference() -> None:
    sam, _, _ = make_cast()
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=sam, outcome="lost")
    with pytest.raises(Refused, match="The deal with Fennmark is lost already"):
        actions.file_request(actions.Wish(make_activity_type(), date(2026, 3, 20), "Speed", opportunity=deal), by=sam)


def test_a_proposal_reserves_a_slot_for_three_working_days() -> None:
    ask = make_ask()
    assert (slot_of(ask).state, slot_of(ask).reserved_until) == ("reserved", NOW + timedelta(days=3))
    assert fresh(ask).reference_request.status == R.ASKING


def test_proposing_twice_is_proposing_once() -> None:
    _, _, mia = make_cast()
    ask = make_ask()
    assert actions.propose(ask.reference_request, [ask.reference], by=mia) == []
    assert Engagement.objects.count() == 1


def test_several_are_proposed_together_or_not_at_all() -> None:
    _, _, mia = make_cast()
    full = make_rae("Ria Second", company="Second Bank", limit=1)
    make_engagement(full, date(2026, 3, 1))
    with pytest.raises(Refused, match="Ria Second cannot be asked"):
        actions.propose(make_request(), [make_rae(), full], by=mia)
    assert not Ask.objects.exists()


def test_where_the_policy_asks_no_owner_the_owner_is_told() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    make_policy(activities={"reference-call": {"owner_approval": "never"}}, limits={"min_gap_days": 0})
    [ask] = actions.propose(found, [make_rae()], by=mia)
    assert ask.status == A.APPROVED
    assert mails("approval") == []
    assert Message.objects.filter(kind="news", recipient_id=ana.pk).exists()


def who_is_mailed(verb: str) -> set[str]:
    """First names of those who got the news of it by mail, but for the requester, who hears of every move."""
    told = Message.objects.filter(kind="news", channel="mail", facts__event__in=Event.objects.filter(verb=verb).values("pk"))
    names = Colleague.objects.filter(pk__in=told.values("recipient_id")).exclude(name="Sam Seller").values_list("name", flat=True)
    return {name.split()[0] for name in names}


@pytest.mark.parametrize(
    ("gone", "hears"),
    [
        ({}, {"Ana"}),
        ({"Ana": {"deactivated_at": NOW}}, {"Dan"}),
        ({"Ana": {"email": None}}, {"Dan"}),
        ({"Ana": {"email": None}, "Dan": {"deactivated_at": NOW}}, {"Lea"}),
        ({"Ana": {"email": None}, "Dan": {"deactivated_at": NOW}, "Lea": {"email": None}}, {"Max"}),
    ],
)
def test_where_the_owner_cannot_be_reached_somebody_else_hears_of_asks_and_exceptions(gone: dict[str, Any], hears: set[str]) -> None:
    _, ana, mia = make_cast()
    ana.deputy, ana.team = make_colleague("Dan Deputy"), Team.objects.create(name="North", lead=make_colleague("Lea Lead"))
    ana.save()
    found, rae = make_request(), make_rae()
    max_ = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    ReferenceRequest.objects.filter(pk=found.pk).update(manager=max_)
    for name, facts in gone.items():
        Colleague.objects.filter(name__startswith=name).update(**facts)
    make_engagement(rae, date(2026, 3, 18))
    make_policy(activities={"reference-call": {"owner_approval": "never"}}, limits={"min_gap_days": 14})
    actions.propose(found, [Reference.objects.get(pk=rae.pk)], by=mia, exception="The board asked for her")
    assert (who_is_mailed("lift"), who_is_mailed("approve")) == (hears, hears)


def test_a_manager_lifts_a_program_rule_with_a_reason_and_it_is_kept() -> None:
    _, _, mia = make_cast()
    found, rae = make_request(), make_rae()
    make_engagement(rae, date(2026, 3, 18))
    make_policy(limits={"min_gap_days": 14})
    with pytest.raises(Refused, match="cannot be asked"):
        actions.propose(found, [rae], by=mia)
    actions.propose(found, [rae], by=mia, exception="The board asked for her")
    assert list(BarException.objects.values_list("rule", "reason")) == [("default_gap", "The board asked for her")]


def test_nobody_lifts_an_absolute_bar() -> None:
    _, _, mia = make_cast()
    rae = make_rae(limit=1)
    make_engagement(rae, date(2026, 3, 1))
    with pytest.raises(Refused, match="cannot be asked"):
        actions.propose(make_request(), [rae], by=mia, exception="The board asked for her")


def test_only_a_manager_lifts_a_rule() -> None:
    sam, _, _ = make_cast()
    found = make_request()
    make_policy(activities={"reference-call": {"routing": "self_service"}})
    with pytest.raises(Refused, match="A program manager lifts a rule"):
        actions.propose(found, [make_rae()], by=sam, exception="I want her")


def test_a_refusal_gives_the_slot_back_and_is_for_this_request_only() -> None:
    _, ana, mia = make_cast()
    ask = make_ask()
    actions.refuse(ask, by=ana, reason="Renewal talks")
    assert (fresh(ask).status, slot_of(ask).state) == (A.REFUSED, "released")
    assert actions.propose(make_request(), [ask.reference], by=mia)


def test_not_before_a_date_is_a_refusal_and_a_hold() -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    actions.postpone(ask, by=ana, until=date(2026, 4, 15), reason="Renewal talks")
    assert fresh(ask).refused_reason == "Not before 15 Apr 2026: Renewal talks"
    assert list(Hold.objects.values_list("reason", "note")) == [("the owner asks for time", "Renewal talks")]
    assert Hold.objects.get().until == date(2026, 4, 14)


def test_an_owner_who_asks_in_person_gets_the_text_and_nobody_writes_to_the_reference() -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    actions.ask_in_person(ask, by=ana)
    assert (fresh(ask).status, fresh(ask).door) == (A.SENT, Ask.Door.OWNER)
    assert (mails("ask_in_person"), mails("ask")) == (["colleague"], [])
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


def test_sending_is_a_touch_and_starts_the_deadline() -> None:
    ask = fresh(make_ask("sent"))
    assert ask.answer_by == NOW + timedelta(days=7)  # five working days
    assert Touch.objects.get().sent_at == NOW


def test_a_time_that_is_moved_stays_as_long_as_it_was() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("accepted")
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=2), minutes=90)
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=3))
    occasion = fresh(ask).occasion
    assert occasion is not None
    assert (occasion.minutes, occasion.starts_at) == (90, NOW + timedelta(days=3))
    [task] = [each for each in ask_page(fresh(ask), mia).tasks if each.id == "time"]
    assert task.form is not None
    assert task.form.initial["minutes"] == 90


def test_nobody_is_introduced_to_a_requester_who_has_left() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    assert answer_page(fresh(ask)).may_introduce
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=NOW)
    assert not answer_page(fresh(ask)).may_introduce
    with pytest.raises(Refused, match="Sam Seller does not work here any more, so nobody can be introduced"):
        actions.accept(ask, by=ask.reference.contact, introduces=True)
    assert actions.accept(ask, by=ask.reference.contact).status == A.ACCEPTED


def test_a_requester_who_leaves_before_the_mail_goes_is_introduced_to_nobody() -> None:
    sam, _, _ = make_cast()
    make_ask("introduced")
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=NOW)
    mails = Message.objects.filter(kind="introduction")
    assert [meeting_mail.why_not_introduction(mail, NOW) for mail in mails] == [Unsent("not_here")] * 2


def test_a_manager_gives_a_request_a_new_requester(client: Client) -> None:
    sam, _, mia = make_cast()
    ask, sue = make_ask("scheduled"), make_colleague("Sue Second")
    url = reverse("desk:request", args=[ask.reference_request_id])
    client.force_login(mia)
    assert "New requester" not in client.get(url).content.decode()
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=NOW)
    assert "New requester" in client.get(url).content.decode()
    assert client.post(f"/requests/{ask.reference_request_id}/requester/", {"to": sue.pk, "reason": "Sam has left"}).status_code == 302
    found = ReferenceRequest.objects.get()
    assert found.requester == sue
    mails = Message.objects.filter(channel="mail", recipient_kind="colleague", recipient_id=sue.pk)
    assert sorted(mails.values_list("kind", flat=True)) == ["fixed", "news", "reminder"]
    assert "Mia Manager made Sue Second the requester" in news_mail.news(mails.get(kind="news"), NOW).subject
    client.force_login(sue)
    assert client.get(url).status_code == 200
    with pytest.raises(Refused, match="Sue Second is the requester already"):
        actions.give_requester(found, to=sue, by=mia, reason="Again")


def test_a_new_requester_is_introduced_and_the_reference_told_of_them() -> None:
    sam, _, mia = make_cast()
    ask, sue = make_ask("introduced"), make_colleague("Sue Second")
    Message.objects.filter(kind="introduction", recipient_kind="contact").update(state="sent")
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=NOW)
    actions.give_requester(ask.reference_request, to=sue, by=mia, reason="Sam has left")
    written = list(Message.objects.filter(kind="introduction").order_by("pk"))
    assert [(each.recipient_kind, each.recipient_id) for each in written] == [
        *[("contact", ask.reference.contact_id), ("colleague", sam.pk)],
        *[("contact", ask.reference.contact_id), ("colleague", sue.pk)],
    ]
    assert [meeting_mail.why_not_introduction(mail, NOW) for mail in written] == [Unsent("new_requester")] * 2 + [None] * 2
    to_rae, to_sue = (meeting_mail.introduction(mail, NOW) for mail in written[2:])
    assert (to_rae.subject, to_sue.subject) == ("Introduction: Sue Second", "Introduction: Rae Reference")
    assert ["takes its place" in mail.text() for mail in (to_rae, to_sue)] == [True, False]


def test_an_introduction_counts_on_the_day_it_happened(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    assert slot_of(ask).day == date(2026, 3, 20)
    clock.move_to(NOW + timedelta(days=2))
    actions.hold(ask, by=make_cast()[2])
    assert (slot_of(ask).state, slot_of(ask).day) == ("held", date(2026, 3, 12))


def test_a_late_yes_does_not_count_beside_a_newer_ask(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    clock.move_to(NOW + timedelta(days=8))
    actions.lapse_asks(NOW + timedelta(days=8))
    newer = make_ask("sent", reference_request=ReferenceRequest.objects.get(), reference=ask.reference)
    with pytest.raises(Refused, match="This was asked anew since"):
        actions.accept(ask, by=ask.reference.contact)
    actions.cancel(newer, by=mia)
    assert actions.accept(ask, by=ask.reference.contact).status == A.ACCEPTED


def test_without_an_address_nothing_is_sent() -> None:
    _, _, mia = make_cast()
    ask = make_ask("approved")
    ask.reference.contact.email = ""
    ask.reference.contact.save(update_fields=["email"])
    with pytest.raises(Refused, match="There is no e-mail address of this reference"):
        actions.send(ask, by=mia)
    assert (fresh(ask).status, Touch.objects.count()) == (A.APPROVED, 0)


def test_enough_yeses_end_the_others_and_those_asked_are_told() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    first, second = actions.propose(found, [make_rae(), make_rae("Ria Second", company="Second Bank")], by=mia)
    for ask in (first, second):
        actions.approve(ask, by=ana)
        actions.send(ask, by=mia)
    actions.accept(first, by=first.reference.contact)
    assert (fresh(second).status, slot_of(second).state) == (A.CANCELED, "released")
    assert mails("no_longer") == ["contact"]


def test_two_wanted_are_fulfilled_one_by_one() -> None:
    found = make_request(n_wanted=2)
    statuses = []
    for name in ("Rae Reference", "Ria Second"):
        ask = make_ask("held", reference_request=found, reference=make_rae(name, company=f"{name} Bank"))
        statuses.append(fresh(ask).reference_request.status)
    assert statuses == [R.PARTLY_FULFILLED, R.FULFILLED]
    assert Use.objects.count() == 2


def test_a_decline_frees_the_slot_and_keeps_the_colleague_suggested() -> None:
    ask = make_ask("sent")
    actions.decline(ask, by=ask.reference.contact, reason="No time", colleague_suggested="Bo, my deputy")
    row = fresh(ask)
    assert (row.status, row.colleague_suggested, slot_of(ask).state) == (A.DECLINED, "Bo, my deputy", "released")


def test_a_time_that_is_past_is_not_offered() -> None:
    ask = make_ask("sent")
    with pytest.raises(Refused, match="A time you offered is past"):
        actions.accept(ask, by=ask.reference.contact, times=[NOW - timedelta(hours=1)])


def test_a_reservation_expires_after_three_working_days(clock: time_machine.Traveller) -> None:
    ask = make_ask("approved")
    assert actions.expire_reservations(NOW + timedelta(days=2)) == 0
    assert actions.expire_reservations(NOW + timedelta(days=3)) == 1
    assert (fresh(ask).status, slot_of(ask).state) == (A.EXPIRED, "released")


def test_a_lapsed_ask_is_accepted_by_its_link_and_takes_a_new_slot(clock: time_machine.Traveller) -> None:
    ask = make_ask("sent")
    first = slot_of(ask)
    clock.move_to(NOW + timedelta(days=8))
    assert actions.lapse_asks(NOW + timedelta(days=8)) == 1
    assert (fresh(ask).status, slot_of(ask).state) == (A.LAPSED, "released")
    actions.accept(fresh(ask), by=ask.reference.contact)
    assert (fresh(ask).status, slot_of(ask).state) == (A.ACCEPTED, "reserved")
    assert slot_of(ask) != first


def test_fixing_a_time_sends_one_event_in_each_sides_zone() -> None:
    sam, _, _ = make_cast()
    sam.time_zone = "America/Los_Angeles"
    sam.save(update_fields=["time_zone"])
    ask = make_ask("accepted")
    ask.reference.contact.person.time_zone = "Pacific/Auckland"
    ask.reference.contact.person.save(update_fields=["time_zone"])
    at = datetime(2026, 4, 6, 1, 30, tzinfo=UTC)  # the day after New Zealand's clocks went back
    actions.schedule(ask, by=sam, starts_at=at, attendee="Pia Prospect", attendee_email="pia@prospect.example")
    files = {m.recipient_kind: meeting_mail.fixed(m, NOW).files[0] for m in Message.objects.filter(kind="fixed")}
    events: dict[str, Any] = {kind: Calendar.from_ical(file.content).events[0] for kind, file in files.items()}
    assert {event["dtstart"].dt for event in events.values()} == {at}
    assert len({str(event["uid"]) for event in events.values()}) == 1
    assert {kind: event["dtstart"].params["TZID"] for kind, event in events.items() if "TZID" in event["dtstart"].params} == {
        "contact": "Pacific/Auckland",
        "colleague": "America/Los_Angeles",
    }
    assert b"METHOD:REQUEST" in files["attendee"].content


def test_moving_a_time_updates_the_same_event() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled")
    uid = fresh(ask).occasion.public_id  # type: ignore[union-attr]
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=5))
    occasion = fresh(ask).occasion
    assert occasion is not None
    assert (occasion.public_id, occasion.sequence, slot_of(ask).day) == (uid, 1, date(2026, 3, 15))
    older = Message.objects.filter(kind="fixed", recipient_kind="contact").earliest("pk")
    assert meeting_mail.why_not_fixed(older, NOW) == Unsent("moved")


def test_a_day_that_a_rule_bars_leaves_the_old_one_standing() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled", reference=make_rae(limit=1))
    make_engagement(ask.reference, date(2026, 4, 20))
    with pytest.raises(Refused, match="cannot be asked"):
        actions.schedule(ask, by=sam, starts_at=datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert slot_of(ask).day == date(2026, 3, 13)


def test_a_time_in_the_past_is_refused() -> None:
    sam, _, _ = make_cast()
    with pytest.raises(Refused, match="That time is past"):
        actions.schedule(make_ask("accepted"), by=sam, starts_at=NOW - timedelta(minutes=1))


def test_a_time_that_has_come_is_not_told_any_more(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    told = Message.objects.filter(kind__in=["fixed", "reminder"]).order_by("pk")
    occasion = fresh(ask).occasion
    assert occasion is not None
    clock.move_to(occasion.starts_at - timedelta(minutes=1))
    assert {meeting_mail.why_not_fixed(each, timezone.now()) for each in told} == {None}
    clock.move_to(occasion.starts_at)
    judged = [(each.kind, meeting_mail.why_not_fixed(each, timezone.now())) for each in told]
    assert judged == [(kind, Unsent("past")) for kind in ("fixed", "fixed", "reminder", "reminder")]


def test_canceling_a_fixed_time_takes_it_out_of_calendars() -> None:
    _, _, mia = make_cast()
    ask = make_ask("scheduled")
    actions.cancel(ask, by=mia, reason="They chose somebody else")
    message = Message.objects.get(kind="unfixed", recipient_kind="contact")
    file = meeting_mail.unfixed(message, NOW).files[0]
    assert b"METHOD:CANCEL" in file.content
    assert Calendar.from_ical(file.content).events[0]["sequence"] == message.pk


@pytest.mark.parametrize(("by", "counts"), [("prospect", True), ("reference", False), ("us", False)])
def test_a_missed_call_counts_only_when_the_prospect_missed_it(*, by: str, counts: bool) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("introduced")
    actions.miss(ask, by=sam, missed_by=by)
    assert Engagement.objects.counting(date(2026, 1, 1), date(2026, 12, 31), NOW.date()).exists() is counts
    assert fresh(ask).reference_request.status == R.ASKING


def test_it_is_not_held_before_its_time() -> None:
    sam, _, _ = make_cast()
    with pytest.raises(Refused, match="has not come yet"):
        actions.hold(make_ask("scheduled"), by=sam)


def test_the_grade_is_that_of_the_requester_and_given_once() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("held")
    actions.give_debrief(ask, by=sam, grade=4)
    actions.give_debrief(ask, by=sam, grade=1, words="Very clear", hours=Decimal("0.5"))
    actions.give_debrief(ask, by=ask.reference.contact, grade=2)
    debrief = ask.debriefs.get(side="requester")
    assert (debrief.grade, debrief.words, slot_of(ask).grade) == (4, "Very clear", Decimal("4.00"))


def test_nobody_else_debriefs() -> None:
    _, ana, _ = make_cast()
    with pytest.raises(Refused, match="Only the requester and the reference"):
        actions.give_debrief(make_ask("held"), by=ana, grade=5)


def test_withdrawing_ends_the_open_asks_and_tells_who_was_told() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    actions.withdraw(ask.reference_request, by=sam)
    assert (fresh(ask).status, slot_of(ask).state, mails("no_longer")) == (A.CANCELED, "released", ["contact"])


def test_reopening_after_content_keeps_the_first_clock() -> None:
    sam, _, mia = make_cast()
    found = make_request()
    story = Story.objects.create(account=make_rae().account, headline="From Corvid to Atlas")
    actions.answer_with_content(found, by=mia, stories=[story])
    again = actions.reopen(found, by=sam)
    assert (again.status, again.submitted_at) == (R.SUBMITTED, NOW)


def test_content_is_not_offered_while_somebody_is_asked() -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    story = Story.objects.create(account=ask.reference.account, headline="From Corvid to Atlas")
    with pytest.raises(Refused, match="Somebody is being asked already"):
        actions.answer_with_content(ask.reference_request, by=mia, stories=[story])


def test_whether_it_happened_is_asked_once(clock: time_machine.Traveller) -> None:
    make_ask("scheduled")
    later = NOW + timedelta(days=3, hours=1)
    assert [actions.ask_whether_it_happened(each) for each in (NOW, later, later)] == [0, 1, 0]
    assert mails("did_it_happen") == ["colleague"]


def test_both_sides_of_an_introduction_are_asked() -> None:
    make_ask("introduced")
    assert actions.ask_whether_it_happened(NOW + timedelta(days=7)) == 1
    assert sorted(mails("did_it_happen")) == ["colleague", "contact"]


def test_history_holds_no_names() -> None:
    make_ask("held")
    written = " ".join(str(facts) for facts in Event.objects.values_list("facts", flat=True))
    assert "Rae" not in written


def test_what_people_write_stands_beside_history_and_not_in_it() -> None:
    sam, _, mia = make_cast()
    row = make_request()
    actions.ask_info(row, by=mia, question="Which product?")
    actions.give_info(row, by=sam, answer="Atlas")
    ask = make_ask("sent", reference_request=row)
    actions.accept(ask, by=ask.reference.contact, note="Tuesdays suit me")
    assert [event.said for event in Event.objects.filter(words__isnull=False).order_by("pk")] == [
        "Which product?",
        "Atlas",
        "Tuesdays suit me",
    ]
    written = [value for facts in Event.objects.values_list("facts", flat=True) for value in facts.values()]
    assert not [value for value in written if isinstance(value, str) and " " in value]


def test_nobody_is_introduced_who_has_withdrawn_since() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("accepted")
    record_consent(ask.reference.contact, kind=Consent.Kind.WITHDRAWN, by=mia.actor)
    with pytest.raises(Refused, match="withdrew their consent"):
        actions.introduce(ask, by=sam)
    assert fresh(ask).status == A.ACCEPTED
    assert mails("introduction") == []


def test_content_is_a_story_in_use_that_manager_and_requester_may_see() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    shown, hidden = make_account("Ostvik Bank", owner=ana), make_account("Hushed Bank", owner=ana)
    Account.objects.filter(pk=hidden.pk).update(is_hidden=True)
    rows = {account: Story.objects.create(account=account, headline=f"At {account}") for account in (shown, hidden)}
    retired = Story.objects.create(account=shown, headline="Of old", retired_at=NOW)
    for story, sentence in ((rows[hidden], "Sam Seller may not see one of these stories."), (retired, "“Of old” is retired.")):
        with pytest.raises(Refused, match=sentence):
            actions.answer_with_content(found, by=mia, stories=[rows[shown], story])
    assert list(dialogs(request_page(found, mia), mia)["stories"]) == [rows[shown]]  # type: ignore[call-overload]
    assert actions.answer_with_content(found, by=mia, stories=[rows[shown]]).status == R.ANSWERED_WITH_CONTENT
