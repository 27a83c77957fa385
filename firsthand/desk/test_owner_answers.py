"""The account owner's answers, by the mailed link and signed in."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.customers.models import Person
from firsthand.desk.test_requests import by_link, signed_in, text_of
from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.program.models import ActivityType
from firsthand.references.actions import record_consent
from firsthand.references.models import Consent, Hold
from firsthand.requests import actions, asking_mail
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.consents import is_confirmed
from firsthand.requests.models import Ask, OfferedTime, ReferenceRequest
from firsthand.requests.moving import seen_as
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def asked_in_person(ask: Ask) -> tuple[Client, str]:
    """Ana's browser after "I'll ask myself" by the link in her mail."""
    client, address = by_link("approval")
    answer = client.post(address, {"answer": "in_person", "expected_grade": "", "seen": "proposed"})
    assert (answer.status_code, Ask.objects.get(pk=ask.pk).status) == (302, "sent")
    return client, address


def test_the_page_asks_for_a_day_only_where_the_answer_needs_one() -> None:
    make_ask()
    client, address = by_link("approval")
    whole = client.get(address).content.decode()
    first_form = whole[whole.index("<form") : whole.index("</form>")]
    assert 'name="expected_grade"' in first_form
    assert 'value="approve"' in first_form
    assert first_form.index('value="approve"') < first_form.index('name="expected_grade"')  # an approval waits for no grade
    assert 'value="in_person"' in first_form
    assert 'name="reason"' not in first_form
    assert 'name="until"' not in first_form


def test_mail_and_page_say_why_it_should_be_this_person_and_what_they_would_ask() -> None:
    row, rae, other = make_request(), make_rae(), make_rae("Ria Second", company="Second Bank")
    facts = {"named_contact": rae.contact, "named_why": "Ran the same close", "questions": "How long?\n\nWhich team? "}
    ReferenceRequest.objects.filter(pk=row.pk).update(**facts)
    row.refresh_from_db()
    actions.propose(row, [rae, other], by=make_cast()[2])
    told = [asking_mail.approval(each, NOW).text() for each in Message.objects.filter(kind="approval", channel="mail").order_by("pk")]
    assert ["Sam Seller asks for them in particular: Ran the same close" in each for each in told] == [True, False]
    assert all("They would like to ask:\n- How long?\n- Which team?" in each for each in told)
    client = Client()
    client.force_login(make_cast()[1])
    shown = [client.get(f"/asks/{each.pk}/approval/").content.decode() for each in Ask.objects.order_by("pk")]
    assert ["Ran the same close" in each for each in shown] == [True, False]
    assert all("How long?<br>Which team?" in each for each in shown)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"answer": "postpone", "reason": "Renewal talks"}, "Choose the first day they may be asked."),
        ({"answer": "postpone", "until": "2026-04-01"}, "Say why, in a few words."),
        (
            {"answer": "postpone", "until": "2026-03-10", "reason": "Talks", "seen": "proposed"},
            "Choose a day after today, at most two years ahead.",
        ),
        ({"answer": "refuse", "reason": "  "}, "Say why, in a few words."),
        ({"answer": "perhaps"}, "Choose one of the four answers."),
        ({}, "Choose one of the four answers."),
        ({"answer": "approve", "expected_grade": "9"}, "Select a valid choice."),
    ],
)
def test_an_incomplete_answer_is_one_sentence_and_changes_nothing(data: dict[str, str], sentence: str) -> None:
    ask = make_ask()
    client, address = by_link("approval")
    answer = client.post(address, {**data, "seen": "proposed"})
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert (Ask.objects.get(pk=ask.pk).status, Hold.objects.count()) == ("proposed", 0)


def test_what_was_typed_stands_in_the_open_fold_after_a_mistake() -> None:
    make_ask()
    client, address = by_link("approval")
    whole = client.post(address, {"answer": "postpone", "reason": "Renewal talks"}).content.decode()
    assert '<details class="fh-fold" id="not-before" open>' in whole
    assert '<details class="fh-fold" id="refusal">' in whole
    assert whole.count("Renewal talks") == 1


def test_not_before_a_day_holds_the_reference_until_the_day_before() -> None:
    ask = make_ask()
    client, address = by_link("approval")
    client.post(address, {"answer": "postpone", "until": "2026-04-01", "reason": "Renewal talks", "seen": "proposed"})
    assert Ask.objects.get(pk=ask.pk).status == "refused"
    assert list(Hold.objects.values_list("until", "note")) == [(date(2026, 3, 31), "Renewal talks")]


def test_asking_in_person_gives_the_text_and_a_mail_already_addressed() -> None:
    ask = make_ask()
    client, address = asked_in_person(ask)
    whole = client.get(address).content.decode()
    assert "You ask Rae Reference yourself" in whole
    assert "Hello Rae, would you talk to a peer? A company" in whole
    assert f'href="mailto:{ask.reference.contact.email}?subject=A%20question%20from%20' in whole
    assert Message.objects.filter(kind="ask").count() == 0


def test_what_they_said_in_person_is_recorded_without_signing_in() -> None:
    _, _, mia = make_cast()
    rae = make_rae()
    record_consent(rae.contact, kind=Consent.Kind.CLAIMED, by=mia.actor)
    ask = make_ask(reference=rae)
    asked_in_person(ask)
    client, address = by_link("ask_in_person")
    facts = {"answer_of": "reference", "answer": "yes", "channel": "over lunch", "day": "2026-03-10", "words": "Gladly", "seen": "sent"}
    assert client.post(address, facts).status_code == 302
    ask.refresh_from_db()
    assert (ask.status, ask.answered_via, is_confirmed(rae)) == ("accepted", "over lunch", True)
    assert Consent.objects.latest("pk").method == "over lunch"
    assert client.post(address, facts).status_code in {403, 409}


def test_a_no_in_person_ends_the_ask_and_gives_no_consent() -> None:
    _, _, mia = make_cast()
    rae = make_rae()
    record_consent(rae.contact, kind=Consent.Kind.CLAIMED, by=mia.actor)
    ask = make_ask(reference=rae)
    client, address = asked_in_person(ask)
    facts = {"answer_of": "reference", "answer": "no", "channel": "by phone", "day": "2026-03-10", "words": "", "seen": "sent"}
    client.post(address, facts)
    ask.refresh_from_db()
    assert (ask.status, is_confirmed(rae)) == ("declined", False)


@pytest.mark.parametrize("wrong", [{"day": "2026-03-11"}, {"channel": ""}, {"answer": ""}])
def test_a_record_without_its_facts_is_refused(wrong: dict[str, str]) -> None:
    ask = make_ask()
    client, address = asked_in_person(ask)
    facts = {"answer_of": "reference", "answer": "yes", "channel": "by phone", "day": "2026-03-10", "seen": "sent", **wrong}
    assert client.post(address, facts).status_code == 400
    assert Ask.objects.get(pk=ask.pk).status == "sent"


def test_the_old_link_of_an_owner_who_was_silent_records_nothing() -> None:
    """The link is theirs, the answer went on to somebody else."""
    _, ana, mia = make_cast()
    ask = make_ask()
    client, address = by_link("approval")
    Ask.objects.filter(pk=ask.pk).update(approver=mia)
    actions.ask_in_person(ask, by=mia)
    assert "You ask Rae" not in text_of(client.get(address))
    assert ana.pk != mia.pk


def test_signed_in_the_owner_lands_on_the_text() -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    client = signed_in(ana)
    answer = client.post(reverse("requests:approval", args=[ask.pk]), {"answer": "in_person", "seen": "proposed"})
    assert answer["Location"] == reverse("requests:ask", args=[ask.pk])
    assert "A text you may use" in text_of(client.get(answer["Location"]))


def test_the_owner_is_told_by_mail_where_the_policy_needs_no_answer() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    make_policy(activities={"reference-call": {"owner_approval": "never"}}, limits={"min_gap_days": 0})
    actions.propose(found, [make_rae()], by=mia)
    message = Message.objects.get(kind="news", channel="mail", recipient_kind="colleague", recipient_id=ana.pk)
    text = outbox.render(message, timezone.now()).text()
    assert "The program goes ahead with asking Rae Reference: the policy needs no answer of the account owner." in text


def test_silence_is_counted_in_the_working_days_of_whoever_is_asked(clock: time_machine.Traveller) -> None:
    """Proposed on Saturday 11:00 in Auckland, which is Friday 22:00 in UTC: Monday begins there a day earlier."""
    _, ana, _ = make_cast()
    ana.time_zone = "Pacific/Auckland"
    ana.save(update_fields=["time_zone"])
    clock.move_to(datetime(2026, 3, 13, 22, tzinfo=UTC))
    ask = make_ask()
    over = datetime(2026, 3, 15, 22, tzinfo=UTC)
    assert actions.due.escalate_approvals(over - timedelta(minutes=1)) == 0
    assert actions.due.escalate_approvals(over) == 1
    assert Ask.objects.get(pk=ask.pk).approver_id != ana.pk


def test_a_refused_answer_gives_back_what_was_typed_and_a_fresh_page_does_not() -> None:
    _, owner, _ = make_cast()
    ask = make_ask("proposed")
    client, address = signed_in(owner), reverse("requests:approval", args=[ask.pk])
    actions.approve(ask, by=owner)
    answer = client.post(address, {"answer": "refuse", "reason": "They move their office.", "seen": "proposed"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "This ask has moved on: it is approved now. Reload to see how it stands." in page
    assert "They move their office." in answer.content.decode()
    fresh = client.get(address)
    assert (fresh.status_code, fresh.headers["Location"]) == (302, reverse("requests:ask", args=[ask.pk]))


def test_who_asked_for_it_records_no_consent_where_the_approver_left() -> None:
    sam, ana, mia = make_cast()
    make_policy(activities={"reference-call": {"routing": "self_service"}})
    ask = make_ask("approved")
    Consent.objects.filter(contact=ask.reference.contact_id).update(recheck_on=NOW.date())
    type(ana).objects.filter(pk=ana.pk).update(deactivated_at=NOW)
    client, address = signed_in(sam), reverse("requests:in_person", args=[ask.pk])
    assert "Let the owner ask in person" not in text_of(client.get(reverse("requests:ask", args=[ask.pk])))
    answer = client.post(address, {"seen": "approved"})
    assert (answer.status_code, "Nobody answers for this customer now. Ask a program manager." in text_of(answer)) == (409, True)
    fresh = Ask.objects.get(pk=ask.pk)
    assert (fresh.status, fresh.approver) == ("approved", ana)
    assert signed_in(mia).post(address, {"seen": "approved"}).status_code == 302
    assert Ask.objects.get(pk=ask.pk).approver == mia


def test_an_approved_ask_of_somebody_unconfirmed_since_goes_back_to_the_owner() -> None:
    _, ana, mia = make_cast()
    ask = make_ask("approved")
    client, address = signed_in(mia), reverse("requests:in_person", args=[ask.pk])
    assert client.post(address, {"seen": "approved"}).status_code == 409  # confirmed: the program can ask
    Consent.objects.filter(contact=ask.reference.contact_id).update(recheck_on=NOW.date())
    page = text_of(client.get(reverse("requests:ask", args=[ask.pk])))
    sentence = "Rae Reference is unconfirmed: the account owner asks in person first and records the answer, which counts as the consent."
    assert [words in page for words in (sentence, "Let the owner ask in person", "Cancel ask")] == [True] * 3
    assert client.post(reverse("requests:sending", args=[ask.pk]), {"seen": "approved"}).status_code == 409
    assert client.post(address, {"seen": "approved"}).status_code == 302
    fresh = Ask.objects.get(pk=ask.pk)
    assert (fresh.status, fresh.door, fresh.approver) == ("sent", "owner", ana)
    assert list(Message.objects.filter(kind="ask_in_person").values_list("recipient_id", flat=True)) == [ana.pk]
    assert not Message.objects.filter(kind="ask").exists()
    actions.record_answer(fresh, by=ana, accepted=True, channel="by phone", day=NOW.date())
    assert (Ask.objects.get(pk=ask.pk).status, is_confirmed(ask.reference)) == ("accepted", True)


@pytest.mark.parametrize(("answer", "words"), [("postpone", "Renewal talks until May"), ("refuse", "They are short of people")])
def test_what_was_typed_behind_the_link_is_kept_when_the_ask_moved_on_meanwhile(answer: str, words: str) -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    client, address = by_link("approval")
    client.get(address)
    actions.approve(ask, by=ana)
    sent = client.post(address, {"answer": answer, "until": "2026-04-01", "reason": words, "seen": "proposed"})
    page = text_of(sent)
    assert sent.status_code == 409
    assert [part in page for part in ("It is answered: approved", "What you wrote", words)] == [True] * 3
    assert (Ask.objects.get(pk=ask.pk).status, Hold.objects.count()) == ("approved", 0)
    assert words not in text_of(client.get(address))


def test_what_a_reference_said_in_person_is_kept_when_it_was_recorded_already() -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    client, address = asked_in_person(ask)
    actions.record_answer(Ask.objects.get(pk=ask.pk), by=ana, accepted=False, channel="by phone", day=NOW.date())
    facts = {"answer_of": "reference", "answer": "yes", "channel": "by mail", "day": "2026-03-10", "words": "Gladly in May", "seen": "sent"}
    sent = client.post(address, facts)
    assert (sent.status_code, Ask.objects.get(pk=ask.pk).status) == (409, "declined")
    assert "Gladly in May" in text_of(sent)


TOLD = {"answer_of": "reference", "channel": "by phone", "day": "2026-03-10", "words": "Gladly", "seen": "sent"}


def asked_through(door: str) -> tuple[Ask, Client, str]:
    """An ask that Ana makes in person, and where she records the answer."""
    ask = make_ask()
    by_mail = asked_in_person(ask)
    signed = signed_in(make_cast()[1]), reverse("requests:ask_answer", args=[ask.pk])
    return ask, *(signed if door == "signed in" else by_mail)


@pytest.mark.parametrize("door", ["signed in", "by link"])
def test_times_told_in_person_are_offered_like_those_told_by_link(door: str) -> None:
    _, _, mia = make_cast()
    ask, client, address = asked_through(door)
    assert "A time that suits them" in text_of(client.get(address if door == "by link" else reverse("requests:ask", args=[ask.pk])))
    times = {"time_1": "2026-03-17T10:00", "time_3": "2026-03-18T09:30", "zone": "Europe/Oslo"}
    refused = client.post(address, {**TOLD, **times, "answer": "no"})
    assert (refused.status_code, "This goes with “They said yes”. Choose that answer" in text_of(refused)) == (400, True)
    past = client.post(address, {**TOLD, **times, "answer": "yes", "time_2": "2026-03-09T10:00"})
    assert (past.status_code, 'value="2026-03-17T10:00"' in past.content.decode()) == (400, True)
    assert "A time you offered is past." in text_of(past)
    assert (Ask.objects.get(pk=ask.pk).status, OfferedTime.objects.count()) == ("sent", 0)
    assert client.post(address, {**TOLD, **times, "answer": "yes"}).status_code == 302
    offered = [datetime(2026, 3, 17, 9, tzinfo=UTC), datetime(2026, 3, 18, 8, 30, tzinfo=UTC)]
    assert (Ask.objects.get(pk=ask.pk).status, list(OfferedTime.objects.values_list("starts_at", flat=True))) == ("accepted", offered)
    assert Person.objects.get(pk=ask.reference.contact.person_id).time_zone == ""  # it is the zone of whoever wrote it down
    assert "Tue 17 Mar, 09:00" in text_of(signed_in(mia).get(reverse("requests:ask", args=[ask.pk])))


@pytest.mark.parametrize("door", ["signed in", "by link"])
def test_introduce_us_told_in_person_introduces_both(door: str) -> None:
    ask, client, address = asked_through(door)
    refused = client.post(address, {**TOLD, "answer": "yes_introduced", "time_1": "2026-03-17T10:00"})
    assert (refused.status_code, Ask.objects.get(pk=ask.pk).status) == (400, "sent")
    assert client.post(address, {**TOLD, "answer": "yes_introduced"}).status_code == 302
    fresh = Ask.objects.get(pk=ask.pk)
    assert (fresh.status, fresh.answered_via) == ("introduced", "by phone")
    written = Message.objects.filter(kind="introduction").order_by("recipient_kind").values_list("recipient_kind", flat=True)
    assert list(written) == ["colleague", "contact"]


def test_what_a_reference_could_not_say_cannot_be_written_down() -> None:
    sam, _, _ = make_cast()
    ask = make_ask()
    client, address = asked_in_person(ask)
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=NOW)
    shown = text_of(client.get(address))
    assert ("They said yes" in shown, "introduce us by mail" in shown) == (True, False)
    assert client.post(address, {**TOLD, "answer": "yes_introduced"}).status_code == 400
    ActivityType.objects.update(minutes=0)
    assert "A time that suits them" not in text_of(client.get(address))
    client.post(address, {**TOLD, "answer": "yes", "time_1": "2026-03-17T10:00"})
    assert (Ask.objects.get(pk=ask.pk).status, OfferedTime.objects.count()) == ("accepted", 0)


def test_a_day_and_a_colleague_told_in_person_are_kept_like_those_told_by_link() -> None:
    _, ana, mia = make_cast()
    ask = make_ask()
    client, address = asked_in_person(ask)
    told = {"answer_of": "reference", "channel": "by phone", "day": "2026-03-10", "words": "The audit", "seen": "sent"}
    for wrong, sentence in (
        ({"answer": "not_now"}, "Write the day they named"),
        ({"answer": "colleague"}, "Write whom they named"),
        ({"answer": "yes", "until": "2026-05-01"}, "This goes with “Not before a day”"),
        ({"answer": "no", "colleague": "Bo Berg"}, "This goes with “Better a colleague of theirs”"),
        ({"answer": "not_now", "until": "2026-03-10"}, "Choose a day after today, at most two years ahead"),
    ):
        refused = client.post(address, {**told, **wrong})
        assert (refused.status_code, sentence in text_of(refused)) == (400, True)
    assert (Ask.objects.get(pk=ask.pk).status, Hold.objects.count()) == ("sent", 0)
    assert client.post(address, {**told, "answer": "not_now", "until": "2026-05-01"}).status_code == 302
    paused = Ask.objects.get(pk=ask.pk)
    assert (paused.status, paused.declined_reason) == ("declined", "Not before 1 May 2026: The audit")
    hold = Hold.objects.get()
    assert (hold.kind, hold.until, hold.reference) == ("own", date(2026, 4, 30), ask.reference)

    other = make_ask(reference_request=make_request(), reference=make_rae("Ria Second", company="Second Bank"))
    actions.ask_in_person(other, by=ana)
    desk = signed_in(mia)
    facts = {**told, "answer": "colleague", "colleague": "Bo Berg: runs the close"}
    assert desk.post(reverse("requests:ask_answer", args=[other.pk]), facts).status_code == 302
    suggested = Ask.objects.get(pk=other.pk)
    assert (suggested.status, suggested.colleague_suggested, suggested.declined_reason) == (
        "declined",
        "Bo Berg: runs the close",
        "The audit",
    )


def test_an_owner_reads_why_nobody_may_ask_now_and_has_no_dead_form() -> None:
    ask = make_ask()
    Hold.objects.create(reference=ask.reference, starts_on=NOW.date(), until=date(2026, 5, 1), kind=Hold.Kind.OWN, reason="Away")
    client, address = by_link("approval")
    whole = client.get(address).content.decode()
    assert "Cannot be asked now" in whole
    assert [part in whole for part in ('name="expected_grade"', "aria-disabled", 'value="approve"')] == [False] * 3
    assert [part in whole for part in ('value="postpone"', 'value="refuse"')] == [True] * 2


def with_two_under_way(status: str) -> tuple[Ask, Ask]:
    """Rae was asked for Sam's first request and got as far as this; Ana is to answer for Sol's second one."""
    rae, _, mia = make_rae(), *make_cast()[1:]
    first = make_ask(status, reference=rae)
    sol = make_colleague("Sol Seller")
    second = actions.file_request(actions.Wish(make_activity_type(), date(2026, 3, 24), "How long did it take?"), by=sol)
    [ask] = actions.propose(second, [rae], by=mia)
    Message.objects.all().delete()
    return first, ask


@pytest.mark.parametrize("status", ["sent", "accepted"])
def test_not_before_a_day_is_told_to_the_people_of_what_else_is_under_way(status: str) -> None:
    first, ask = with_two_under_way(status)
    sam, ana, mia = make_cast()
    page = text_of(signed_in(ana).get(reverse("requests:approval", args=[ask.pk])))
    assert f"Reference call for a deal ({status}): until that day no yes counts and no time can be fixed." in page
    actions.postpone(ask, by=ana, until=date(2026, 4, 1), reason="Year end")
    [waits] = Event.objects.filter(verb="waits")
    assert (waits.subject_id, waits.context_id) == (first.pk, first.reference_request_id)
    told = Message.objects.filter(kind="news", facts__event=waits.pk)
    assert set(told.filter(channel="mail").values_list("recipient_id", flat=True)) == {sam.pk, mia.pk}
    words = outbox.render(told.get(channel="mail", recipient_id=sam.pk), timezone.now()).text()
    assert "Ana Owner asked for time with Rae Reference, so this ask waits, too." in words
    assert "Not before 1 Apr 2026." in words
    assert "Year end" not in words


@pytest.mark.parametrize("whole", [{}, {"whole_customer": "on"}])
@pytest.mark.parametrize(("kind", "n"), [("own", 1), ("owner", 1), ("legal", 0)])
def test_a_hold_set_on_the_record_is_told_once_to_the_people_of_what_waits_for_it(kind: str, n: int, whole: dict[str, str]) -> None:
    first, _ = with_two_under_way("sent")
    sam, ana, mia = make_cast()
    url = reverse("references:hold", args=[first.reference_id])
    assert signed_in(ana).post(url, {"kind": kind, "until": "2026-03-31", "reason": "Year end", **whole}).status_code == 302
    assert [actions.tell_of_holds(NOW + timedelta(minutes=1)) for _ in range(2)] == [n, 0]
    told = Message.objects.filter(kind="news", facts__event__in=list(Event.objects.filter(verb="waits").values_list("pk", flat=True)))
    assert set(told.filter(channel="mail").values_list("recipient_id", flat=True)) == ({sam.pk, mia.pk} if n else set())
    if n:
        words = outbox.render(told.get(channel="mail", recipient_id=sam.pk), timezone.now()).text()
        assert "Ana Owner asked for time with Rae Reference, so this ask waits, too." in words
        assert ("Not before 1 Apr 2026." in words, "Year end" in words) == (True, False)


def test_what_was_told_at_once_or_was_asked_after_a_hold_is_not_told_again() -> None:
    first, ask = with_two_under_way("accepted")
    _, ana, _ = make_cast()
    actions.postpone(ask, by=ana, until=date(2026, 4, 1), reason="Year end")
    assert actions.tell_of_holds(NOW + timedelta(minutes=1)) == 0
    Event.objects.filter(verb="waits").delete()
    Ask.objects.filter(pk=first.pk).update(sent_at=NOW + timedelta(minutes=1))
    assert actions.tell_of_holds(NOW + timedelta(minutes=2)) == 0
    Ask.objects.filter(pk=first.pk).update(sent_at=NOW)
    assert actions.tell_of_holds(NOW + timedelta(days=8)) == 0  # no news any more
    Hold.objects.update(lifted_at=NOW)
    assert actions.tell_of_holds(NOW + timedelta(minutes=2)) == 0
    Hold.objects.update(lifted_at=None)
    assert actions.tell_of_holds(NOW + timedelta(minutes=2)) == 1


def test_a_reference_who_says_not_now_lets_the_others_wait_and_our_side_hears() -> None:
    first, ask = with_two_under_way("accepted")
    sam, ana, mia = make_cast()
    asked = actions.send(actions.approve(ask, by=ana), by=mia)
    actions.not_now(asked, by=asked.reference.contact, until=date(2026, 4, 1))
    told = Message.objects.filter(kind="news", facts__event=Event.objects.get(verb="waits").pk, channel="mail", subject_id=first.pk)
    assert set(told.values_list("recipient_id", flat=True)) == {sam.pk, ana.pk, mia.pk}
    assert "Rae Reference wants a rest from being asked; this ask waits, too." in outbox.render(told[0], timezone.now()).text()


def test_what_takes_no_time_does_not_wait_once_they_agreed() -> None:
    rae, (_, ana, mia) = make_rae(), make_cast()
    make_policy(limits={"min_gap_days": 0})
    quote = make_activity_type("quote")
    ActivityType.objects.filter(pk=quote.pk).update(minutes=0)
    quote.refresh_from_db()
    facts = [actions.file_request(actions.Wish(quote, date(2026, 3, 24), f"Words {n}"), by=make_cast()[0]) for n in range(2)]
    make_ask("accepted", reference_request=facts[0], reference=rae)
    [ask] = actions.propose(facts[1], [rae], by=mia)
    actions.postpone(ask, by=ana, until=date(2026, 4, 1), reason="Year end")
    assert not Event.objects.filter(verb="waits").exists()


def test_nobody_is_kept_back_for_longer_than_two_years() -> None:
    ask, ana = make_ask(), make_cast()[1]
    with pytest.raises(Refused, match="Choose a day after today, at most two years ahead"):
        actions.postpone(ask, by=ana, until=date(2028, 3, 12), reason="Year end")
    assert not Hold.objects.exists()
    actions.postpone(ask, by=ana, until=date(2028, 3, 10), reason="Year end")
    assert Hold.objects.get().until == date(2028, 3, 9)


def lapsed_in_person(clock: time_machine.Traveller) -> tuple[Ask, Client, str]:
    """Ana asks Rae in person, and the day until which the answer was waited for is past."""
    ask = make_ask()
    asked_in_person(ask)
    clock.move_to(Ask.objects.get(pk=ask.pk).answer_by or NOW)
    assert actions.lapse_asks(timezone.now()) == 1
    return ask, *by_link("ask_in_person")


def test_a_late_answer_given_in_person_is_recorded_by_the_same_link(clock: time_machine.Traveller) -> None:
    ask, client, address = lapsed_in_person(clock)
    page = text_of(client.get(address))
    assert "You ask Rae Reference yourself" in page
    assert "a late yes still counts, if a slot is free then." in page
    said = {"answer_of": "reference", "answer": "yes", "channel": "over lunch", "day": "2026-03-17"}
    assert client.post(address, {**said, "seen": "lapsed 0"}).status_code == 409  # read with other words
    said["seen"] = seen_as(Ask.objects.get(pk=ask.pk))
    assert client.post(address, said).status_code == 302
    assert Ask.objects.get(pk=ask.pk).status == "accepted"


def test_a_late_answer_stays_on_the_desk_while_it_counts(clock: time_machine.Traveller) -> None:
    ask, client, address = lapsed_in_person(clock)
    desk, line = signed_in(make_cast()[1]), "Record what Rae Reference answered"
    assert line in text_of(desk.get("/"))
    [anew] = actions.propose(ask.reference_request, [ask.reference], by=make_cast()[2], exception="Once more")
    assert line not in text_of(desk.get("/"))
    assert "You ask Rae Reference yourself" not in text_of(client.get(address))
    actions.cancel(anew, by=make_cast()[2], reason="No need")
    assert line in text_of(desk.get("/"))
    actions.close(ask.reference_request, by=make_cast()[2], reason="too_late")
    assert line not in text_of(desk.get("/"))
    assert "It is answered: lapsed" in text_of(client.get(address))


def test_whoever_asks_in_person_hears_by_mail_that_the_wait_is_over(clock: time_machine.Traveller) -> None:
    ask, deputy = make_ask(), make_colleague("Dan Deputy")
    owner = make_cast()[1]
    owner.deputy = deputy
    owner.save(update_fields=["deputy"])
    actions.ask_in_person(ask, by=deputy)
    clock.move_to(Ask.objects.get(pk=ask.pk).answer_by or NOW)
    assert actions.lapse_asks(timezone.now()) == 1
    told = Message.objects.filter(kind="news", facts__event=Event.objects.get(verb="lapse").pk)
    assert list(told.filter(channel="mail").order_by("pk").values_list("recipient_id", flat=True)) == [make_cast()[0].pk, deputy.pk]
    mail = outbox.render(told.get(channel="mail", recipient_id=deputy.pk), timezone.now())
    assert "stopped waiting for Rae Reference; a late yes still counts" in mail.text()
