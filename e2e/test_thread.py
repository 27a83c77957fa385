"""The whole thread: a seller asks for a deal, a customer talks to the prospect, and both say how it went."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from playwright.sync_api import Page, expect

from e2e.browser import PHONE, check, shoot
from e2e.conftest import Open
from e2e.mailbox import link, words
from e2e.server import Server
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.references.models import Engagement, Reference
from firsthand.requests.models import Ask, Debrief, Occasion, ReferenceRequest

WISH = "How did the first three months go, and what did the move to you cost in people?"


class Matched(NamedTuple):
    """Whom the program proposes first, and how they are written to."""

    pk: int
    name: str
    email: str


def test_a_request_becomes_a_call_that_happened(demo: Server, open_page: Open) -> None:
    sam, mia = open_page(demo, "sam"), open_page(demo, "mia")
    request_id = file_from_deal(demo, sam)
    found = propose(demo, mia, request_id)
    ask_id = approve_from_mail(demo, open_page(demo), mia, request_id, found)
    send(demo, mia, ask_id)
    accept_on_phone(demo, open_page(demo, viewport=PHONE, is_mobile=True, has_touch=True), found)
    fix_time(demo, sam, ask_id, found)
    let_it_happen(demo, ask_id)
    debrief_both(demo, sam, open_page(demo, viewport=PHONE), ask_id, found)

    with demo.database() as alias:
        ask = Ask.objects.using(alias).get(pk=ask_id)
        assert (ask.status, ask.reference_request.status, ask.reference_id) == ("held", "fulfilled", found.pk)
        assert (ask.engagement.state if ask.engagement else None) == "held"
        graded = Debrief.objects.using(alias).filter(ask_id=ask_id).order_by("side")
        assert [(one.side, one.grade) for one in graded] == [("reference", 5), ("requester", 4)]
        assert not Message.objects.using(alias).filter(state=Message.State.FAILED).exists()
        told = Message.objects.using(alias).filter(kind="ask", subject_id=ask_id).get()
    mia.goto(f"/requests/{request_id}/")
    check(mia)
    shoot(mia, "request", height=1000)
    mia.goto(f"/messages/{told.pk}/")
    expect(mia.get_by_role("main")).to_contain_text(WISH)
    expect(mia.get_by_role("main")).not_to_contain_text("/l/")  # the link itself is for the reference alone
    check(mia)


def file_from_deal(demo: Server, sam: Page) -> int:
    """Three things are said, the deal knows the rest."""
    with demo.database() as alias:
        deals = Opportunity.objects.using(alias).filter(owner__name="Sam Okafor", outcome="open", account__isnull=False)
        deal = deals.order_by("-stage__position", "-amount").first()
        assert deal
        before = ReferenceRequest.objects.using(alias).count()
    sam.goto(f"/deals/{deal.pk}/")
    sam.get_by_role("link", name="Ask for a reference").click()
    sam.get_by_role("radio", name="Reference call").check()
    sam.get_by_label("Needed by").fill(f"{datetime.now(UTC) + timedelta(days=21):%Y-%m-%d}")
    sam.get_by_label("What does the prospect want to hear?").fill(WISH)
    expect(sam.locator("#match-preview")).to_contain_text("fit")
    check(sam)
    shoot(sam, "new-request", height=1000)
    sam.get_by_role("button", name="Submit request").last.click()
    expect(sam.get_by_role("heading", level=1)).to_be_visible()
    sam.wait_for_url("**/requests/*/")
    with demo.database() as alias:
        filed = ReferenceRequest.objects.using(alias).latest("pk")
        assert ReferenceRequest.objects.using(alias).count() == before + 1
        assert (filed.status, filed.opportunity_id, filed.wish, filed.n_wanted) == ("submitted", deal.pk, WISH, 1)
    check(sam)
    return filed.pk


def propose(demo: Server, mia: Page, request_id: int) -> Matched:
    """The manager ticks the best match; Ana owns that customer."""
    mia.goto(f"/requests/{request_id}/")
    mia.get_by_role("link", name="See matches").click()
    check(mia)
    shoot(mia, "matches", height=1100)
    box = mia.get_by_role("checkbox", name="Propose ").first
    with demo.database() as alias:
        reference = Reference.objects.using(alias).select_related("contact__person").get(pk=int(box.input_value()))
        ana = Colleague.objects.using(alias).get(name="Ana Ferreira")
        Account.objects.using(alias).filter(pk=reference.contact.account_id).update(owner=ana)
        found = Matched(reference.pk, reference.contact.person.name, reference.contact.email)
    box.check()
    mia.get_by_label("Note to the owners").fill("They know your customer from the user group.")
    mia.get_by_role("button", name="Propose asks").click()
    expect(mia.get_by_role("main").get_by_text("Ana Ferreira").first).to_be_visible()
    return found


def approve_from_mail(demo: Server, ana: Page, mia: Page, request_id: int, found: Matched) -> int:
    """The owner has not signed in: the link in the mail is enough, and opening it changes nothing."""
    with demo.database() as alias:
        ask = Ask.objects.using(alias).get(reference_request_id=request_id)
        assert (ask.status, ask.approver.name if ask.approver else None) == ("proposed", "Ana Ferreira")
        assert ask.engagement_id is not None
        assert Engagement.objects.using(alias).get(pk=ask.engagement_id).state == "reserved"
    mia.goto(f"/asks/{ask.pk}/")
    check(mia)
    ana.goto(link(demo.mailbox.wait_for("ana@calderfinch.example", f"May we ask {found.name}?")))
    expect(ana.get_by_role("heading", level=1)).to_contain_text("May we ask")
    with demo.database() as alias:
        assert Ask.objects.using(alias).get(pk=ask.pk).status == "proposed"
    check(ana)
    shoot(ana, "owner-approval", width=800, height=1000)
    ana.get_by_label("How well will it go?").select_option(label="4, good")
    ana.get_by_role("button", name="Let the program ask").click()
    expect(ana.get_by_role("heading", level=1)).to_contain_text("It is answered")
    check(ana)
    with demo.database() as alias:
        assert Ask.objects.using(alias).get(pk=ask.pk).expected_grade == 4
    return ask.pk


def send(demo: Server, mia: Page, ask_id: int) -> None:
    """A manager sends it, where approval alone did not."""
    with demo.database() as alias:
        status = Ask.objects.using(alias).get(pk=ask_id).status
    mia.goto(f"/asks/{ask_id}/")
    check(mia)
    if status == "approved":
        mia.get_by_role("button", name="Send ask").click()
    with demo.database() as alias:
        assert Ask.objects.using(alias).get(pk=ask_id).status == "sent"


def accept_on_phone(demo: Server, rae: Page, found: Matched) -> None:
    """The reference has no account; on a phone, without scrolling sideways, they say yes and when."""
    mail = demo.mailbox.wait_for(found.email, "Would you talk to a peer")
    assert WISH in words(mail).replace("\n> ", " ")
    rae.goto(link(mail))
    expect(rae.get_by_role("heading", level=1)).to_contain_text("would you talk to a peer?")
    check(rae)
    shoot(rae, "reference-answer", width=390, height=1000)
    in_a_week = datetime.now(UTC) + timedelta(days=8)
    rae.get_by_role("button", name="Accept", exact=True).click()
    expect(rae.get_by_role("heading", level=1)).to_contain_text("Thank you")
    rae.get_by_label("A time that suits you").fill(f"{in_a_week:%Y-%m-%d}T10:00")
    rae.get_by_label("Another", exact=False).first.fill(f"{in_a_week:%Y-%m-%d}T14:30")
    rae.get_by_role("button", name="Offer these times").click()
    expect(rae.get_by_role("button", name="Take back")).to_have_count(2)
    check(rae)
    rae.goto(link(mail, "Your own page"))
    expect(rae.get_by_role("heading", level=1)).to_be_visible()
    check(rae)
    shoot(rae, "reference-page", width=390, height=1000)


def fix_time(demo: Server, sam: Page, ask_id: int, found: Matched) -> None:
    """The requester chooses one of the times offered; both sides get the calendar file."""
    with demo.database() as alias:
        assert Ask.objects.using(alias).get(pk=ask_id).status == "accepted"
    sam.goto(f"/asks/{ask_id}/")
    check(sam)
    sam.get_by_role("radio", name="10:00").check()
    sam.get_by_label("Where").fill("https://meet.example/peer")
    sam.get_by_label("Who comes from the prospect").fill("Pia Prospect")
    sam.get_by_label("Their e-mail").fill("pia@prospect.example")
    sam.get_by_role("button", name="Fix time").click()
    for to in (found.email, "sam@calderfinch.example", "pia@prospect.example"):
        files = [part for part in demo.mailbox.wait_for(to, "Fixed").walk() if part.get_content_type() == "text/calendar"]
        assert len(files) == 1, to
        calendar = files[0].get_payload(decode=True)
        assert isinstance(calendar, bytes)
        assert b"BEGIN:VEVENT" in calendar
    with demo.database() as alias:
        ask = Ask.objects.using(alias).select_related("occasion").get(pk=ask_id)
        assert ask.status == "scheduled"
        assert ask.occasion
        assert ask.occasion.place == "https://meet.example/peer"


def let_it_happen(demo: Server, ask_id: int) -> None:
    """Nobody waits a week in a test: the call was an hour ago."""
    with demo.database() as alias:
        Occasion.objects.using(alias).filter(asks=ask_id).update(starts_at=datetime.now(UTC) - timedelta(hours=1))


def debrief_both(demo: Server, sam: Page, rae: Page, ask_id: int, found: Matched) -> None:
    """It happened; one tap from each side."""
    sam.goto(f"/asks/{ask_id}/")
    sam.get_by_role("radio", name="It happened").check()
    check(sam)
    sam.get_by_role("button", name="Save").click()
    sam.goto(f"/asks/{ask_id}/debrief/")
    check(sam)
    sam.get_by_role("radio", name="4, good").check()
    sam.get_by_label("In a sentence or two").fill("They told the prospect what the first quarter cost, and why it was worth it.")
    sam.get_by_role("button", name="Save debrief").click()
    rae.goto(link(demo.mailbox.wait_for(found.email, "How did it go?")))
    expect(rae.get_by_role("heading", level=1)).to_contain_text("How was it")
    check(rae)
    rae.get_by_role("radio", name="5, excellent").check()
    rae.get_by_role("button", name="Send").click()
    expect(rae.get_by_role("heading", level=1)).to_contain_text("Thank you")
