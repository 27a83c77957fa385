"""Around a meeting: introduced by mail and asked whether it happened; a time picked on a phone, swapped, held and told of."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import NamedTuple

from playwright.sync_api import Page, expect

from e2e.browser import PHONE, check, shoot
from e2e.conftest import Open
from e2e.deeds import told
from e2e.mailbox import link, words
from e2e.server import Server
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.references.models import Reference
from firsthand.requests.models import Ask, Debrief, Occasion, PersonalNote

PIA = "pia@fennmark.example"
# Somebody whom nothing bars is asked by mail for Sam's request for a deal.
ASKED = """
found = filed("reference-call", {place})
free = next(each for each in people() if is_confirmed(each) and why_not_propose(mia, each, found) is None)
[ask] = actions.propose(found, [of_ana(free)], by=mia)
print(sent(ask).pk)
"""


class Asked(NamedTuple):
    """An ask that is out, and whom it went to."""

    pk: int
    request_id: int
    name: str
    email: str


def asked(demo: Server, place: int) -> Asked:
    """Ask somebody for the deal of Sam's at this place."""
    [pk] = told(demo, ASKED.format(place=place))
    with demo.database() as alias:
        ask = Ask.objects.using(alias).select_related("reference__contact__person").get(pk=int(pk))
        contact = ask.reference.contact
        return Asked(ask.pk, ask.reference_request_id, contact.person.name, contact.email)


def status(demo: Server, ask: Asked) -> str:
    with demo.database() as alias:
        return Ask.objects.using(alias).get(pk=ask.pk).status


def on_phone(demo: Server, open_page: Open, mail: EmailMessage) -> Page:
    page = open_page(demo, viewport=PHONE, is_mobile=True, has_touch=True)
    page.goto(link(mail))
    return page


def test_introduced_by_mail_and_both_say_that_it_happened(demo: Server, open_page: Open) -> None:
    ask = asked(demo, 1)
    rae = on_phone(demo, open_page, demo.mailbox.wait_for(ask.email, "Would you talk to a peer"))
    check(rae)
    rae.get_by_role("button", name="Accept, and introduce us by mail").click()
    expect(rae.get_by_role("heading", level=1)).to_contain_text("You are introduced")
    check(rae)
    introduced = demo.mailbox.wait_for("sam@calderfinch.example", f"Introduction: {ask.name}")
    assert ask.email in words(introduced)

    rae.get_by_role("radio", name="Yes, it happened").check()
    rae.get_by_role("button", name="Say so").click()
    expect(rae.get_by_role("main")).to_contain_text("You said: it happened")
    assert status(demo, ask) == "introduced"
    sam = open_page(demo, "sam")
    sam.goto(f"/requests/{ask.request_id}/")
    expect(sam.get_by_role("main")).to_contain_text("to say whether it happened")
    sam.goto(f"/asks/{ask.pk}/")
    check(sam)
    sam.get_by_role("radio", name="It happened").check()
    sam.get_by_role("button", name="Save").click()
    expect(sam.get_by_role("main")).to_contain_text("How did it go with")
    assert status(demo, ask) == "held"


def test_a_prospect_picks_a_time_and_somebody_else_takes_it_over(demo: Server, open_page: Open) -> None:
    ask, sam, mia = asked(demo, 0), open_page(demo, "sam"), open_page(demo, "mia")
    offer_times(on_phone(demo, open_page, demo.mailbox.wait_for(ask.email, "Would you talk to a peer")))
    sam.goto(f"/asks/{ask.pk}/")
    check(sam)
    sam.get_by_label("Who picks the time").fill("Pia Prospect")
    sam.get_by_label("E-mail for the link").fill(PIA)
    sam.get_by_role("button", name="Send times").click()
    pick(demo, on_phone(demo, open_page, demo.mailbox.wait_for(PIA, "Pick a time")))
    assert status(demo, ask) == "scheduled"
    first = calendar_of(demo.mailbox.wait_for(PIA, "Fixed"))
    sam.goto(f"/asks/{ask.pk}/brief/")
    check(sam)
    shoot(sam, "brief", width=900, height=900)

    other = swap(demo, mia, ask)
    rob = on_phone(demo, open_page, demo.mailbox.wait_for(other.email, "Would you talk to a peer"))
    check(rob)
    rob.get_by_role("button", name="Accept this time").click()
    expect(rob.get_by_role("heading", level=1)).to_contain_text("Thank you")
    check(rob)
    assert (status(demo, ask), status(demo, other)) == ("canceled", "scheduled")
    second = calendar_of(demo.mailbox.wait_for(PIA, "Changed"))
    assert uid(second) == uid(first)
    assert sequence(second) > sequence(first)
    assert not [mail for mail in demo.mailbox.mails if PIA in str(mail["To"])]

    tell_afterwards(demo, open_page, sam, other)


def offer_times(rae: Page) -> None:
    """Accept in one tap, then two times in a zone of their own."""
    rae.get_by_role("button", name="Accept", exact=True).click()
    expect(rae.get_by_role("heading", level=1)).to_contain_text("Thank you")
    day = datetime.now(UTC) + timedelta(days=9)
    rae.get_by_label("Your time zone").select_option("Asia/Kolkata")
    rae.get_by_label("A time that suits you").fill(f"{day:%Y-%m-%d}T15:30")
    rae.get_by_label("Another", exact=False).first.fill(f"{day:%Y-%m-%d}T18:00")
    rae.get_by_role("button", name="Offer these times").click()
    expect(rae.get_by_role("main")).to_contain_text("15:30 (Asia/Kolkata)")
    check(rae)


def pick(demo: Server, pia: Page) -> None:
    """On a phone: the times in their own zone, one of them, and a colleague who comes along."""
    check(pia)
    pia.get_by_text("Another time zone?").click()
    check(pia)
    pia.get_by_label("Your time zone").select_option("America/Los_Angeles")
    pia.get_by_role("button", name="Show times in this zone").click()
    expect(pia.get_by_role("main")).to_contain_text("(America/Los_Angeles)")
    check(pia)
    shoot(pia, "prospect-times", width=390, height=900)
    pia.get_by_role("radio").first.check()
    pia.get_by_text("Bring colleagues").click()
    pia.get_by_label("Name", exact=False).first.fill("Per Partner")
    pia.get_by_label("E-mail", exact=False).first.fill("per@fennmark.example")
    pia.get_by_role("button", name="Fix this time").click()
    expect(pia.get_by_role("heading", level=1)).to_contain_text("It is fixed")
    check(pia)


def swap(demo: Server, mia: Page, ask: Asked) -> Asked:
    """The manager ticks the next best whose consent is confirmed, owns that customer and lets the program ask."""
    mia.goto(f"/asks/{ask.pk}/")
    mia.get_by_role("link", name="See who could take it").click()
    check(mia)
    box = mia.get_by_role("article").filter(has_not_text="Unconfirmed").get_by_role("checkbox", name="Propose ").first
    with demo.database() as alias:
        reference = Reference.objects.using(alias).select_related("contact__person").get(pk=int(box.input_value()))
        owner = Colleague.objects.using(alias).get(name="Mia Lindgren")
        Account.objects.using(alias).filter(pk=reference.contact.account_id).update(owner=owner)
    box.check()
    mia.get_by_role("button", name="Swap reference").click()
    expect(mia.get_by_role("main").get_by_text(reference.contact.person.name).first).to_be_visible()
    with demo.database() as alias:
        other = Ask.objects.using(alias).get(comes_to_id=ask.pk)
    asks = Asked(other.pk, ask.request_id, reference.contact.person.name, reference.contact.email)
    if other.status == "proposed":
        mia.goto(f"/asks/{other.pk}/approval/")
        mia.get_by_role("button", name="Let the program ask").click()
    if status(demo, asks) == "approved":
        mia.goto(f"/asks/{other.pk}/")
        mia.get_by_role("button", name="Send ask").click()
    return asks


def tell_afterwards(demo: Server, open_page: Open, sam: Page, ask: Asked) -> None:
    """It happened; the seller asks the prospect, the owner thanks, the deal's owner tells what came of it."""
    with demo.database() as alias:
        Occasion.objects.using(alias).filter(asks=ask.pk).update(starts_at=datetime.now(UTC) - timedelta(hours=1))
    sam.goto(f"/asks/{ask.pk}/")
    sam.get_by_role("radio", name="It happened").check()
    sam.get_by_role("button", name="Save").click()
    sam.goto(f"/asks/{ask.pk}/")
    check(sam)
    sam.get_by_role("button", name="Ask the prospect").click()
    pia = on_phone(demo, open_page, demo.mailbox.wait_for(PIA, "How was it?"))
    check(pia)
    pia.get_by_role("button", name="4, good").click()
    expect(pia.get_by_role("heading", level=1)).to_contain_text("Thank you")
    check(pia)
    mia = open_page(demo, "mia")
    with demo.database() as alias:
        Opportunity.objects.using(alias).filter(reference_requests__asks=ask.pk).update(outcome="won")
    for page, path, label in ((mia, "thanks", "Send thank-you"), (sam, "outcome-note", "Send what came of it")):
        page.goto(f"/asks/{ask.pk}/{path}/")
        check(page)
        page.get_by_role("button", name=label).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("has been written to")
    demo.mailbox.wait_for(ask.email, "Thank you")
    demo.mailbox.wait_for(ask.email, "What came of your reference call")
    with demo.database() as alias:
        assert Debrief.objects.using(alias).get(ask_id=ask.pk, side="prospect").grade == 4
        assert PersonalNote.objects.using(alias).filter(ask_id=ask.pk).count() == 2


def calendar_of(mail: EmailMessage) -> str:
    [file] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def sequence(calendar: str) -> int:
    return next(int(line.partition(":")[2]) for line in calendar.splitlines() if line.startswith("SEQUENCE:"))


def uid(calendar: str) -> str:
    return next(line for line in calendar.splitlines() if line.startswith("UID:"))
