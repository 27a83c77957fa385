"""A tender with three references: a window, what each ticks on a phone, and the sheet with exactly that."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.browser import PHONE, check, shoot
from e2e.conftest import Open
from e2e.deeds import told
from e2e.mailbox import link
from e2e.server import Server
from firsthand.core.words import day_year
from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.references.models import Engagement, Reference, ReferenceAccount
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.pdf_words import paragraphs

FIRST, LAST = datetime.now(UTC).date() + timedelta(days=15), datetime.now(UTC).date() + timedelta(days=40)
SENT = """
for ask in Ask.objects.filter(reference_request={request_id}).order_by("pk"):
    print(sent(ask).status)
"""
# Whom the program may ask itself, in the order of the page.
CONFIRMED = "print(*[pk for pk in {offered} if is_confirmed(Reference.objects.get(pk=pk))])"
# What each of the three ticks.
TICKS = (("Company", "Name", "E-mail"), ("Title",), ())


@dataclass
class Named:
    """One who is asked to be named, and how they stand on the sheet without their company's name."""

    ask_id: int
    email: str
    shown: dict[str, str]
    described: str = ""

    def lines(self, number: int, ticks: tuple[str, ...]) -> list[str]:
        """What the sheet holds of them, by what they ticked."""
        heading = self.shown["Company"] if "Company" in ticks else self.described
        return [f"{number}. {heading[0].upper()}{heading[1:]}", *(f"{each}: {self.shown[each]}" for each in ticks if each != "Company")]


def test_a_tender_with_three_references_and_a_sheet(demo: Server, open_page: Open, tmp_path: Path) -> None:
    sam, mia = open_page(demo, "sam"), open_page(demo, "mia")
    request_id = file_tender(demo, sam)
    three = propose_three(demo, mia, request_id)
    told(demo, "from firsthand.requests.models import Ask\n" + SENT.format(request_id=request_id))
    sam.goto(f"/requests/{request_id}/sheet/")
    expect(sam.get_by_role("main")).to_contain_text("Nobody has agreed to be named yet")
    check(sam)
    phones = [say_yes(demo, open_page, each, ticks) for each, ticks in zip(three, TICKS, strict=True)]

    sam.goto(f"/requests/{request_id}/sheet/")
    expect(sam.get_by_role("heading", level=1)).to_have_text("3 references on the sheet")
    check(sam)
    shoot(sam, "reference-sheet", height=900)
    window = f"They may be called from {day_year(FIRST)} to {day_year(LAST)}."
    entries = [each.lines(number, ticks) for number, (each, ticks) in enumerate(zip(three, TICKS, strict=True), start=1)]
    text = taken(sam, "Download text", tmp_path).decode()
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    assert (blocks[0][0], blocks[0][2:], blocks[1:]) == ("Customer references of Calder & Finch", [window], entries)
    pdf = taken(sam, "Download PDF", tmp_path)
    assert paragraphs(pdf) == [line for block in blocks for line in block]

    take_back(phones[0], "E-mail")
    sam.reload()
    text = taken(sam, "Download text", tmp_path).decode()
    assert three[0].email not in text
    assert text.strip().split("\n\n")[1].splitlines() == three[0].lines(1, ("Company", "Name"))
    sam.goto(f"/requests/{request_id}/")
    check(sam)
    with demo.database() as alias:
        asks = Ask.objects.using(alias).filter(reference_request_id=request_id).order_by("pk")
        assert [(ask.status, ask.shows) for ask in asks] == [("accepted", ["company", "name"]), ("accepted", ["title"]), ("accepted", [])]
        held = Engagement.objects.using(alias).filter(pk__in=[ask.engagement_id for ask in asks])
        assert [(slot.state, slot.reserved_until) for slot in held] == [("reserved", None)] * 3


def file_tender(demo: Server, sam: Page) -> int:
    """Filed for a deal, with the days on which evaluators may call."""
    with demo.database() as alias:
        mine = Opportunity.objects.using(alias).filter(owner__name="Sam Okafor", outcome="open", account__isnull=False)
        deal = mine.order_by("-stage__position", "-amount")[5]
    sam.goto(f"/requests/new/?deal={deal.pk}")
    sam.get_by_role("radio", name="Named in a tender").check()
    sam.get_by_label("Needed by").fill(f"{FIRST:%Y-%m-%d}")
    sam.get_by_label("How many references").fill("3")
    sam.get_by_label("Evaluators may call from").fill(f"{FIRST:%Y-%m-%d}")
    sam.get_by_label("Until").fill(f"{FIRST:%Y-%m-%d}")
    sam.get_by_label("What does the prospect want to hear?").fill("Three customers who closed their first year with us.")
    sam.get_by_role("button", name="Submit request").last.click()
    sam.wait_for_url("**/requests/*/")
    panel = sam.locator("section, .card").filter(has=sam.get_by_role("heading", name="The tender")).last
    panel.get_by_label("From").fill(f"{FIRST:%Y-%m-%d}")
    panel.get_by_label("Until").fill(f"{LAST:%Y-%m-%d}")
    check(sam)
    panel.get_by_role("button", name="Save window").click()
    expect(sam.get_by_role("main")).to_contain_text("Evaluators may call")
    with demo.database() as alias:
        filed = ReferenceRequest.objects.using(alias).latest("pk")
        assert (filed.window_from, filed.window_until, filed.n_wanted) == (FIRST, LAST, 3)
    return filed.pk


def propose_three(demo: Server, mia: Page, request_id: int) -> list[Named]:
    """Three who may be named outside and asked by the program, ticked together."""
    mia.goto(f"/requests/{request_id}/matches/")
    check(mia)
    offered = {int(box.input_value()): box for box in mia.get_by_role("checkbox", name="Propose ").all()}
    confirmed = told(demo, CONFIRMED.format(offered=[*offered]))
    boxes = {pk: box for pk, box in offered.items() if str(pk) in confirmed[:3]}
    with demo.database() as alias:
        chosen = list(Reference.objects.using(alias).select_related("contact__person", "contact__account").filter(pk__in=boxes))
        contacts, accounts = [each.contact_id for each in chosen], [each.contact.account_id for each in chosen]
        Reference.objects.using(alias).filter(pk__in=boxes).update(disclosure="")
        Contact.objects.using(alias).filter(pk__in=contacts).update(title="Head of finance")
        ReferenceAccount.objects.using(alias).filter(account__in=accounts).update(disclosure="named")
        Account.objects.using(alias).filter(pk__in=accounts).update(owner=Colleague.objects.using(alias).get(name="Ana Ferreira"))
        chosen = list(Reference.objects.using(alias).select_related("contact__person", "contact__account").filter(pk__in=boxes))
    for each in chosen:
        boxes[each.pk].check()
    mia.get_by_role("button", name="Propose asks").click()
    expect(mia.get_by_role("main").get_by_text("Ana Ferreira").first).to_be_visible()
    with demo.database() as alias:
        asks = dict(Ask.objects.using(alias).filter(reference_request_id=request_id).values_list("reference_id", "pk"))
    return sorted((named(each, asks[each.pk]) for each in chosen), key=lambda each: each.ask_id)


def named(reference: Reference, ask_id: int) -> Named:
    contact = reference.contact
    shown = {"Company": contact.account.name, "Name": contact.person.name, "Title": contact.title, "E-mail": contact.email}
    return Named(ask_id, contact.email, shown)


def say_yes(demo: Server, open_page: Open, one: Named, ticks: tuple[str, ...]) -> Page:
    """On a phone: yes, and then exactly what may be shown. Nothing is ticked for them."""
    page = open_page(demo, viewport=PHONE, is_mobile=True, has_touch=True)
    page.goto(link(demo.mailbox.wait_for(one.email, "May we name you in a tender?")))
    if ticks == TICKS[0]:
        check(page)
    page.get_by_role("button", name="You may name me").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What may we show of you?")
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(0)
    one.described = page.get_by_text("you stand there as").inner_text().partition("“")[2].partition("”")[0]
    for tick in ticks:
        page.get_by_role("checkbox", name=f"{tick}: {one.shown[tick]}").check()
    if ticks == TICKS[0]:
        check(page)
        shoot(page, "what-to-show", width=390, height=900)
    page.get_by_role("button", name="Save what may be shown").click()
    expect(page.get_by_text("Saved. The sheet shows exactly this.")).to_be_visible()
    return page


def take_back(page: Page, tick: str) -> None:
    page.get_by_role("checkbox", name=f"{tick}:").uncheck()
    page.get_by_role("button", name="Save what may be shown").click()
    expect(page.get_by_role("checkbox", name=f"{tick}:")).not_to_be_checked()


def taken(page: Page, button: str, folder: Path) -> bytes:
    """The file behind a button."""
    with page.expect_download() as download:
        page.get_by_role("link", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file.read_bytes()
