"""What each deed changes, frees, counts and says, one behavior per test."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Touch
from firsthand.deals.models import Follower, Opportunity
from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague, Team
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.references.actions import record_consent
from firsthand.references.builders import make_engagement
from firsthand.references.models import Consent, Engagement, Hold, Reference
from firsthand.requests import actions
from firsthand.requests.builders import fresh, make_ask, make_cast, make_rae, make_request, recipients, slot_of
from firsthand.requests.dialogs import dialog
from firsthand.requests.models import Ask, BarException, ReferenceRequest, Use
from firsthand.stories.models import Story
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A, R = Ask.Status, ReferenceRequest.Status


def test_filing_takes_the_requester_onto_the_deal() -> None:
    sam, ana, _ = make_cast()
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=ana)
    wish = actions.Wish(make_activity_type(), date(2026, 3, 20), "Speed", opportunity=deal)
    actions.file_request(wish, by=sam)
    assert Follower.objects.get().colleague == sam


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"needed_by": date(2026, 3, 9)}, "The day it is needed by is past."),
        ({"words": " "}, "Say what the prospect wants to hear."),
        ({"n_wanted": 0}, "A request is for 1 to 20 references."),
        ({"n_wanted": 500}, "A request is for 1 to 20 references."),
        ({"words": "x" * 5000}, "That is 5,000 characters; 4,000 fit."),
    ],
)
def test_a_wish_that_cannot_be_is_refused(change: dict[str, object], sentence: str) -> None:
    sam, _, _ = make_cast()
    facts = {"activity_type": make_activity_type(), "needed_by": date(2026, 3, 20), "words": "Speed", **change}
    with pytest.raises(Refused, match=sentence):
        actions.file_request(actions.Wish(**facts), by=sam)  # type: ignore[arg-type]
    assert not ReferenceRequest.objects.exists()


def test_a_deal_that_is_lost_needs_no_reference() -> None:
    sam, _, _ = make_cast()
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=sam, outcome="lost")
    with pytest.raises(Refused, match="The deal with Fennmark is lost already"):
        actions.file_request(actions.Wish(make_activity_type(), date(2026, 3, 20), "Speed", opportunity=deal), by=sam)


def test_a_proposal_reserves_a_slot_for_three_working_days() -> None:
    ask = make_ask()
    assert (slot_of(ask).state, slot_of(ask).reserved_until) == ("reserved", NOW + timedelta(days=3))
    assert fresh(ask).reference_request.status == R.ASKING


def test_proposing_twice_is_proposing_once() -> None:
    _, _, mia = make_cast()
    ask = make_ask()
    assert actions.propose(ask.reference_request, [ask.reference], by=mia) == []
    assert Engagement.objects.count() == 1


def test_several_are_proposed_together_or_not_at_all() -> None:
    _, _, mia = make_cast()
    full = make_rae("Ria Second", company="Second Bank", limit=1)
    make_engagement(full, date(2026, 3, 1))
    with pytest.raises(Refused, match="Ria Second cannot be asked"):
        actions.propose(make_request(), [make_rae(), full], by=mia)
    assert not Ask.objects.exists()


def test_where_the_policy_asks_no_owner_the_owner_is_told() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    make_policy(activities={"reference-call": {"owner_approval": "never"}}, limits={"min_gap_days": 0})
    [ask] = actions.propose(found, [make_rae()], by=mia)
    assert ask.status == A.APPROVED
    assert recipients("approval") == []
    assert Message.objects.filter(kind="news", recipient_id=ana.pk).exists()


def who_is_mailed(verb: str) -> set[str]:
    """First names of those who got the news of it by mail, but for the requester, who hears of every move."""
    told = Message.objects.filter(kind="news", channel="mail", facts__event__in=Event.objects.filter(verb=verb).values("pk"))
    names = Colleague.objects.filter(pk__in=told.values("recipient_id")).exclude(name="Sam Seller").values_list("name", flat=True)
    return {name.split()[0] for name in names}


@pytest.mark.parametrize(
    ("gone", "hears"),
    [
        ({}, {"Ana"}),
        ({"Ana": {"deactivated_at": NOW}}, {"Dan"}),
        ({"Ana": {"email": None}}, {"Dan"}),
        ({"Ana": {"email": None}, "Dan": {"deactivated_at": NOW}}, {"Lea"}),
        ({"Ana": {"email": None}, "Dan": {"deactivated_at": NOW}, "Lea": {"email": None}}, {"Max"}),
    ],
)
def test_where_the_owner_cannot_be_reached_somebody_else_hears_of_asks_and_exceptions(gone: dict[str, Any], hears: set[str]) -> None:
    _, ana, mia = make_cast()
    ana.deputy, ana.team = make_colleague("Dan Deputy"), Team.objects.create(name="North", lead=make_colleague("Lea Lead"))
    ana.save()
    found, rae = make_request(), make_rae()
    max_ = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    ReferenceRequest.objects.filter(pk=found.pk).update(manager=max_)
    for name, facts in gone.items():
        Colleague.objects.filter(name__startswith=name).update(**facts)
    make_engagement(rae, date(2026, 3, 18))
    make_policy(activities={"reference-call": {"owner_approval": "never"}}, limits={"min_gap_days": 14})
    actions.propose(found, [Reference.objects.get(pk=rae.pk)], by=mia, exception="The board asked for her")
    assert (who_is_mailed("lift"), who_is_mailed("approve")) == (hears, hears)


def test_a_manager_lifts_a_program_rule_with_a_reason_and_it_is_kept() -> None:
    _, _, mia = make_cast()
    found, rae = make_request(), make_rae()
    make_engagement(rae, date(2026, 3, 18))
    make_policy(limits={"min_gap_days": 14})
    with pytest.raises(Refused, match="cannot be asked"):
        actions.propose(found, [rae], by=mia)
    actions.propose(found, [rae], by=mia, exception="The board asked for her")
    assert list(BarException.objects.values_list("rule", "reason")) == [("default_gap", "The board asked for her")]


def test_nobody_lifts_an_absolute_bar() -> None:
    _, _, mia = make_cast()
    rae = make_rae(limit=1)
    make_engagement(rae, date(2026, 3, 1))
    with pytest.raises(Refused, match="cannot be asked"):
        actions.propose(make_request(), [rae], by=mia, exception="The board asked for her")


def test_only_a_manager_lifts_a_rule() -> None:
    sam, _, _ = make_cast()
    found = make_request()
    make_policy(activities={"reference-call": {"routing": "self_service"}})
    with pytest.raises(Refused, match="A program manager lifts a rule"):
        actions.propose(found, [make_rae()], by=sam, exception="I want her")


def test_a_refusal_gives_the_slot_back_and_is_for_this_request_only() -> None:
    _, ana, mia = make_cast()
    ask = make_ask()
    actions.refuse(ask, by=ana, reason="Renewal talks")
    assert (fresh(ask).status, slot_of(ask).state) == (A.REFUSED, "released")
    assert actions.propose(make_request(), [ask.reference], by=mia)


def test_not_before_a_date_is_a_refusal_and_a_hold() -> None:
    _, ana, _ = make_cast()
    ask = make_ask()
    actions.postpone(ask, by=ana, until=date(2026, 4, 15), reason="Renewal talks")
    assert fresh(ask).refused_reason == "Not before 15 Apr 2026: Renewal talks"
    assert list(Hold.objects.values_list("reason", "note")) == [("the owner asks for time", "Renewal talks")]
    assert Hold.objects.get().until == date(2026, 4, 14)


def test_sending_is_a_touch_and_starts_the_deadline() -> None:
    ask = fresh(make_ask("sent"))
    assert ask.answer_by == NOW + timedelta(days=7)  # five working days
    assert Touch.objects.get().sent_at == NOW


def test_an_introduction_counts_on_the_day_it_happened(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    assert slot_of(ask).day == date(2026, 3, 20)
    clock.move_to(NOW + timedelta(days=2))
    actions.hold(ask, by=make_cast()[2])
    assert (slot_of(ask).state, slot_of(ask).day) == ("held", date(2026, 3, 12))


def test_a_late_yes_does_not_count_beside_a_newer_ask(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    clock.move_to(NOW + timedelta(days=8))
    actions.lapse_asks(NOW + timedelta(days=8))
    newer = make_ask("sent", reference_request=ReferenceRequest.objects.get(), reference=ask.reference)
    with pytest.raises(Refused, match="This was asked anew since"):
        actions.accept(ask, by=ask.reference.contact)
    actions.cancel(newer, by=mia)
    assert actions.accept(ask, by=ask.reference.contact).status == A.ACCEPTED


def test_without_an_address_nothing_is_sent() -> None:
    _, _, mia = make_cast()
    ask = make_ask("approved")
    ask.reference.contact.email = ""
    ask.reference.contact.save(update_fields=["email"])
    with pytest.raises(Refused, match="There is no e-mail address of this reference"):
        actions.send(ask, by=mia)
    assert (fresh(ask).status, Touch.objects.count()) == (A.APPROVED, 0)


def test_enough_yeses_end_the_others_and_those_asked_are_told() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    first, second = actions.propose(found, [make_rae(), make_rae("Ria Second", company="Second Bank")], by=mia)
    for ask in (first, second):
        actions.approve(ask, by=ana)
        actions.send(ask, by=mia)
    actions.accept(first, by=first.reference.contact)
    assert (fresh(second).status, slot_of(second).state) == (A.CANCELED, "released")
    assert recipients("no_longer") == ["contact"]


def test_two_wanted_are_fulfilled_one_by_one() -> None:
    found = make_request(n_wanted=2)
    statuses = []
    for name in ("Rae Reference", "Ria Second"):
        ask = make_ask("held", reference_request=found, reference=make_rae(name, company=f"{name} Bank"))
        statuses.append(fresh(ask).reference_request.status)
    assert statuses == [R.PARTLY_FULFILLED, R.FULFILLED]
    assert Use.objects.count() == 2


def test_a_decline_frees_the_slot_and_keeps_the_colleague_suggested() -> None:
    ask = make_ask("sent")
    actions.decline(ask, by=ask.reference.contact, reason="No time", colleague_suggested="Bo, my deputy")
    row = fresh(ask)
    assert (row.status, row.colleague_suggested, slot_of(ask).state) == (A.DECLINED, "Bo, my deputy", "released")


def test_a_time_that_is_past_is_not_offered() -> None:
    ask = make_ask("sent")
    with pytest.raises(Refused, match="A time you offered is past"):
        actions.accept(ask, by=ask.reference.contact, times=[NOW - timedelta(hours=1)])


def test_a_reservation_expires_after_three_working_days(clock: time_machine.Traveller) -> None:
    ask = make_ask("approved")
    assert actions.expire_reservations(NOW + timedelta(days=2)) == 0
    assert actions.expire_reservations(NOW + timedelta(days=3)) == 1
    assert (fresh(ask).status, slot_of(ask).state) == (A.EXPIRED, "released")


def test_a_lapsed_ask_is_accepted_by_its_link_and_takes_a_new_slot(clock: time_machine.Traveller) -> None:
    ask = make_ask("sent")
    first = slot_of(ask)
    clock.move_to(NOW + timedelta(days=8))
    assert actions.lapse_asks(NOW + timedelta(days=8)) == 1
    assert (fresh(ask).status, slot_of(ask).state) == (A.LAPSED, "released")
    actions.accept(fresh(ask), by=ask.reference.contact)
    assert (fresh(ask).status, slot_of(ask).state) == (A.ACCEPTED, "reserved")
    assert slot_of(ask) != first


@pytest.mark.parametrize(("by", "counts"), [("prospect", True), ("reference", False), ("us", False)])
def test_a_missed_call_counts_only_when_the_prospect_missed_it(*, by: str, counts: bool) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("introduced")
    actions.miss(ask, by=sam, missed_by=by)
    assert Engagement.objects.counting(date(2026, 1, 1), date(2026, 12, 31), NOW.date()).exists() is counts
    assert fresh(ask).reference_request.status == R.ASKING


def test_it_is_not_held_before_its_time() -> None:
    sam, _, _ = make_cast()
    with pytest.raises(Refused, match="has not come yet"):
        actions.hold(make_ask("scheduled"), by=sam)


def test_the_grade_is_that_of_the_requester_and_given_once() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("held")
    actions.give_debrief(ask, by=sam, grade=4)
    actions.give_debrief(ask, by=sam, grade=1, words="Very clear", hours=Decimal("0.5"))
    actions.give_debrief(ask, by=ask.reference.contact, grade=2)
    debrief = ask.debriefs.get(side="requester")
    assert (debrief.grade, debrief.words, slot_of(ask).grade) == (4, "Very clear", Decimal("4.00"))


def test_nobody_else_debriefs() -> None:
    _, ana, _ = make_cast()
    with pytest.raises(Refused, match="Only the requester and the reference"):
        actions.give_debrief(make_ask("held"), by=ana, grade=5)


def test_withdrawing_ends_the_open_asks_and_tells_who_was_told() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    actions.withdraw(ask.reference_request, by=sam)
    assert (fresh(ask).status, slot_of(ask).state, recipients("no_longer")) == (A.CANCELED, "released", ["contact"])


def test_reopening_after_content_keeps_the_first_clock() -> None:
    sam, _, mia = make_cast()
    found = make_request()
    story = Story.objects.create(account=make_rae().account, headline="From Corvid to Atlas")
    actions.answer_with_content(found, by=mia, stories=[story])
    again = actions.reopen(found, by=sam)
    assert (again.status, again.submitted_at) == (R.SUBMITTED, NOW)


def test_content_is_not_offered_while_somebody_is_asked() -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    story = Story.objects.create(account=ask.reference.account, headline="From Corvid to Atlas")
    with pytest.raises(Refused, match="Somebody is being asked already"):
        actions.answer_with_content(ask.reference_request, by=mia, stories=[story])


def test_whether_it_happened_is_asked_once(clock: time_machine.Traveller) -> None:
    make_ask("scheduled")
    later = NOW + timedelta(days=3, hours=1)
    assert [actions.ask_whether_it_happened(each) for each in (NOW, later, later)] == [0, 1, 0]
    assert recipients("did_it_happen") == ["colleague"]


def test_both_sides_of_an_introduction_are_asked() -> None:
    make_ask("introduced")
    assert actions.ask_whether_it_happened(NOW + timedelta(days=7)) == 1
    assert sorted(recipients("did_it_happen")) == ["colleague", "contact"]


def test_history_holds_no_names() -> None:
    make_ask("held")
    written = " ".join(str(facts) for facts in Event.objects.values_list("facts", flat=True))
    assert "Rae" not in written


def test_what_people_write_stands_beside_history_and_not_in_it() -> None:
    sam, _, mia = make_cast()
    row = make_request()
    actions.ask_info(row, by=mia, question="Which product?")
    actions.give_info(row, by=sam, answer="Atlas")
    ask = make_ask("sent", reference_request=row)
    actions.accept(ask, by=ask.reference.contact, note="Tuesdays suit me")
    assert [event.said for event in Event.objects.filter(words__isnull=False).order_by("pk")] == [
        "Which product?",
        "Atlas",
        "Tuesdays suit me",
    ]
    written = [value for facts in Event.objects.values_list("facts", flat=True) for value in facts.values()]
    assert not [value for value in written if isinstance(value, str) and " " in value]


def test_nobody_is_introduced_who_has_withdrawn_since() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("accepted")
    record_consent(ask.reference.contact, kind=Consent.Kind.WITHDRAWN, by=mia.actor)
    with pytest.raises(Refused, match="withdrew their consent"):
        actions.introduce(ask, by=sam)
    assert fresh(ask).status == A.ACCEPTED
    assert recipients("introduction") == []


def test_content_is_a_story_in_use_that_manager_and_requester_may_see() -> None:
    _, ana, mia = make_cast()
    found = make_request()
    shown, hidden = make_account("Ostvik Bank", owner=ana), make_account("Hushed Bank", owner=ana)
    Account.objects.filter(pk=hidden.pk).update(is_hidden=True)
    rows = {account: Story.objects.create(account=account, headline=f"At {account}") for account in (shown, hidden)}
    retired = Story.objects.create(account=shown, headline="Of old", retired_at=NOW)
    for story, sentence in ((rows[hidden], "Sam Seller may not see one of these stories."), (retired, "“Of old” is retired.")):
        with pytest.raises(Refused, match=sentence):
            actions.answer_with_content(found, by=mia, stories=[rows[shown], story])
    assert dialog("content", found, mia).form.fields["story"].choices == [(str(rows[shown].pk), "At Ostvik Bank")]  # type: ignore[attr-defined]
    assert actions.answer_with_content(found, by=mia, stories=[rows[shown]]).status == R.ANSWERED_WITH_CONTENT
