"""The page each side gets before it is held, and the mail that brings it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.program.builders import make_value
from firsthand.references.models import Disclosure, NoGo, ReferenceTopic
from firsthand.requests import actions, meeting_mail
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.brief import brief_for
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.invitations import reminded_at
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def ask() -> Ask:
    """A call on Friday with Pia; Rae does not speak of pricing, nor to Corvid."""
    found = make_ask("accepted")
    add_attendee(found, name="Pia Prospect", email="pia@prospect.example", time_zone="America/Los_Angeles")
    ReferenceTopic.objects.create(reference=found.reference, value=make_value("Pricing"), is_welcome=False)
    NoGo.objects.create(reference=found.reference, name="Corvid", key="corvid")
    actions.schedule(found, by=make_cast()[0], starts_at=NOW + timedelta(days=3), place="https://meet.example/peer")
    return Ask.objects.select_related("occasion").get(pk=found.pk)


def test_each_side_reads_what_it_may(ask: Ask) -> None:
    sam, ana, _ = make_cast()
    pia = Attendee.objects.get()
    ours, owners, theirs, own = (brief_for(ask, to) for to in (sam, ana, pia, ask.reference.contact))
    assert (ours.title, theirs.title) == ("Reference call with Rae Reference", "Reference call with Rae Reference")
    assert (theirs.when, theirs.zone) == ("Friday 13 March 2026, 02:00", "America/Los_Angeles")
    assert ours.questions == ["How long did the first close take?"]
    assert (ours.leave_out, theirs.leave_out) == (["Pricing"], ["Pricing"])
    assert owners.leave_out == ["Pricing", "Nobody of Corvid: they do not speak to them"]
    assert own.leave_out == ["Pricing: you said you would rather not speak of it"]
    assert own.who[1:] == [("Pia Prospect", "from the other side")]
    assert [name for name, _ in theirs.who] == ["Rae Reference"]


def test_disclosure_masks_the_prospects_brief(ask: Ask) -> None:
    standing = ask.reference.reference_account
    standing.disclosure, standing.under_nda = Disclosure.ANONYMOUS, True
    standing.save()
    brief = brief_for(ask, Attendee.objects.get())
    whole = " ".join([brief.title, *brief.as_lines()])
    assert "Rae" not in whole
    assert "Ostvik" not in whole
    assert "Anything to others: it is said under a non-disclosure agreement" in whole


def test_the_brief_comes_by_mail_on_the_working_day_before_and_only_for_the_newest_time(ask: Ask) -> None:
    sam, _, _ = make_cast()
    reminders = Message.objects.filter(kind="reminder").order_by("pk")
    due = {each.recipient_kind: each.due_at for each in reminders}
    assert due["colleague"] == datetime(2026, 3, 12, 9, tzinfo=UTC)
    assert due["attendee"] == datetime(2026, 3, 12, 16, tzinfo=UTC)  # nine in Los Angeles, where it is Friday as well
    told = meeting_mail.reminder(reminders.get(recipient_kind="attendee"), NOW).text()
    assert "Who:\n- Rae Reference" in told
    assert "Questions:\n- How long did the first close take?" in told
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=6))
    assert meeting_mail.why_not_fixed(reminders.filter(recipient_kind="contact")[0], NOW) == Unsent("moved")


def test_a_time_fixed_after_nine_on_the_day_before_brings_the_brief_at_once(ask: Ask, clock: time_machine.Traveller) -> None:
    clock.move_to(late := NOW + timedelta(days=2, hours=5))
    Message.objects.filter(kind="reminder").update(state="sent")
    actions.schedule(ask, by=make_cast()[0], starts_at=NOW + timedelta(days=3, hours=1))
    due = {each.recipient_kind: each.due_at for each in Message.objects.filter(kind="reminder", state="due")}
    assert due == {"contact": late, "colleague": late, "attendee": datetime(2026, 3, 12, 16, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("starts_at", "zone", "due"),
    [
        (datetime(2026, 3, 16, 9, tzinfo=UTC), "UTC", datetime(2026, 3, 13, 9, tzinfo=UTC)),  # Monday: on Friday
        (datetime(2026, 3, 29, 23, tzinfo=UTC), "Europe/Oslo", datetime(2026, 3, 27, 8, tzinfo=UTC)),  # summer time starts between
        (datetime(2026, 4, 6, 20, tzinfo=UTC), "Pacific/Auckland", datetime(2026, 4, 5, 21, tzinfo=UTC)),
    ],
)
def test_the_reminder_is_at_nine_on_the_receivers_clock(starts_at: datetime, zone: str, due: datetime) -> None:
    assert reminded_at(starts_at, zone) == due


def test_the_brief_is_a_page_to_print(ask: Ask) -> None:
    sam, _, _ = make_cast()
    client = Client()
    client.force_login(sam)
    shown = client.get(f"/asks/{ask.pk}/brief/").content.decode()
    assert "Reference call with Rae Reference" in shown
    assert "Corvid" not in shown


def test_an_introduction_brings_the_questions_and_what_to_leave_out() -> None:
    sam, _, _ = make_cast()
    found = make_ask("accepted")
    ReferenceRequest.objects.update(questions="Which team?\nWhat did it cost you?")
    ReferenceTopic.objects.create(reference=found.reference, value=make_value("Pricing"), is_welcome=False)
    actions.introduce(found, by=sam)
    told = {each.recipient_kind: meeting_mail.introduction(each, NOW).text() for each in Message.objects.filter(kind="introduction")}
    assert all("Questions:\n- Which team?\n- What did it cost you?" in text for text in told.values())
    assert "Leave out:\n- Pricing: you said you would rather not speak of it" in told["contact"]
    client = Client()
    client.force_login(sam)
    shown = client.get(f"/asks/{found.pk}/brief/").content.decode()
    assert ("Which team?" in shown, "Pricing" in shown, "<dt>When</dt>" in shown) == (True, True, False)
    assert f"/asks/{found.pk}/brief/" in client.get(f"/asks/{found.pk}/").content.decode()


def test_nobody_is_introduced_to_somebody_without_an_address() -> None:
    sam, _, _ = make_cast()
    found = make_ask("accepted")
    Contact.objects.filter(pk=found.reference.contact_id).update(email="")
    with pytest.raises(Refused, match="There is no e-mail address of this reference"):
        actions.introduce(Ask.objects.get(pk=found.pk), by=sam)
    assert Ask.objects.get(pk=found.pk).status == "accepted"


@pytest.mark.parametrize("has_address", [True, False])
def test_of_a_reference_without_an_address_the_seller_reads_whom_to_tell_the_time(*, has_address: bool) -> None:
    sam, _, _ = make_cast()
    found = make_ask("accepted")
    if not has_address:
        Contact.objects.filter(pk=found.reference.contact_id).update(email="")
    sentence = "There is no e-mail address of Rae Reference: neither file nor brief reaches them, so tell them the time."
    client = Client()
    client.force_login(sam)
    before = client.get(f"/asks/{found.pk}/").content.decode()
    answer = client.post(f"/asks/{found.pk}/time/", {"seen": "accepted", "starts_at": "2026-03-12T10:00"}, follow=True)
    to_sam, to_rae = (Message.objects.get(kind="fixed", recipient_kind=kind) for kind in ("colleague", "contact"))
    pages = [before, answer.content.decode(), meeting_mail.fixed(to_sam, NOW).text()]
    assert [sentence in page for page in pages] == [not has_address] * 3
    assert ["Calendar files" in page for page in pages[:2]] == [has_address] * 2
    assert "no e-mail address" not in meeting_mail.fixed(to_rae, NOW).text()
