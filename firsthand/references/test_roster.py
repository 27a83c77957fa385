"""A small roster holds whoever is counted together with one reference, and reads each fact once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.customers.builders import make_account
from firsthand.customers.models import Contact
from firsthand.program.builders import make_activity_type
from firsthand.references.builders import make_engagement, make_reference
from firsthand.references.capacity import Slot, taken
from firsthand.references.models import Reference, Willingness
from firsthand.references.roster import Fact, Roster

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

NO = Fact("reference", lambda: Willingness.objects.filter(answer=Willingness.Answer.NO), by_type=True)


def test_a_small_roster_holds_the_customers_people_and_the_persons_other_jobs() -> None:
    one, other = make_reference(), make_reference()
    beside = Contact.objects.create(person=one.contact.person, account=make_account("Elsewhere"))
    standing = other.reference_account
    second_job = Reference.objects.create(contact=beside, reference_account=standing, enrolled_on=date(2026, 1, 1))
    assert Roster.around(one).reference.tolist() == sorted([one.pk, second_job.pk])
    assert Roster.around(other).reference.tolist() == sorted([other.pk, second_job.pk])
    assert Roster.of_some([other]).reference.tolist() == [other.pk]
    assert Roster.everybody().reference.tolist() == sorted([one.pk, other.pk, second_job.pk])


def test_a_fact_is_read_once_for_all_activity_types() -> None:
    reference, call, quote = make_reference(), make_activity_type("reference-call"), make_activity_type("quote")
    Willingness.objects.update_or_create(reference=reference, activity_type=quote, defaults={"answer": "no"})
    roster = Roster.around(reference)
    with CaptureQueriesContext(connection) as queries:
        assert [roster.have(NO, activity_type=each).tolist() for each in (call, quote)] == [[False], [True]]
    assert len(queries) == 1
    assert Roster.everybody().have(NO, activity_type=quote).tolist() == [True]


def test_slots_of_a_period_are_counted_for_each() -> None:
    one, other = make_reference(), make_reference()
    for day in (date(2026, 1, 5), date(2026, 3, 31), date(2026, 4, 1)):
        make_engagement(one, day)
    slot = Slot(make_activity_type(), date(2026, 3, 20), date(2026, 3, 10))
    roster = Roster.everybody()
    counts = dict(zip(roster.reference.tolist(), taken(roster, slot, "quarter").tolist(), strict=True))
    assert counts == {one.pk: 2, other.pk: 0}
