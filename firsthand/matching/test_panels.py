"""What a page shows of a match."""

from dataclasses import replace
from datetime import date

import pytest
from django.template.loader import render_to_string

from firsthand.core.panels import Panel
from firsthand.customers.builders import make_account
from firsthand.customers.models import AccountValue
from firsthand.matching import panels
from firsthand.matching.builders import make_need, make_value
from firsthand.matching.match import Result, match
from firsthand.matching.need import Criterion
from firsthand.people.builders import mia, sam
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Reference

pytestmark = pytest.mark.django_db


def shown(panel: Panel | None) -> str:
    assert panel is not None
    return " ".join(render_to_string(panel.template, {"panel": panel}).split())


def banks(n: int) -> list[Reference]:
    made = []
    for i in range(n):
        account = make_account(f"Bank {i}")
        AccountValue.objects.create(account=account, value=make_value("Banking"))
        made.append(make_reference(f"Rae Number{i}", account=account))
    return made


def found() -> Result:
    return match(make_need(criteria=(Criterion(make_value("Banking").pk, "must"),)), sam())


def test_the_title_is_the_finding() -> None:
    references = banks(3)
    Reference.objects.filter(pk=references[0].pk).update(status="resting")
    assert panels.title(found()) == "2 references fit, 1 does not"


def test_a_match_shows_score_slots_and_a_masked_address_and_can_be_chosen() -> None:
    [reference] = banks(1)
    html = shown(panels.matches(found(), form="propose"))
    for part in (
        "Rae Number0",
        "CFO, Bank 0",
        "Banking, as wished",
        "of 100",
        "4 of 4 left in Q1 2026",
        "Never, enrolled",
        "r•••••@c•••••.example",
    ):
        assert part in html
    assert f'name="reference" value="{reference.pk}" form="propose"' in html
    assert "rae@customer.example" not in html


def test_who_is_asked_already_cannot_be_chosen_again() -> None:
    [reference] = banks(1)
    html = shown(panels.matches(found(), form="propose", proposed=[reference.pk]))
    assert "Asked already" in html
    assert "checkbox" not in html


def test_an_unconfirmed_person_is_marked() -> None:
    banks(1)
    Consent.objects.update(kind="claimed")
    assert "Unconfirmed" in shown(panels.matches(found()))


def test_after_five_the_others_stand_in_a_fold() -> None:
    banks(7)
    html = shown(panels.matches(found()))
    assert html.count("<article") == 5
    assert "2 more, scoring" in html


def test_nobody_fits_says_what_to_do() -> None:
    assert "Nobody fits" in shown(panels.matches(found()))


def test_the_folds_name_people_and_say_why_of_each_on_demand() -> None:
    [reference] = banks(1)
    Reference.objects.filter(pk=reference.pk).update(status="resting")
    sentence = "Rae Number0 cannot be asked: they are resting."
    closed = shown(panels.exclusions(found(), address="/requests/1/matches/", query=[("not", "0-4")]))
    assert "Rae Number0, Bank 0" in closed
    assert sentence not in closed
    assert "/requests/1/matches/?not=0-4&amp;why=resting#why-resting" in closed
    assert sentence in shown(panels.exclusions(match(make_need(), mia(), why="resting"), why="resting"))


def test_only_a_program_bar_may_be_excepted() -> None:
    resting, renewing = banks(2)
    Reference.objects.filter(pk=resting.pk).update(status="resting")
    type(renewing.account).objects.filter(pk=renewing.account.pk).update(renewal_date=date(2026, 3, 25))
    html = shown(panels.exclusions(found(), form="propose"))
    assert f'value="{renewing.pk}"' in html
    assert f'value="{resting.pk}"' not in html


def test_what_was_read_out_of_the_wish_can_be_taken_back() -> None:
    make_value("Telecommunications")
    need = make_need(wish="Telecomunications peers")
    html = shown(panels.understood(match(need, None), address="/x/", query=[("why", "left")]))
    assert "from “Telecomunications”" in html
    assert "/x/?why=left&amp;not=0-17" in html
    html = shown(panels.understood(match(replace(need, removed=((0, 17),)), None), address="/x/"))
    assert "from “Telecomunications”" not in html
    assert "Read the wish anew" in html


def test_spans_are_read_from_the_address() -> None:
    assert panels.removed_spans(["0-6", "x", "1-2-3", "0-6", "7-9"]) == ((0, 6), (7, 9))
