"""The time of a panel: nobody is put on one that they never saw, that serves another request, or that was typed otherwise."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from firsthand.core.links import page, token
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Event as Happened
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.requests import actions, asking_mail, meeting_mail, news_mail
from firsthand.requests.actions import Wish
from firsthand.requests.ask_tasks import tasks_for
from firsthand.requests.beside import time_to_come
from firsthand.requests.builders import fresh, group_call, make_cast
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.requests.panel_builders import AT, asked, beside, hosted, mails, somebody
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status
LATER = AT + timedelta(days=2)


def test_a_time_that_passed_to_another_request_is_not_taken() -> None:
    _, _, mia = make_cast()
    host = hosted()
    ria = asked(host)
    other = actions.file_request(Wish(group_call(), NOW.date() + timedelta(days=20), "And theirs?"), by=make_colleague("Sue Seller"))
    joining = actions.join(other, host, by=mia)
    actions.accept(joining, by=joining.reference.contact)
    actions.cancel(fresh(host), by=mia)
    before = Occasion.objects.values().get()
    assert time_to_come(fresh(ria)) is None
    actions.accept(fresh(ria), by=ria.reference.contact, takes_time=True)
    assert (fresh(ria).status, fresh(ria).occasion_id, Occasion.objects.values().get()) == (A.ACCEPTED, None, before)


@pytest.mark.parametrize("typed", [{"minutes": 10}, {"place": "elsewhere"}])
def test_a_length_or_place_of_ones_own_is_refused_where_others_come(typed: dict[str, Any]) -> None:
    _, _, mia = make_cast()
    ria = asked(hosted())
    actions.accept(ria, by=ria.reference.contact)
    with pytest.raises(Refused, match="Others come to that time too, so it keeps its 50 minutes and its place") as refusal:
        actions.schedule(fresh(ria), by=mia, starts_at=AT, **typed)
    assert (refusal.value.status, fresh(ria).status) == (400, A.ACCEPTED)
    actions.schedule(fresh(ria), by=mia, starts_at=AT, minutes=50, place="https://meet.example/group")
    assert fresh(ria).status == A.SCHEDULED


def test_no_panel_is_offered_while_the_request_waits_for_an_answer(client: Client) -> None:
    _, _, mia = make_cast()
    host = hosted()
    client.force_login(mia)
    assert [task.id for task in tasks_for(fresh(host), mia) if task.id == "panel"] == ["panel"]
    ReferenceRequest.objects.update(status="needs_info")
    assert [task.id for task in tasks_for(fresh(host), mia) if task.id == "panel"] == []
    shown = client.get(f"/asks/{host.pk}/panel/").content.decode()
    assert ("is not possible now: the request is needs info." in shown, 'id="panel"' in shown) == (True, False)


def test_the_requester_of_before_gets_no_time_and_no_brief() -> None:
    sam, _, mia = make_cast()
    host = hosted()
    beside(host)
    actions.give_requester(ReferenceRequest.objects.get(), to=make_colleague("Sue Seller"), by=mia, reason="Sam left")
    rows = Message.objects.filter(kind__in=["fixed", "company", "reminder"], recipient_kind="colleague").order_by("pk")
    sequence = Occasion.objects.get().sequence
    current = [row for row in rows if row.facts["sequence"] == sequence]
    told = [(row.kind, row.recipient_id == sam.pk, meeting_mail.why_not_fixed(row, NOW)) for row in current]
    gone = Unsent("new_requester")
    assert told == [("company", True, gone), ("reminder", True, gone), ("fixed", False, None), ("reminder", False, None)]


def test_whoever_never_got_the_time_reads_all_of_it_once_somebody_else_comes() -> None:
    """A mail server that was down: the first mail was overtaken before it left."""
    host = hosted()
    first = list(Message.objects.filter(kind="fixed").values_list("pk", flat=True))
    beside(host)
    [told] = mails("company", "attendee")
    words = " ".join(told.text().split())
    assert ("Where: https://meet.example/group" in words, "takes the place of the one you have" in words) == (True, True)
    Message.objects.filter(pk__in=first).update(state="dropped")
    [pia], [rae] = mails("company", "attendee"), mails("company", "contact")
    at = "and Ria Second of Second Bank is fixed for Fri 13 March 2026, 09:00 (UTC), for 50 minutes."
    assert (at in " ".join(pia.text().split()), "Where: https://meet.example/group" in pia.text()) == (True, True)
    assert (rae.subject[:7], "Nothing changes" in rae.text(), "Where: https://meet.example/group" in rae.text()) == ("Fixed: ", False, True)


def moved(host: Ask) -> None:
    actions.schedule(fresh(host), by=make_cast()[0], starts_at=LATER)


NEW = "The time was moved to Sun 15 March 2026, 09:00 (UTC)."


def test_a_yes_by_link_is_to_the_time_that_stood_on_the_page(client: Client) -> None:
    host = hosted()
    ria = asked(host)
    link = Link.objects.get(purpose="answer", subject_id=ria.pk)
    client.get(f"/l/{token(link)}/")
    shown = client.get(page(link)).content.decode()
    assert f'name="moment" value="{AT.isoformat()}"' in shown
    press = {"act": "accept_time", "seen": "sent", "moment": AT.isoformat()}
    assert client.post(page(link), {**press, "moment": ""}).status_code == 400
    moved(host)
    told = Message.objects.count()
    refused = client.post(page(link), press)
    assert (refused.status_code, NEW in refused.content.decode(), fresh(ria).status, Message.objects.count()) == (409, True, A.SENT, told)
    assert client.post(page(link), {**press, "moment": LATER.isoformat()}).status_code == 302
    assert (fresh(ria).status, fresh(ria).occasion_id) == (A.SCHEDULED, fresh(host).occasion_id)


def test_a_time_accepted_after_the_yes_was_told_is_fixed(client: Client) -> None:
    host = hosted()
    ria = asked(host)
    link = Link.objects.get(purpose="answer", subject_id=ria.pk)
    client.get(f"/l/{token(link)}/")
    actions.accept(ria, by=ria.reference.contact)  # in another tab, at another time
    press = {"act": "accept_time", "seen": "sent", "moment": AT.isoformat()}
    for _ in range(2):
        assert client.post(page(link), press).status_code == 302
        assert (fresh(ria).status, fresh(ria).occasion_id) == (A.SCHEDULED, fresh(host).occasion_id)
    assert Happened.objects.filter(verb="accept", subject_id=ria.pk).count() == 1
    moved(host)
    assert client.post(page(link), press).status_code == 409
    assert client.post(page(link), {"act": "accept_introduction", "seen": "sent"}).status_code == 409


def test_a_moved_time_is_told_to_whoever_speaks_with_those_asked_to_it() -> None:
    sam, ana, mia = make_cast()
    host = hosted()
    ria = asked(host)
    late = beside(host, 2)
    moved(host)
    [event] = Happened.objects.filter(verb="along_moved")
    news = Message.objects.filter(kind="news", facts__event=event.pk).order_by("recipient_id", "channel")
    assert (event.subject_id, event.actor_id) == (ria.pk, sam.pk)
    assert list(news.values_list("recipient_id", "channel")) == sorted([(ana.pk, "mail"), (ana.pk, "notice"), (mia.pk, "notice")])
    told = news_mail.news(news.get(channel="mail"), NOW)
    assert "Sam Seller moved the time that Ria Second is asked to come to" in " ".join(told.text().split())
    actions.schedule(fresh(late), by=sam, starts_at=LATER, place="elsewhere")
    assert Happened.objects.filter(verb="along_moved").count() == 1  # the same time at another place


def along_moved() -> list[Message]:
    return list(Message.objects.filter(kind="along_moved").order_by("pk"))


def reasons() -> list[Unsent | None]:
    return [asking_mail.why_not_along_moved(mail, NOW) for mail in along_moved()]


def test_whoever_was_asked_to_a_time_by_mail_hears_by_mail_that_it_was_moved(client: Client) -> None:
    host = hosted()
    ria, in_person, late = asked(host), actions.ask_along(host, [somebody(2)], by=make_cast()[2])[0], beside(host, 3)
    actions.ask_in_person(in_person, by=make_cast()[1])
    assert reasons() == []
    moved(host)
    [mail] = along_moved()
    assert (mail.recipient_kind, mail.recipient_id, mail.subject_id) == ("contact", ria.reference.contact_id, ria.pk)
    assert reasons() == [Unsent("never_asked")]  # the ask has not left yet, and tells the new time
    Message.objects.filter(kind="ask").update(state="sent", sent_at=NOW)
    assert reasons() == [None]
    told = asking_mail.along_moved(mail, NOW)
    at = "Sun 15 March 2026, 09:00 (UTC)"
    assert told.subject == f"Moved to {at}: the group call we asked you for"
    others = "2 other customers of ours will speak as well."
    assert f"was moved. It would be on {at}: the time is fixed already, and {others}" in " ".join(told.text().split())
    client.get(f"/l/{token(Link.objects.get(pk=mail.facts['link']))}/")
    assert "Accept this time" in client.get(page(Link.objects.get(pk=mail.facts["link"]))).content.decode()
    actions.schedule(fresh(late), by=make_cast()[0], starts_at=LATER, place="elsewhere")
    assert len(along_moved()) == 1  # the same time at another place


def test_a_moved_time_is_told_once_and_only_while_it_waits_for_an_answer() -> None:
    host = hosted()
    ria = asked(host)
    Message.objects.filter(kind="ask").update(state="sent", sent_at=NOW)
    moved(host)
    actions.schedule(fresh(host), by=make_cast()[0], starts_at=LATER + timedelta(days=1))
    assert reasons() == [Unsent("moved"), None]
    Message.objects.filter(kind="ask").update(sent_at=NOW + timedelta(minutes=1))
    assert reasons() == [Unsent("moved"), Unsent("moved")]  # a mail that left since has told it
    Message.objects.filter(kind="ask").update(sent_at=NOW)
    actions.cancel(fresh(host), by=make_cast()[2])
    Occasion.objects.update(canceled_at=NOW)
    assert reasons() == [Unsent("moved"), Unsent("ended")]
    actions.decline(ria, by=ria.reference.contact)
    assert reasons() == [Unsent("moved"), Unsent("ask", {"status": "declined"})]


@pytest.mark.parametrize("door", ["signed in", "by link"])
def test_a_yes_that_is_recorded_is_to_the_time_that_stood_on_the_page(client: Client, door: str) -> None:
    _, ana, mia = make_cast()
    host = hosted()
    [ria] = actions.ask_along(host, [somebody(1)], by=mia)
    link = Link.objects.get(purpose="approval", subject_id=ria.pk)
    actions.ask_in_person(ria, by=ana)
    client.force_login(ana)
    client.get(f"/l/{token(link)}/")
    url = f"/asks/{ria.pk}/answer/" if door == "signed in" else page(link)
    said = {"answer": "yes_time", "channel": "over lunch", "day": NOW.date().isoformat(), "words": "Gladly", "answer_of": "reference"}
    press = {**said, "seen": "sent", "moment": AT.isoformat()}
    assert client.post(url, {**press, "moment": ""}).status_code == 400
    moved(host)
    refused = client.post(url, press)
    shown = refused.content.decode()
    assert (refused.status_code, NEW in shown, "over lunch" in shown, "Gladly" in shown, fresh(ria).status) == (
        409,
        True,
        True,
        True,
        A.SENT,
    )
    assert (f'name="moment" value="{LATER.isoformat()}"' in shown, AT.isoformat() in shown) == (True, False)
    assert client.post(url, {**press, "moment": LATER.isoformat()}).status_code == 302
    assert (fresh(ria).status, fresh(ria).occasion_id) == (A.SCHEDULED, fresh(host).occasion_id)
