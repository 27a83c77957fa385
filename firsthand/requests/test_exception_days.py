"""A rule of the program that stands against the chosen day alone is lifted with the very move: fix, move, join, swap."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.program.builders import make_policy
from firsthand.references.builders import make_engagement
from firsthand.references.models import Engagement, Hold, Reference
from firsthand.requests import actions
from firsthand.requests.actions.filing import Wish
from firsthand.requests.builders import group_call, make_ask, make_cast, make_group_ask, make_rae, make_request
from firsthand.requests.exceptions import exceptions_for, figures
from firsthand.requests.models import Ask, BarException, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
THEN = NOW + timedelta(days=40)
WHY = "The sponsor knows and agrees"


def busy_then(reference: Reference, at: datetime = THEN) -> None:
    """Too near another engagement of theirs on that day only."""
    make_engagement(reference, at.date() + timedelta(days=2), state="reserved")
    make_policy(limits={"min_gap_days": 5})


def kept() -> list[tuple[str, str]]:
    return list(BarException.objects.values_list("rule", "reason"))


@pytest.mark.parametrize("status", ["accepted", "scheduled"])
def test_a_manager_fixes_or_moves_with_a_reason(status: str) -> None:
    sam, _, mia = make_cast()
    ask = make_ask(status)
    busy_then(ask.reference)
    with pytest.raises(Refused):
        actions.schedule(ask, by=mia, starts_at=THEN)
    with pytest.raises(Refused, match="A program manager lifts a rule") as refused:
        actions.schedule(ask, by=sam, starts_at=THEN, exception=WHY)
    assert (refused.value.status, kept()) == (403, [])
    fixed = actions.schedule(ask, by=mia, starts_at=THEN, exception=WHY)
    assert (fixed.status, fixed.occasion and fixed.occasion.starts_at, kept()) == ("scheduled", THEN, [("default_gap", WHY)])


def test_what_nobody_lifts_still_stands_and_keeps_no_exception() -> None:
    _, _, mia = make_cast()
    ask = make_ask("accepted")
    busy_then(ask.reference)
    Hold.objects.create(reference=ask.reference, kind=Hold.Kind.OWN, reason="Their own pause", starts_on=NOW.date(), until=date(2026, 6, 1))
    with pytest.raises(Refused):
        actions.schedule(ask, by=mia, starts_at=THEN, exception=WHY)
    assert (Ask.objects.get(pk=ask.pk).status, kept()) == ("accepted", [])


def test_a_reason_that_nothing_needs_is_not_kept() -> None:
    actions.schedule(make_ask("accepted"), by=make_cast()[2], starts_at=THEN, exception=WHY)
    assert kept() == []


def test_another_hour_of_the_same_day_needs_no_exception(clock: time_machine.Traveller) -> None:
    rae, mia = make_rae(), make_cast()[2]
    make_engagement(rae, THEN.date() + timedelta(days=2), state="reserved")
    clock.shift(timedelta(hours=1))  # what stood before they were asked
    ask = actions.schedule(make_ask("accepted", reference=rae), by=mia, starts_at=THEN)
    make_policy(limits={"min_gap_days": 5})
    moved = actions.schedule(ask, by=mia, starts_at=THEN + timedelta(hours=2), exception=WHY)
    assert (moved.occasion and moved.occasion.starts_at, kept()) == (THEN + timedelta(hours=2), [])


def test_the_page_offers_it_once_the_day_was_refused_and_only_to_managers(client: Client) -> None:
    sam, _, mia = make_cast()
    ask = make_ask("accepted")
    busy_then(ask.reference)
    where, sent = f"/asks/{ask.pk}/time/", {"seen": "accepted", "starts_at": f"{THEN:%Y-%m-%dT%H:%M}", "minutes": "30"}
    client.force_login(sam)
    answer = client.post(where, sent)
    assert (answer.status_code, 'name="exception"' in answer.content.decode()) == (409, False)
    client.force_login(mia)
    assert 'name="exception"' not in client.get(f"/asks/{ask.pk}/").content.decode()
    answer = client.post(where, sent)
    assert (answer.status_code, 'name="exception"' in answer.content.decode()) == (409, True)
    assert client.post(where, {**sent, "exception": WHY}).status_code == 302
    assert kept() == [("default_gap", WHY)]


def test_a_swap_lifts_what_stands_against_the_others_on_its_day(client: Client) -> None:
    _, _, mia = make_cast()
    ask = make_ask("scheduled", reference_request=make_request(n_wanted=2))
    ria, rob = make_rae("Ria Second", company="Second Bank"), make_rae("Rob Third", company="Third Bank")
    [open_ask] = actions.propose(ask.reference_request, [rob], by=mia)
    for each in (ria, rob):
        make_engagement(each, NOW.date() + timedelta(days=4), state="reserved")
    make_policy(limits={"min_gap_days": 5})
    with pytest.raises(Refused):
        actions.swap(ask, [ria], by=mia)
    client.force_login(mia)
    page = client.get(f"/asks/{ask.pk}/swap/").content.decode()
    assert ('name="exception"' in page, "Propose as an exception" in page) == (True, True)
    sent = {"seen": "scheduled", "reference": [str(ria.pk), str(rob.pk)], "exception": WHY}
    assert client.post(f"/asks/{ask.pk}/swap/", sent).status_code == 302
    lifted = BarException.objects.order_by("pk").values_list("ask__reference", "rule")
    assert set(lifted) == {(ria.pk, "default_gap"), (rob.pk, "default_gap")}
    assert Ask.objects.get(pk=open_ask.pk).comes_to_id == ask.pk


def test_a_request_joins_with_a_reason_what_its_deal_alone_would_bar(client: Client) -> None:
    sam, ana, mia = make_cast()
    host = make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)
    second = actions.file_request(Wish(group_call(), NOW.date() + timedelta(days=10), "Their first year"), by=sam)
    make_policy(limits={"asks": {"count": 1, "period": "quarter"}})
    with pytest.raises(Refused):
        actions.join(second, host, by=mia)
    client.force_login(mia)
    where = f"/requests/{second.pk}/occasions/"
    assert "Lift the rule and ask to join" in client.get(where).content.decode()
    assert client.post(where, {"ask": str(host.pk), "exception": WHY}).status_code == 302
    joined = Ask.objects.get(reference_request=second)
    assert (joined.status, [(each.ask_id, each.reason) for each in BarException.objects.all()]) == ("sent", [(joined.pk, WHY)])
    assert ReferenceRequest.objects.get(pk=second.pk).status == "asking"


def test_an_ask_that_joined_a_shared_call_shows_that_calls_grade_once_it_happened() -> None:
    sam, ana, mia = make_cast()
    host = make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)
    Ask.objects.filter(pk=host.pk).update(status="held")
    Engagement.objects.update(state="held", grade=4)
    for status in ("held", "held", "held", "canceled"):
        wish = Wish(group_call(), NOW.date() + timedelta(days=10), "Their first year")
        joined = Ask.objects.create(
            reference_request=actions.file_request(wish, by=sam), reference=host.reference, joins=host, status=status, policy=host.policy
        )
        BarException.objects.create(ask=joined, rule="default_gap", reason=WHY, granted_by=mia)
    listing, rows = exceptions_for(mia), BarException.objects.order_by("pk")
    shown = {column.name: column.value for column in listing.columns}["grade"]
    assert [shown(item) for item in listing.items(list(rows))] == [4.0, 4.0, 4.0, None]
    mean = figures(rows)[-1]
    assert (mean.value, mean.basis) == ("4.0", "n = 3, 1 to 5")
