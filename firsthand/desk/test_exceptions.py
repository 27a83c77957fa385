"""What may be lifted, by whom, who is told, and the sponsor's list."""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.customers.models import Signal
from firsthand.desk.test_requests import signed_in
from firsthand.history.models import Message
from firsthand.matching.rules import RULES, Kind
from firsthand.people.builders import eli, make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_policy
from firsthand.references.builders import make_engagement
from firsthand.requests import actions
from firsthand.requests.builders import make_cast, make_rae, make_request
from firsthand.requests.lifted import lifted_on
from firsthand.requests.models import Ask, BarException
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WHY = "The board asked for her"


def excepted(company: str = "Ostvik Bank", name: str = "Rae Reference") -> Ask:
    """An ask of somebody who spoke eight days ago, inside the program's gap."""
    _, _, mia = make_cast()
    found, rae = make_request(), make_rae(name, company=company)
    make_engagement(rae, date(2026, 3, 18))
    make_policy(limits={"min_gap_days": 14})
    [ask] = actions.propose(found, [rae], by=mia, exception=WHY)
    return ask


def test_the_program_bars_are_these_and_every_other_is_absolute() -> None:
    lifted = {rule.code for rule in RULES if rule.kind == Kind.PROGRAM}
    assert lifted == {
        "default_limit", "default_gap", "customer_limit", "ask_limit", "stage", "size", "minor_escalation", "renewal",
    }  # fmt: skip
    assert {rule.code for rule in RULES if rule.kind == Kind.ABSOLUTE} == {
        "left", "consent", "unsubscribed", "legal_hold", "severe_escalation", "disclosure", "family", "no_go", "resting", "paused",
        "owner_hold", "unwilling", "audience", "topic", "own_limit", "own_gap",
    }  # fmt: skip


def test_the_owner_reads_what_was_lifted_before_they_answer() -> None:
    ask = excepted()
    text = outbox.render(Message.objects.get(kind="approval", channel="mail"), timezone.now()).text()
    assert "Mia Manager lifted a rule of the program for this ask (Inside the minimum gap: too near" in text
    assert f"“{WHY}”" in text
    _, ana, _ = make_cast()
    assert WHY in signed_in(ana).get(reverse("requests:approval", args=[ask.pk])).content.decode()


def test_the_owner_hears_by_mail_that_a_rule_was_lifted_and_why() -> None:
    excepted()
    _, ana, _ = make_cast()
    mails = Message.objects.filter(kind="news", channel="mail", recipient_kind="colleague", recipient_id=ana.pk)
    texts = [outbox.render(each, timezone.now()).text() for each in mails]
    assert any("Mia Manager lifted a rule for asking Rae Reference." in text and WHY in text for text in texts)


def test_the_second_manager_who_proposes_with_an_exception_is_told() -> None:
    ask = excepted()
    other = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    with pytest.raises(Refused, match="They are proposed already, and Mia Manager lifted the rule") as refused:
        actions.propose(ask.reference_request, [ask.reference], by=other, exception="For the quarter")
    assert refused.value.status == 409
    assert list(BarException.objects.values_list("reason", flat=True)) == [WHY]


def test_the_same_grant_sent_twice_is_one() -> None:
    _, _, mia = make_cast()
    ask = excepted()
    assert actions.propose(ask.reference_request, [ask.reference], by=mia, exception=WHY) == []
    assert BarException.objects.count() == 1


def test_the_second_manager_who_lifts_on_the_ask_is_told_who_did() -> None:
    _, _, mia = make_cast()
    other = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    [ask] = actions.propose(make_request(), [make_rae()], by=mia)
    make_engagement(ask.reference, date(2026, 3, 18))
    make_policy(limits={"min_gap_days": 14})
    actions.lift_bars(ask, by=mia, reason=WHY)
    with pytest.raises(Refused, match=f"Mia Manager lifted it already: “{WHY}”"):
        actions.lift_bars(ask, by=other, reason="For the quarter")
    assert BarException.objects.count() == 1


def test_the_list_says_who_asked_who_granted_why_and_what_came_of_it() -> None:
    sam, ana, mia = make_cast()
    ask = excepted()
    actions.approve(ask, by=ana)
    actions.send(ask, by=mia)
    actions.accept(ask, by=ask.reference.contact)
    actions.introduce(ask, by=mia)
    actions.hold(ask, by=sam)
    actions.give_debrief(ask, by=sam, grade=4)
    excepted("Second Bank", "Ria Second")
    answer = signed_in(eli()).get(reverse("requests:exceptions"), {"as": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [(row["For asking"], row["What came of it"], row["Grade"]) for row in rows] == [
        ("Ria Second", "Waiting for owner", ""),
        ("Rae Reference", "Held", "4.0"),
    ]
    first = rows[1]
    assert (first["Asked by"], first["Granted by"], first["Why"]) == ("Sam Seller", "Mia Manager", WHY)
    assert (first["Rule"], first["Granted"]) == ("Inside the minimum gap", "2026-03-10")


def test_the_list_prints_n_and_no_mean_of_few_grades() -> None:
    excepted()
    whole = signed_in(eli()).get(reverse("requests:exceptions")).content.decode()
    assert "1 exception" in whole
    assert "of 1 asks" not in whole
    assert "not shown: 0 graded, and 3 are needed" in whole


def test_the_list_is_narrowed_to_a_period(clock: time_machine.Traveller) -> None:
    excepted()
    client = signed_in(eli())
    address = reverse("requests:exceptions")
    assert "1 exception" in client.get(address, {"period": "quarter"}).content.decode()
    clock.move_to(NOW + timedelta(days=30))
    client = signed_in(Colleague.objects.get(role="executive"))
    assert "Nothing fits" in client.get(address, {"period": "quarter"}).content.decode()
    assert "1 exception" in client.get(address, {"period": "last_quarter"}).content.decode()
    assert "Nothing fits" in client.get(address, {"period": "quarter", "rule": "size"}).content.decode()


def test_members_do_not_read_the_list() -> None:
    sam, ana, mia = make_cast()
    address = reverse("requests:exceptions")
    assert [signed_in(each).get(address).status_code for each in (sam, ana, mia, eli())] == [403, 403, 200, 200]


def test_a_private_reason_is_not_told_to_the_requester() -> None:
    sam, ana, mia = make_cast()
    rae = make_rae()
    Signal.objects.create(account=rae.account, kind="escalation", severity="minor", happened_on=date(2026, 3, 1))
    [ask] = actions.propose(make_request(), [rae], by=mia, exception=WHY)
    assert [each.code for each in lifted_on(ask, ana)] == ["minor_escalation"]
    assert lifted_on(ask, sam) == []
