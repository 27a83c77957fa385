"""What a reference says beyond yes and no, and the time the other side picks."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.deals.builders import make_deal
from firsthand.deals.models import Opportunity
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.references.builders import make_engagement
from firsthand.references.models import Disclosure, Hold
from firsthand.requests import actions, meeting_mail, news_mail
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, Attendee, OfferedTime, ReferenceRequest
from firsthand.requests.recording import RecordAnswerForm
from firsthand.requests.times import offered_times
from firsthand.testing.clock import NOW
from firsthand.testing.pages import without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status


def fresh(ask: Ask) -> Ask:
    return Ask.objects.select_related("occasion", "engagement").get(pk=ask.pk)


def opened(message: Message, **headers: str) -> tuple[Client, str]:
    """A browser that came through the message's link, and its page."""
    client = Client(headers=headers)
    link = Link.objects.get(pk=message.facts["link"])
    return client, client.get(address(link).removeprefix("http://127.0.0.1:8000"))["Location"]


def rae_page(ask: Ask, kind: str = "ask", **headers: str) -> tuple[Client, str]:
    return opened(Message.objects.filter(kind=kind, recipient_kind="contact", subject_id=ask.pk).latest("pk"), **headers)


def with_times(*days: int) -> Ask:
    """An accepted ask with times offered, as many days ahead."""
    ask = make_ask("accepted")
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=day) for day in days])
    return fresh(ask)


def invited(ask: Ask) -> Attendee:
    return actions.let_pick(ask, by=make_cast()[0], name="Pia Prospect", email="Pia@Prospect.example")


def test_accepting_is_one_tap_without_a_field() -> None:
    ask = make_ask("sent")
    client, page = rae_page(ask)
    before = client.get(page).content.decode()
    assert before.count('type="datetime-local"') == 0
    client.post(page, {"act": "accept", "seen": "sent"})
    after = client.get(page).content.decode()
    assert (fresh(ask).status, after.count('type="datetime-local"')) == (A.ACCEPTED, 3)


def test_times_are_read_in_the_zone_that_was_chosen_and_shown_with_it() -> None:
    ask = make_ask("accepted")
    client, page = rae_page(ask, kind="ask")
    client.post(page, {"act": "offer", "seen": "accepted", "zone": "Asia/Kolkata", "time_1": "2026-03-13T15:30"})
    assert OfferedTime.objects.get().starts_at == datetime(2026, 3, 13, 10, tzinfo=UTC)
    assert "Fri 13 Mar 2026, 15:30 (Asia/Kolkata)" in client.get(page).content.decode()
    ask.reference.contact.person.refresh_from_db()
    assert ask.reference.contact.person.time_zone == "Asia/Kolkata"


def test_the_zone_of_a_country_with_one_is_chosen_already() -> None:
    client, page = rae_page(make_ask("accepted"), accept_language="nb-NO,nb;q=0.9")
    assert '<option value="Europe/Oslo" selected>' in client.get(page).content.decode()


def test_at_most_eight_times_stand() -> None:
    ask = with_times(1, 2, 3, 4, 5, 6)
    with pytest.raises(Refused, match="Offer at most 8 times"):
        actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=day) for day in (7, 8, 9)])
    assert OfferedTime.objects.count() == 6


def test_the_request_says_who_picks_the_time(client: Client) -> None:
    ask = with_times(1, 2)
    client.force_login(make_cast()[0])
    address = f"/requests/{ask.reference_request_id}/"
    assert "They said yes and offered 2 times." in client.get(address).content.decode()
    invited(ask)
    page = client.get(address).content.decode()
    assert "Pia Prospect picks a time with" in page
    assert "They have had the link for 1 min. You can fix the time yourself too." in page


def test_a_time_taken_back_is_gone_once() -> None:
    ask = with_times(1, 2)
    first = ask.offered_times.all()[0]
    for _ in range(2):
        actions.withdraw_time(ask, first.pk, by=ask.reference.contact)
    assert OfferedTime.objects.count() == 1
    assert Event.objects.filter(verb="withdraw_time").count() == 1


def test_a_time_that_is_fixed_is_not_taken_back() -> None:
    ask = with_times(1, 2)
    first, second = ask.offered_times.all()
    actions.schedule(ask, by=make_cast()[2], starts_at=first.starts_at)
    with pytest.raises(Refused, match="That time is fixed already, so it cannot be taken back"):
        actions.withdraw_time(ask, first.pk, by=ask.reference.contact)
    actions.withdraw_time(ask, second.pk, by=ask.reference.contact)
    assert list(ask.offered_times.values_list("pk", flat=True)) == [first.pk]


def test_accepting_with_an_introduction_introduces_both() -> None:
    ask = make_ask("sent")
    client, page = rae_page(ask)
    client.post(page, {"act": "accept_introduction", "seen": "sent"})
    assert fresh(ask).status == A.INTRODUCED
    assert sorted(Message.objects.filter(kind="introduction").values_list("recipient_kind", flat=True)) == ["colleague", "contact"]


def test_an_introduction_accepted_after_the_yes_was_recorded_is_made() -> None:
    ask = make_ask("sent")
    client, page = rae_page(ask)
    actions.record_answer(ask, by=make_cast()[1], accepted=True, channel="phone", day=NOW.date())
    client.post(page, {"act": "accept_introduction", "seen": "sent"})
    assert (fresh(ask).status, Message.objects.filter(kind="introduction").count()) == (A.INTRODUCED, 2)


@pytest.mark.parametrize("end", ["called off", "canceled", "withdrawn"])
def test_whoever_had_a_link_to_pick_hears_that_it_is_off(end: str) -> None:
    sam, _, mia = make_cast()
    ask = with_times(1, 2)
    pia = invited(ask)
    Message.objects.filter(kind="pick_time").update(state="sent")
    if end == "called off":
        actions.call_off(ask, by=ask.reference.contact)
    elif end == "canceled":
        actions.cancel(ask, by=mia, reason="Not needed any more")
    else:
        actions.withdraw(ask.reference_request, by=sam)
    mail = Message.objects.get(kind="pick_off")
    assert (mail.recipient_kind, mail.recipient_id, meeting_mail.why_not_pick_off(mail, NOW)) == ("attendee", pia.pk, None)
    assert meeting_mail.pick_off(mail, NOW).subject == "No time to pick any more: Reference call with Rae Reference, Ostvik Bank"
    Message.objects.filter(kind="pick_time").update(state="dropped")
    assert meeting_mail.why_not_pick_off(mail, NOW) == Unsent("never_told")


def test_whoever_no_time_suits_says_so_and_nothing_else_changes() -> None:
    sam, _, _ = make_cast()
    ask = with_times(1, 2)
    invited(ask)
    before = Message.objects.count()
    client, page = opened(Message.objects.get(kind="pick_time"))
    assert "None of these suits" in client.get(page).content.decode()
    for _ in range(2):
        assert client.post(page, {"act": "cannot", "words": "Rather in the week after."}).status_code == 302
    assert (Message.objects.count(), fresh(ask).status, ask.offered_times.count()) == (before + 2, A.ACCEPTED, 2)
    mail = Message.objects.filter(kind="news", channel="mail").latest("pk")
    told = " ".join(news_mail.news(mail, NOW).text().split())
    assert (mail.recipient_id, "The prospect said that none of the times of Rae Reference suits." in told) == (sam.pk, True)
    assert ("Pia Prospect: Rather in the week after." in told, "None of the times offered suits Pia Prospect." in told) == (True, True)
    assert "You told Sam Seller" in client.get(page).content.decode()
    assert client.post(page, {"act": "cannot", "words": "x" * 301}).status_code == 400


def test_whoever_cannot_come_to_a_fixed_time_says_so_while_it_is_ahead(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    ask = with_times(1, 2)
    pia = invited(ask)
    actions.pick_time(ask, ask.offered_times.all()[0].pk, by=pia)
    client, page = opened(Message.objects.get(kind="pick_time"))
    assert "I cannot come" in client.get(page).content.decode()
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=NOW)
    client.post(page, {"act": "cannot", "words": ""})
    mail = Message.objects.filter(kind="news", channel="mail").latest("pk")
    assert (mail.recipient_id, fresh(ask).status) == (mia.pk, A.SCHEDULED)
    assert "The prospect cannot come to the time with Rae Reference." in " ".join(news_mail.news(mail, NOW).text().split())
    clock.shift(timedelta(days=2))
    with pytest.raises(Refused, match="You are expected at nothing here"):
        actions.say_cannot(ask, by=pia)
    actions.take_off(ask, pia, by=mia)
    with pytest.raises(Refused, match="This link is for another meeting"):
        actions.say_cannot(ask, by=pia)


def test_whoever_was_to_pick_reads_that_the_two_find_a_time_themselves() -> None:
    ask = with_times(1, 2)
    invited(ask)
    client, page = opened(Message.objects.get(kind="pick_time"))
    actions.ask_introduction(ask, by=ask.reference.contact)
    shown = client.get(page).content.decode()
    assert "Sam Seller was introduced to Rae Reference, Ostvik Bank and arranges it with them directly." in shown


def test_who_accepted_plainly_may_still_ask_to_be_introduced() -> None:
    ask = make_ask("accepted")
    client, page = rae_page(ask)
    assert "Introduce us by mail" in client.get(page).content.decode()
    for _ in range(2):
        assert client.post(page, {"act": "introduce", "seen": "accepted"}).status_code == 302
    assert (fresh(ask).status, Message.objects.filter(kind="introduction").count()) == (A.INTRODUCED, 2)
    assert Event.objects.get(verb="introduce").actor_kind == "contact"
    with pytest.raises(Refused, match="belongs to somebody else"):
        actions.ask_introduction(ask, by=make_rae("Ria Second", company="Second Bank").contact)
    scheduled = make_ask("scheduled", reference=make_rae("Rob Third", company="Third Bank"), reference_request=make_request())
    with pytest.raises(Refused):
        actions.ask_introduction(scheduled, by=scheduled.reference.contact)


def test_who_was_introduced_may_still_offer_times() -> None:
    ask = make_ask("introduced")
    client, page = rae_page(ask)
    assert "Rather offer times" in client.get(page).content.decode()
    client.post(page, {"act": "offer", "seen": "introduced", "zone": "Europe/Oslo", "time_1": "2026-03-17T14:00"})
    assert [words for _, words in offered_times(fresh(ask), make_cast()[0])] == ["Tue 17 Mar, 13:00"]
    actions.schedule(ask, by=make_cast()[0], starts_at=ask.offered_times.get().starts_at)
    assert fresh(ask).status == A.SCHEDULED


def test_what_they_said_with_a_day_is_kept_whole() -> None:
    most = RecordAnswerForm(yes=(), items=[], has_times=False).fields["words"].max_length  # type: ignore[attr-defined]
    ask, words = make_ask("sent"), "x" * most
    actions.record_answer(ask, by=make_cast()[1], accepted=False, channel="By phone", day=NOW.date(), words=words, until=date(2026, 9, 30))
    assert Ask.objects.get(pk=ask.pk).declined_reason == f"Not before 30 Sep 2026: {words}"


def test_not_now_declines_and_pauses_until_the_day() -> None:
    ask = make_ask("sent")
    client, page = rae_page(ask)
    client.post(page, {"act": "not_now", "until": "2026-05-04", "reason": "Year end", "seen": "sent"})
    hold = Hold.objects.get()
    assert (fresh(ask).status, fresh(ask).declined_reason) == (A.DECLINED, "Not before 4 May 2026: Year end")
    assert (hold.kind, hold.until, hold.reference, hold.set_by) == (Hold.Kind.OWN, date(2026, 5, 3), ask.reference, None)


@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-09", "2199-01-01"])
def test_a_day_that_is_no_day_to_wait_for_changes_nothing(day: str) -> None:
    ask = make_ask("sent")
    client, page = rae_page(ask)
    assert client.post(page, {"act": "not_now", "until": day, "seen": "sent"}).status_code == 400
    assert (fresh(ask).status, Hold.objects.count()) == (A.SENT, 0)


def test_a_colleague_who_fits_better_is_kept_for_the_manager() -> None:
    ask = make_ask("sent")
    client, page = rae_page(ask)
    client.post(page, {"act": "colleague", "colleague": "Bo Berg", "why": "runs the close", "seen": "sent"})
    assert (fresh(ask).status, fresh(ask).colleague_suggested) == (A.DECLINED, "Bo Berg: runs the close")
    _, _, mia = make_cast()
    manager = Client()
    manager.force_login(mia)
    assert "Bo Berg: runs the close" in manager.get(f"/asks/{ask.pk}/").content.decode()


def read_by(name: str, ask: Ask) -> tuple[str, str]:
    """The request's page and the mails of news of that colleague."""
    colleague = Colleague.objects.get(name__startswith=name)
    client = Client()
    client.force_login(colleague)
    news = Message.objects.filter(kind="news", channel="mail", recipient_kind="colleague", recipient_id=colleague.pk)
    letters = [news_mail.news(each, NOW).parts for each in news]
    return client.get(f"/requests/{ask.reference_request_id}/").content.decode(), str(letters)


@pytest.mark.parametrize(("name", "is_close"), [("Sam", False), ("Mia", True)])
def test_whom_they_suggest_stands_in_the_managers_mail_and_timeline(name: str, *, is_close: bool) -> None:
    ask = make_ask("sent")
    actions.decline(ask, by=ask.reference.contact, reason="No time.", colleague_suggested="Bo Berg: runs the close")
    page, mail = read_by(name, ask)
    assert (page.count("No time. Better ask Bo Berg: runs the close"), "No time. Better ask Bo Berg: runs the close" in mail) == (
        2 * is_close, is_close,
    )  # fmt: skip
    assert ("Bo Berg" in page + mail, "declined" in mail) == (is_close, True)


@pytest.mark.parametrize(("name", "is_close"), [("Sam", False), ("Mia", True)])
def test_why_they_call_it_off_is_read_by_the_owners_side_and_the_program_alone(name: str, *, is_close: bool) -> None:
    ask = make_ask("scheduled")
    actions.call_off(ask, by=ask.reference.contact, reason="I cannot talk to Fennmark after all")
    page, mail = read_by(name, ask)
    assert ["The reference cannot after all" in each for each in (page, mail)] == [True, True]
    assert ["I cannot talk to Fennmark" in each for each in (page, mail)] == [is_close, is_close]


def test_a_reference_calls_a_fixed_time_off_and_everybody_hears() -> None:
    ask = make_ask("scheduled")
    client, page = rae_page(ask, kind="fixed")
    client.post(page, {"act": "call_off", "reason": "I am ill", "seen": "scheduled"})
    row = fresh(ask)
    assert (row.status, row.canceled_reason, row.declined_reason, row.engagement and row.engagement.state) == (
        A.CANCELED, "The reference cannot after all.", "I am ill", "released",
    )  # fmt: skip
    assert sorted(Message.objects.filter(kind="unfixed").values_list("recipient_kind", flat=True)) == ["colleague", "contact"]


def test_who_calls_it_off_is_not_told_that_it_is_not_needed() -> None:
    ask = make_ask("accepted")
    actions.call_off(ask, by=ask.reference.contact, reason="I am ill")
    assert fresh(ask).status == A.CANCELED
    assert not Message.objects.filter(kind="no_longer").exists()


def test_a_late_no_after_the_end_is_kept_with_its_pause() -> None:
    wanted = make_request()
    ask = make_ask("sent", reference_request=wanted)
    actions.lapse_asks(NOW + timedelta(days=30))
    make_ask("held", reference_request=wanted, reference=make_rae("Ria Second", company="Second Bank"))
    assert ReferenceRequest.objects.get().status == "fulfilled"
    actions.not_now(ask, by=ask.reference.contact, until=date(2026, 5, 4))
    assert (fresh(ask).status, Hold.objects.get().until) == (A.DECLINED, date(2026, 5, 3))
    assert ReferenceRequest.objects.get().status == "fulfilled"


def test_nobody_else_speaks_for_the_reference() -> None:
    ask = with_times(1)
    ria = make_rae("Ria Second", company="Second Bank")
    with pytest.raises(Refused, match="belongs to somebody else"):
        actions.offer_times(ask, by=ria.contact, times=[])
    with pytest.raises(Refused, match="belongs to somebody else"):
        actions.withdraw_time(ask, 1, by=ria.contact)
    with pytest.raises(Refused, match="belongs to somebody else"):
        actions.call_off(ask, by=ria.contact)
    with pytest.raises(Refused, match="belongs to somebody else"):
        actions.say_outcome(ask, by=ria.contact, says="held")


@pytest.mark.parametrize(
    "posted",
    [{}, {"act": "x"}, {"act": "offer", "zone": "Mars/Base"}, {"act": "offer", "time_1": "soon"}, {"act": "take_back", "offered": "x"}],
)
def test_nonsense_is_answered_with_a_sentence_and_changes_nothing(posted: dict[str, str]) -> None:
    client, page = rae_page(make_ask("accepted"))
    before = Event.objects.count()
    assert client.post(page, posted).status_code == 400
    assert (Event.objects.count(), OfferedTime.objects.count()) == (before, 0)


def test_the_prospect_gets_a_link_once_the_seller_releases_the_times() -> None:
    ask = with_times(1, 3)
    assert not Attendee.objects.exists()
    pia = invited(ask)
    assert (pia.name, pia.email) == ("Pia Prospect", "pia@prospect.example")
    with pytest.raises(Refused, match="The link is on its way to Pia Prospect already"):
        invited(ask)
    told = meeting_mail.pick_time(Message.objects.get(kind="pick_time"), NOW)
    assert told.subject == "Pick a time: Reference call with Rae Reference, Ostvik Bank"


def test_the_prospect_picks_a_time_in_their_own_zone_and_brings_people() -> None:
    ask = with_times(1, 3)
    invited(ask)
    client, page = opened(Message.objects.get(kind="pick_time"))
    client.post(page, {"act": "zone", "zone": "America/Los_Angeles"})
    assert "Fri 13 Mar 2026, 02:00 (America/Los_Angeles)" in client.get(page).content.decode()
    chosen = ask.offered_times.last()
    assert chosen is not None
    posted = {"offered": chosen.pk, "zone": "America/Los_Angeles", "name_1": "Per Partner", "email_1": "per@prospect.example"}
    for _ in range(2):
        assert client.post(page, posted).status_code == 302
    row = fresh(ask)
    assert row.occasion is not None
    assert (row.status, row.occasion.starts_at, row.occasion.sequence) == (A.SCHEDULED, chosen.starts_at, 0)
    people = list(Attendee.objects.order_by("pk").values_list("name", "time_zone", "invited_by__name"))
    assert people == [("Pia Prospect", "America/Los_Angeles", None), ("Per Partner", "America/Los_Angeles", "Pia Prospect")]
    files = Message.objects.filter(kind="fixed").order_by("pk").values_list("recipient_kind", flat=True)
    assert list(files) == ["contact", "colleague", "attendee", "attendee"]
    assert Event.objects.filter(verb="schedule").get().actor_kind == "prospect"
    assert "It is fixed, Pia Prospect" in client.get(page).content.decode()


def brief_of(attendee: Attendee) -> Message:
    return Message.objects.get(kind="reminder", recipient_kind="attendee", recipient_id=attendee.pk)


def test_a_brief_still_to_come_keeps_to_its_hour_where_the_guest_says_they_are(clock: time_machine.Traveller) -> None:
    ask = with_times(3)
    pia = invited(ask)
    chosen = ask.offered_times.get()  # Friday at nine by UTC
    actions.pick_time(ask, chosen.pk, by=pia, time_zone="Europe/Oslo")
    assert brief_of(pia).due_at == datetime(2026, 3, 12, 8, tzinfo=UTC)
    actions.choose_zone(pia, "America/Los_Angeles")  # Friday at two in the morning
    assert brief_of(pia).due_at == datetime(2026, 3, 12, 16, tzinfo=UTC)
    clock.move_to(datetime(2026, 3, 12, 3, tzinfo=UTC))
    actions.choose_zone(pia, "Pacific/Auckland")  # nine o'clock of that Thursday was there yesterday
    assert brief_of(pia).due_at == datetime(2026, 3, 12, 16, tzinfo=UTC)
    Message.objects.filter(kind="reminder").update(state="sent")
    actions.choose_zone(pia, "Europe/Oslo")
    assert brief_of(pia).due_at == datetime(2026, 3, 12, 16, tzinfo=UTC)


def test_a_time_the_reference_just_took_back_is_refused_plainly() -> None:
    ask = with_times(1, 3)
    invited(ask)
    client, page = opened(Message.objects.get(kind="pick_time"))
    chosen = ask.offered_times.all()[0]
    actions.withdraw_time(ask, chosen.pk, by=ask.reference.contact)
    answer = client.post(page, {"offered": chosen.pk, "zone": "UTC"})
    assert answer.status_code == 409
    assert "That time was taken back a moment ago, so nothing was fixed. Choose another one." in answer.content.decode()
    assert fresh(ask).status == A.ACCEPTED


def test_a_time_of_another_ask_is_not_there() -> None:
    ask, other = with_times(1), make_ask("accepted", reference=make_rae("Ria Second", company="Second Bank"))
    actions.offer_times(other, by=other.reference.contact, times=[NOW + timedelta(days=2)])
    invited(ask)
    client, page = opened(Message.objects.get(kind="pick_time"))
    foreign = other.offered_times.get()
    assert client.post(page, {"offered": foreign.pk}).status_code == 409


def test_what_bars_the_reference_is_not_told_to_the_prospect() -> None:
    ask = with_times(1)
    pia = invited(ask)
    make = Hold.objects.create
    make(reference=ask.reference, kind=Hold.Kind.LEGAL, starts_on=NOW.date(), reason="A lawsuit with Ostvik")
    with pytest.raises(Refused, match="This time cannot be fixed any more") as refused:
        actions.pick_time(ask, ask.offered_times.get().pk, by=pia)
    assert "lawsuit" not in str(refused.value)
    assert "Rae" not in str(refused.value)


def test_a_time_whose_day_a_rule_bars_is_not_shown_to_the_prospect() -> None:
    ask = make_ask("accepted", reference=make_rae(limit=1))
    day_in_april = datetime(2026, 4, 6, 9, tzinfo=UTC)
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=2), day_in_april])
    make_engagement(ask.reference, date(2026, 4, 20))
    invited(ask)
    client, page = opened(Message.objects.get(kind="pick_time"))
    shown = client.get(page).content.decode()
    assert ("Thu 12 Mar 2026" in shown, "Mon 6 Apr 2026" in shown) == (True, False)


def test_the_page_and_the_mail_name_the_reference_as_far_as_disclosure_goes() -> None:
    ask = with_times(1)
    invited(ask)
    client, page = opened(Message.objects.get(kind="pick_time"))
    assert "Rae Reference, Ostvik Bank" in without_tokens(client.get(page).content.decode())
    ask.reference.reference_account.disclosure = Disclosure.ANONYMOUS
    ask.reference.reference_account.save(update_fields=["disclosure"])
    shown = without_tokens(client.get(page).content.decode() + meeting_mail.pick_time(Message.objects.get(kind="pick_time"), NOW).text())
    assert "Rae" not in shown
    assert "Ostvik" not in shown


def test_only_so_many_of_the_other_side_take_part() -> None:
    ask = with_times(1)
    pia = invited(ask)
    people = [(f"P{n}", f"p{n}@prospect.example") for n in range(8)]
    with pytest.raises(Refused, match="At most 8 people"):
        actions.pick_time(ask, ask.offered_times.get().pk, by=pia, people=people)
    assert (fresh(ask).status, Attendee.objects.count()) == (A.ACCEPTED, 1)


def test_times_are_not_released_before_the_yes() -> None:
    with pytest.raises(Refused, match="Times are released while a time is to be fixed"):
        invited(make_ask("sent"))


def test_a_time_on_a_day_within_their_own_pause_is_refused_and_nothing_is_kept() -> None:
    ask = make_ask("accepted")
    pause(ask, Hold.Kind.OWN)
    with pytest.raises(Refused) as refusal:
        actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=3), NOW + timedelta(days=30)])
    sentence = "13 Mar 2026 is within your own pause. Choose a day after it, or end the pause on your page first."
    assert (refusal.value.sentence, refusal.value.status) == (sentence, 400)
    assert not OfferedTime.objects.exists()
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=30)])
    assert OfferedTime.objects.count() == 1


def test_what_keeps_a_day_from_them_is_told_to_colleagues_and_not_to_the_reference() -> None:
    ask = make_ask("sent")
    pause(ask, Hold.Kind.OWNER)
    contact, (_, ana, _) = ask.reference.contact, make_cast()
    with pytest.raises(Refused) as refusal:
        actions.record_answer(ask, by=ana, accepted=True, channel="by phone", day=NOW.date(), times=[NOW + timedelta(days=4)])
    assert refusal.value.sentence == (
        "14 Mar 2026: Rae Reference cannot be asked: their account owner keeps them back until 15 Mar 2026 (a rest). "
        "Free again 16 Mar 2026."
    )
    with pytest.raises(Refused, match=r"^No time can be fixed with you on 14 Mar 2026\. Choose another day, or write to us\.$"):
        actions.accept(ask, by=contact, times=[NOW + timedelta(days=4)])
    assert fresh(ask).status == A.SENT


def test_a_time_after_the_day_it_is_needed_by_says_so_to_both_sides() -> None:
    ask = make_ask("accepted")
    client, page = rae_page(ask)
    posted = {"act": "offer", "seen": "accepted", "zone": "UTC", "time_1": "2026-03-24T10:00"}
    answer = client.post(page, posted, follow=True)
    words = "Saved, though they need it by 20 Mar 2026: a later time may be too late for them."
    assert words in answer.content.decode()
    assert [each for _, each in offered_times(ask, make_cast()[2])] == ["Tue 24 Mar, 10:00, after 20 Mar, the day it is needed by"]


def pause(ask: Ask, kind: str) -> None:
    Hold.objects.create(reference=ask.reference, kind=kind, starts_on=date(2026, 3, 11), until=date(2026, 3, 15), reason="a rest")


def test_a_time_after_the_deal_closes_says_so_to_those_who_see_the_deal() -> None:
    sam, ana, _ = make_cast()
    deal = make_deal(owner=sam)
    Opportunity.objects.filter(pk=deal.pk).update(close_date=(NOW + timedelta(days=2)).date())
    ask = make_ask("accepted")
    ReferenceRequest.objects.update(opportunity=deal)
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=3)])
    assert ["closes" in words for reader in (sam, ana) for _, words in offered_times(fresh(ask), reader)] == [True, False]
