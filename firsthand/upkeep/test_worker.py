"""What the worker sends, when it does not, and that it never sends twice on purpose."""

import ast
import smtplib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django_q.models import Schedule
from pytest_django import Settings

import firsthand
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact, Touch
from firsthand.history.models import Message
from firsthand.references.actions import record_consent, set_hold
from firsthand.references.models import Consent, Hold
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae
from firsthand.requests.models import Ask
from firsthand.testing.clock import NOW
from firsthand.testing.smtp import sink
from firsthand.upkeep import outbox
from firsthand.upkeep.messages import KINDS, nothing_follows
from firsthand.upkeep.reasons import REASONS, reason_for, reason_words
from firsthand.upkeep.worker import drain_messages, ensure_schedule, tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Message.State


def of_kind(kind: str) -> Message:
    return Message.objects.get(kind=kind, channel="mail")


def test_a_due_message_is_sent_once() -> None:
    make_ask("sent")
    first = drain_messages()
    assert (first > 0, drain_messages()) == (True, 0)
    assert of_kind("ask").state == State.SENT
    [ask] = [mail for mail in django_mail.outbox if mail.to == ["rae@customer.example"]]
    assert ask.subject == "Would you talk to a peer by 20 Mar 2026?"
    assert "/l/" in ask.body


def test_a_message_goes_over_the_wire_under_its_own_id(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", False, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    make_ask("sent")
    with sink() as server:
        settings.EMAIL_PORT = server.port
        drain_messages()
        ids = {mail["To"]: mail["Message-ID"] for mail in server.mails}
    assert ids["rae@customer.example"].startswith(f"<{of_kind('ask').message_id}@")


def test_a_mail_server_that_refuses_is_tried_again_later(settings: Settings) -> None:
    server_is_away(settings)
    make_ask("proposed")
    drain_messages()
    waiting = of_kind("approval")
    assert (waiting.state, waiting.attempts, waiting.due_at) == (State.DUE, 1, NOW + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (
            smtplib.SMTPRecipientsRefused({"rae@customer.example": (550, b"No such user rae@customer.example")}),
            "The mail server answered 550: No such user …",
        ),
        (smtplib.SMTPDataError(451, b"4.3.0 Try again\nlater"), "The mail server answered 451: 4.3.0 Try again later"),
        (ConnectionRefusedError(111, "Connection refused"), "The mail server could not be reached: Connection refused"),
        (
            smtplib.SMTPNotSupportedError("SMTPUTF8 not supported by server"),
            "The mail server did not take it: SMTPUTF8 not supported by server",
        ),
        (FileNotFoundError(2, "No such file", "logo.png"), "FileNotFoundError: [Errno 2] No such file: 'logo.png'"),
        (ValueError("no such day"), "ValueError: no such day"),
    ],
)
def test_what_a_mail_server_says_is_kept_without_the_address(monkeypatch: pytest.MonkeyPatch, refused: Exception, words: str) -> None:
    def send(_: EmailMultiAlternatives) -> None:
        raise refused

    make_ask("proposed")
    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    drain_messages()
    assert reason_words(of_kind("approval")) == words


def test_after_all_attempts_it_is_given_up() -> None:
    make_ask("proposed")
    Message.objects.filter(kind="approval").update(attempts=outbox.MOST_ATTEMPTS)
    drain_messages()
    assert of_kind("approval").state == State.FAILED


def server_is_away(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", 9, False, False


def test_a_mail_server_may_be_away_for_two_days(settings: Settings) -> None:
    server_is_away(settings)
    make_ask("proposed")
    now = NOW
    while (waiting := of_kind("approval")).state == State.DUE:
        now = waiting.due_at
        drain_messages(now)
    assert (waiting.state, waiting.attempts, now - NOW) == (State.FAILED, 30, timedelta(hours=48, minutes=6))


def test_an_ask_that_could_not_be_sent_ends_and_gives_its_slot_back(settings: Settings) -> None:
    server_is_away(settings)
    ask = make_ask("sent")
    Message.objects.filter(kind="ask").update(attempts=outbox.MOST_ATTEMPTS - 1)
    drain_messages()
    found = Ask.objects.select_related("engagement").get(pk=ask.pk)
    assert found.engagement is not None
    assert (of_kind("ask").state, found.status, found.engagement.state) == (State.FAILED, Ask.Status.CANCELED, "released")
    assert found.canceled_reason == "The mail to them could not be sent."
    assert Touch.objects.get().sent_at is None
    with pytest.raises(Refused, match=r"^The ask ended as its mail failed\. Ask them anew on the request\.$"):
        outbox.send_again(of_kind("ask"), by=make_cast()[2])


def test_a_mail_whose_consequence_is_broken_is_given_up_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Message) -> None:
        raise RuntimeError

    make_ask("sent")
    Message.objects.filter(kind="ask").update(attempts=outbox.MOST_ATTEMPTS)
    monkeypatch.setitem(KINDS, "ask", replace(KINDS["ask"], after_drop=crash))
    drain_messages()
    assert of_kind("ask").state == State.FAILED


def test_a_manager_sends_a_failed_mail_again(client: Client) -> None:
    make_ask("proposed")
    message = of_kind("approval")
    address = reverse("upkeep:message", args=[message.pk])
    client.force_login(make_cast()[2])
    assert "Send again" not in client.get(address).content.decode()
    Message.objects.filter(pk=message.pk).update(state=State.FAILED, attempts=30, reason="error", reason_facts={"words": "Away"})
    assert "Send again" in client.get(address).content.decode()
    for _ in range(2):
        assert client.post(f"{address}sending/").status_code == 302
    drain_messages()
    again = of_kind("approval")
    assert (again.state, again.attempts, again.reason, again.message_id) == (State.SENT, 1, "", message.message_id)
    with pytest.raises(Refused, match="There is nothing to send again: this message is sent"):
        outbox.send_again(again, by=make_cast()[2])


def test_a_reminder_that_failed_was_no_touch_and_is_not_sent_again(client: Client) -> None:
    ask = make_ask("sent")
    Message.objects.filter(kind="ask").update(state=State.SENT)
    _, _, mia = make_cast()
    actions.remind(ask.reference_request, by=mia)
    outbox.give_up(of_kind("remind_reference"), reason="error", reason_facts={"words": "Away"})
    assert Touch.objects.get(door="reminder").sent_at is None
    client.force_login(mia)
    assert "Send again" not in client.get(reverse("upkeep:message", args=[of_kind("remind_reference").pk])).content.decode()
    with pytest.raises(Refused, match="Remind them anew on the request if the policy allows one more, or reach them another way"):
        outbox.send_again(of_kind("remind_reference"), by=mia)
    assert of_kind("remind_reference").state == State.FAILED


def test_what_follows_from_failing_says_what_to_do_instead_of_sending_again() -> None:
    assert all(bool(kind.instead) == (kind.after_drop is not nothing_follows) for kind in KINDS.values())


def test_a_claim_whose_lease_ran_out_is_claimed_again_under_the_same_id(clock: time_machine.Traveller) -> None:
    make_ask("proposed")
    Message.objects.filter(channel="mail").exclude(kind="approval").update(state=State.SENT)
    first = outbox.claim(NOW)
    assert first is not None
    assert outbox.claim(NOW) is None
    second = outbox.claim(NOW + timedelta(seconds=61))
    assert second is not None
    assert (second.message_id, second.attempts) == (first.message_id, 2)


def test_a_consent_withdrawn_before_the_claim_stops_the_ask() -> None:
    ask = make_ask("sent")
    record_consent(ask.reference.contact, kind=Consent.Kind.WITHDRAWN, by=make_cast()[2].actor)
    drain_messages()
    ask.refresh_from_db()
    assert of_kind("ask").state == State.DROPPED
    assert (of_kind("ask").reason, of_kind("ask").reason_facts) == ("barred", {"rule": "consent"})
    assert ask.status == Ask.Status.CANCELED
    assert ask.engagement is not None
    assert ask.engagement.state == "released"
    assert Touch.objects.get().sent_at is None
    assert all("rae@customer.example" not in mail.to for mail in django_mail.outbox)


def test_the_requester_does_not_read_why_the_program_did_not_send_it() -> None:
    ask = make_ask("sent")
    set_hold(ask.reference, kind=Hold.Kind.LEGAL, by=make_cast()[1], reason="A lawsuit", until=None)
    drain_messages()
    ask.refresh_from_db()
    assert reason_words(of_kind("ask")) == "A rule stood against it: stopped by lawyers, ours or theirs."
    told = {who.name: reason_for(of_kind("ask"), who) for who in make_cast()}
    assert "A lawsuit" in told["Mia Manager"]
    assert told["Sam Seller"] == "Rae Reference cannot be asked: barred by a rule about its account."
    assert ask.canceled_reason == "A rule stood against it when it was to be sent."


def test_a_crash_before_what_follows_leaves_the_message_due(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = make_ask("sent")
    record_consent(ask.reference.contact, kind=Consent.Kind.WITHDRAWN, by=make_cast()[2].actor)

    def crash(_: Message) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setitem(KINDS, "ask", replace(KINDS["ask"], after_drop=crash))
        drain_messages()
    ask.refresh_from_db()
    assert (of_kind("ask").state, ask.status) == (State.DUE, Ask.Status.SENT)
    drain_messages(NOW + timedelta(minutes=3))
    ask.refresh_from_db()
    assert (of_kind("ask").state, ask.status) == (State.DROPPED, Ask.Status.CANCELED)


def test_a_message_that_cannot_be_judged_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(message: Message, now: datetime) -> None:
        raise ValueError(f"no such day for rae@customer.example {message.pk} {now.year}")

    make_ask("sent")
    broken = of_kind("ask")
    Message.objects.filter(pk=broken.pk).update(due_at=NOW - timedelta(hours=1))
    monkeypatch.setitem(KINDS, broken.kind, replace(KINDS[broken.kind], why_not_send=breaks))
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        assert bool(drain_messages(NOW + timedelta(days=attempt))) == (attempt in {1, outbox.MOST_ATTEMPTS})  # what follows is told
        broken.refresh_from_db()
        assert (broken.attempts, broken.state) == (attempt, State.DUE if attempt < outbox.MOST_ATTEMPTS else State.FAILED)
    assert broken.reason_facts == {"words": f"ValueError: no such day for … {broken.pk} 2026"}


def test_no_reason_holds_a_name() -> None:
    make_ask("sent")
    Contact.objects.update(email="")
    set_hold(make_ask("sent", reference=make_rae("Noa Newcomer", company="Norr Bank")).reference, kind=Hold.Kind.LEGAL, by=None, reason="X")
    drain_messages()
    dropped = Message.objects.filter(state=State.DROPPED, kind="ask").order_by("pk")
    assert [(each.reason, each.reason_facts) for each in dropped] == [("no_address", {}), ("barred", {"rule": "legal_hold"})]


def test_every_reason_the_rooms_give_has_words() -> None:
    given = {
        call.args[0].value
        for file in Path(firsthand.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Unsent" and isinstance(call.args[0], ast.Constant)
    }
    assert given | {"error"} == set(REASONS)


def test_an_introduction_does_not_tell_the_address_of_somebody_who_has_withdrawn() -> None:
    actions.introduce(make_ask("accepted"), by=make_cast()[0])
    record_consent(Contact.objects.get(), kind=Consent.Kind.WITHDRAWN, by=make_cast()[2].actor)
    drain_messages()
    assert set(Message.objects.filter(kind="introduction").values_list("state", flat=True)) == {State.DROPPED}


def test_an_answered_question_is_not_sent_any_more() -> None:
    make_ask("approved")
    drain_messages()
    assert reason_words(of_kind("approval")) == "It is answered already: the ask is approved."


def test_nobody_is_told_that_they_are_not_needed_before_they_were_asked() -> None:
    ask = make_ask("sent")
    actions.cancel(ask, by=make_cast()[2])
    drain_messages()
    assert [of_kind("ask").state, of_kind("no_longer").state] == [State.DROPPED, State.DROPPED]


def test_a_notice_is_there_without_being_sent() -> None:
    make_ask("proposed")
    assert set(Message.objects.filter(channel="notice").values_list("state", flat=True)) == {State.SENT}


def test_a_tick_does_what_is_due(clock: time_machine.Traveller) -> None:
    make_ask("proposed")
    later = NOW + timedelta(days=4)
    clock.move_to(later)
    done = tick(later)
    assert (done["expire_reservations"], done["escalate_approvals"]) == (1, 0)


def test_every_kind_of_mail_can_be_rendered(clock: time_machine.Traveller) -> None:
    ask = make_ask("accepted")
    sam, _, mia = make_cast()
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=2), attendee="Pia Prospect", attendee_email="pia@prospect.example")
    clock.move_to(NOW + timedelta(days=2, hours=1))
    actions.hold(ask, by=mia)
    for message in Message.objects.all():
        made = outbox.render(message, NOW)
        assert made.subject
        assert "/l/" not in made.text(live=False)
        assert "/l/" not in outbox.html(made, live=False)


def test_every_kind_has_a_label() -> None:
    assert all(kind.label for kind in KINDS.values())


def test_the_schedule_is_there_once() -> None:
    ensure_schedule()
    ensure_schedule()
    assert Schedule.objects.filter(func="firsthand.upkeep.worker.tick").count() == 1
