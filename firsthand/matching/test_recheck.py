"""A consent stands for the policy's months, then it counts as unconfirmed; match, list, page and asking agree."""

from datetime import date

import pytest
from django.test import Client

from firsthand.core.clock import months_back, months_on
from firsthand.matching.match import match
from firsthand.matching.need import Need
from firsthand.people.builders import mia
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = date(2026, 3, 10)


def given(reference: Reference, on: date, recheck_on: date | None = None) -> None:
    Consent.objects.filter(contact=reference.contact).update(given_on=on, recheck_on=recheck_on)


def is_matched_confirmed(reference: Reference, viewer: Colleague) -> bool:
    [found] = match(Need(make_activity_type(), needed_by=TODAY, today=TODAY), viewer).matches
    assert found.reference == reference
    return found.is_confirmed


@pytest.mark.parametrize(
    ("on", "recheck_on", "months", "is_confirmed"),
    [
        (date(2025, 3, 11), None, 12, True),
        (date(2025, 3, 10), None, 12, False),
        (date(2025, 3, 10), None, 13, True),
        (date(2020, 1, 1), date(2026, 3, 11), 12, True),  # a day of its own goes before the policy's
        (date(2026, 3, 1), date(2026, 3, 10), 12, False),
    ],
)
def test_match_list_and_page_read_the_same_day(
    client: Client, on: date, recheck_on: date | None, months: int, *, is_confirmed: bool
) -> None:
    make_policy(deadlines={"consent_recheck_months": months})
    manager, reference = mia(), make_reference()
    given(reference, on, recheck_on)
    client.force_login(manager)
    listed = "Unconfirmed" not in client.get("/references/").content.decode().split("<tbody", 1)[1]
    page = "to check again since" not in client.get(f"/references/{reference.pk}/").content.decode()
    assert (is_matched_confirmed(reference, manager), listed, page) == (is_confirmed, is_confirmed, is_confirmed)


def test_a_claim_is_not_confirmed_by_being_fresh() -> None:
    manager, reference = mia(), make_reference()
    Consent.objects.filter(contact=reference.contact).update(kind="claimed", given_on=TODAY)
    assert not is_matched_confirmed(reference, manager)


@pytest.mark.parametrize("months", [1, 11, 12, 25])
def test_both_ways_of_counting_months_agree_on_every_day(months: int) -> None:
    days = [date.fromordinal(date(2023, 12, 25).toordinal() + n) for n in range(70)]
    for on in days:
        due = months_on(on, months)
        assert [on > months_back(day, months) for day in (date.fromordinal(due.toordinal() - 1), due)] == [True, False], on
