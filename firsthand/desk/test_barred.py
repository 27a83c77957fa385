"""Open asks that a new version of the policy bars: who is listed, and what ending them or letting them stand does."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.customers.models import Signal
from firsthand.deals.models import Opportunity, Stage
from firsthand.desk.test_requests import signed_in
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_policy
from firsthand.program.test_views import policy_data
from firsthand.references.builders import make_engagement, make_reference
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.barred import bars_on
from firsthand.requests.builders import group_call, make_ask, make_cast, make_group_ask, make_rae, make_request
from firsthand.requests.judging import barred_asks
from firsthand.requests.models import Ask, BarException

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/policy/open-asks/"
WHY = "The rule is about new ones"
GAP = "Rae Reference cannot be asked: asked or speaking less than 14 days away, the program’s gap."


def near(ask: Ask) -> Ask:
    """The reference speaks two days before, which bars nothing yet."""
    make_engagement(ask.reference, date(2026, 3, 18))
    return ask


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def title_of(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert found
    return found[1]


def rows_of(answer: Any) -> list[str]:
    found = re.findall(r"<tr>(.*?)</tr>", answer.content.decode(), flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found if "RQ-" in row]


def decide(asks: list[Ask], move: str, by: Colleague, *, reason: str = WHY, **facts: Any) -> Any:
    ticks = [f"{ask.pk}-{ask.status}" for ask in asks]
    return signed_in(by).post(PAGE, {"move": move, "reason": reason, "ask": ticks, **facts})


def test_a_manager_who_saves_a_version_decides_on_the_asks_it_bars() -> None:
    _, _, mia = make_cast()
    ask = near(make_ask())
    make_ask(reference=make_rae("Ria Second", company="Second Bank"))
    client = signed_in(mia)
    saved = client.post("/policy/new/", policy_data(limits__min_gap_days="14", reason="People complain"), follow=True)
    assert saved.redirect_chain == [(f"{PAGE}?saved=1", 302)]
    assert title_of(saved) == "The policy bars 1 open ask"
    request = ask.reference_request
    assert rows_of(saved) == [f"Rae Reference {request} · Reference call for a deal · Sam Seller Waiting for owner {GAP}"]


def test_the_page_stands_under_policy_in_the_navigation() -> None:
    _, _, mia = make_cast()
    make_policy()
    shown = signed_in(mia).get(PAGE).content.decode()
    assert re.findall(r'<a href="(/[a-z]+/)"[^>]*aria-current="page"', shown) == ["/policy/"]


def test_a_version_that_bars_nobody_leads_back_to_the_policy() -> None:
    _, _, mia = make_cast()
    make_ask()
    saved = signed_in(mia).post("/policy/new/", policy_data(limits__min_gap_days="14", reason="People complain"), follow=True)
    assert saved.redirect_chain == [(f"{PAGE}?saved=1", 302), ("/policy/", 302)]
    assert "The new policy is in force." in text_of(saved)
    assert title_of(signed_in(mia).get(PAGE)) == "The policy bars no open ask"


def test_those_let_stand_are_exceptions_and_those_ended_are_free_again() -> None:
    _, ana, mia = make_cast()
    stays, goes, other = (near(make_ask(reference=make_rae(f"{name} Reference", company=f"{name} Bank"))) for name in ("Ria", "Rob", "Rui"))
    make_policy(limits={"min_gap_days": 14})
    assert barred_asks() == [stays.pk, goes.pk, other.pk]

    stood = decide([stays], "stand", mia)
    assert title_of(stood) == "1 move made"
    assert rows_of(stood) == [
        f"Ria Reference {stays.reference_request} · Reference call for a deal · Sam Seller It stands, as an exception Done"
    ]
    assert list(BarException.objects.values_list("ask", "rule", "reason", "granted_by")) == [(stays.pk, "default_gap", WHY, mia.pk)]
    assert barred_asks() == [goes.pk, other.pk]

    ended = decide([stays, goes], "end", mia)
    assert title_of(ended) == "1 move made, 1 refused"
    wish = "· Reference call for a deal · Sam Seller"
    assert rows_of(ended) == [
        f"Ria Reference {stays.reference_request} {wish} No rule of the program bars it any more; it goes on. Refused",
        f"Rob Reference {goes.reference_request} {wish} It ends, and its slot is free again Done",
    ]
    gone = Ask.objects.select_related("engagement").get(pk=goes.pk)
    assert (gone.status, gone.canceled_reason, gone.engagement and gone.engagement.state) == ("canceled", WHY, "released")
    assert actions.approve(Ask.objects.get(pk=stays.pk), by=ana).status == "approved"
    assert barred_asks() == [other.pk]


@pytest.mark.parametrize("move", ["end", "stand"])
def test_the_second_of_two_tabs_is_refused_in_its_row(move: str) -> None:
    _, _, mia = make_cast()
    ask = near(make_ask())
    make_policy(limits={"min_gap_days": 14})
    decide([ask], move, mia)
    before = list(BarException.objects.values_list("ask", "rule"))
    again = decide([ask], move, mia)
    assert title_of(again) == "0 moves made, 1 refused"
    assert list(BarException.objects.values_list("ask", "rule")) == before
    assert len(before) == (move == "stand")


def test_an_ask_that_has_moved_on_since_the_page_is_left_alone() -> None:
    _, ana, mia = make_cast()
    old = make_ask()
    actions.approve(old, by=ana)
    near(old)
    make_policy(limits={"min_gap_days": 14})
    for move in ("end", "stand"):
        assert title_of(decide([old], move, mia)) == "0 moves made, 1 refused"
    assert Ask.objects.get(pk=old.pk).status == "approved"
    assert not BarException.objects.exists()


def test_a_decision_needs_a_reason_a_move_and_a_tick_and_keeps_what_was_ticked() -> None:
    _, _, mia = make_cast()
    ask = near(make_ask())
    make_policy(limits={"min_gap_days": 14})
    bare = decide([ask], "end", mia, reason="")
    assert bare.status_code == 400
    assert "Write the reason. Whoever is concerned reads it." in text_of(bare)
    assert (
        f'value="{ask.pk}-proposed" form="barred" aria-label="Choose Rae Reference, {ask.reference_request}" checked'
        in bare.content.decode()
    )
    assert decide([ask], "fly", mia).status_code == 400
    assert "Tick at least one ask first." in text_of(decide([], "end", mia))
    assert "At most 50 asks are decided at once; 51 are ticked." in text_of(decide([ask] * 51, "end", mia))
    assert Ask.objects.get().status == "proposed"


def test_only_managers_decide() -> None:
    sam, ana, _ = make_cast()
    ask = near(make_ask())
    make_policy(limits={"min_gap_days": 14})
    ada = make_colleague("Ada Admin", role=Colleague.Role.ADMIN)
    for who in (sam, ana, ada):
        assert (signed_in(who).get(PAGE).status_code, decide([ask], "end", who).status_code) == (403, 403)
    saved = signed_in(ada).post("/policy/new/", policy_data(limits__min_gap_days="15", reason="People complain"))
    assert saved["Location"] == "/policy/"


def test_an_absolute_bar_beside_it_is_told_and_lifted_by_nobody() -> None:
    _, _, mia = make_cast()
    ask = near(make_ask())
    Reference.objects.filter(pk=ask.reference_id).update(min_gap_days=None)
    Signal.objects.create(account=ask.reference.account, kind="escalation", severity="severe", happened_on=date(2026, 3, 1))
    make_policy(limits={"min_gap_days": 14})
    stood = decide([ask], "stand", mia)
    assert "an escalation" in rows_of(stood)[0] or "severe" in rows_of(stood)[0]
    assert rows_of(stood)[0].endswith("Refused")
    assert not BarException.objects.exists()


POLICIES: list[dict[str, Any]] = [
    {"limits": {"min_gap_days": 14}},
    {"limits": {"min_gap_days": 3}},
    {"limits": {"min_gap_days": 0, "reference": {"count": 1, "period": "quarter"}}},
    {"limits": {"min_gap_days": 0, "reference": {"count": 2, "period": "quarter"}}},
    {"limits": {"min_gap_days": 0, "customer": {"count": 2, "period": "month"}}},
    {"limits": {"min_gap_days": 0, "customer": {"count": 1, "period": "year"}}},
    {"limits": {"min_gap_days": 0, "asks": {"count": 1, "period": "month"}}},
    {"limits": {"min_gap_days": 0, "asks": {"count": 2, "period": "month"}}},
    {"limits": {"min_gap_days": 0}, "risk": {"renewal_window_days": 60}},
    {"limits": {"min_gap_days": 0}, "live": {"least_amount": 100_000}},
    {"limits": {"min_gap_days": 0}, "live": {"earliest_stage": "negotiation"}},
]
BARRED = [[1, 2, 5], [1, 2, 5], [2], [], [3], [2, 3], [1, 2, 5, 6], [], [7], [7], [7]]  # by their order in `crowd`


def crowd() -> None:
    """Asks at every step: two of one person, two people of one customer, a shared group call, a deal, an escalation, a renewal."""
    sam, ana, mia = make_cast()
    rae = make_rae()
    make_ask("sent", reference=rae)
    make_ask("sent", reference=rae, reference_request=make_request(needed_by=date(2026, 3, 24)))
    colleague = make_reference("Roy Colleague", account=rae.account)
    make_ask("approved", reference=colleague)
    ria = make_rae("Ria Second", company="Second Bank")
    near(make_ask("accepted", reference=ria))
    host = make_group_ask(reference=make_rae("Rob Third", company="Third Bank"), requester=sam, owner=ana, manager=mia)
    again = actions.file_request(actions.Wish(group_call(), date(2026, 3, 20), "How did it go?"), by=sam)
    actions.join(again, host, by=mia)
    rui = make_rae("Rui Fourth", company="Fourth Bank")
    small = make_request()
    stage = Stage.objects.create(key="discovery", name="Discovery", position=1)
    Stage.objects.create(key="negotiation", name="Negotiation", position=4)
    deal = Opportunity.objects.create(name="Small deal", prospect_name="Fennmark", stage=stage, amount_base=5000, owner=sam)
    small.opportunity = deal
    small.save(update_fields=["opportunity"])
    make_ask(reference=rui, reference_request=small)
    type(rui.account).objects.filter(pk=rui.account.pk).update(renewal_date=date(2026, 4, 20))
    make_ask(reference=make_rae("Rex Fifth", company="Fifth Bank"), reference_request=make_request(needed_by=date(2026, 4, 1)))


@pytest.mark.parametrize("numbers", range(len(POLICIES)), ids=lambda place: str(POLICIES[place]))
def test_all_at_once_are_judged_as_each_alone(numbers: int) -> None:
    _, _, mia = make_cast()
    crowd()
    make_policy(**POLICIES[numbers])
    alone = [ask.pk for ask in Ask.objects.open().order_by("pk") if bars_on(ask, mia)]
    assert barred_asks() == alone
    order = list(Ask.objects.order_by("pk").values_list("pk", flat=True))
    assert [order.index(pk) + 1 for pk in alone] == BARRED[numbers]


def test_more_asks_of_the_same_day_are_no_more_statements() -> None:
    make_cast()
    counts = []
    for number in range(3):
        near(make_ask(reference=make_rae(f"R{number} Reference", company=f"Bank {number}")))
        make_policy(limits={"min_gap_days": 14, "reference": {"count": 1, "period": "quarter"}})
        with CaptureQueriesContext(connection) as caught:
            assert len(barred_asks()) == number + 1
        counts.append(len(caught))
    assert counts[1] == counts[2]


def test_the_page_goes_on_by_key() -> None:
    _, _, mia = make_cast()
    asks = [near(make_ask(reference=make_rae(f"R{number} Reference", company=f"Bank {number}"))) for number in range(3)]
    make_policy(limits={"min_gap_days": 14})
    rows = rows_of(signed_in(mia).get(PAGE, {"after": asks[0].pk}))
    assert [row.split(" RQ")[0] for row in rows] == ["R1 Reference", "R2 Reference"]
    past = signed_in(mia).get(PAGE, {"after": asks[2].pk})
    assert rows_of(past) == []
    assert "See the first ones" in text_of(past)
    assert title_of(past) == "The policy bars 3 open asks"
