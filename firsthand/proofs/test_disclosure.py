"""Disclosure is never exceeded: every mail, file, page and hit, at every level, read by everybody who may get at it.

What each may know is said here once more, from the rules as they are written, and shares no code with what prints names.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from firsthand.customers.models import Account
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.proofs.disclosure_scenes import COMPANY, DOMAIN, EMAIL, PARENT, PERSON, PHONE, SCENES, World
from firsthand.references.models import Disclosure, Reference, ReferenceAccount
from firsthand.requests.brief import brief_for
from firsthand.requests.models import Ask, Attendee
from firsthand.requests.sheet import sheet
from firsthand.testing.pages import without_tokens
from firsthand.upkeep import outbox
from firsthand.upkeep.messages import KINDS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)  # a Tuesday
LEVELS = ("public", "named", "anonymous", "internal", "hidden")
# Of a request before anybody is named in it, or of an account of the program: they have no reference to tell of.
OF_NO_REFERENCE = {"invitation", "new_password", "handed_over", "question", "remind_info", "remind_content", "remind_manager", "silence"}
SAID_YES = {"accepted", "introduced", "scheduled", "held", "missed"}
NAMES = {*PERSON, COMPANY, PARENT, DOMAIN}
REACH = {EMAIL, PHONE}
SEARCHED = ("Raew", "Quillf", "Ostv", "Nordh", "direct.li", "hjemb", "555 01")  # no whole word, so that a page may repeat them


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield World(clock)


def may_know(reader: str, level: str, *, accepted: bool) -> set[str]:
    """The words a kind of reader may meet.

    Owner and managers: all. Colleagues: the names of all but hidden customers; the requester also how to reach whoever said yes.
    The other side: the names of those who let themselves be named.
    """
    if reader in {"owner", "manager", "reference"}:
        return NAMES | REACH
    if reader == "prospect":
        return NAMES if level in {"public", "named"} else set()
    if level == "hidden":
        return set()
    return NAMES | REACH if reader == "requester" and accepted else NAMES


def told_too_much(text: str, allowed: set[str]) -> list[str]:
    """Forbidden words in a text; an address that may be told tells its domain along."""
    for word in sorted(allowed, key=len, reverse=True):
        text = re.sub(re.escape(word), "", text, flags=re.IGNORECASE)
    plain = re.sub(r"\D", "", text)
    found = [word for word in (NAMES | REACH) - allowed if word.casefold() in text.casefold()]
    return found + (["digits of the phone"] if PHONE not in allowed and re.sub(r"\D", "", PHONE) in plain else [])


def narrow(world: World, level: str, by: str) -> None:
    """The customer's own level, or the person's within a customer that is public."""
    of_customer = level if by == "customer" else "public"
    ReferenceAccount.objects.update(disclosure=of_customer)
    Account.objects.filter(pk=world.reference.account.pk).update(is_hidden=of_customer == Disclosure.HIDDEN)
    Reference.objects.filter(pk=world.reference.pk).update(disclosure=level if by == "person" else "")


def kind_of_reader(world: World, message: Message) -> str:
    if message.recipient_kind != "colleague":
        return {"contact": "reference", "attendee": "prospect"}[message.recipient_kind]
    by_id = {world.sam.pk: "requester", world.ana.pk: "owner", world.mia.pk: "manager", world.eve.pk: "colleague"}
    return by_id[message.recipient_id]


def leaving(world: World) -> Iterator[tuple[Message, str]]:
    """Every mail that would leave now, with its subject and what is attached, as one text."""
    for message in Message.objects.filter(channel="mail").order_by("pk"):
        if outbox.why_not(message, timezone.now()) is None:
            mail = outbox.render(message, timezone.now())
            files = [str(Calendar.from_ical(each.content).to_ical().replace(b"\r\n ", b"")) for each in mail.files]
            yield message, "\n".join([mail.subject, mail.text(), *files])


@pytest.mark.parametrize("by", ["customer", "person"])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scene", SCENES)
def test_no_mail_says_more_than_its_receiver_may_know(world: World, scene: str, level: str, by: str) -> None:
    for _ in SCENES[scene](world):
        narrow(world, level, by)
        accepted = Ask.objects.filter(status__in=SAID_YES).exists()
        for message, text in leaving(world):
            reader = kind_of_reader(world, message)
            told = told_too_much(text, may_know(reader, level, accepted=accepted))
            assert not told, f"{message.kind} tells the {reader} {told}:\n{text}"
        narrow(world, "public", by)


def test_every_kind_of_mail_about_a_reference_is_in_a_scene() -> None:
    met = set[str]()
    for scene in SCENES.values():
        with time_machine.travel(NOW, tick=False) as clock, transaction.atomic():
            world = World(clock)
            for _ in scene(world):
                met |= {message.kind for message, _ in leaving(world)}
            transaction.set_rollback(True)
    assert met == KINDS.keys() - OF_NO_REFERENCE


# Where a manager reads the name, so that this proves something.
PARENT_ITSELF = ("/accounts/", "/accounts/?as=csv", "/find/?q=Nordh")  # it is an account that nobody hid
MEANT = ("/references/", "/references/?as=csv", "/find/?q=Quillf", "/find/?q=Raew")


def pages_of(world: World) -> list[str]:
    """Pages, files and searches in which a reference is met."""
    ask, reference = Ask.objects.get(), world.reference
    request, account = f"/requests/{ask.reference_request_id}", f"/accounts/{reference.account.pk}"
    of_ask = [f"{request}/", f"{request}/matches/", f"/asks/{ask.pk}/", f"/asks/{ask.pk}/brief/"]
    records = [f"/references/{reference.pk}/", f"{account}/", f"{account}/people/"]
    lists = [f"/{name}/{form}" for name in ("accounts", "references", "requests", "stories", "deals") for form in ("", "?as=csv")]
    return [*of_ask, *records, *lists, "/", "/requests/competing/", *(f"/find/?q={quote(text)}" for text in SEARCHED)]


def readable(client: Client, path: str) -> str:
    """What a page or a file says, its tags and title included."""
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    return without_tokens(body.decode())


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("status", ["sent", "scheduled"])
def test_no_page_file_or_hit_says_more_than_its_reader_may_know(world: World, status: str, level: str) -> None:
    if status == "sent":
        world.sent()
    else:
        world.scheduled()
    narrow(world, level, "customer")
    readers: dict[str, Colleague] = {"requester": world.sam, "colleague": world.eve, "owner": world.ana, "manager": world.mia}
    for name, colleague in readers.items():
        client = Client()
        client.force_login(colleague)
        for path in pages_of(world):
            text = readable(client, path)
            of_parent = {PARENT} if path in PARENT_ITSELF else set[str]()
            told = told_too_much(text, may_know(name, level, accepted=status == "scheduled") | of_parent)
            assert not told, f"{path} tells the {name} {told}:\n" + "\n".join(around(text, told))
            assert name != "manager" or path not in MEANT or PERSON[0] in text, f"{path} tells the manager nothing"


def around(text: str, words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for found in re.finditer(re.escape(word), text, flags=re.IGNORECASE):
            yield text[max(0, found.start() - 150) : found.end() + 80].replace("\n", " ")


@pytest.mark.parametrize("by", ["customer", "person"])
@pytest.mark.parametrize("level", LEVELS)
def test_brief_and_sheet_say_no_more_than_the_other_side_may_know(world: World, level: str, by: str) -> None:
    for _ in SCENES["called_off"](world):
        ask = Ask.objects.select_related("occasion", "reference__contact__person").get()
        if ask.status != "scheduled":
            continue
        narrow(world, level, by)
        ask.refresh_from_db()
        people: list[tuple[str, Colleague | Attendee]] = [
            ("requester", world.sam), ("owner", world.ana), ("manager", world.mia), ("colleague", world.eve),
            ("prospect", ask.reference_request.attendees.get()),
        ]  # fmt: skip
        for name, reader in people:
            brief = brief_for(Ask.objects.get(pk=ask.pk), reader)
            text = "\n".join([brief.title, *brief.as_lines()])
            assert not told_too_much(text, may_know(name, level, accepted=True)), f"the brief of the {name}"
        narrow(world, "public", by)


@pytest.mark.parametrize("by", ["customer", "person"])
@pytest.mark.parametrize("level", LEVELS)
def test_the_sheet_shows_what_was_ticked_of_whoever_may_be_named(world: World, level: str, by: str) -> None:
    for _ in SCENES["tendered"](world):
        narrow(world, level, by)
        text = sheet(Ask.objects.get().reference_request, world.sam).text()
        ticked = set(Ask.objects.get().shows)
        allowed = {*PERSON, COMPANY, EMAIL, PHONE} if level in {"public", "named"} and ticked else set()
        assert not told_too_much(text, allowed)
        assert (EMAIL in text) == bool(allowed)
        narrow(world, "public", by)
