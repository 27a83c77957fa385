"""A request gets another requester: nothing that was asked of the one before counts against them, and nothing is lost on the way."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.requests import actions, afterwards_mail, meeting_mail, news_mail
from firsthand.requests.actions import Wish
from firsthand.requests.answer_page import answer_page
from firsthand.requests.builders import fresh, group_call, make_ask, make_cast, make_group_ask, make_rae, make_request
from firsthand.requests.models import Ask, Occasion, Outcome, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status


def give_to_sue(reference_request: ReferenceRequest) -> Colleague:
    """Sam has left, and Sue asks for it now."""
    sam, _, mia = make_cast()
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=datetime.now(UTC))
    sue = make_colleague("Sue Second")
    actions.give_requester(reference_request, to=sue, by=mia, reason="Sam has left")
    return sue


def to(colleague: Colleague, *kinds: str) -> list[str]:
    mails = Message.objects.filter(channel="mail", recipient_kind="colleague", recipient_id=colleague.pk, kind__in=kinds)
    return list(mails.order_by("pk").values_list("kind", flat=True))


def test_what_was_said_of_one_introduction_settles_no_other(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    clock.move_to(NOW + timedelta(days=7))
    assert actions.ask_whether_it_happened(NOW + timedelta(days=7)) == 1
    actions.say_outcome(ask, by=ask.reference.contact, says="us")
    clock.move_to(given := NOW + timedelta(days=8))
    sue = give_to_sue(ask.reference_request)
    clock.move_to(later := given + timedelta(days=4))
    assert (actions.settle_outcomes(later), Outcome.objects.count(), Ask.objects.get().status) == (0, 0, A.INTRODUCED)
    assert (actions.ask_whether_it_happened(later), to(sue, "did_it_happen")) == (0, [])  # they look for a time
    clock.move_to(week := given + timedelta(days=7))
    assert [actions.ask_whether_it_happened(week), actions.ask_whether_it_happened(week)] == [1, 0]
    asked = Message.objects.filter(kind="did_it_happen").order_by("pk")
    assert [each.recipient_kind for each in asked] == ["colleague", "contact"] * 2
    assert [meeting_mail.why_not_did_it_happen(each, week) for each in asked] == [Unsent("new_requester"), None, None, None]


def test_where_it_happened_already_nobody_is_introduced_anew(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    clock.move_to(NOW + timedelta(days=7))
    actions.say_outcome(ask, by=ask.reference.contact, says="held")
    give_to_sue(ask.reference_request)
    assert Message.objects.filter(kind="introduction").count() == 2
    assert (actions.settle_outcomes(NOW + timedelta(days=10)), Ask.objects.get().status) == (1, A.HELD)


def test_a_requester_who_is_back_is_introduced_once_more(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    ask = make_ask("introduced")
    rae = ask.reference.contact_id
    Message.objects.filter(kind="introduction").update(state="sent")
    clock.shift(timedelta(days=1))
    sue = give_to_sue(ask.reference_request)
    Message.objects.filter(kind="introduction").update(state="sent")
    clock.shift(timedelta(days=1))
    Colleague.objects.filter(pk=sam.pk).update(deactivated_at=None)
    actions.give_requester(ask.reference_request, to=sam, by=mia, reason="Sam is back")
    written = list(Message.objects.filter(kind="introduction").order_by("pk"))
    assert [each.recipient_id for each in written] == [rae, sam.pk, rae, sue.pk, rae, sam.pk]
    assert [meeting_mail.why_not_introduction(mail, NOW) for mail in written[2:]] == [*[Unsent("new_requester")] * 2, None, None]
    to_rae, to_sam = (meeting_mail.introduction(mail, NOW) for mail in written[4:])
    assert (to_rae.subject, to_sam.subject) == ("Introduction: Sam Seller", "Introduction: Rae Reference")
    assert ["takes its place" in mail.text() for mail in (to_rae, to_sam)] == [True, False]


def test_the_question_that_waits_goes_to_the_new_requester() -> None:
    asked = actions.ask_info(make_request(), by=make_cast()[2], question="Which product?")
    sue = give_to_sue(asked)
    assert to(sue, "news", "question") == ["news", "question"]
    link = Link.objects.filter(purpose="info", holder_id=sue.pk, revoked_at=None).get()
    assert "Which product?" in Client().get(address(link).removeprefix("http://127.0.0.1:8000"), follow=True).content.decode()


@pytest.mark.parametrize(
    ("status", "kind", "told"), [("accepted", "remind_time", 1), ("scheduled", "remind_outcome", 1), ("held", "remind_debrief", 0)]
)
def test_reminders_of_the_one_before_are_not_theirs(clock: time_machine.Traveller, status: str, kind: str, told: int) -> None:
    sam, _, mia = make_cast()
    ask = make_ask(status, reference_request=make_request(n_wanted=2))
    for day in range(1, 15):
        clock.move_to(at := NOW + timedelta(days=day))
        actions.send_reminders(at)
    assert (to(sam, kind), to(mia, "silence")) == ([kind] * 2, ["silence"] * told)
    sue = give_to_sue(ask.reference_request)
    for day in range(15, 30):
        clock.move_to(at := NOW + timedelta(days=day))
        actions.send_reminders(at)
    assert (to(sue, kind), to(mia, "silence")) == ([kind] * 2, ["silence"] * 2 * told)


def test_the_one_before_is_not_asked_how_it_went() -> None:
    ask = make_ask("held", reference_request=make_request(n_wanted=2))
    give_to_sue(ask.reference_request)
    [mail] = Message.objects.filter(kind="debrief", recipient_kind="colleague")
    assert afterwards_mail.why_not_debrief(mail, NOW) == Unsent("new_requester")


@pytest.mark.parametrize(("status", "kind"), [("scheduled", "fixed"), ("introduced", "introduction")])
def test_a_step_that_has_a_mail_of_its_own_says_whose_turn_it_is(status: str, kind: str) -> None:
    make_ask(status)
    mail = Message.objects.get(kind=kind, recipient_kind="colleague")
    text = getattr(meeting_mail, kind)(mail, NOW).text()
    link = Link.objects.get(pk=mail.facts["link"])
    assert (link.purpose, address(link) in text, "Now: " in text) == ("status", True, True)


def test_a_time_that_is_off_says_whose_turn_it_is() -> None:
    ask = make_ask("scheduled")
    actions.call_off(ask, by=ask.reference.contact)
    off = {each.recipient_kind: meeting_mail.unfixed(each, NOW).text() for each in Message.objects.filter(kind="unfixed")}
    assert {kind: ("See how it stands" in text, "Now: " in text) for kind, text in off.items()} == {
        "colleague": (True, True), "contact": (False, False),
    }  # fmt: skip


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


def entries(colleague: Colleague) -> list[tuple[str, str, str]]:
    """Kind, state and UID of the calendar files they would still get, the later with the higher number."""
    why = {"fixed": meeting_mail.why_not_fixed, "passed_on": meeting_mail.why_not_passed_on}
    mails = Message.objects.filter(kind__in=why, recipient_kind="colleague", recipient_id=colleague.pk).order_by("pk")
    found, number = [], -1
    for mail in mails:
        if why[mail.kind](mail, NOW) is None:
            [event] = Calendar.from_ical(getattr(meeting_mail, mail.kind)(mail, NOW).files[0].content).walk("VEVENT")
            assert int(str(event["sequence"])) > number
            number = int(str(event["sequence"]))
            found.append((mail.kind, str(event["status"]), str(event["uid"])))
    return found


def test_a_time_leaves_the_calendar_of_whoever_asks_for_it_no_more() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("scheduled")
    uid = f"{Occasion.objects.get().public_id}@firsthand"
    assert entries(sam) == [("fixed", "CONFIRMED", uid)]
    Message.objects.filter(kind="fixed").update(state="sent")
    sue = make_colleague("Sue Second")
    actions.give_requester(ask.reference_request, to=sue, by=mia, reason="Sam is away")
    assert (entries(sam), entries(sue)) == ([("passed_on", "CANCELLED", uid)], [("fixed", "CONFIRMED", uid)])
    text = " ".join(meeting_mail.passed_on(Message.objects.get(kind="passed_on"), NOW).text().split())
    assert "Sue Second asks for it now, so you are not expected any more at the reference call on Fri 13 March 2026, 09:00 (UTC)." in text
    assert Message.objects.filter(kind="unfixed").count() == 0  # it stands for all others


def test_what_one_never_had_or_has_again_is_not_taken_out() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("scheduled")
    sue = make_colleague("Sue Second")
    actions.give_requester(ask.reference_request, to=sue, by=mia, reason="Sam is away")
    assert (entries(sam), entries(sue)) == ([], [("fixed", "CONFIRMED", f"{Occasion.objects.get().public_id}@firsthand")])
    Message.objects.filter(kind="fixed", recipient_id=sam.pk).update(state="sent")
    [gone] = Message.objects.filter(kind="passed_on")
    assert meeting_mail.why_not_passed_on(gone, NOW) is None
    assert meeting_mail.why_not_passed_on(gone, NOW + timedelta(days=4)) == Unsent("past")
    Message.objects.filter(pk=gone.pk).update(state="sent")
    actions.give_requester(ask.reference_request, to=sam, by=mia, reason="Sam is back")
    fixed, reminders = (Message.objects.filter(kind=kind, recipient_kind="colleague").order_by("pk") for kind in ("fixed", "reminder"))
    assert [each.recipient_id for each in fixed] == [sam.pk, sue.pk, sam.pk]
    assert [meeting_mail.why_not_fixed(each, NOW) for each in reminders] == [Unsent("moved"), Unsent("new_requester"), None]
    assert "is fixed for Fri 13 March 2026" in meeting_mail.fixed(fixed[2], NOW).text()
    assert meeting_mail.why_not_passed_on(gone, NOW) == Unsent("theirs")


def test_a_time_stays_with_whoever_comes_to_it_for_another_request() -> None:
    sam, ana, mia = make_cast()
    host = make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)
    other = actions.file_request(Wish(group_call(), NOW.date() + timedelta(days=20), "And theirs?"), by=sam)
    joining = actions.join(other, host, by=mia)
    actions.accept(joining, by=joining.reference.contact)
    actions.give_requester(other, to=make_colleague("Sue Second"), by=mia, reason="Sue asks for it")
    assert not Message.objects.filter(kind="passed_on").exists()


def test_whoever_has_no_address_is_neither_made_requester_nor_introduced() -> None:
    sam, _, mia = make_cast()
    ask, introduced = make_ask("accepted"), make_ask("introduced", reference=make_rae("Ria Second", company="Second Bank"))
    bob = Colleague.objects.create(name="Bob Nomail")
    with pytest.raises(Refused, match="Bob Nomail cannot ask for references"):
        actions.give_requester(ask.reference_request, to=bob, by=mia, reason="Sam has left")
    Colleague.objects.filter(pk=sam.pk).update(email=None)  # imported by name alone
    with pytest.raises(Refused, match="There is no e-mail address of Sam Seller, so nobody can be introduced"):
        actions.introduce(fresh(ask), by=mia)
    mails = Message.objects.filter(kind="introduction", subject_id=introduced.pk)
    assert [meeting_mail.why_not_introduction(mail, NOW) for mail in mails] == [Unsent("no_address")] * 2
