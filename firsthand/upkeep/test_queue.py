"""The queue: who is in charge, what stands in which view."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.core.refused import Refused
from firsthand.deals.models import Opportunity
from firsthand.history.models import Event, Message
from firsthand.people.actions import deactivate
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.requests import actions
from firsthand.requests.actions import managing
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.charge import Load, in_charge, loads
from firsthand.requests.listing import items, named_views, viewed, week_ends
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.page import request_page
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
R = ReferenceRequest.objects


def make_max() -> Colleague:
    return make_colleague("Max Manager", role=Colleague.Role.MANAGER)


def mails(kind: str, to: Colleague) -> list[Message]:
    return list(Message.objects.filter(kind=kind, channel="mail", recipient_kind="colleague", recipient_id=to.pk).order_by("pk"))


def test_a_request_is_handed_over_with_a_reason_that_both_read() -> None:
    sam, _, mia = make_cast()
    found, new = make_request(), make_max()
    event = actions.hand_over(found, to=new, by=mia, reason="He knows the bank.")
    found.refresh_from_db()
    assert (found.manager, found.revision) == (new, 3)
    assert (event.facts, event.said) == ({"from": mia.pk, "to": new.pk}, "He knows the bank.")
    [mail] = mails("handed_over", new)
    text = outbox.render(mail, NOW).text()
    assert "You are in charge of this now:\n\nRQ-" in text
    assert "> He knows the bank." in text
    assert mails("handed_over", mia) == []  # who did it knows
    told = Message.objects.filter(channel="notice", facts__event=event.pk)
    assert {each.recipient_id for each in told} == {new.pk, sam.pk}


def test_who_is_handed_out_of_charge_by_somebody_else_hears_it() -> None:
    _, _, mia = make_cast()
    found, new = make_request(), make_max()
    actions.hand_over(found, to=new, by=new, reason="Mia is away.")
    [mail] = mails("handed_over", mia)
    rendered = outbox.render(mail, NOW)
    assert rendered.subject == "1 request handed on"
    assert "Somebody else is in charge of this now (Max Manager):" in rendered.text()


@pytest.mark.parametrize(
    ("who", "to", "reason", "sentence", "status"),
    [
        ("sam", "max", "x", "A program manager hands a request over.", 403),
        ("mia", "mia", "x", "Mia Manager is in charge of RQ-{} already.", 409),
        ("mia", "sam", "x", "Sam Seller does not run the program. Choose a program manager.", 409),
        ("mia", "max", " ", "Say why it is handed over. Both managers read it.", 400),
    ],
)
def test_why_a_request_is_not_handed_over(who: str, to: str, reason: str, sentence: str, status: int) -> None:
    sam, _, mia = make_cast()
    people = {"sam": sam, "mia": mia, "max": make_max()}
    found = make_request()
    found.manager = mia
    found.save()
    with pytest.raises(Refused) as refusal:
        actions.hand_over(found, to=people[to], by=people[who], reason=reason)
    assert (refusal.value.sentence, refusal.value.status) == (sentence.format(found.pk), status)
    assert not Event.objects.filter(verb="hand_over").exists()


def test_an_ended_request_is_nobodys_matter() -> None:
    sam, _, mia = make_cast()
    found = make_request()
    actions.withdraw(found, by=sam)
    with pytest.raises(Refused, match="nobody has to be in charge of it any more"):
        actions.hand_over(found, to=make_max(), by=mia, reason="x")


def test_the_requests_of_a_manager_who_left_are_handed_on_in_one_mail_each() -> None:
    _, _, mia = make_cast()
    first, second, third = make_request(), make_request(), make_request()
    new, other = make_max(), make_colleague("Moa Manager", role=Colleague.Role.MANAGER)
    R.filter(pk=third.pk).update(manager=new)
    ended = make_request()
    R.filter(pk=ended.pk).update(manager=mia, status="withdrawn")
    deactivate(mia, by=make_colleague("Ada Admin", role=Colleague.Role.ADMIN))
    assert worker.tick(NOW)["hand_on_requests"] == 2
    assert [R.get(pk=each.pk).manager for each in (first, second, third, ended)] == [other, new, new, mia]
    assert [mail.subject_id for mail in (*mails("handed_over", new), *mails("handed_over", other))] == [second.pk, first.pk]
    assert mails("handed_over", mia) == []
    assert worker.tick(NOW)["hand_on_requests"] == 0


def test_a_request_that_somebody_takes_in_that_moment_stays_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, mia = make_cast()
    found, new = make_request(), make_max()
    other = make_colleague("Moa Manager", role=Colleague.Role.MANAGER)
    deactivate(mia, by=make_colleague("Ada Admin", role=Colleague.Role.ADMIN))

    def taken_meanwhile(counts: dict[Colleague, int]) -> Colleague:
        actions.hand_over(found, to=new, by=new, reason="It is mine")
        return other

    monkeypatch.setattr(managing, "least_of", taken_meanwhile)
    assert actions.hand_on_requests(NOW) == 0
    assert (R.get(pk=found.pk).manager, mails("handed_over", other)) == (new, [])


def test_who_has_how_much() -> None:
    _, ana, mia = make_cast()
    new = make_max()
    idle, waits, ours, asked = make_request(), make_request(), make_request(), make_request()
    R.update(manager=mia)
    make_ask("proposed", reference_request=waits, reference=make_rae("Rae One", company="Bank 1"))
    make_ask("approved", reference_request=ours, reference=make_rae("Rae Two", company="Bank 2"))
    R.filter(pk=idle.pk).update(manager=None)
    actions.ask_info(asked, by=mia, question="Which product?")
    assert loads() == [Load(new, 0, 0), Load(mia, 3, 1), Load(None, 1, 1)]
    assert set(in_charge(R.all(), "mine", mia)) == {waits, ours, asked}
    assert set(in_charge(R.all(), "nobody", mia)) == {idle}
    assert set(in_charge(R.all(), "others", new)) == {waits, ours, asked}
    assert set(in_charge(R.all(), str(mia.pk), ana)) == {waits, ours, asked}


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2026, 3, 13), date(2026, 3, 15)),  # a Friday
        (date(2026, 3, 14), date(2026, 3, 22)),  # a Saturday looks ahead
        (date(2026, 3, 15), date(2026, 3, 22)),
        (date(2026, 3, 16), date(2026, 3, 22)),
    ],
)
def test_from_saturday_on_the_week_is_the_one_that_comes(today: date, ends: date) -> None:
    assert week_ends(today) == ends
    assert dict(named_views(today))["week"] == f"Due by {ends:%a %-d %b}"


def test_what_stands_in_which_view(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    waits, idle, asked = make_request(), make_request(), make_request()
    ask = make_ask("proposed", reference_request=waits)
    actions.ask_info(asked, by=mia, question="Which product?")

    def names(view: str) -> set[str]:
        known = {waits.pk: "waits", idle.pk: "idle", asked.pk: "asked"}
        return {known[each.pk] for each in viewed(R.all(), view, mia)}

    assert names("nobody") == {"idle"}  # a question to the requester is not ours to answer
    assert names("info") == {"asked"}
    assert names("owner") == {"waits"}
    assert names("ageing") == set()
    clock.shift(timedelta(days=2, minutes=1))
    assert names("ageing") == {"waits", "idle", "asked"}
    Ask.objects.filter(pk=ask.pk).update(waiting_since=NOW + timedelta(days=2))
    assert names("ageing") == {"idle", "asked"}
    assert set(viewed(R.all(), "mine", sam)) == {waits, idle, asked}


def test_a_slot_that_comes_back_is_told_to_everybody_concerned_in_plain_words(clock: time_machine.Traveller) -> None:
    sam, ana, mia = make_cast()
    ask = make_ask("proposed")
    assert ask.engagement
    page = request_page(ask.reference_request, mia)
    assert page.rows[0].waiting_sub == "for 1 min; the slot is kept until Fri 13 Mar, 09:00"
    clock.move_to(ask.engagement.reserved_until or NOW)
    actions.expire_reservations(datetime.now(UTC))
    event = Event.objects.get(verb="expire")
    told = Message.objects.filter(facts__event=event.pk)
    assert {(each.recipient_id, each.channel) for each in told} == {
        (mia.pk, "mail"), (mia.pk, "notice"), (sam.pk, "mail"), (sam.pk, "notice"), (ana.pk, "notice")
    }  # fmt: skip
    mail = outbox.render(told.get(channel="mail", recipient_id=mia.pk), datetime.now(UTC))
    assert str(mail.parts[1]).endswith(": The program gave the slot of Rae Reference back: nobody decided in time, and the ask ended.")


def test_a_question_that_goes_on_by_the_clock_comes_in_working_hours(clock: time_machine.Traveller) -> None:
    _, ana, _ = make_cast()
    deputy = make_colleague("Dora Deputy")
    Colleague.objects.filter(pk=deputy.pk).update(time_zone="America/Los_Angeles")
    ana.deputy = deputy
    ana.save()
    make_ask("proposed")
    clock.shift(timedelta(days=1))
    assert actions.escalate_approvals(datetime.now(UTC)) == 1  # two in the morning there
    mail = Message.objects.get(kind="approval", channel="mail", recipient_id=deputy.pk)
    assert mail.due_at == datetime(2026, 3, 11, 9, tzinfo=ZoneInfo("America/Los_Angeles"))


def mark_of(row: ReferenceRequest, user: Colleague) -> tuple[str, str, str]:
    """Whom it waits for, the word beside it and its color, as the list has them now."""
    wait = items([row], user)[0].waiting
    return wait.whom, wait.word, wait.kind


def test_what_waits_too_long_is_marked_by_the_two_thresholds_in_a_word(client: Client, clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    row = make_ask("proposed").reference_request
    assert mark_of(row, mia) == ("Owner Ana Owner", "", "")
    clock.shift(timedelta(days=2, minutes=1))
    assert mark_of(row, mia) == ("Owner Ana Owner", "Ageing", "wait")
    clock.shift(timedelta(days=3))
    assert mark_of(row, mia) == ("Owner Ana Owner", "Stuck", "bad")
    client.force_login(mia)
    page = client.get("/requests/", follow=True).content.decode()
    assert '<span class="fh-tag" data-kind="bad">Stuck</span>' in page


@pytest.mark.parametrize(
    ("status", "days", "whom"),
    [
        ("scheduled", 2, "Nobody: the time is fixed"),
        ("scheduled", 6, "Sam Seller, whether it happened"),
        ("introduced", 2, "Both sides"),
        ("introduced", 10, "Both sides, whether it happened"),
        ("accepted", 3, "A time to be fixed"),
    ],
)
def test_after_a_yes_it_waits_for_somebody_once_there_is_something_to_say(
    clock: time_machine.Traveller, status: str, days: int, whom: str
) -> None:
    _, _, mia = make_cast()
    row = make_ask(status).reference_request
    clock.shift(timedelta(days=days))
    assert mark_of(row, mia)[0] == whom
    assert (row in viewed(R.all(), "ageing", mia)) == (mark_of(row, mia)[1] != "")


def test_a_request_whose_asks_all_ended_waits_from_the_last_end(clock: time_machine.Traveller) -> None:
    _, ana, mia = make_cast()
    ask = make_ask("proposed")
    clock.shift(timedelta(days=2))
    actions.refuse(ask, by=ana, reason="Renewal talks")
    row = ask.reference_request
    clock.shift(timedelta(days=1))
    assert (mark_of(row, mia)[1], row in viewed(R.all(), "ageing", mia)) == ("", False)
    clock.shift(timedelta(days=1, minutes=1))
    assert (mark_of(row, mia)[1], row in viewed(R.all(), "ageing", mia)) == ("Ageing", True)


def test_the_queue_asks_as_many_questions_for_five_rows_as_for_one() -> None:
    _, _, mia = make_cast()
    counts = []
    for some in (1, 4):
        for place in range(some):
            make_ask("accepted", reference_request=make_request(), reference=make_rae(f"R {some}{place}", company=f"B {some}{place}"))
            make_request()
        with CaptureQueriesContext(connection) as asked:
            items(list(R.all()), mia)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_request_of_a_lost_deal_waits_for_its_manager_to_close_it(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    idle, unsent, sent = make_request(), make_ask("approved").reference_request, make_request()
    make_ask("proposed", reference_request=sent, reference=make_rae("Roy Second", company="Second Bank"))
    make_ask("sent", reference_request=sent, reference=make_rae("Ria Third", company="Third Bank"))
    ReferenceRequest.objects.update(opportunity=Opportunity.objects.create(prospect_name="Fennmark", outcome="lost"))
    clock.shift(timedelta(days=3))
    waits = [each.waiting for each in items(list(R.filter(pk__in=[idle.pk, unsent.pk]).order_by("pk")), mia)]
    assert [(wait.whom, wait.words, wait.since) for wait in waits] == [("Mia Manager", "to close it", NOW)] * 2
    [still] = items([R.get(pk=sent.pk)], mia)
    assert (still.waiting.whom, still.waiting.words) == ("The reference", "for 3 days")
