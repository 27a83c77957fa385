"""Mails as they arrive: taken from a mail server, read as their receiver reads them, and judged against the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from functools import cached_property
from html import unescape
from zoneinfo import ZoneInfo

from django.test.utils import override_settings
from icalendar import Calendar, Event

from firsthand.customers.models import Contact
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.proofs.bars import ABSOLUTE, standing_bars
from firsthand.proofs.facts import Facts
from firsthand.proofs.readers import Reader, found_in, is_invited, is_off, secrets_from, sees
from firsthand.proofs.together import met_with
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.testing.smtp import Sink, sink

MODELS: dict[str, type[Reader]] = {"colleague": Colleague, "contact": Contact, "attendee": Attendee}


@contextmanager
def post_office() -> Iterator[Sink]:
    """Let every mail of this process go over the wire to a server that keeps it."""
    wire = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        **dict.fromkeys(("EMAIL_USE_TLS", "EMAIL_USE_SSL"), False),
        **dict.fromkeys(("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"), ""),
    }
    with sink() as server, override_settings(**wire, EMAIL_PORT=server.port):
        yield server


@dataclass(frozen=True)
class Letter:
    """One mail that arrived."""

    mail: EmailMessage

    @property
    def message_id(self) -> str:
        """As its row has it."""
        return str(self.mail["Message-ID"]).strip("<>").partition("@")[0]

    @cached_property
    def text(self) -> str:
        """All that can be read: the headers, the plain words, the HTML, what is attached as text."""
        parts = [str(value) for name, value in self.mail.items() if name not in {"To", "Message-ID"}]
        for part in self.mail.walk():
            if part.get_content_maintype() == "text":
                words = str(part.get_content())
                parts += [unescape(words) if part.get_content_subtype() == "html" else words.replace("\r\n ", "")]
            if part.get_filename():
                parts.append(str(part.get_filename()))
        return "\n".join(parts)

    @property
    def calendars(self) -> Iterator[Event]:
        """The event of each calendar file."""
        for part in self.mail.walk():
            if part.get_content_type() == "text/calendar":
                whole = Calendar.from_ical(str(part.get_content()))
                yield from (each for each in whole.walk("VEVENT") if isinstance(each, Event))


def read_as(row: Message) -> Reader:
    """Who the row says it was for."""
    found = MODELS[row.recipient_kind]._base_manager.get(pk=row.recipient_id)
    assert isinstance(found, Colleague | Contact | Attendee)
    return found


def is_fit_to_read(letter: Letter, row: Message, facts: Facts) -> None:
    """It went to its receiver, and nothing stands in it that they may not know. Whoever was taken off hears no more than that."""
    reader = read_as(row)
    assert letter.mail["To"] == reader.email, f"the {row.kind} for {reader} went to {letter.mail['To']}"
    asks = about(row, reader)
    assert not isinstance(reader, Attendee) or any(is_invited(reader, ask) for ask in asks), (
        f"the {row.kind} for {reader} is of another call"
    )
    if asks and is_off(reader, asks[0]):
        assert row.kind == "unfixed", f"{reader} was taken off and got the {row.kind}"
        asks = []
    told = found_in(letter.text, secrets_from(reader, facts, asks))
    assert not told, f"the {row.kind} for {row.recipient_kind} {reader.pk} says {told}:\n{letter.text}"


def about(row: Message, reader: Reader) -> list[Ask]:
    """The ask a mail is about, and those who meet at its time, as far as they are the reader’s."""
    ask = Ask.objects.select_related("engagement", "joins__engagement").filter(pk=row.subject_id).first()
    if ask is None or row.subject_kind != "ask":
        return []
    ended = Ask.objects.filter(pk__in=row.facts.get("along", []), occasion=ask.occasion_id or 0, reference_request=ask.reference_request_id)
    return [*met_with(ask, reader), *ended]


def is_for_their_eyes(row: Message, facts: Facts) -> None:
    """News of a request is for those who see it as it stands."""
    reader, asks = read_as(row), Ask.objects.select_related("reference_request__requester__team")
    ask = asks.filter(pk=row.subject_id).first() if row.subject_kind == "ask" else None
    about = ask.reference_request if ask else ReferenceRequest.objects.select_related("requester__team").get(pk=row.subject_id)
    assert isinstance(reader, Colleague)
    assert sees(reader, about, facts), f"{reader} is told of request {about.pk}, which they do not see"


def may_be_asked(row: Message, facts: Facts) -> None:
    """An ask leaves only while nothing absolute stands against it."""
    related = ("engagement", "joins__engagement", "reference_request__activity_type", "reference_request__opportunity")
    ask = Ask.objects.select_related(*related).get(pk=row.subject_id)
    assert ask.slot is not None
    bars = standing_bars(facts, ask, facts.slot_day(ask.slot)) & ABSOLUTE
    assert not bars, f"ask {ask.pk} was mailed past {sorted(bars)}"


def shows_the_time(event: Event, row: Message, facts: Facts) -> int:
    """The moment of the occasion, on the wall clock of its receiver, who alone is named. Gives the file's number."""
    ask, reader = Ask.objects.select_related("occasion").get(pk=row.subject_id), read_as(row)
    assert ask.occasion is not None
    zone = (reader.person.time_zone if isinstance(reader, Contact) else reader.time_zone) or facts.policy.time_zone
    starts, at = event.decoded("dtstart"), ask.occasion.starts_at
    assert starts.astimezone(UTC) == at, f"the file says {starts}, it is at {at} for {zone}"
    is_twice = len({at.astimezone(ZoneInfo(zone)).replace(fold=fold).utcoffset() for fold in (0, 1)}) > 1
    assert event["dtstart"].params.get("TZID", "UTC") == ("UTC" if is_twice else zone)
    assert str(event["attendee"]).lower() == f"mailto:{reader.email}"
    assert (str(event["status"]) == "CANCELLED") == (row.kind in {"unfixed", "passed_on"})
    return int(str(event["sequence"]))
