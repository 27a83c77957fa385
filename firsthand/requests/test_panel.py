"""A panel: several references of one request at one fixed time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.history.models import Event as Happened
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.program.builders import make_policy
from firsthand.references.builders import make_engagement
from firsthand.references.models import Engagement, NoGo, ReferenceAccount
from firsthand.requests import actions, asking_mail
from firsthand.requests.actions import Wish
from firsthand.requests.beside import time_to_come
from firsthand.requests.brief import brief_for
from firsthand.requests.builders import fresh, group_call, make_cast
from firsthand.requests.models import Ask, Attendee, BarException, Occasion, ReferenceRequest
from firsthand.requests.page import request_page
from firsthand.requests.panel_builders import AT, asked, beside, entry, event_of, hosted, mails, somebody
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status


def test_a_yes_to_the_time_of_another_makes_a_panel() -> None:
    host = hosted()
    ria = beside(host)
    occasion = Occasion.objects.get()
    assert (ria.status, ria.occasion_id, fresh(host).occasion_id) == (A.SCHEDULED, occasion.pk, occasion.pk)
    assert (occasion.starts_at, occasion.minutes, occasion.place, occasion.sequence) == (AT, 50, "https://meet.example/group", 1)
    slots = Engagement.objects.order_by("pk").values_list("reference__contact__person__first_name", "state", "day")
    assert list(slots) == [("Rae", "reserved", AT.date()), ("Ria", "reserved", AT.date())]
    assert Happened.objects.filter(verb="ask_along").count() == 1


def test_each_side_reads_who_speaks_in_the_entry_it_has() -> None:
    host = hosted()
    [first] = mails("fixed", "attendee")
    assert entry(first) == ("CONFIRMED", "Group call with Rae Reference, Ostvik Bank")
    beside(host)
    both = "Group call with Rae Reference of Ostvik Bank and Ria Second of Second Bank"
    [pia], [sam] = mails("company", "attendee"), mails("company", "colleague")
    assert (entry(pia), entry(sam)) == (("CONFIRMED", both), ("CONFIRMED", both))
    assert "Who speaks: Rae Reference of Ostvik Bank and Ria Second of Second Bank." in str(event_of(pia)["description"])
    assert "you hear Rae Reference of Ostvik Bank and Ria Second of Second Bank." in pia.text()
    assert mails("fixed", "attendee") == []
    ReferenceRequest.objects.update(n_wanted=2)
    found = ReferenceRequest.objects.get(pk=host.reference_request_id)
    assert request_page(found, make_cast()[2]).next.title == "Group call with Rae Reference and Ria Second"


def test_a_reference_reads_how_many_others_speak_and_never_who() -> None:
    host = hosted()
    ria = asked(host)
    assert (
        "the time is fixed already, and 1 other customer of ours will speak as well"
        in asking_mail.ask(Message.objects.get(kind="ask", subject_id=ria.pk), NOW).text()
    )
    actions.accept(ria, by=ria.reference.contact, takes_time=True)
    [rae], [hers] = mails("company", "contact"), mails("fixed", "contact")
    assert (entry(rae), entry(hers)) == (("CONFIRMED", "Group call with Fennmark Mills"),) * 2
    assert rae.subject == "1 other customer of ours as well: Group call with Fennmark Mills"
    assert "1 other customer of ours will speak as well." in str(event_of(hers)["description"])
    for mail, other in ((rae, "Ria"), (hers, "Rae"), (rae, "Second"), (hers, "Ostvik")):
        assert other not in mail.subject + mail.text() + mail.files[0].content.decode()
    assert ("1 other customer of ours", "who will speak as well") in brief_for(fresh(ria), ria.reference.contact).who


def test_a_masked_co_panelist_is_described_and_never_named() -> None:
    host = hosted()
    ria = beside(host)
    ReferenceAccount.objects.filter(references=ria.reference).update(disclosure="anonymous")
    [pia] = mails("company", "attendee")
    attendee = Attendee.objects.get()
    brief = brief_for(fresh(host), attendee)
    [reminded] = mails("reminder", "attendee")
    whole = [pia.subject, pia.text(), pia.files[0].content.decode(), reminded.subject, reminded.text(), str(brief)]
    assert [word for word in ("Ria", "Second Bank", "ria.") if word in "".join(whole)] == []
    assert str(event_of(pia)["summary"]).startswith("Group call with Rae Reference of Ostvik Bank and a ")
    assert next(name for name, _ in brief.who) == "Rae Reference"
    assert len(brief.who) == 2


def test_one_brief_lists_all_and_one_reminder_goes_to_each_side() -> None:
    host = hosted()
    ria = beside(host)
    brief = brief_for(fresh(ria), make_cast()[0])
    assert brief.title == "Group call with Rae Reference and Ria Second"
    assert [name for name, _ in brief.who] == ["Rae Reference", "Ria Second", "Fennmark Mills", "Pia Prospect"]
    to = [mail.to_address for kind in ("contact", "colleague", "attendee") for mail in mails("reminder", kind)]
    people = (ria.reference.contact, host.reference.contact, make_cast()[0], Attendee.objects.get())
    assert to == [each.email for each in people]


@pytest.mark.parametrize("steps", range(4))
def test_an_ask_that_is_open_already_is_brought_to_the_time(steps: int) -> None:
    """Proposed, approved, sent; and accepted before, when our side fixes the time."""
    _, ana, mia = make_cast()
    host = hosted()
    [ria] = actions.propose(host.reference_request, [somebody(1)], by=mia)
    way: list[Callable[[], Ask]] = [
        lambda: actions.approve(ria, by=ana),
        lambda: actions.send(fresh(ria), by=mia),
        lambda: actions.accept(fresh(ria), by=ria.reference.contact),
    ]
    for step in way[:steps]:
        step()
    assert actions.ask_along(host, [ria.reference], by=mia) == [ria]
    for step in way[steps:2]:
        step()
    if steps == len(way):
        actions.schedule(fresh(ria), by=mia, starts_at=AT)
    else:
        actions.accept(fresh(ria), by=ria.reference.contact, takes_time=True)
    occasion = Occasion.objects.get()
    assert (fresh(ria).status, fresh(ria).occasion, occasion.minutes, occasion.place) == (
        A.SCHEDULED,
        occasion,
        50,
        "https://meet.example/group",
    )


def test_a_yes_at_another_time_leaves_the_panel_alone() -> None:
    host = hosted()
    ria = asked(host)
    actions.accept(ria, by=ria.reference.contact)
    assert Occasion.objects.get().sequence == 0
    actions.schedule(fresh(ria), by=make_cast()[2], starts_at=AT + timedelta(days=1))
    assert (Occasion.objects.count(), fresh(host).occasion_id == fresh(ria).occasion_id) == (2, False)
    assert Occasion.objects.order_by("pk").values_list("starts_at", "sequence").first() == (AT, 0)


def test_only_a_shared_activity_with_more_wanted_and_a_time_ahead(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ria = somebody(1)
    host = hosted(1)
    with pytest.raises(Refused, match="Somebody has agreed already"):
        actions.ask_along(host, [ria], by=mia)
    ReferenceRequest.objects.update(n_wanted=3)
    with pytest.raises(Refused, match="Choose at least one other reference"):
        actions.ask_along(host, [host.reference], by=mia)
    with pytest.raises(Refused, match="A program manager proposes asks"):
        actions.ask_along(host, [ria], by=make_cast()[0])
    group_call().__class__.objects.update(places=1)
    with pytest.raises(Refused, match="A group call is with one reference at a time"):
        actions.ask_along(fresh(host), [ria], by=mia)
    group_call()
    clock.move_to(AT)
    with pytest.raises(Refused, match="There is no time ahead to which somebody else could come"):
        actions.ask_along(fresh(host), [ria], by=mia)
    assert Ask.objects.count() == 1


def test_a_rule_that_stands_against_the_day_refuses_and_is_lifted_with_a_reason() -> None:
    _, _, mia = make_cast()
    host, ria = hosted(), somebody(1)
    make_engagement(ria, AT.date() + timedelta(days=1), state="reserved")
    make_policy(limits={"min_gap_days": 5})
    with pytest.raises(Refused, match="Ria Second cannot be asked"):
        actions.ask_along(host, [ria], by=mia)
    [ask] = actions.ask_along(host, [ria], by=mia, exception="The sponsor wants both")
    assert list(BarException.objects.values_list("ask", "rule")) == [(ask.pk, "default_gap")]


def test_references_that_do_not_speak_to_each_other_do_not_meet() -> None:
    host, ria = hosted(), somebody(1)
    NoGo.objects.create(reference_account=host.reference.reference_account, account=ria.account)
    with pytest.raises(Refused, match="they do not speak to this company"):
        actions.ask_along(host, [ria], by=make_cast()[2])


def test_a_time_serves_several_references_or_several_deals() -> None:
    _, _, mia = make_cast()
    host = hosted()
    other = actions.file_request(Wish(group_call(), NOW.date() + timedelta(days=20), "And theirs?"), by=make_colleague("Sue Seller"))
    ria = asked(host)
    joining = actions.join(other, host, by=mia)
    with pytest.raises(Refused, match="Other requests come to this time, or ask to"):
        actions.ask_along(host, [somebody(2)], by=mia)
    assert time_to_come(fresh(ria)) is None  # a yes stands without it
    actions.decline(joining, by=joining.reference.contact)
    assert actions.accept(ria, by=ria.reference.contact, takes_time=True).status == A.SCHEDULED
    with pytest.raises(Refused, match="Several references of one request speak at that time"):
        actions.join(other, host, by=mia)


def test_whoever_says_yes_once_enough_agreed_is_not_on_the_panel() -> None:
    host = hosted(2)
    late = asked(host, 2)
    Ask.objects.filter(pk=late.pk).update(status=A.LAPSED)
    beside(host)
    with pytest.raises(Refused, match="Somebody else has agreed in the meantime"):
        actions.accept(fresh(late), by=late.reference.contact, takes_time=True)
    assert (fresh(late).status, fresh(late).occasion_id) == (A.LAPSED, None)
