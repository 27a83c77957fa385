"""One's own notices: as many queries however many they are, and no line and no number for what is over."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from firsthand.customers.models import Account
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox
from firsthand.upkeep.notices import notices_for, notices_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(of: Colleague) -> tuple[str, int]:
    """The page of notices, and the queries it took."""
    client = Client()
    client.force_login(of)
    with CaptureQueriesContext(connection) as made:
        html = client.get(reverse("upkeep:notices")).content.decode()
    return html, len(made)


def test_a_line_says_what_the_mail_says() -> None:
    sam, _, _ = make_cast()
    make_ask("scheduled")
    shown = notices_for(sam, NOW)
    assert [(each.text, each.url) for each in shown.lines] == [
        (mail.subject, mail.url) for mail in (outbox.render(row, NOW) for row in notices_of(sam).order_by("-pk"))
    ]
    assert (len(shown.lines), shown.unread) == (notices_of(sam).count(), notices_of(sam).count())


def test_many_lines_take_as_many_queries_as_one() -> None:
    sam, _, _ = make_cast()
    make_ask("proposed")
    _, few = page(sam)
    for number in range(3):
        make_ask("scheduled", reference=make_rae(f"Ria {number}", company=f"Company {number}"), reference_request=make_request())
    assert notices_of(sam).count() > 10
    assert page(sam)[1] == few


def test_what_is_over_is_not_counted_and_can_be_cleared() -> None:
    _, ana, mia = make_cast()
    ask = make_ask()
    assert notices_for(ana, NOW).unread == 1
    assert "1 notice not read yet" in page(ana)[0]
    actions.cancel(ask, by=mia)
    Message.objects.filter(kind="news", recipient_id=ana.pk).delete()
    html, _ = page(ana)
    assert "Nothing new" in html
    assert "Mark all as read" in html
    client = Client()
    client.force_login(ana)
    client.post(reverse("upkeep:notices_read"))
    assert "Mark all as read" not in page(ana)[0]


def test_what_is_not_seen_any_more_has_no_line() -> None:
    _, ana, _ = make_cast()
    ask = make_ask("sent")
    assert len(notices_for(ana, NOW).lines) > 0
    Account.objects.update(owner=None)
    Ask.objects.filter(pk=ask.pk).update(approver=None)
    seen = notices_for(ana, NOW)
    assert (seen.lines, seen.unread, seen.has_unread) == ([], 0, True)
