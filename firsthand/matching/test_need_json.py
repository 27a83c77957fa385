"""Needs from files: what is understood, and one sentence for what is not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.deals.models import Stage
from firsthand.matching.need import Criterion, Deal
from firsthand.matching.need_json import need_from_json
from firsthand.program.builders import make_program, value_named

pytestmark = pytest.mark.django_db


def test_the_documented_need_is_read() -> None:
    make_program()
    need = need_from_json({
        "activity_type": "reference-call",
        "wish": "fraud",
        "criteria": [
            {"facet": "industry", "value": "banks", "importance": "must"},
            {"facet": "country", "value": "Great Britain"},
        ],
        "needed_by": "2027-01-31",
    })  # fmt: skip
    assert (need.activity_type.code, need.wish, need.needed_by, need.n) == ("reference-call", "fraud", date(2027, 1, 31), 1)
    assert need.criteria == (Criterion(value_named("Banking").pk, "must"), Criterion(value_named("United Kingdom").pk, "should"))


def test_a_need_may_name_a_deal_and_an_account_to_be_like() -> None:
    make_program()
    account = make_account("Fennmark Bank")
    Stage.objects.create(name="Proposal", key="proposal")
    stated = {
        "activity_type": "Reference call",
        "like": {"account": "fennmark bank"},
        "opportunity": {"account": "Fennmark Bank", "stage": "Proposal", "amount": 1000},
    }
    need = need_from_json(stated)
    assert need.deal == Deal(account.pk, account.pk, "Fennmark Bank", "proposal", Decimal(1000))
    assert (need.like_account_id, need.needed_by) == (account.pk, need.today)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"activity_type": "dance"}, "There is no activity type called “dance”. There are: "),
        ({"criteria": [{"facet": "industry", "value": "Retial"}]}, "Industry has no value called “Retial”. The closest is “Retail”."),
        ({"criteria": [{"facet": "industry", "value": "Xyzzy"}]}, "Industry has no value called “Xyzzy”."),
        (
            {"criteria": [{"facet": "mood", "value": "Good"}]},
            "There is no facet called “mood”. There are: company_size, ",
        ),
        (
            {"criteria": [{"facet": "industry", "value": "Retail", "importance": "maybe"}]},
            "criteria.0.importance cannot be read: ",
        ),
        ({"needed_by": "soon"}, "needed_by cannot be read: "),
        ({"needed_by": "9999-12-31"}, "needed_by is 9999-12-31. Give a day within the next five years."),
        ({"n": 10**30}, "n cannot be read: input should be less than or equal to 20."),
        ({"mood": "good"}, "A need has no “mood”. It may have: activity_type, wish, "),
        ({"like": {"account": "Nobody"}}, "There is no account called “Nobody” to be like."),
        ({"opportunity": {"stage": "Dreaming"}}, "There is no deal stage called “Dreaming”. There are: none yet."),
    ],
)
def test_what_is_not_known_gives_one_sentence(change: dict[str, Any], sentence: str) -> None:
    make_program()
    with pytest.raises(Refused) as refused:
        need_from_json({"activity_type": "reference-call"} | change)
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "A need is a JSON object with at least an activity_type."),
        ({}, "The need says nothing of activity_type. It has to."),
    ],
)
def test_what_is_no_need_is_refused(given: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        need_from_json(given)
    assert refused.value.sentence == sentence
