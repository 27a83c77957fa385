"""The same press twice is one, and is thanked for twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.history.models import Event, Message
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_request
from firsthand.requests.models import Ask, Note
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def opened(kind: str) -> tuple[Client, str]:
    message = Message.objects.filter(kind=kind, channel="mail").latest("pk")
    client = Client()
    link = address(Link.objects.get(pk=message.facts["link"]))
    return client, client.get(link.removeprefix("http://127.0.0.1:8000"))["Location"]


def test_an_answer_by_link(clock: time_machine.Traveller) -> None:
    actions.ask_info(make_request(), by=make_cast()[2], question="Which product?")
    client, page = opened("question")
    assert [client.post(page, {"words": "The new one"}).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(verb="give_info").count() == 1
    assert client.post(page, {"words": "Another one"}).status_code == 409


def test_an_answer_that_comes_after_the_end_is_left_to_copy() -> None:
    found, mia = make_request(), make_cast()[2]
    actions.ask_info(found, by=mia, question="Which product?")
    client, page = opened("question")
    actions.withdraw(found, by=mia)
    sent = client.post(page, {"words": "The new <one>, since May"})
    shown = sent.content.decode()
    assert (sent.status_code, Event.objects.filter(verb="give_info").count()) == (409, 0)
    assert ["What you wrote" in shown, "The new &lt;one&gt;, since May</textarea>" in shown, "Nothing waits for your answer" in shown] == [
        True
    ] * 3
    again = client.get(page)
    assert (again.status_code, "What you wrote" in again.content.decode()) == (200, False)


def test_a_word_whether_it_happened(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    clock.move_to(NOW + timedelta(days=9))
    actions.ask_whether_it_happened(NOW + timedelta(days=9))
    client = Client()
    mail = Message.objects.get(kind="did_it_happen", recipient_kind="contact")
    page = client.get(address(Link.objects.get(pk=mail.facts["link"])).removeprefix("http://127.0.0.1:8000"))["Location"]
    for _ in range(2):
        assert client.post(page, {"act": "happened", "says": "held", "seen": "introduced"}).status_code == 302
    assert Event.objects.filter(verb="say_outcome").count() == 1
    actions.say_outcome(Ask.objects.get(pk=ask.pk), by=make_cast()[0], says="held")
    assert Ask.objects.get(pk=ask.pk).status == Ask.Status.HELD
    assert client.post(page, {"act": "happened", "says": "held", "seen": "introduced"}).status_code == 302


def test_a_note() -> None:
    found, client = make_request(), Client()
    client.force_login(make_cast()[0])
    sent = {"words": "They call on Friday", "form_key": str(uuid4())}
    assert [client.post(f"/requests/{found.pk}/notes/", sent).status_code for _ in range(2)] == [302, 302]
    assert Note.objects.count() == 1
