"""What becomes of a panel: it is moved for all, one leaves, one is swapped, one missed it, the request ends."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.links import page, token
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.history.models import Event as Happened
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.program.builders import make_policy
from firsthand.references.builders import make_engagement
from firsthand.references.models import Engagement
from firsthand.requests import actions, asking_mail
from firsthand.requests.ask_tasks import tasks_for
from firsthand.requests.builders import fresh, make_cast
from firsthand.requests.models import Ask, BarException, Occasion, Outcome, ReferenceRequest, Use
from firsthand.requests.panel_builders import AT, asked, beside, entry, event_of, hosted, mails, sent, somebody
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status
LATER = AT + timedelta(days=2)


def statuses(*asks: Ask) -> list[str]:
    return [str(fresh(each).status) for each in asks]


def test_moving_one_moves_all_of_them() -> None:
    _, _, mia = make_cast()
    host = hosted()
    numbers = [int(str(event_of(mail)["sequence"])) for mail in mails("fixed", "attendee")]
    ria = beside(host)
    numbers += [int(str(event_of(mail)["sequence"])) for mail in mails("company", "attendee")]
    Outcome.objects.create(ask=host, side="reference", says="held")
    actions.schedule(fresh(ria), by=mia, starts_at=LATER)
    occasion = Occasion.objects.get()
    assert (occasion.starts_at, occasion.sequence, Outcome.objects.count()) == (LATER, 2, 0)
    assert list(Engagement.objects.values_list("day", flat=True)) == [LATER.date()] * 2
    moved = Happened.objects.filter(verb="reschedule").order_by("subject_id").values_list("subject_id", flat=True)
    assert list(moved) == [host.pk, ria.pk]
    assert [len(mails("fixed", to)) for to in ("contact", "colleague", "attendee")] == [2, 1, 1]
    [pia] = mails("fixed", "attendee")
    assert "Group call with Rae Reference of Ostvik Bank and Ria Second of Second Bank is moved to" in pia.text()
    numbers += [int(str(event_of(pia)["sequence"]))]
    assert (len(numbers), numbers) == (3, sorted(set(numbers)))  # each replaces the one before
    assert mails("company", "attendee") == []


def test_one_bar_refuses_the_whole_move_and_names_whom_it_is_about() -> None:
    _, _, mia = make_cast()
    host = hosted()
    ria = beside(host)
    make_engagement(ria.reference, LATER.date() + timedelta(days=2), state="reserved")
    make_policy(limits={"min_gap_days": 3})
    with pytest.raises(Refused, match="Ria Second cannot be asked"):
        actions.schedule(fresh(host), by=mia, starts_at=LATER)
    assert (Occasion.objects.get().starts_at, set(Engagement.objects.filter(ask__isnull=False).values_list("day", flat=True))) == (
        AT,
        {AT.date()},
    )
    actions.schedule(fresh(host), by=mia, starts_at=LATER, exception="Their boards meet then")
    assert list(BarException.objects.values_list("ask", "rule")) == [(ria.pk, "default_gap")]
    assert Occasion.objects.get().starts_at == LATER


def test_the_owner_of_one_customer_does_not_move_the_others() -> None:
    host = hosted()
    ria = beside(host)
    otto = make_colleague("Otto Owner")
    Account.objects.filter(pk=ria.reference.account.pk).update(owner=otto)
    with pytest.raises(Refused, match=r"Several references speak at this time\. The requester or a program manager moves"):
        actions.schedule(fresh(ria), by=otto, starts_at=LATER)
    [task] = [task for task in tasks_for(fresh(ria), otto) if task.id == "time"]
    assert task.why_not.startswith("Several references speak at this time")
    assert actions.cancel(fresh(ria), by=otto).status == A.CANCELED


def test_the_owner_reads_the_time() -> None:
    _, ana, mia = make_cast()
    host = hosted()
    [ria] = actions.ask_along(host, [somebody(1)], by=mia)
    at = "Fri 13 March 2026, 09:00 (UTC): the time is fixed already, and 1 other customer of ours will speak as well"
    mail = asking_mail.approval(Message.objects.get(kind="approval", channel="mail", subject_id=ria.pk), NOW)
    client = Client()
    client.force_login(ana)
    assert f"It would be on {at}." in mail.text()
    assert at in client.get(f"/asks/{ria.pk}/approval/").content.decode()


def test_a_reference_may_leave_and_not_move_the_others() -> None:
    host = hosted()
    ria = beside(host)
    with pytest.raises(Refused, match="Others speak at that time as well, so it stays"):
        actions.offer_times(fresh(ria), by=ria.reference.contact, times=[LATER])
    actions.call_off(fresh(ria), by=ria.reference.contact, reason="Ill")
    assert statuses(host, ria) == [A.SCHEDULED, A.CANCELED]
    assert actions.offer_times(fresh(host), by=host.reference.contact, times=[LATER]).status == A.SCHEDULED  # alone again


def test_whoever_leaves_is_taken_out_and_the_others_read_who_is_left() -> None:
    host = hosted()
    ria = beside(host)
    actions.cancel(fresh(host), by=make_cast()[2], reason="Plans changed")
    occasion = Occasion.objects.get()
    assert (statuses(host, ria), occasion.canceled_at, occasion.sequence) == ([A.CANCELED, A.SCHEDULED], None, 2)
    [gone] = mails("unfixed", "contact")
    assert (gone.to_address, entry(gone)[0]) == (host.reference.contact.email, "CANCELLED")
    assert (mails("unfixed", "attendee"), mails("unfixed", "colleague")) == ([], [])
    [pia], [left] = mails("company", "attendee"), mails("company", "contact")
    assert entry(pia) == ("CONFIRMED", "Group call with Ria Second, Second Bank")
    assert (left.to_address, left.subject) == (ria.reference.contact.email, "You speak alone: Group call with Fennmark Mills")
    assert list(Engagement.objects.order_by("pk").values_list("state", flat=True)) == ["released", "reserved"]


def test_an_older_link_of_the_prospect_shows_who_still_comes() -> None:
    host = hosted()
    beside(host)
    link = Link.objects.filter(purpose="pick", subject_id=host.pk).latest("pk")
    actions.cancel(fresh(host), by=make_cast()[2])
    client = Client()
    client.get(f"/l/{token(link)}/")
    shown = client.get(page(link)).content.decode()
    assert ("Group call with Ria Second" in shown, "Rae" in shown) == (True, False)


def test_the_last_who_leaves_ends_the_time_once() -> None:
    _, _, mia = make_cast()
    host = hosted()
    ria = beside(host)
    actions.cancel(fresh(host), by=mia)
    actions.cancel(fresh(ria), by=mia)
    assert Occasion.objects.get().canceled_at == NOW
    [pia], [_] = mails("unfixed", "attendee"), mails("unfixed", "colleague")
    assert entry(pia)[0] == "CANCELLED"
    assert len(mails("unfixed", "contact")) == 2


def test_whoever_left_and_comes_again_gets_a_newer_entry() -> None:
    _, _, mia = make_cast()
    host = hosted()
    ria = beside(host)
    actions.cancel(fresh(ria), by=mia)
    again = beside(host)
    [hers] = [mail for mail in mails("fixed", "contact") if mail.to_address == ria.reference.contact.email]
    assert (again.pk != ria.pk, entry(hers)[0]) == (True, "CONFIRMED")


def test_somebody_takes_the_place_of_one_and_the_prospect_reads_of_both_changes() -> None:
    _, _, mia = make_cast()
    host = hosted(2)
    ria = beside(host)
    [rob] = actions.swap(fresh(host), [somebody(2)], by=mia)
    [pia] = mails("company", "attendee")
    assert entry(pia) == ("CONFIRMED", "Group call with Ria Second, Second Bank")
    actions.accept(sent(rob), by=rob.reference.contact, takes_time=True)
    [pia] = mails("company", "attendee")
    assert entry(pia) == ("CONFIRMED", "Group call with Ria Second of Second Bank and Rob Third of Third Bank")
    assert statuses(host, ria, rob) == [A.CANCELED, A.SCHEDULED, A.SCHEDULED]


def test_a_swap_nobody_takes_leaves_the_time_to_the_others() -> None:
    _, _, mia = make_cast()
    host = hosted(2)
    ria = beside(host)
    [rob] = actions.swap(fresh(host), [somebody(2)], by=mia)
    actions.decline(sent(rob), by=rob.reference.contact)
    assert (statuses(ria), Occasion.objects.get().canceled_at, mails("unfixed", "attendee")) == ([A.SCHEDULED], None, [])
    actions.cancel(fresh(ria), by=mia)
    assert (Occasion.objects.get().canceled_at, len(mails("unfixed", "attendee"))) == (NOW, 1)


def test_a_withdrawn_request_ends_the_panel_with_one_mail_to_each() -> None:
    sam, _, _ = make_cast()
    host = hosted()
    ria, rob = beside(host), beside(host, 2)
    actions.withdraw(ReferenceRequest.objects.get(), by=sam)
    assert statuses(host, ria, rob) == [A.CANCELED] * 3
    assert [len(mails("unfixed", to)) for to in ("contact", "attendee")] == [3, 1]
    assert [mails("company", to) for to in ("contact", "attendee", "colleague")] == [[], [], []]
    [pia] = mails("unfixed", "attendee")
    assert entry(pia)[0] == "CANCELLED"


def test_a_new_requester_gets_one_entry_of_everybody() -> None:
    host = hosted()
    beside(host)
    actions.give_requester(ReferenceRequest.objects.get(), to=make_colleague("Sue Seller"), by=make_cast()[2], reason="Sam left")
    [sue] = [mail for mail in mails("fixed", "colleague") if mail.to_name == "Sue Seller"]
    assert entry(sue) == ("CONFIRMED", "Group call with Rae Reference of Ostvik Bank and Ria Second of Second Bank")
    assert sue.subject.startswith("Fixed: ")


def test_each_says_for_themselves_whether_it_happened(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    host = hosted(2)
    ria = beside(host)
    clock.move_to(AT + timedelta(hours=2))
    actions.miss(fresh(ria), by=mia, missed_by="reference")
    assert (statuses(host, ria), Occasion.objects.get().canceled_at) == ([A.SCHEDULED, A.MISSED], None)
    actions.hold(fresh(host), by=sam)
    assert list(Use.objects.values_list("engagement__ask", flat=True)) == [host.pk]
    assert list(Engagement.objects.order_by("pk").values_list("state", flat=True)) == ["held", "missed"]
    assert Message.objects.filter(kind="debrief", recipient_kind="contact").count() == 1
    assert ReferenceRequest.objects.get().status == "partly_fulfilled"


def test_a_time_that_was_held_with_one_is_not_moved_with_the_other(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    host = hosted()
    ria = beside(host)
    clock.move_to(AT + timedelta(hours=2))
    actions.hold(fresh(host), by=sam)
    actions.schedule(fresh(ria), by=mia, starts_at=LATER)
    of_host, of_ria = fresh(host).occasion, fresh(ria).occasion
    assert of_host is not None
    assert of_ria is not None
    assert (of_host.starts_at, of_ria.starts_at, of_ria.place, of_ria.sequence) == (AT, LATER, of_host.place, 2)


def test_once_the_time_has_come_none_of_a_panel_is_canceled(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    host = hosted()
    ria = beside(host)
    clock.move_to(AT + timedelta(hours=2))
    with pytest.raises(Refused, match="which has come"):
        actions.cancel(fresh(ria), by=mia)
    assert (statuses(host, ria), Occasion.objects.get().sequence) == ([A.SCHEDULED, A.SCHEDULED], 1)


def test_a_time_that_was_called_off_meanwhile_is_not_taken() -> None:
    host = hosted()
    ria = asked(host)
    actions.cancel(fresh(host), by=make_cast()[2])
    actions.accept(ria, by=ria.reference.contact, takes_time=True)
    assert (statuses(ria), fresh(ria).occasion_id) == ([A.ACCEPTED], None)


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_a_request_that_ends_takes_its_panel_out_of_each_calendar_once_with_all_names(end: str) -> None:
    sam, _, _ = make_cast()
    host = hosted()
    beside(host)
    told = Message.objects.filter(kind="company").count()
    row = ReferenceRequest.objects.get()
    if end == "withdraw":
        actions.withdraw(row, by=sam)
    else:
        actions.close(row, by=make_cast()[2], reason="policy")
    both = "Group call with Rae Reference of Ostvik Bank and Ria Second of Second Bank"
    [pia], [to_sam] = mails("unfixed", "attendee"), mails("unfixed", "colleague")
    assert (entry(pia), entry(to_sam)) == (("CANCELLED", both), ("CANCELLED", both))
    assert (pia.subject, to_sam.subject) == (f"Canceled: {both}", f"Canceled: {both}")
    assert f"{both} on Fri 13 March 2026, 09:00 (UTC) does not take place." in " ".join(pia.text().split())
    assert [entry(mail)[0] for mail in mails("unfixed", "contact")] == ["CANCELLED"] * 2
    assert Message.objects.filter(kind="company").count() == told  # nobody is told who is left of those who all go
    assert (Occasion.objects.get().canceled_at, statuses(host)) == (NOW, [A.CANCELED])


def test_a_panel_that_was_left_before_it_ends_is_named_as_it_stood() -> None:
    sam, _, mia = make_cast()
    host = hosted()
    ria, rob = beside(host), beside(host, 2)
    actions.cancel(ria, by=mia)
    actions.withdraw(ReferenceRequest.objects.get(), by=sam)
    both = "Group call with Rae Reference of Ostvik Bank and Rob Third of Third Bank"
    [pia], [to_sam] = mails("unfixed", "attendee"), mails("unfixed", "colleague")
    assert (entry(pia), entry(to_sam), statuses(rob)) == (("CANCELLED", both), ("CANCELLED", both), [A.CANCELED])


def test_where_enough_happened_a_panel_that_is_fixed_stands() -> None:
    """One was held; what is agreed with the others is theirs to call off, and nobody finds their time gone."""
    sam, _, mia = make_cast()
    host = hosted(2)
    ria = beside(host)
    ReferenceRequest.objects.update(n_wanted=3)
    [rob] = actions.propose(ReferenceRequest.objects.get(), [somebody(2)], by=mia)
    actions.accept(sent(rob), by=rob.reference.contact)
    actions.introduce(fresh(rob), by=mia)
    ReferenceRequest.objects.update(n_wanted=1)
    actions.hold(fresh(rob), by=sam)
    assert mails("unfixed", "attendee") == []
    assert (statuses(host), statuses(ria)) == ([A.SCHEDULED], [A.SCHEDULED])
