"""The first visit of an empty installation: an own program, or the demo; and the first colleague, who comes in by the mailed link."""

import pytest
from playwright.sync_api import expect

from e2e.browser import check, shoot
from e2e.conftest import Open
from e2e.mailbox import link
from e2e.server import Server
from firsthand.core.models import Job
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.program.models import PolicyVersion

MINUTES_TO_FILL = 2  # 15 s on a quiet machine


def test_an_administrator_sets_up_and_invites_the_program_manager(empty: Server, open_page: Open) -> None:
    page = open_page(empty)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody is here yet")
    check(page)
    shoot(page, "first-run")
    page.get_by_label("Your name").fill("Ada Novak")
    page.get_by_label("Work e-mail").fill("ada@harborlight.example")
    page.get_by_label("Password").fill("one-good-reference")
    page.get_by_label("Company").fill("Harborlight")
    page.get_by_role("button", name="Set up Firsthand").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("colleague")

    page.get_by_role("link", name="Add colleague").first.click()
    page.get_by_label("Name").fill("Mia Lindgren")
    page.get_by_label("E-mail").fill("mia@harborlight.example")
    page.get_by_label("Role").select_option(label="Program manager")
    page.get_by_role("button", name="Add colleague").click()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("main").get_by_text("Invited")).to_be_visible()
    check(page)

    invited = open_page(empty)
    mail = empty.mailbox.wait_for("mia@harborlight.example", "Ada Novak invites you to Firsthand")
    invited.goto(link(mail))
    expect(invited).not_to_have_url(link(mail))  # the token does not stay in the address
    expect(invited.get_by_role("heading", level=1)).to_have_text("Welcome, Mia Lindgren")
    check(invited)
    invited.get_by_label("Password").fill("many-good-references")
    invited.get_by_role("button", name="Save password").click()
    expect(invited.get_by_role("navigation", name="Main")).to_be_visible()

    with empty.database() as alias:
        people = Colleague.objects.using(alias).order_by("pk")
        assert [(one.name, one.role, one.can_sign_in) for one in people] == [
            ("Ada Novak", "admin", True),
            ("Mia Lindgren", "manager", True),
        ]
        assert PolicyVersion.objects.using(alias).count() == 1

    again = open_page(empty, may_refuse=True)
    again.goto(link(mail))
    expect(again.get_by_role("heading", level=1)).to_contain_text("link")
    check(again)
    again.goto("/first-run/")
    expect(again).to_have_url(f"{empty.url}/sign-in/")


@pytest.mark.whole  # it loads the whole demo
def test_the_first_visitor_looks_around_with_the_demo(empty: Server, open_page: Open) -> None:
    page = open_page(empty)
    page.goto("/")
    page.get_by_role("button", name="Look around with demo data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Loading the demo")
    check(page)
    without_scripts = open_page(empty, java_script_enabled=False)
    without_scripts.goto(page.url)  # comes again by itself
    expect(without_scripts.get_by_role("heading", level=1)).to_have_text("Loading the demo")
    for one in (page, without_scripts):
        expect(one.get_by_role("heading", level=1)).to_have_text("The demo is ready", timeout=MINUTES_TO_FILL * 60_000)
    check(page)

    without_scripts.get_by_role("link", name="Sign in").click()
    without_scripts.get_by_label("Work e-mail").fill("mia@calderfinch.example")
    without_scripts.get_by_label("Password").fill("firsthand-demo")
    without_scripts.get_by_role("button", name="Sign in").click()
    expect(without_scripts.get_by_role("navigation", name="Main")).to_be_visible()
    with empty.database() as alias:
        assert Account.objects.using(alias).count() == 1000
        assert Job.objects.using(alias).get(kind="demo").state == "done"
