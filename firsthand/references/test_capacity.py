"""What counts against a limit or a gap, and what does not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Touch
from firsthand.program.builders import make_activity_type
from firsthand.program.policy import Limit, Limits, Policy
from firsthand.references.actions import free_slot, miss_slot, move_slot, take_slot
from firsthand.references.builders import make_engagement, make_reference
from firsthand.references.capacity import ASK_DOOR, Slot, use_of, why_no_slot
from firsthand.references.models import Engagement, Reference, Willingness

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TODAY = date(2026, 3, 10)
LOOSE = Policy(
    limits=Limits(
        reference=Limit(count=0, period="quarter"),
        customer=Limit(count=0, period="quarter"),
        asks=Limit(count=0, period="quarter"),
        min_gap_days=0,
    )
)


def slot(day: date = date(2026, 3, 20), *, besides: frozenset[int] = frozenset(), touch_of: frozenset[int] = frozenset()) -> Slot:
    return Slot(make_activity_type(), day, TODAY, besides=besides, touch_of=touch_of)


def codes(reference: Reference, policy: Policy = LOOSE, wanted: Slot | None = None) -> list[str]:
    return [rule.code for rule, _ in why_no_slot(reference, wanted or slot(), policy)]


def test_a_reference_with_a_slot_left_has_no_bar() -> None:
    reference = make_reference(limit=2)
    make_engagement(reference, date(2026, 2, 1))
    assert codes(reference) == []


def test_the_last_slot_used_bars_for_the_rest_of_the_period() -> None:
    reference = make_reference(limit=1)
    make_engagement(reference, date(2026, 1, 1))
    assert codes(reference) == ["own_limit"]
    assert codes(reference, wanted=slot(date(2026, 4, 1))) == []


@pytest.mark.parametrize(
    ("state", "missed_by", "counts"),
    [
        ("held", "", True),
        ("reserved", "", True),
        ("released", "", False),
        ("missed", "prospect", True),
        ("missed", "reference", False),
        ("missed", "us", False),
    ],
)
def test_what_counts(*, state: str, missed_by: str, counts: bool) -> None:
    reference = make_reference(limit=1)
    make_engagement(reference, date(2026, 3, 1), state=state, missed_by=missed_by)
    assert (codes(reference) == ["own_limit"]) is counts


def test_a_reservation_whose_day_is_past_counts_today() -> None:
    reference = make_reference(limit=1)
    make_engagement(reference, date(2025, 12, 30), state="reserved")
    assert codes(reference) == ["own_limit"]


def test_a_limit_on_one_activity_leaves_the_others_free() -> None:
    reference = make_reference()
    Willingness.objects.filter(reference=reference).update(limit_count=1)
    make_engagement(reference, date(2026, 3, 1))
    visit = Slot(make_activity_type("site-visit"), date(2026, 3, 20), TODAY)
    assert codes(reference) == ["own_limit"]
    assert codes(reference, wanted=visit) == []


def test_a_personal_limit_counts_every_job_of_the_person() -> None:
    reference, other = make_reference("Rae Reference"), make_reference("Rae Elsewhere", account=make_account("Second job"))
    other.contact.person = reference.contact.person
    other.contact.save()
    reference.contact.person.limit_count, reference.contact.person.limit_period = 1, "quarter"
    reference.contact.person.save()
    make_engagement(other, date(2026, 3, 1))
    assert codes(reference) == ["own_limit"]


def test_the_customers_limit_counts_all_its_people() -> None:
    account = make_account()
    one, two = make_reference("Rae One", account=account), make_reference("Ria Two", account=account)
    one.reference_account.limit_count = 1
    one.reference_account.save()
    make_engagement(two, date(2026, 3, 1))
    assert codes(one) == ["customer_limit"]


def test_the_programs_limit_is_for_those_without_their_own() -> None:
    policy = LOOSE.model_copy(update={"limits": Limits(reference=Limit(count=1, period="year"), min_gap_days=0)})
    reference, own = make_reference("Rae None"), make_reference("Ria Own", account=make_account("Other"), limit=5)
    for each in (reference, own):
        make_engagement(each, date(2026, 1, 3))
    assert codes(reference, policy) == ["default_limit"]
    assert codes(own, policy) == []


@pytest.mark.parametrize(("days_away", "barred"), [(-14, False), (-13, True), (13, True), (14, False)])
def test_the_gap_counts_both_ways(*, days_away: int, barred: bool) -> None:
    policy = LOOSE.model_copy(update={"limits": LOOSE.limits.model_copy(update={"min_gap_days": 14})})
    reference = make_reference()
    make_engagement(reference, date(2026, 3, 20) + timedelta(days=days_away))
    assert codes(reference, policy) == (["default_gap"] if barred else [])


def test_the_gap_runs_from_a_sent_ask_whatever_its_answer() -> None:
    policy = LOOSE.model_copy(update={"limits": LOOSE.limits.model_copy(update={"min_gap_days": 14})})
    reference = make_reference()
    Touch.objects.create(
        person=reference.contact.person, door=ASK_DOOR, about_kind="ask", about_id=7,
        sent_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
    )  # fmt: skip
    assert codes(reference, policy) == ["default_gap"]
    assert codes(reference, policy, slot(touch_of=frozenset({7}))) == []


def test_a_sentence_counts_used_and_reserved() -> None:
    reference = make_reference(limit=2)
    make_engagement(reference, date(2026, 1, 20))
    make_engagement(reference, date(2026, 3, 21), state="reserved")
    assert why_no_slot(reference, slot(), LOOSE)[0][1] == ("1 used and 1 reserved of 2 in Q1 2026, as they wish. Free again 1 Apr 2026.")
    assert use_of(reference, slot(), LOOSE).left == 0


def test_take_slot_refuses_when_none_is_free_and_changes_nothing() -> None:
    reference = make_reference(limit=1)
    make_engagement(reference, TODAY)
    with pytest.raises(Refused, match="Rae Reference cannot be asked: 1 used and 0 reserved of 1"), transaction.atomic():
        take_slot(reference, activity_type=make_activity_type(), day=TODAY, reserved_until=None)
    assert Engagement.objects.count() == 1


def test_a_freed_slot_is_free_and_a_missed_one_says_by_whom() -> None:
    reference = make_reference(limit=1)
    with transaction.atomic():
        first = take_slot(reference, activity_type=make_activity_type(), day=TODAY, reserved_until=None)
        free_slot(first)
        second = take_slot(reference, activity_type=make_activity_type(), day=TODAY, reserved_until=None)
        miss_slot(second, by=Engagement.MissedBy.US)
    second.refresh_from_db()
    assert (second.state, second.missed_by) == ("missed", "us")


def test_moving_into_a_full_period_leaves_the_old_day() -> None:
    reference = make_reference(limit=1)
    later = TODAY + timedelta(days=200)
    make_engagement(reference, later)
    with transaction.atomic():
        engagement = take_slot(reference, activity_type=make_activity_type(), day=TODAY, reserved_until=None)
    with pytest.raises(Refused), transaction.atomic():
        move_slot(engagement, day=later, starts_at=None)
    engagement.refresh_from_db()
    assert engagement.day == TODAY
