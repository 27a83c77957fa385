"""`firsthand import`: what it prints, and the real files through it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity
from firsthand.intake.kinds import KINDS
from firsthand.intake.models import Import
from firsthand.people.models import Colleague
from firsthand.program.actions import set_up
from firsthand.program.models import FacetValue
from firsthand.stories.models import Story
from firsthand.testing.sample_data import SAMPLE_DATA, needs_sample_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import", *map(str, arguments), stdout=out)
    return out.getvalue()


def result(*arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return told


def counted(*arguments: object) -> tuple[int, int, int, int]:
    told = result(*arguments)
    return told["new"], told["changed"], told["unchanged"], told["refused"]


def written(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_described_with_an_example_that_imports(kind: str) -> None:
    text = run("--columns", kind)
    assert text.startswith(KINDS[kind].about)
    assert all(column.name in text for column in KINDS[kind].columns)


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "Company\nNordbank\n")
    assert counted("accounts", path, "--dry-run") == (1, 0, 0, 0)
    assert not Account.objects.exists()
    assert run("accounts", path) == "Done: 1 new, 0 changed, 0 unchanged, 0 refused.\n"


def test_refusals_carry_line_sentence_and_cells(tmp_path: Path) -> None:
    path = written(tmp_path, "Company,Employees\nA,1\nB,many\n")
    assert result("accounts", path, "--refused", tmp_path / "refused.csv")["refusals"] == [
        {"line": 3, "sentence": "employees: “many” is no number.", "cells": ["B", "many"]}
    ]
    assert "B,many,3,employees" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")


def test_a_map_says_columns_orders_and_values(tmp_path: Path) -> None:
    set_up()
    path = written(tmp_path, "Firma,Branche,Start\nNordbank,Geldhaus,03/04/2024\n")
    told = {
        "columns": {"name": "Firma", "industry": "Branche", "customer_since": "Start"},
        "dates": {"customer_since": "dmy"},
        "values": {"industry": {"Geldhaus": "Banking"}},
    }
    mapping = written(tmp_path, json.dumps(told), "map.json")
    assert counted("accounts", path, "--map", mapping) == (1, 0, 0, 0)
    account = Account.objects.get()
    assert (account.name, str(account.customer_since), account.values.get().value.name) == ("Nordbank", "2024-04-03", "Banking")


def test_a_map_says_that_the_decimal_mark_is_the_point(tmp_path: Path) -> None:
    path = written(tmp_path, "Company;Employees\nNordbank;1,200\n")
    assert counted("accounts", path, "--map", written(tmp_path, '{"points": ["employees"]}', "map.json")) == (1, 0, 0, 0)
    assert Account.objects.get().employees == 1200


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("[]", "The map may hold columns, commas, custom, dates, points, scale, serials, values."),
        ('{"columns": {"name": "Nowhere"}}', "The file has no column Nowhere."),
        ('{"columns": {"nonsense": "Company"}}', "Accounts have no column nonsense."),
        ('{"values": {"nonsense": {}}}', "There is no facet nonsense. There are ."),
        ('{"columns": {"name": null}}', "Accounts need a column for name. Map one."),
    ],
)
def test_a_map_that_cannot_be_is_one_sentence(tmp_path: Path, told: str, sentence: str) -> None:
    mapping = written(tmp_path, told, "map.json")
    with pytest.raises(CommandError) as error:
        run("accounts", written(tmp_path, "Company\nA\n"), "--map", mapping)
    assert str(error.value) == sentence
    assert not Import.objects.filter(confirmed_at__isnull=False).exists()


def test_unknown_values_may_all_be_added(tmp_path: Path) -> None:
    set_up()
    path = written(tmp_path, "Company,Product\nA,GTX Pro\n")
    told = result("accounts", path)["unknown_values"]
    assert [(each["facet"], each["value"], each["rows"]) for each in told] == [("product", "GTX Pro", 1)]
    assert counted("accounts", path, "--unknown", "add") == (0, 1, 0, 0)
    assert FacetValue.objects.filter(name="GTX Pro").exists()


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run("accounts", tmp_path / "nowhere.csv")


@needs_sample_data
def test_a_crm_goes_in_whole_and_once(tmp_path: Path) -> None:
    set_up()
    crm = SAMPLE_DATA / "crm"
    values = {
        "product": {"GTXPro": "GTX Pro"},
        "industry": {"technolgy": "Technology", "services": True, "employment": True},
        "geography": {"Philipines": "Philippines"},
    }
    products = written(tmp_path, json.dumps({"values": {"product": values.pop("product")}}), "products.json")
    rest = written(tmp_path, json.dumps({"values": values}), "rest.json")
    first = [
        counted("colleagues", crm / "sales_teams.csv"),
        counted("products", crm / "products.csv"),
        counted("accounts", crm / "accounts.csv", "--map", rest),
        counted("opportunities", crm / "sales_pipeline.csv", "--map", products),
    ]
    assert first == [(35, 0, 0, 0), (7, 0, 0, 0), (85, 0, 0, 0), (8800, 0, 0, 0)]
    assert (Colleague.objects.count(), Account.objects.count(), Opportunity.objects.count()) == (35, 85, 8800)
    assert Account.objects.exclude(parent=None).count() == 15
    assert Opportunity.objects.filter(account=None).count() == 1425
    assert Opportunity.objects.filter(close_date=None, amount=None).count() == 2089
    assert Opportunity.objects.filter(values__value__name="GTX Pro").count() == 1480
    again = [
        result("colleagues", crm / "sales_teams.csv"),
        result("products", crm / "products.csv"),
        result("accounts", crm / "accounts.csv"),
        result("opportunities", crm / "sales_pipeline.csv"),
    ]
    assert [(each["new"], each["changed"], each["refused"], each["unknown_values"]) for each in again] == [(0, 0, 0, [])] * 4


@needs_sample_data
def test_stories_bring_their_customers_and_speakers() -> None:
    set_up()
    assert counted("stories", SAMPLE_DATA / "stories" / "stories.csv") == (56, 0, 0, 0)
    assert (Account.objects.count(), Story.objects.count(), Contact.objects.count()) == (56, 56, 56)
    assert counted("stories", SAMPLE_DATA / "stories" / "stories.csv") == (0, 0, 56, 0)
