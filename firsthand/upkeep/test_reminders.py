"""Who is silent is reminded: after working days, in working hours, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from firsthand.core.clock import working_moment
from firsthand.core.refused import Refused
from firsthand.customers.models import Touch
from firsthand.deals.builders import make_deal
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType, PolicyVersion
from firsthand.program.policy import Deadlines, Limits, Policy, Reminders, in_force
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_policy, make_rae, make_request
from firsthand.requests.due_silences import waiting
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.silence import silence_of_ask
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


def mails(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind, channel="mail").order_by("pk"))


def remind(clock: time_machine.Traveller, at: datetime) -> int:
    clock.move_to(at)
    return actions.send_reminders(at)


@pytest.mark.parametrize(
    ("moment", "zone", "then"),
    [
        ("2026-03-13T10:00", "Europe/Oslo", "2026-03-13T10:00"),  # a Friday, in hours
        ("2026-03-13T17:00", "Europe/Oslo", "2026-03-16T09:00"),  # closed: Monday
        ("2026-03-14T06:00", "Europe/Oslo", "2026-03-16T09:00"),  # Saturday before nine
        ("2026-03-16T08:59", "Europe/Oslo", "2026-03-16T09:00"),
        ("2026-03-27T18:00", "Europe/Oslo", "2026-03-30T09:00"),  # over the weekend on which clocks go forward
        ("2026-10-23T18:00", "Europe/Oslo", "2026-10-26T09:00"),  # and back
        ("2026-04-03T20:00", "Pacific/Auckland", "2026-04-06T09:00"),  # where they go back in April
    ],
)
def test_working_hours_are_those_of_the_wall(moment: str, zone: str, then: str) -> None:
    here = ZoneInfo(zone)
    assert working_moment(datetime.fromisoformat(moment).replace(tzinfo=here), zone) == datetime.fromisoformat(then).replace(tzinfo=here)


def test_an_owner_is_reminded_once_before_the_question_goes_on(clock: time_machine.Traveller) -> None:
    ask = make_ask("proposed")
    _, ana, _ = make_cast()
    assert remind(clock, NOW + timedelta(hours=23)) == 0
    assert remind(clock, NOW + timedelta(days=1)) == 1
    assert remind(clock, NOW + timedelta(days=1, minutes=1)) == 0
    [mail] = mails("remind_approval")
    assert (mail.recipient_id, mail.subject_id, mail.due_at) == (ana.pk, ask.pk, NOW + timedelta(days=1))
    text = outbox.render(mail, timezone.now()).text()
    assert "We would like to ask Rae Reference of Ostvik Bank for a reference call" in text
    assert "/l/" in text
    told = Event.objects.get(verb="remind")
    assert (told.actor_kind, told.facts) == ("program", {"to": ana.pk})


def test_what_is_answered_is_not_reminded_of_and_a_reminder_on_its_way_is_dropped(clock: time_machine.Traveller) -> None:
    ask = make_ask("proposed")
    _, ana, _ = make_cast()
    remind(clock, NOW + timedelta(days=1))
    actions.approve(ask, by=ana)
    [mail] = mails("remind_approval")
    assert outbox.why_not(mail, timezone.now()) == Unsent("answered", {"status": "approved"})
    remind(clock, NOW + timedelta(days=3))
    assert mails("remind_approval") == [mail]


def test_a_weekend_does_not_count_and_no_mail_comes_on_one(clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 3, 13, 15, tzinfo=UTC))  # a Friday
    make_ask("proposed")
    assert remind(clock, datetime(2026, 3, 15, 15, tzinfo=UTC)) == 0
    assert remind(clock, datetime(2026, 3, 16, 14, 59, tzinfo=UTC)) == 0
    assert remind(clock, datetime(2026, 3, 16, 15, tzinfo=UTC)) == 1


def test_hours_and_days_are_those_of_the_person_addressed(clock: time_machine.Traveller) -> None:
    _, ana, _ = make_cast()
    Colleague.objects.filter(pk=ana.pk).update(time_zone="Pacific/Auckland")
    make_ask("proposed")  # 22:00 in Auckland
    nine = datetime(2026, 3, 12, 9, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert remind(clock, nine - timedelta(minutes=1)) == 0
    assert remind(clock, nine) == 1
    assert mails("remind_approval")[0].due_at == nine


def test_over_the_change_of_clocks_a_working_day_ends_at_the_same_hour(clock: time_machine.Traveller) -> None:
    _, ana, _ = make_cast()
    Colleague.objects.filter(pk=ana.pk).update(time_zone="Europe/Oslo")
    clock.move_to(datetime(2026, 3, 27, 10, tzinfo=ZoneInfo("Europe/Oslo")))  # Friday; clocks go forward on Sunday
    make_ask("proposed")
    ten = datetime(2026, 3, 30, 10, tzinfo=ZoneInfo("Europe/Oslo"))
    assert remind(clock, ten - timedelta(minutes=1)) == 0
    assert remind(clock, ten) == 1


def test_a_reference_is_reminded_once_which_is_a_touch(clock: time_machine.Traveller) -> None:
    ask = make_ask("sent")
    Message.objects.filter(kind="ask").update(state="sent")
    assert remind(clock, NOW + timedelta(days=2, hours=23)) == 0
    assert remind(clock, NOW + timedelta(days=3)) == 1
    [mail] = mails("remind_reference")
    assert outbox.why_not(mail, timezone.now()) is None
    assert "> How long did the first close take?" in outbox.render(mail, timezone.now()).text()
    assert list(Touch.objects.order_by("pk").values_list("door", "about_id")) == [("ask", ask.pk), ("reminder", ask.pk)]
    assert remind(clock, NOW + timedelta(days=6)) == 0  # Monday, still in time, and once is what the policy allows
    with pytest.raises(Refused) as refusal:
        actions.remind(ask.reference_request, by=make_cast()[2])
    assert refusal.value.sentence == "Rae Reference was reminded 1 time, and the policy allows no more."


def test_a_reminder_that_a_rule_stops_was_no_touch(clock: time_machine.Traveller) -> None:
    ask = make_ask("sent")
    remind(clock, NOW + timedelta(days=3))
    [mail] = mails("remind_reference")
    assert outbox.why_not(mail, timezone.now()) == Unsent("never_asked")
    outbox.drop(mail, Unsent("never_asked"))
    kept = Touch.objects.get(door="reminder", about_id=ask.pk)
    assert (kept.sent_at, kept.dropped_at) == (None, timezone.now())


@pytest.mark.parametrize("end", ["failed", "dropped"])
def test_a_reminder_that_never_left_does_not_count_and_is_written_again(end: str, clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    Message.objects.filter(kind="ask").update(state="sent")
    assert remind(clock, NOW + timedelta(days=3)) == 1
    Message.objects.filter(kind="remind_reference").update(state=end)
    assert remind(clock, NOW + timedelta(days=3, minutes=1)) == 0
    with pytest.raises(Refused, match="Rae Reference was reminded within the last day"):
        actions.remind(ask.reference_request, by=mia)
    assert remind(clock, NOW + timedelta(days=6)) == 1  # Monday, the next working day
    assert [each.state for each in mails("remind_reference")] == [end, "due"]
    Message.objects.filter(kind="remind_reference", state="due").update(state="sent")
    clock.move_to(NOW + timedelta(days=7, hours=1))
    assert list(waiting(timezone.now(), in_force())) == []
    with pytest.raises(Refused, match="Rae Reference was reminded 1 time, and the policy allows no more"):
        actions.remind(ask.reference_request, by=mia)


def test_a_silent_requester_is_reminded_twice_and_then_told_on(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    found = make_request()
    actions.ask_info(found, by=mia, question="Which product?")
    days = [NOW + timedelta(days=n) for n in range(15)]
    written = [remind(clock, day) for day in days]
    assert [day.day for day, n in zip(days, written, strict=True) if n] == [12, 16, 18]
    assert [(m.recipient_id, m.subject_id) for m in mails("remind_info")] == [(sam.pk, found.pk)] * 2
    [told] = mails("silence")
    assert told.recipient_id == mia.pk
    text = outbox.render(told, timezone.now()).text()
    assert text.startswith(
        f"Hello Mia,\n\nSam Seller has not answered about RQ-{found.pk}, Reference call for a deal, for 14 days, reminders and all."
    )
    actions.give_info(found, by=sam, answer="The new one")
    assert outbox.why_not(mails("remind_info")[-1], timezone.now()) == Unsent("request", {"status": "submitted"})


def test_a_second_question_begins_a_silence_of_its_own(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    found = make_request()
    actions.ask_info(found, by=mia, question="Which product?")
    remind(clock, NOW + timedelta(days=2))
    actions.give_info(found, by=sam, answer="The new one")
    actions.ask_info(found, by=mia, question="In which country?")
    assert remind(clock, NOW + timedelta(days=2, hours=1)) == 0
    assert remind(clock, NOW + timedelta(days=6)) == 1
    assert "> In which country?" in outbox.render(mails("remind_info")[-1], timezone.now()).text()


def test_a_new_request_that_nobody_begins_comes_to_every_manager(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    found = make_request()
    new = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    written = [remind(clock, NOW + timedelta(days=n)) for n in range(5)]
    assert written == [0, 1, 1, 1, 0]
    assert [each.recipient_id for each in mails("remind_manager")] == [mia.pk] * 2
    assert [each.recipient_id for each in mails("silence")] == [new.pk]
    actions.hand_over(found, to=new, by=new, reason="Mine now")
    assert outbox.why_not(mails("remind_manager")[0], timezone.now()) == Unsent("in_charge")


def test_a_reference_is_not_reminded_twice_in_a_day(clock: time_machine.Traveller) -> None:
    mia = make_cast()[2]
    make_policy(Policy(limits=Limits(min_gap_days=0), reminders=Reminders(reference_most=3)))
    found = make_ask("sent").reference_request
    clock.move_to(NOW + timedelta(hours=2))
    actions.remind(found, by=mia)
    with pytest.raises(Refused, match="Rae Reference was reminded within the last day"):
        actions.remind(found, by=mia)
    clock.move_to(NOW + timedelta(hours=27))
    assert len(actions.remind(found, by=mia)) == 1


def lose(found: ReferenceRequest) -> None:
    deal = make_deal()
    type(deal).objects.filter(pk=deal.pk).update(outcome="lost")
    ReferenceRequest.objects.filter(pk=found.pk).update(opportunity=deal)


@pytest.mark.parametrize("state", ["", "proposed", "approved"])
def test_nobody_is_reminded_of_what_is_refused_since_the_deal_is_lost(state: str, clock: time_machine.Traveller) -> None:
    make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    found = make_ask(state).reference_request if state else make_request()
    assert remind(clock, NOW + timedelta(days=1)) == 1
    [mail] = mails({"": "remind_manager", "proposed": "remind_approval", "approved": "remind_send"}[state])
    lose(found)
    assert outbox.why_not(mail, timezone.now()) is not None
    assert [remind(clock, NOW + timedelta(days=n)) for n in range(2, 9)] == [0] * 7
    with pytest.raises(Refused, match="Nobody is silent on"):
        actions.remind(found, by=make_cast()[2])
    assert list(waiting(timezone.now(), in_force())) == []


def test_a_manager_is_not_blamed_for_the_time_of_the_requester(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    found = make_request()
    actions.ask_info(found, by=mia, question="Which product?")
    clock.move_to(NOW + timedelta(days=7))
    actions.give_info(found, by=sam, answer="The new one")
    assert [remind(clock, NOW + timedelta(days=7, hours=n)) for n in (1, 24)] == [0, 1]
    assert "has waited for you since 17 Mar 2026 (1 day)" in outbox.render(mails("remind_manager")[-1], timezone.now()).text()
    clock.move_to(NOW + timedelta(days=10))
    new = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    actions.hand_over(found, to=new, by=mia, reason="Yours now")
    assert [remind(clock, NOW + timedelta(days=10, hours=n)) for n in (1, 72)] == [0, 1]
    assert mails("remind_manager")[-1].recipient_id == new.pk


def test_a_missing_debrief_is_reminded_of_though_the_request_is_over(clock: time_machine.Traveller) -> None:
    ask = make_ask("held")
    assert ReferenceRequest.objects.get().status == "fulfilled"
    assert [remind(clock, NOW + timedelta(days=n)) for n in range(1, 8)] == [0, 1, 0, 0, 0, 1, 0]
    actions.give_debrief(ask, by=make_cast()[0], grade=5)
    assert outbox.why_not(mails("remind_debrief")[-1], timezone.now()) == Unsent("told")


def test_whoever_logged_a_call_of_their_own_is_reminded_to_say_how_it_went(clock: time_machine.Traveller) -> None:
    make_policy()
    sam, kind = make_cast()[0], make_activity_type()
    said = actions.Outside(NOW.date(), kind, make_rae().contact, opportunity=make_deal(owner=sam))
    first, told, undone, ahead = (
        actions.log_outside(replace(said, day=NOW.date() + timedelta(days=days)), by=sam) for days in (0, 0, 0, 30)
    )
    actions.debrief_outside(told, by=sam, grade=4)
    actions.retract_outside(undone, by=sam, reason="They canceled")
    assert [remind(clock, NOW + timedelta(days=n)) for n in range(1, 11)] == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    [mail, last] = mails("remind_outside")
    assert {(each.subject_id, each.recipient_id) for each in (mail, last)} == {(first.pk, sam.pk)}
    assert outbox.render(last, timezone.now()).subject == "How did it go with Rae Reference, Ostvik Bank?"
    assert Event.objects.filter(verb="remind", context_kind="opportunity").count() == 2
    actions.debrief_outside(first, by=sam, grade=4)
    assert outbox.why_not(last, timezone.now()) == Unsent("told")
    assert [remind(clock, ahead.created_at + timedelta(days=days)) for days in (31, 35)] == [0, 1]


def test_no_policy_no_reminder(clock: time_machine.Traveller) -> None:
    never = Reminders(owner_days=0, reference_days=0, requester_days=0, manager_days=0)
    make_policy(Policy(limits=Limits(min_gap_days=0), reminders=never))
    make_ask("proposed")
    make_ask("sent", reference_request=make_request(), reference=make_rae("Ria Second", company="Second Bank"))
    actions.ask_info(make_request(), by=make_cast()[2], question="Which?")
    make_request()
    assert remind(clock, NOW + timedelta(days=30)) == 0


def test_many_days_of_sleep_bring_one_reminder_and_not_all_at_once(clock: time_machine.Traveller) -> None:
    actions.ask_info(make_request(), by=make_cast()[2], question="Which?")
    late = NOW + timedelta(days=27)
    assert [remind(clock, late + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]


def test_a_manager_reminds_by_hand_once_a_day(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ask = make_ask("proposed")
    [silence] = actions.remind(ask.reference_request, by=mia)
    assert silence.kind == "remind_approval"
    with pytest.raises(Refused) as refusal:
        actions.remind(ask.reference_request, by=mia)
    assert refusal.value.sentence == "Ana Owner was reminded within the last day."
    assert remind(clock, NOW + timedelta(hours=23)) == 0  # the one by hand counts
    assert remind(clock, NOW + timedelta(days=1)) == 1


def test_who_reminds_whom() -> None:
    sam, _, mia = make_cast()
    found = make_request()
    Ask.objects.filter(pk=make_ask("scheduled", reference_request=found).pk).update(waiting_since=NOW)
    with pytest.raises(Refused) as refusal:
        actions.remind(found, by=sam)
    assert (refusal.value.sentence, refusal.value.status) == ("A program manager reminds.", 403)
    with pytest.raises(Refused) as refusal:
        actions.remind(found, by=mia)
    assert refusal.value.sentence == f"Nobody is silent on {found}, so there is nobody to remind."


def test_the_worker_sends_each_reminder_once(clock: time_machine.Traveller, mailoutbox: list[object]) -> None:
    make_policy(Policy(limits=Limits(min_gap_days=0), deadlines=Deadlines(owner_days=2, lead_days=0)))
    make_ask("proposed")
    for hours in range(24, 30):
        clock.move_to(NOW + timedelta(hours=hours))
        worker.tick(timezone.now())
    assert [mail.subject for mail in mailoutbox if mail.subject.startswith("Still")] == ["Still waiting: may we ask Rae Reference?"]  # type: ignore[attr-defined]
    assert PolicyVersion.objects.count() == 1


def over(ask: Ask) -> Ask:
    """Its time has come and gone a moment ago."""
    assert ask.occasion is not None
    type(ask.occasion).objects.filter(pk=ask.occasion.pk).update(starts_at=NOW - timedelta(minutes=31))
    return ask


# the state, its reminder and to whom, and when the first comes: working days after the moment it waits from
UNDONE = [
    ("approved", "remind_send", "Mia Manager", NOW + timedelta(days=1)),
    ("accepted", "remind_time", "Sam Seller", NOW + timedelta(days=2)),
    ("scheduled", "remind_outcome", "Sam Seller", NOW + timedelta(days=2)),
    ("introduced", "remind_outcome", "Sam Seller", NOW + timedelta(days=9)),  # five working days to find a time, and two of silence
]


@pytest.mark.parametrize(("status", "kind", "whom", "at"), UNDONE)
def test_what_was_agreed_and_stays_undone_is_reminded_of_and_told_in_the_end(
    clock: time_machine.Traveller, status: str, kind: str, whom: str, at: datetime
) -> None:
    ask = make_ask(status)
    make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    if status == "scheduled":
        over(ask)
    assert remind(clock, at - timedelta(minutes=2)) == 0
    for days in range(12):
        remind(clock, at + timedelta(days=days))
    assert {Colleague.objects.get(pk=each.recipient_id).name for each in mails(kind)} == {whom}
    assert len(mails(kind)) == 2
    assert mails(kind)[0].due_at == at
    assert len(mails("silence")) == 1
    assert [outbox.why_not(each, timezone.now()) for each in (*mails(kind), *mails("silence"))] == [None] * 3
    assert "reminders and all" in outbox.render(mails("silence")[0], timezone.now()).text()
    assert outbox.render(mails(kind)[0], timezone.now()).text().count("http") == 1


def test_once_the_time_is_fixed_the_reminder_on_its_way_is_dropped(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("accepted")
    remind(clock, NOW + timedelta(days=2))
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=4))
    assert outbox.why_not(mails("remind_time")[0], timezone.now()) == Unsent("ask", {"status": "scheduled"})


def test_the_word_of_one_side_ends_the_reminders(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    clock.move_to(NOW + timedelta(days=8))
    actions.say_outcome(ask, by=ask.reference.contact, says="held")
    assert remind(clock, NOW + timedelta(days=9)) == 0


def test_a_request_whose_asks_all_ended_reminds_its_manager_to_propose_again(clock: time_machine.Traveller) -> None:
    _, ana, mia = make_cast()
    ask = make_ask("proposed")
    clock.move_to(NOW + timedelta(hours=2))
    actions.refuse(ask, by=ana, reason="Renewal talks")
    assert remind(clock, NOW + timedelta(days=1)) == 0
    assert remind(clock, NOW + timedelta(days=1, hours=2)) == 1
    [mail] = mails("remind_manager")
    assert (mail.recipient_id, outbox.why_not(mail, timezone.now())) == (mia.pk, None)
    actions.propose(ask.reference_request, [make_rae("Ria Second", company="Second Bank")], by=mia)
    assert outbox.why_not(mail, timezone.now()) == Unsent("request", {"status": "asking"})


def test_a_tender_under_way_is_nobodys_silence(clock: time_machine.Traveller) -> None:
    ask = make_ask("accepted")
    ActivityType.objects.update(code="tender")
    assert remind(clock, NOW + timedelta(days=20)) == 0
    assert silence_of_ask(Ask.objects.get(pk=ask.pk), Policy()) is None
