"""Disclosure is never exceeded: every mail, file, page and hit, at every level, read by everybody who may get at it.

What each may know is said here once more, from the rules as they are written, and shares no code with what prints names.
"""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import product
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from firsthand.core import links
from firsthand.core.export import XLSX_TYPE
from firsthand.core.models import Link
from firsthand.customers.models import Account
from firsthand.history.models import Message
from firsthand.people.builders import eli
from firsthand.people.models import Colleague
from firsthand.proofs.disclosure_scenes import COMPANY, DOMAIN, EMAIL, PARENT, PERSON, PHONE, SCENES, World
from firsthand.references.models import Consent, Disclosure, Reference, ReferenceAccount
from firsthand.requests.brief import brief_for
from firsthand.requests.models import Ask, Attendance, Attendee, ReferenceRequest
from firsthand.requests.sheet import sheet
from firsthand.stories.builders import make_story
from firsthand.stories.models import Story
from firsthand.testing.pages import without_tokens
from firsthand.testing.pdf_words import paragraphs
from firsthand.testing.proof import Sample
from firsthand.upkeep import outbox
from firsthand.upkeep.messages import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.prove]
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)  # a Tuesday
LEVELS = ("public", "named", "anonymous", "internal", "hidden")
# Of an account of the program: they have no reference to tell of.
OF_NO_REFERENCE = {"invitation", "new_password"}
NARROWED = list(product(["customer", "person"], LEVELS))
SAID_YES = {"accepted", "introduced", "scheduled", "held", "missed"}
OUTSIDE = {"answer": "reference", "portal": "reference", "pick": "prospect", "prospect_debrief": "prospect"}
NAMES = {*PERSON, COMPANY, PARENT, DOMAIN}
REACH = {EMAIL, PHONE}
SEARCHED = ("Raew", "Quillf", "Ostv", "Nordh", "direct.li", "hjemb", "555 01")  # no whole word, so that a page may repeat them


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield World(clock)


def may_know(reader: str, level: str, *, accepted: bool) -> set[str]:
    """The words a kind of reader may meet.

    Owner and managers: all. Executives: every name. Colleagues: the names of all but hidden customers.
    The requester also how to reach whoever said yes.
    The other side: the names of those who let themselves be named, the press of those only who do so before everybody.
    Once they withdrew, nobody there; nor ever whoever was taken off the list of those who come.
    """
    if reader in {"owner", "manager", "reference"}:
        return NAMES | REACH
    if reader == "executive":
        return NAMES
    if reader == "prospect":
        heard = set(ReferenceRequest.objects.values_list("audience", flat=True))
        is_told = level == "public" or (level == "named" and heard == {"prospects"})
        return NAMES if is_told and not has_withdrawn() else set()
    if level == "hidden" or reader == "stranger":
        return set()
    return NAMES | REACH if reader == "requester" and accepted else NAMES


def has_withdrawn() -> bool:
    return Consent.objects.filter(kind="withdrawn").exists()


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
    theirs = Attendance.objects.filter(attendee=message.recipient_id)
    if message.recipient_kind == "attendee" and theirs.exclude(taken_off_at=None).exists():
        return "stranger"
    if message.recipient_kind == "contact":
        return kind_of_contact(world, message.recipient_id)
    if message.recipient_kind == "attendee":
        return "prospect"
    return kind_of_colleague(world, Colleague.objects.get(pk=message.recipient_id))


def kind_of_contact(world: World, holder: int | None) -> str:
    """Another reference knows nothing of them, wherever they meet."""
    return "reference" if holder == world.reference.contact_id else "stranger"


def kind_of_colleague(world: World, colleague: Colleague) -> str:
    by_id = {world.sam.pk: "requester", world.ana.pk: "owner"}
    return "manager" if colleague.runs_program else by_id.get(colleague.pk, "colleague")


def mails_leaving() -> Iterator[Message]:
    for message in Message.objects.filter(channel="mail").order_by("pk"):
        if outbox.why_not(message, timezone.now()) is None:
            yield message


def leaving(world: World) -> Iterator[tuple[str, str, str]]:
    """Every mail that would leave now: its kind, who gets it, and its subject and what is attached, as one text."""
    for message in mails_leaving():
        mail = outbox.render(message, timezone.now())
        files = [str(Calendar.from_ical(each.content).to_ical().replace(b"\r\n ", b"")) for each in mail.files]
        yield f"the mail {message.kind}", kind_of_reader(world, message), "\n".join([mail.subject, mail.text(), *files])


def behind_links(world: World) -> Iterator[tuple[str, str, str]]:
    """The page behind the newest link of each purpose and holder: what it is for, who opens it, and what they read."""
    newest = {(link.purpose, link.holder_id): link for link in Link.objects.order_by("pk")}
    for (purpose, holder), link in newest.items():
        client = Client()
        client.get(f"/l/{links.token(link)}/")
        kind = OUTSIDE.get(purpose) or kind_of_colleague(world, Colleague.objects.get(pk=holder or 0))
        kind = kind_of_contact(world, holder) if kind == "reference" else kind
        yield f"the {purpose} page", kind, without_tokens(client.get(links.page(link)).content.decode())


def as_prospect(scene: str, by: str) -> set[str]:
    """The name of a company that sits on the other side itself, where only a person of theirs is kept back."""
    return {COMPANY} if scene == "left_alone" and by == "person" else set()


@pytest.mark.parametrize("scene", SCENES)
def test_no_mail_and_no_page_behind_a_link_says_more_than_its_reader_may_know(world: World, scene: str, sample: Sample) -> None:
    """Wherever the scene stops, at every level in turn; in `make test` at one of them, at another at the next stop."""
    for _ in SCENES[scene](world):
        for by, level in sample.some("mails and pages behind links, read at a level", NARROWED, one_in=10):
            narrow(world, level, by)
            accepted = Ask.objects.filter(status__in=SAID_YES).exists()
            for source, reader, text in [*leaving(world), *behind_links(world)]:
                told = told_too_much(text, may_know(reader, level, accepted=accepted) | as_prospect(scene, by))
                assert not told, f"{source} tells the {reader} {told} ({level} by the {by}):\n" + "\n".join(around(text, told))
        narrow(world, "public", "customer")


def test_every_kind_of_mail_and_every_page_behind_a_link_is_in_a_scene() -> None:
    mails, pages = set[str](), set[str]()
    for scene in SCENES.values():
        with time_machine.travel(NOW, tick=False) as clock, transaction.atomic():
            world = World(clock)
            for _ in scene(world):
                mails |= {message.kind for message in mails_leaving()}
                pages |= set(Link.objects.values_list("purpose", flat=True))
            transaction.set_rollback(True)
    assert mails == KINDS.keys() - OF_NO_REFERENCE
    assert pages == settings.LINK_PAGES.keys() - OF_NO_REFERENCE


# Where a manager reads the name, so that this proves something.
PARENT_ITSELF = ("/accounts/", "/accounts/?as=csv", "/accounts/?as=xlsx", "/find/?q=Nordh")  # it is an account that nobody hid
MEANT = ("/references/", "/references/?as=csv", "/references/?as=xlsx", "/find/?q=Quillf", "/find/?q=Raew")
FORMS = ("", "?as=csv", "?as=xlsx")


def pages_of(world: World) -> list[str]:
    """Pages, files and searches in which a reference is met."""
    ask, reference = Ask.objects.get(), world.reference
    request, account = f"/requests/{ask.reference_request_id}", f"/accounts/{reference.account.pk}"
    of_ask = [f"{request}/", f"{request}/matches/", f"/asks/{ask.pk}/", f"/asks/{ask.pk}/brief/"]
    records = [f"/references/{reference.pk}/", f"{account}/", f"/deals/{world.deal.pk}/", f"/stories/{Story.objects.get().pk}/"]
    names = ("accounts", "references", "requests", "stories", "deals", "exceptions", "notices", "messages", f"{account[1:]}/people")
    lists = [f"/{name}/{form}" for name in names for form in FORMS]
    return [*of_ask, *records, *lists, "/", "/requests/competing/", *(f"/find/?q={quote(text)}" for text in SEARCHED)]


def readable(client: Client, path: str) -> str:
    """What a page or a file says, its tags and title included."""
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    if answer["Content-Type"] == XLSX_TYPE:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return "\n".join(str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row)
    return without_tokens(body.decode())


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("status", ["sent", "scheduled"])
def test_no_page_file_or_hit_says_more_than_its_reader_may_know(world: World, status: str, level: str, sample: Sample) -> None:
    if status == "sent":
        world.sent()
    else:
        world.scheduled()
    make_story(world.reference.account, by=world.ana, headline=f"Closing in a day at {COMPANY}")
    narrow(world, level, "customer")
    readers = {"requester": world.sam, "colleague": world.eve, "owner": world.ana, "manager": world.mia, "executive": eli()}
    for name, colleague in readers.items():
        client = Client()
        client.force_login(colleague)
        for path in sample.some("pages, files and searches, read by somebody", pages_of(world), one_in=14):
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
        made = sheet(Ask.objects.get().reference_request, world.sam)
        ticked = set(Ask.objects.get().shows)
        allowed = {*PERSON, COMPANY, EMAIL, PHONE} if level in {"public", "named"} and ticked else set()
        for text in (made.text(), " ".join(paragraphs(made.pdf()))):
            assert not told_too_much(text, allowed)
            assert (EMAIL in text) == bool(allowed)
        narrow(world, "public", by)
