"""A request that leaves a shared time and comes again: each calendar takes the newest word, since files of one event only rise."""

from typing import Any

import pytest
from icalendar import Calendar

from firsthand.desk.test_sharing import fixed, fresh, second_request
from firsthand.history.models import Message
from firsthand.requests import actions, meeting_mail
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import make_cast
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MAILS = {"fixed": meeting_mail.fixed, "unfixed": meeting_mail.unfixed, "fewer": meeting_mail.fewer}


class Calendars:
    """By receiver: method and SEQUENCE of each file as it left, step by step."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self.seen = 0

    def receive(self) -> None:
        for message in Message.objects.filter(kind__in=MAILS, pk__gt=self.seen).order_by("pk"):
            [file] = MAILS[message.kind](message, NOW).files
            whole: Any = Calendar.from_ical(file.content)
            number = (str(whole["method"]), int(whole.events[0]["sequence"]))
            self.files.setdefault((message.recipient_kind, message.recipient_id), []).append(number)
            self.seen = message.pk


def test_files_of_one_time_rise_for_each_receiver_however_often_a_request_leaves_and_comes_again() -> None:
    mia, host, calendars = make_cast()[2], fixed(), Calendars()
    request, contact = second_request(), host.reference.contact
    calendars.receive()
    for _ in range(2):
        ask = actions.join(request, fresh(host), by=mia)
        add_attendee(ask, name="Sid of Secondly", email="sid@secondly.example")
        actions.accept(ask, by=contact)
        calendars.receive()
        actions.cancel(ask, by=mia, reason="They hesitate")
        calendars.receive()
    in_and_out = ["REQUEST", "CANCEL"] * 2
    told = {receiver: [method for method, _ in files] for receiver, files in calendars.files.items()}
    assert told == {
        ("contact", contact.pk): ["REQUEST"] * 5,  # they come for the others all the time
        ("colleague", host.reference_request.requester_id): ["REQUEST"],
        ("colleague", request.requester_id): in_and_out,
        ("attendee", request.attendees.get().pk): in_and_out,
    }
    for files in calendars.files.values():
        numbers = [number for _, number in files]
        assert numbers == sorted(set(numbers))
