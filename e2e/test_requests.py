"""Requests without a mouse, without JavaScript, and the manager's queue."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from e2e.browser import check, shoot
from e2e.conftest import Open
from e2e.mailbox import link
from e2e.server import Server
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague, SavedFilter
from firsthand.references.models import Reference
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import OPEN_FOR_ASKS


def deal_of_sam(server: Server, place: int) -> Opportunity:
    """An open deal of Sam's that no other journey uses."""
    with server.database() as alias:
        mine = Opportunity.objects.using(alias).filter(owner__name="Sam Okafor", outcome="open", account__isnull=False)
        return mine.select_related("account").order_by("-stage__position", "-amount")[place]


def test_a_manager_filters_the_queue_keeps_the_filter_and_acts(demo: Server, open_page: Open) -> None:
    mia = open_page(demo, "mia")
    due_today(demo)
    mia.goto("/")
    expect(mia.get_by_role("heading", level=1)).to_contain_text("due by ")
    expect(mia.locator("main tbody tr").first).to_contain_text("today")
    check(mia)
    shoot(mia, "desk", height=900)
    mia.get_by_role("navigation", name="Main").get_by_role("link", name="Requests").click()
    mia.get_by_role("combobox", name="Show").select_option(label="Nobody is asked")
    with demo.database() as alias:
        idle = ReferenceRequest.objects.using(alias).filter(status__in=OPEN_FOR_ASKS).exclude(asks__status__in=Ask.OPEN).distinct().count()
    expect(mia.get_by_role("heading", level=1)).to_have_text(f"{idle} requests")
    expect(mia.locator("main tbody tr")).to_have_count(idle)
    mia.get_by_role("button", name="Save filter").click()
    dialog = mia.get_by_role("dialog", name="Save this filter")
    dialog.get_by_label("Name").fill("To propose")
    check(mia)
    dialog.get_by_role("button", name="Save filter").click()
    expect(mia.get_by_role("navigation", name="Saved filters").get_by_role("link", name="To propose")).to_have_attribute(
        "aria-current", "page"
    )
    check(mia)
    shoot(mia, "requests")
    with demo.database() as alias:
        saved = SavedFilter.objects.using(alias).get(name="To propose")
        assert (saved.list_name, saved.query) == ("requests", "view=nobody")
    row = mia.get_by_role("row").filter(has_text="Submitted").first
    row.get_by_role("link").click()
    mia.get_by_role("button", name="Ask the requester").click()
    question = mia.get_by_role("dialog", name="What do you need to know?")
    check(mia)
    question.get_by_label("Question").fill("Does it have to be a call in German?")
    question.get_by_role("button", name="Send question").click()
    mia.wait_for_url("**/requests/*/")
    mia.get_by_role("link", name="Change what is wanted").click()
    check(mia)
    mia.get_by_label("Questions they want answered").fill("How long did it take?")
    mia.get_by_role("button", name="Save changes").click()
    mia.wait_for_url("**/requests/*/")
    expect(mia.locator("#wish")).to_contain_text("How long did it take?")
    number = int(mia.url.rstrip("/").rpartition("/")[2])
    expect(mia.get_by_role("main").get_by_text("Does it have to be a call in German?").first).to_be_visible()
    with demo.database() as alias:
        assert ReferenceRequest.objects.using(alias).get(pk=number).status == "needs_info"


def due_today(demo: Server) -> None:
    """Whatever the day of the week, five requests are pressing."""
    with demo.database() as alias:
        pressing = ReferenceRequest.objects.using(alias).filter(status__in=["submitted", "asking"]).order_by("pk").values("pk")[:5]
        ReferenceRequest.objects.using(alias).filter(pk__in=list(pressing.values_list("pk", flat=True))).update(
            needed_by=datetime.now(UTC).date()
        )


def test_a_request_is_filed_by_keyboard_alone(demo: Server, open_page: Open) -> None:
    deal = deal_of_sam(demo, 1)
    sam = open_page(demo, "sam")
    sam.goto("/")
    sam.keyboard.press("/")
    palette = sam.get_by_role("dialog", name="Find anything")
    expect(palette).to_be_visible()
    assert deal.account
    sam.keyboard.type(deal.account.name)
    expect(palette.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    check(sam)
    shoot(sam, "palette", height=600)
    sam.keyboard.press("ArrowDown")
    sam.keyboard.press("ArrowUp")
    sam.keyboard.press("Enter")
    expect(palette).to_be_hidden()
    expect(sam.get_by_role("heading", level=1)).to_contain_text(deal.account.name)
    sam.keyboard.press("n")
    sam.wait_for_url("**/requests/new/**")
    tab_to(sam, "Find the deal")
    sam.keyboard.type(deal.account.name)
    choose = sam.locator(f"#deal-offers button[value='{deal.pk}']")
    expect(choose).to_be_visible()
    while not choose.evaluate("one => one === document.activeElement"):
        sam.keyboard.press("Tab")
    sam.keyboard.press("Enter")
    expect(sam.get_by_role("button", name="Another deal")).to_be_visible()
    expect(sam.get_by_label("What does the prospect want to hear?")).to_be_focused()
    sam.keyboard.type("What would you do differently, if you began today?")
    tab_to(sam, "Needed by")
    sam.keyboard.type(f"{datetime.now(UTC) + timedelta(days=18):%m%d%Y}")
    tab_to(sam, "Submit request")
    sam.keyboard.press("Enter")
    sam.wait_for_url(lambda url: "/new/" not in url)
    with demo.database() as alias:
        filed = ReferenceRequest.objects.using(alias).latest("pk")
        assert (filed.opportunity_id, filed.status, filed.wish) == (
            deal.pk,
            "submitted",
            "What would you do differently, if you began today?",
        )


def tab_to(page: Page, name: str, *, at_most: int = 60) -> None:
    """Press Tab until the control of that name has the focus, and see that the focus is visible."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement;
            return [e.labels?.[0]?.innerText ?? e.innerText ?? "", getComputedStyle(e).outlineStyle, e.getAttribute("tabindex")]; }"""
        )
        if focused[0].strip().startswith(name):
            assert focused[1] != "none", f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def test_everything_works_without_javascript(demo: Server, open_page: Open) -> None:
    deal = deal_of_sam(demo, 2)
    sam = open_page(demo, "sam", java_script_enabled=False)
    sam.goto("/requests/new/")
    assert deal.account
    sam.get_by_label("Find the deal").fill(deal.account.name)
    sam.get_by_role("button", name="Find", exact=True).click()
    sam.locator(f"#deal-offers button[value='{deal.pk}']").click()
    expect(sam.get_by_role("button", name="Another deal")).to_be_visible()
    sam.get_by_label("Needed by").fill(f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}")
    sam.get_by_label("What does the prospect want to hear?").fill("The price.")
    sam.get_by_role("button", name="Save draft").click()
    expect(sam.get_by_role("heading", level=1)).to_be_visible()
    with demo.database() as alias:
        draft = ReferenceRequest.objects.using(alias).latest("pk")
    assert (draft.opportunity_id, draft.status) == (deal.pk, "draft")
    sam.goto(f"/requests/{draft.pk}/edit/")
    sam.get_by_label("What does the prospect want to hear?").fill("Was the price what was promised?")
    sam.get_by_role("button", name="Submit request").last.click()
    expect(sam.get_by_role("heading", level=1)).to_contain_text("Reference call")
    with demo.database() as alias:
        assert ReferenceRequest.objects.using(alias).get(pk=draft.pk).status == "submitted"
    ask = proposed_without_javascript(demo, open_page, draft.pk)
    ana = open_page(demo, java_script_enabled=False, may_refuse=True)
    with demo.database() as alias:
        name = Reference.objects.using(alias).get(pk=ask.reference_id).contact.person.name
    ana.goto(link(demo.mailbox.wait_for("ana@calderfinch.example", f"May we ask {name}?")))
    ana.get_by_text("Refuse", exact=True).click()
    ana.get_by_label("Reason").locator("visible=true").fill("  ")
    ana.get_by_role("button", name="Refuse ask").click()
    with demo.database() as alias:
        assert Ask.objects.using(alias).get(pk=ask.pk).status == "proposed"  # a refusal says why
    ana.get_by_role("button", name="Let the program ask").click()
    expect(ana.get_by_role("heading", level=1)).to_contain_text("It is answered")
    with demo.database() as alias:
        assert Ask.objects.using(alias).get(pk=ask.pk).status in {"approved", "sent"}
        assert ReferenceRequest.objects.using(alias).get(pk=draft.pk).status == "asking"


def proposed_without_javascript(demo: Server, open_page: Open, request_id: int) -> Ask:
    mia = open_page(demo, "mia", java_script_enabled=False)
    mia.goto(f"/requests/{request_id}/matches/")
    box = mia.get_by_role("checkbox", name="Propose ").first
    with demo.database() as alias:
        account = Reference.objects.using(alias).get(pk=int(box.input_value())).contact.account_id
        Account.objects.using(alias).filter(pk=account).update(owner=Colleague.objects.using(alias).get(name="Ana Ferreira"))
    box.check()
    mia.get_by_role("button", name="Propose asks").click()
    expect(mia.get_by_role("main").get_by_text("Ana Ferreira").first).to_be_visible()
    with demo.database() as alias:
        return Ask.objects.using(alias).get(reference_request_id=request_id)


def test_a_draft_and_the_owners_page_are_sound(demo: Server, open_page: Open) -> None:
    with demo.database() as alias:
        draft = ReferenceRequest.objects.using(alias).filter(status="draft").first()
        ask = Ask.objects.using(alias).filter(status="proposed").first()
        assert draft
        assert ask
        sam, ana = (Colleague.objects.using(alias).get(name=name) for name in ("Sam Okafor", "Ana Ferreira"))
        ReferenceRequest.objects.using(alias).filter(pk=draft.pk).update(requester=sam)
        Ask.objects.using(alias).filter(pk=ask.pk).update(approver=ana)
        Account.objects.using(alias).filter(contacts__reference__asks=ask).update(owner=ana)
    page = open_page(demo, "sam")
    page.goto(f"/requests/{draft.pk}/edit/")
    check(page)
    page = open_page(demo, "ana")
    page.goto("/")
    check(page)
    shoot(page, "desk-owner", height=800)
    page.goto(f"/asks/{ask.pk}/approval/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("May we ask")
    check(page)
