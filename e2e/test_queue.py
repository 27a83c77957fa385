"""The manager's queue: triage, moves on many requests by keyboard alone, a hand-over, and the requester's answer by mail link."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from e2e.browser import check, shoot
from e2e.conftest import Open
from e2e.mailbox import link
from e2e.server import Server
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.models import PolicyVersion
from firsthand.requests.models import ReferenceRequest

NEVER = {"owner_days": 0, "reference_days": 0, "requester_days": 0, "manager_days": 0}


@pytest.fixture
def new(demo: Server) -> Iterator[Colleague]:
    """A second manager, to whom requests can be handed, for as long as the journey takes. The clock reminds nobody meanwhile."""
    with demo.database() as alias:
        version = PolicyVersion.objects.using(alias).latest("pk")
        PolicyVersion.objects.using(alias).filter(pk=version.pk).update(rules={**version.rules, "reminders": NEVER})
        Message.objects.using(alias).filter(kind__startswith="remind_").delete()
        manager = Colleague.objects.using(alias).create(name="Max Berg", role="manager", email="max@calderfinch.example")
    yield manager
    with demo.database() as alias:
        ReferenceRequest.objects.using(alias).filter(manager=manager).update(
            manager=Colleague.objects.using(alias).get(name="Mia Lindgren")
        )
        Colleague.objects.using(alias).filter(pk=manager.pk).update(deactivated_at=datetime.now(UTC))
        PolicyVersion.objects.using(alias).filter(pk=version.pk).update(rules=version.rules)


def test_a_manager_works_through_the_queue_by_keyboard(demo: Server, open_page: Open, new: Colleague) -> None:
    mia = open_page(demo, "mia")
    mia.goto("/requests/?view=owner")
    expect(mia.get_by_role("navigation", name="Saved filters").get_by_role("link", name="Waiting for owner")).to_have_attribute(
        "aria-current", "page"
    )
    check(mia)
    for _ in range(2):
        mia.keyboard.press("j")
        mia.keyboard.press("x")
    boxes = mia.locator("main tbody input[type=checkbox]")
    assert [boxes.nth(place).is_checked() for place in range(2)] == [True, True]
    chosen = [boxes.nth(place).get_attribute("value") or "" for place in range(2)]
    choose(mia, "Remind whoever they wait for")
    expect(mia.get_by_role("heading", level=1)).to_have_text(re.compile("Remind whoever they wait for: [12] of 2 possible"))
    possible = mia.get_by_role("cell", name="Possible").count()  # where no owner is left to answer, nobody is silent
    check(mia)
    press(mia, "Remind whoever they wait for")
    expect(mia.get_by_role("cell", name="Done")).to_have_count(possible)
    with demo.database() as alias:
        reminded = Message.objects.using(alias).filter(kind="remind_approval", channel="mail")
        assert {str(each) for each in reminded.values_list("subject_id", flat=True)} <= asks_of(alias, chosen)
        assert reminded.count() == possible >= 1

    press(mia, "Back to the queue")
    mia.wait_for_url("**/requests/?view=open")
    mia.get_by_role("combobox", name="Show").select_option(label="Nobody is asked")
    mia.wait_for_url("**/requests/?view=nobody")  # and nothing else stands in the address
    for _ in range(3):
        mia.keyboard.press("j")
        mia.keyboard.press("x")
    choose(mia, f"Hand over to {new.name}")
    mia.get_by_label("Reason").fill("He knows these customers.")
    shoot(mia, "queue-moves", height=700)
    press(mia, f"Hand over to {new.name}")
    expect(mia.get_by_role("heading", level=1)).to_have_text("3 moves made")
    with demo.database() as alias:
        assert ReferenceRequest.objects.using(alias).filter(manager=new).count() == 3
        assert Message.objects.using(alias).filter(kind="handed_over", recipient_id=new.pk, channel="mail").count() == 1

    mia.goto("/")
    expect(mia.get_by_role("heading", name="Where requests wait")).to_be_visible()
    row = mia.get_by_role("listitem").filter(has_text=new.name)
    expect(row).to_contain_text("3 open, 3 on us")
    check(mia)
    row.get_by_role("link", name=new.name).press("Enter")
    expect(mia.get_by_role("heading", level=1)).to_have_text("3 requests")


def test_a_question_is_answered_from_the_mail(demo: Server, open_page: Open) -> None:
    with demo.database() as alias:
        waiting = (
            ReferenceRequest.objects.using(alias)
            .filter(status="submitted", requester__email__isnull=False)
            .select_related("requester")
            .latest("pk")
        )
    mia = open_page(demo, "mia")
    mia.goto(f"/requests/{waiting.pk}/")
    mia.get_by_role("button", name="Ask the requester").click()
    mia.get_by_role("dialog").get_by_label("Question").fill("Which product is it about?")
    mia.get_by_role("dialog").get_by_role("button", name="Send question").click()
    expect(mia.get_by_role("main")).to_contain_text("Which product is it about?")
    nobody = open_page(demo)
    nobody.goto(link(demo.mailbox.wait_for(waiting.requester.email or "", f"A question about {waiting}")))
    expect(nobody.get_by_role("heading", level=1)).to_contain_text("needs to know more")
    check(nobody)
    shoot(nobody, "question", height=700, width=500)
    nobody.get_by_label("Your answer").fill("The close, for three countries.")
    nobody.get_by_role("button", name="Send answer").press("Enter")
    expect(nobody.get_by_role("heading", level=1)).to_have_text("Nothing waits for your answer")
    with demo.database() as alias:
        assert ReferenceRequest.objects.using(alias).get(pk=waiting.pk).status == "submitted"


def asks_of(alias: str, requests: list[str]) -> set[str]:
    rows = ReferenceRequest.objects.using(alias).filter(pk__in=requests, asks__status="proposed")
    return {str(pk) for pk in rows.values_list("asks", flat=True)}


def choose(page: Page, label: str) -> None:
    """Choose what to do with those ticked, by keyboard."""
    page.get_by_label("With those you tick").focus()
    page.get_by_label("With those you tick").select_option(label=label)
    press(page, "Show what happens")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").locator(f"button:has-text('{name}'), a:has-text('{name}')").last.press("Enter")
