"""Headings are recognised by alias, whoever wrote the export."""

import pytest

from firsthand.intake.cells import Evidence
from firsthand.intake.kinds import KINDS, Type
from firsthand.intake.mapping import guess_kind, match_headings
from firsthand.intake.reader import headings_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_knows_its_own_columns(kind: object) -> None:
    assert kind in KINDS.values()
    for each in KINDS.values():
        names = [column.name for column in each.columns]
        assert len(names) == len(set(names))
        assert set(match_headings(each, headings_of(names)).columns) == set(names)
        assert {name for group in (*each.needs, *each.keys) for name in group} <= set(names)
        assert all(bool(column.facet) == (column.type == Type.FACET) for column in each.columns)
        assert all(bool(column.choices) == (column.type == Type.CHOICE) for column in each.columns)


@pytest.mark.parametrize(
    ("kind", "headings", "columns"),
    [
        ("accounts", "account,sector,office_location,subsidiary_of", "name,parent,industry,country"),
        ("opportunities", "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
         "opportunity_id,account,stage,amount,created_on,close_date,owner,products"),
        ("colleagues", "sales_agent,manager,regional_office", "name,office,team_lead"),
        ("opportunities", "Id,AccountId,Name,StageName,Amount,CloseDate,IsWon,Owner.Email,CreatedDate",
         "opportunity_id,name,account_id,stage,amount,created_on,close_date,is_won,owner_email"),
        ("contacts", "Record ID,First Name,Last Name,Email,Phone Number,Primary Associated Company ID,Associated Company",
         "contact_id,account_id,account,first_name,last_name,email,phone"),
        ("stories", "Company,Location,Industry,Headline,Quote,Quoted person,Title,URL",
         "account,location,industry,headline,quote,quoted_person,quoted_title,url"),
    ],
)  # fmt: skip
def test_exports_are_recognised(kind: str, headings: str, columns: str) -> None:
    found = headings_of(headings.split(","))
    guess = guess_kind(found)
    assert guess is not None
    assert guess.kind == kind
    assert list(guess.columns) == columns.split(",")


def test_columns_without_a_home_are_left_over() -> None:
    matched = match_headings(KINDS["accounts"], headings_of(["Company", "Year founded", "", "Country"]))
    assert matched.columns == {"name": 1, "country": 4}
    assert matched.rest == (2, 3)


def test_of_two_equal_headings_the_longer_id_wins() -> None:
    evidence = {1: Evidence(filled=1, longest=15), 3: Evidence(filled=1, longest=18)}
    matched = match_headings(KINDS["opportunities"], headings_of(["Opportunity ID", "Stage", "Opportunity ID"]), evidence)
    assert matched.columns == {"opportunity_id": 3, "stage": 2}
    assert matched.rest == (1,)
