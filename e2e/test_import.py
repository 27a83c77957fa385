"""A CRM's files come in through the browser: what is unknown is said once, and the second time nothing changes."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.browser import check, shoot
from e2e.conftest import Open
from e2e.server import Server
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.intake.models import Import
from firsthand.people.models import Colleague
from firsthand.program.models import FacetAlias
from firsthand.testing.sample_data import SAMPLE_DATA, needs_sample_data

SECONDS_FOR_A_FILE = 120
FILES = {
    "Colleagues": "sales_teams.csv",
    "Products": "products.csv",
    "Accounts": "accounts.csv",
    "Opportunities": "sales_pipeline.csv",
}
STAND_IN = {
    "sales_teams.csv": "sales_agent,manager,regional_office\nMoses Frase,Dustin Brinkmann,Central\nAnna Snelling,Cara Losch,East\n",
    "products.csv": "product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\n",
    "accounts.csv": (
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
        "Acme Corporation,technolgy,1996,1100.04,2822,United States,\n"
        "Betasoloin,medical,1999,251.41,495,United States,Acme Corporation\n"
    ),
    "sales_pipeline.csv": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "1C1I7A6R,Moses Frase,GTX Basic,Acme Corporation,Won,2016-10-20,2017-03-01,1054\n"
        "Z063OYW0,Anna Snelling,GTXPro,Betasoloin,Lost,2016-10-25,2017-03-11,0\n"
        "EC4QE1BX,Anna Snelling,GTXPro,,Engaging,2016-10-25,,\n"
    ),
}


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """Files as a CRM writes them, small, with the same oddities."""
    for name, text in STAND_IN.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_small_crm_comes_in_once(bare: Server, open_page: Open, stand_in: Path) -> None:
    page = open_page(bare, "mia")
    first = [bring_in(bare, page, kind, stand_in / name) for kind, name in FILES.items()]
    assert first == [[2, 0, 0, 0], [2, 0, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]]
    check(page)
    page.goto("/imports/")
    check(page)
    again = [bring_in(bare, page, kind, stand_in / name) for kind, name in FILES.items()]
    assert again == [[0, 0, 2, 0], [0, 0, 2, 0], [0, 0, 2, 0], [0, 0, 3, 0]]
    with bare.database() as alias:
        deals = Opportunity.objects.using(alias).order_by("external_id")
        assert [(deal.external_id, deal.account and deal.account.name, deal.outcome) for deal in deals] == [
            ("1C1I7A6R", "Acme Corporation", "won"),
            ("EC4QE1BX", None, "open"),
            ("Z063OYW0", "Betasoloin", "lost"),
        ]
        aliases = FacetAlias.objects.using(alias).filter(text__in=["technolgy", "GTXPro"]).order_by("text")
        assert [(one.text, one.value.name) for one in aliases] == [("GTXPro", "GTX Pro"), ("technolgy", "Technology")]


@needs_sample_data
@pytest.mark.whole
def test_a_whole_crm_comes_in_once(bare: Server, open_page: Open) -> None:
    page = open_page(bare, "mia")
    folder = SAMPLE_DATA / "crm"
    first = [bring_in(bare, page, kind, folder / name, picture=True) for kind, name in FILES.items()]
    assert [counts[3] for counts in first] == [0, 0, 0, 0]
    assert first[2:] == [[85, 0, 0, 0], [8800, 0, 0, 0]]
    again = [bring_in(bare, page, kind, folder / name) for kind, name in FILES.items()]
    assert [counts[:2] + counts[3:] for counts in again] == [[0, 0, 0]] * 4
    assert again[3][2] == 8800
    with bare.database() as alias:
        deals = Opportunity.objects.using(alias)
        assert deals.count() == 8800
        assert deals.filter(account=None).count() == 1425
        assert deals.filter(close_date=None).count() == 2089
        assert Account.objects.using(alias).exclude(parent=None).count() == 15
        assert Colleague.objects.using(alias).filter(email=None).count() == 35


def bring_in(server: Server, page: Page, kind: str, file: Path, *, picture: bool = False) -> list[int]:
    """Upload, match, say what is unknown, confirm, and wait. Gives the counts: new, changed, the same, refused."""
    page.goto("/imports/")
    page.get_by_label("What is in the file").select_option(label=kind)
    page.get_by_label("CSV or Excel file").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()
    if picture and kind == "Accounts":
        check(page)
        shoot(page, "import-columns", height=1000)
    page.get_by_role("button", name="Check file").click()
    confirm = page.get_by_role("button", name="Import rows")
    expect(confirm).to_be_visible(timeout=SECONDS_FOR_A_FILE * 1000)
    unknown = page.get_by_role("link", name="Say what they mean")
    if unknown.is_visible():
        unknown.click()
        check(page)
        if picture and kind == "Accounts":
            shoot(page, "import-values")
        for choice in page.get_by_role("main").get_by_role("combobox").all():
            if choice.input_value() == "skip":
                choice.select_option("add")
        page.get_by_role("button", name="Save and check again").click()
        expect(confirm).to_be_visible(timeout=SECONDS_FOR_A_FILE * 1000)
        expect(unknown).to_be_hidden()
    if picture and kind == "Opportunities":
        check(page)
        shoot(page, "import-preview")
    with page.expect_navigation():
        confirm.click()
    page.reload()  # the work goes on without the page
    expect(page.get_by_role("link", name="Undo import")).to_be_visible(timeout=SECONDS_FOR_A_FILE * 1000)
    with server.database() as alias:
        counts = Import.objects.using(alias).latest("pk").counts
        return [counts.get(state, 0) for state in ("new", "changed", "unchanged", "refused")]


def test_refused_rows_come_back_as_a_file(bare: Server, open_page: Open, tmp_path: Path) -> None:
    """Good rows are kept; a bad one is named by its line with a sentence, to be mended in the file."""
    page = open_page(bare, "mia")
    file = tmp_path / "accounts.csv"
    file.write_text("name,parent,employees\nNorthwind,,120\n,,30\nSouthwind,Northwind,40\n=HYPERLINK(1),,7\n")
    assert bring_in(bare, page, "Accounts", file) == [3, 0, 0, 1]
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Get the 1 row").click()
    rows = list(rows_of(Path(download.value.path())))
    assert rows[1][3] == "3"
    assert rows[1][4].endswith(".")
    page.goto("/accounts/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    names = {row[0] for row in rows_of(Path(download.value.path()))}
    assert "'=HYPERLINK(1)" in names
    assert "=HYPERLINK(1)" not in names
    take_back(bare, page)


def take_back(server: Server, page: Page) -> None:
    """The import is undone, and its rows are gone."""
    with server.database() as alias:
        written = Import.objects.using(alias).get()
    page.goto(f"/imports/{written.pk}/undo/")
    check(page)
    page.get_by_role("button", name="Undo import").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was taken back", timeout=SECONDS_FOR_A_FILE * 1000)
    with server.database() as alias:
        assert Account.objects.using(alias).count() == 0


def rows_of(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from csv.reader(text)
