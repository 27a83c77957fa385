"""One group call for two deals: the second joins by the reference's yes, and both are credited. One for two references of a deal."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from e2e.browser import PHONE, check, shoot
from e2e.conftest import Open
from e2e.deeds import told
from e2e.mailbox import link
from e2e.server import Server
from firsthand.customers.models import Account
from firsthand.references.models import Engagement, Reference
from firsthand.requests.models import Ask, Occasion, ReferenceRequest, Use

# A group call fixed for one deal, and a request for another deal that nobody is asked for yet.
FIXED = """
found, other = filed("group-call", 6), filed("group-call", 7)
def fits(each):
    return is_confirmed(each) and why_not_propose(mia, each, found) is None and why_not_propose(mia, each, other) is None
[ask] = actions.propose(found, [of_ana(next(each for each in people() if fits(each)))], by=mia)
ask = actions.accept(sent(ask), by=ask.reference.contact)
actions.schedule(ask, by=mia, starts_at=timezone.now().replace(hour=13, minute=0) + timedelta(days=8), minutes=60, place="https://meet.example/group")
print(ask.pk, other.pk)
"""

# A group call fixed with one reference, for a request that wants three.
PANEL = """
day = timezone.now().replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=8)
what = actions.Wish(ActivityType.objects.get(code="group-call"), day.date() + timedelta(days=5), wish, opportunity=deals[8], n_wanted=3)
found = actions.file_request(what, by=sam)
def fits(each):
    return is_confirmed(each) and why_not_propose(mia, each, found) is None and not bars_of(found, each, day=day.date())
[ask] = actions.propose(found, [of_ana(next(each for each in people() if fits(each)))], by=mia)
ask = actions.accept(sent(ask), by=ask.reference.contact)
guest = {"attendee": "Pat Panel", "attendee_email": "pat@panel.example"}
actions.schedule(ask, by=mia, starts_at=day, minutes=60, place="https://meet.example/panel", **guest)
print(ask.pk, ana.pk)
"""
APPROVED = """
from firsthand.requests.models import Ask
print(sent(Ask.objects.get(comes_to={host})).pk)
"""


def test_a_group_call_serves_two_deals(demo: Server, open_page: Open) -> None:
    host_id, request_id = map(int, told(demo, FIXED))
    with demo.database() as alias:
        host = Ask.objects.using(alias).select_related("occasion", "reference__contact__person").get(pk=host_id)
        contact, email = host.reference.contact, host.reference.contact.email
    demo.mailbox.wait_for(email, "Fixed")
    mia = open_page(demo, "mia")
    join(mia, request_id, contact.person.name)
    with demo.database() as alias:
        joining = Ask.objects.using(alias).get(reference_request_id=request_id)
        assert (joining.status, joining.joins_id, joining.engagement_id) == ("sent", host_id, None)  # no slot of its own

    rae = open_page(demo, viewport=PHONE, is_mobile=True, has_touch=True)
    rae.goto(link(demo.mailbox.wait_for(email, "May one more")))
    expect(rae.get_by_role("heading", level=1)).to_contain_text("may one more join?")
    check(rae)
    shoot(rae, "one-more-joins", width=390, height=800)
    rae.get_by_role("button", name="They may join").click()
    expect(rae.get_by_role("heading", level=1)).to_contain_text("Thank you")
    check(rae)
    with demo.database() as alias:
        joined = Ask.objects.using(alias).get(pk=joining.pk)
        assert (joined.status, joined.occasion_id) == ("scheduled", host.occasion_id)
        assert (
            Engagement.objects.using(alias).filter(reference=host.reference_id, state="reserved", pk=host.engagement_id or 0).count() == 1
        )
    mia.goto(f"/asks/{host_id}/")
    expect(mia.get_by_role("main")).to_contain_text("2 requests of 5 take part")
    check(mia)

    hold_both(demo, open_page(demo, "sam"), host, joined)
    mia.goto(f"/requests/{request_id}/")
    check(mia)


def join(mia: Page, request_id: int, name: str) -> None:
    """The manager finds the fixed time from the matches, and asks whether this deal may share it."""
    mia.goto(f"/requests/{request_id}/matches/")
    mia.get_by_role("link", name="fixed time").click()
    row = mia.get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("4 places of 5 free")
    check(mia)
    shoot(mia, "join-a-time", height=600)
    row.get_by_role("button", name="Ask to join").click()
    expect(mia.get_by_role("main").get_by_text(name).first).to_be_visible()


def hold_both(demo: Server, sam: Page, host: Ask, joined: Ask) -> None:
    """It was an hour ago. Each deal says so; the reference's slot is used once and credited to both."""
    with demo.database() as alias:
        Occasion.objects.using(alias).filter(pk=host.occasion_id or 0).update(starts_at=datetime.now(UTC) - timedelta(hours=2))
    for ask in (host, joined):
        sam.goto(f"/asks/{ask.pk}/")
        sam.get_by_role("radio", name="It happened").check()
        check(sam)
        sam.get_by_role("button", name="Save", exact=True).click()
        expect(sam.get_by_text("Counted. Both sides are asked how it went.")).to_be_visible()
    with demo.database() as alias:
        asks = [Ask.objects.using(alias).get(pk=each.pk) for each in (host, joined)]
        requests = ReferenceRequest.objects.using(alias).filter(pk__in=[ask.reference_request_id for ask in asks]).order_by("pk")
        assert [(ask.status, each.status) for ask, each in zip(asks, requests, strict=True)] == [("held", "fulfilled")] * 2
        uses = Use.objects.using(alias).filter(engagement=host.engagement_id).order_by("reference_request")
        assert [(use.reference_request_id, use.opportunity_id) for use in uses] == [(each.pk, each.opportunity_id) for each in requests]
        slot = Engagement.objects.using(alias).get(pk=host.engagement_id or 0)
        assert (slot.state, uses.count()) == ("held", 2)


def test_two_references_come_to_one_time(demo: Server, open_page: Open) -> None:
    host_id, owner_id = map(int, told(demo, PANEL))
    mia = open_page(demo, "mia")
    reference = ask_along(demo, mia, host_id, owner_id)
    told(demo, APPROVED.format(host=host_id))

    ria = open_page(demo, viewport=PHONE, is_mobile=True, has_touch=True)
    ria.goto(link(demo.mailbox.wait_for(reference.contact.email, "Would you talk to a peer")))
    expect(ria.get_by_role("main")).to_contain_text("the time is fixed already, and 1 other customer of ours will speak as well")
    check(ria)
    ria.get_by_role("button", name="Accept this time").click()
    expect(ria.get_by_role("heading", level=1)).to_contain_text("Thank you")
    expect(ria.get_by_role("main")).to_contain_text("Others speak at that time as well, so it stays.")
    check(ria)

    told_pat = demo.mailbox.wait_for("pat@panel.example", "Who speaks")
    with demo.database() as alias:
        host = Ask.objects.using(alias).select_related("reference__contact__person").get(pk=host_id)
        other = Ask.objects.using(alias).get(comes_to_id=host_id)
        assert (host.status, other.status, host.occasion_id) == ("scheduled", "scheduled", other.occasion_id)
    assert f" and {reference.contact.person.name} of " in str(told_pat["Subject"])
    mia.goto(f"/asks/{host_id}/")
    expect(mia.get_by_role("link", name=reference.contact.person.name)).to_be_visible()
    check(mia)


def ask_along(demo: Server, mia: Page, host_id: int, owner_id: int) -> Reference:
    """The manager ticks the next best whose consent is confirmed, and whose customer is Ana's from now on."""
    mia.goto(f"/asks/{host_id}/")
    mia.get_by_role("link", name="See who could come").click()
    check(mia)
    shoot(mia, "ask-to-same-time", height=600)
    box = mia.get_by_role("article").filter(has_not_text="Unconfirmed").get_by_role("checkbox", name="Propose ").first
    with demo.database() as alias:
        reference = Reference.objects.using(alias).select_related("contact__person").get(pk=int(box.input_value()))
        Account.objects.using(alias).filter(pk=reference.contact.account_id).update(owner=owner_id)
    box.check()
    mia.get_by_role("button", name="Ask to the same time").click()
    expect(mia.get_by_role("main").get_by_text(reference.contact.person.name).first).to_be_visible()
    return reference
