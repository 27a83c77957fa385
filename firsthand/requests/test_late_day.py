"""A day that is past is promised to nobody: it is changed before somebody is asked, and who was asked before reads no day."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.requests import actions, asking_mail, meeting_mail, reminder_mail
from firsthand.requests.answer_page import answer_page
from firsthand.requests.builders import fresh, make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask
from firsthand.requests.permissions import why_not, why_not_propose
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LATE = "It was needed by 20 Mar 2026, which is past. Change the day first, under the wish on the request’s page."
LAST = timedelta(days=10)


def open_page(by: Colleague, path: str) -> str:
    client = Client()
    client.force_login(by)
    return client.get(path).content.decode()


def test_nobody_is_proposed_for_a_day_that_is_past(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    row, rae = make_request(), make_rae()
    clock.shift(LAST)
    assert why_not_propose(mia, rae, row) is None
    clock.shift(timedelta(days=1))
    assert why_not_propose(mia, rae, row) == LATE
    with pytest.raises(Refused, match="Change the day first"):
        actions.propose(row, [rae], by=mia)
    wanted = f"/requests/{row.pk}/wanted/"
    page = open_page(mia, f"/requests/{row.pk}/")
    assert ("Change the day it was needed by" in page, wanted in page) == (True, True)
    matches = open_page(mia, f"/requests/{row.pk}/matches/")
    assert (LATE in matches, f'<a class="fh-link" href="{wanted}">Change what is wanted</a>' in matches) == (True, True)


def test_no_ask_leaves_for_a_day_that_is_past(clock: time_machine.Traveller) -> None:
    sam, ana, mia = make_cast()
    proposed = make_ask(reference=make_rae("Ria Second", company="Second Bank"), reference_request=make_request())
    ask = make_ask("approved")
    clock.shift(LAST + timedelta(days=1))
    assert why_not(mia, "send", ask) == LATE
    with pytest.raises(Refused, match="Change the day first"):
        actions.send(ask, by=mia)
    with pytest.raises(Refused, match="Change the day first"):
        actions.ask_in_person(proposed, by=ana)
    later = actions.Wanted(ask.reference_request.wish, "", (NOW + timedelta(days=20)).date())
    actions.change_wanted(ask.reference_request, later, by=sam)
    assert actions.send(ask, by=mia).status == "sent"


def test_a_tender_has_its_window_in_place_of_the_day(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    today = NOW.date()
    window = (today + timedelta(days=20), today + timedelta(days=40))
    wish = actions.Wish(make_activity_type(ActivityType.TENDER), today + LAST, "A bank our size", window=window)
    row = actions.file_request(wish, by=mia)
    clock.shift(timedelta(days=12))
    assert why_not_propose(mia, make_rae(), row) is None


def said(ask: Ask) -> list[str]:
    """What is printed of the day: mail, subject, reminder, page, text for asking in person, the owner's mail, the introduction."""
    message = Message.objects.filter(kind="ask").latest("pk")
    owners = Message.objects.filter(kind="approval").latest("pk")
    introduction = Message.objects.filter(kind="introduction", recipient_kind="contact").latest("pk")
    mails = [asking_mail.ask(message, NOW), reminder_mail.reference(message, NOW), asking_mail.approval(owners, NOW)]
    texts = [mail.text() for mail in [*mails, meeting_mail.introduction(introduction, NOW)]]
    return [mails[0].subject, *(" ".join(text.split()) for text in texts), answer_page(fresh(ask)).what, asking_mail.in_person_text(ask)]


def test_who_was_asked_before_reads_no_day_that_is_past(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    clock.shift(LAST)
    assert ["by 20 Mar 2026" in text for text in said(ask)] == [True] * 7
    clock.shift(timedelta(days=1))
    late = said(ask)
    assert ["20 Mar 2026" in text for text in late] == [False] * 7
    assert [("as soon as you can" in text, "as soon as possible" in text) for text in late] == [
        (number != 3, number == 3) for number in range(7)
    ]
