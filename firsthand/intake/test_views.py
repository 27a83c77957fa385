"""The pages of an import, with and without the right to import."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.customers.models import Account
from firsthand.intake import actions
from firsthand.intake.builders import imported, uploaded
from firsthand.intake.models import Import, SavedMapping
from firsthand.people.builders import adam, eli, eve, mia
from firsthand.program.actions import set_up
from firsthand.program.models import FacetAlias

pytestmark = pytest.mark.django_db

ACCOUNTS = "Company,Sector,Employees\nNordbank,Banking,840\nAcme,technolgy,many\nBeta,technolgy,35\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def upload(client: Client, text: str, kind: str = "accounts", name: str = "accounts.csv") -> Import:
    answer = client.post("/imports/", {"kind": kind, "file": SimpleUploadedFile(name, text.encode())})
    assert answer.status_code == 302
    return Import.objects.latest("id")


def mapped(client: Client, intake: Import, **changes: str) -> None:
    from firsthand.intake.forms import MappingForm  # noqa: PLC0415 - the form is what a browser would send back

    form = MappingForm(intake)
    data = {name: str(form[name].value() or "") for name in form.fields} | changes
    answer = client.post(f"/imports/{intake.pk}/columns/", data)
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/imports/{intake.pk}/")


def test_a_file_goes_from_upload_to_undo_in_the_browser(client: Client) -> None:
    set_up()
    client.force_login(mia())
    intake = upload(client, ACCOUNTS)
    assert "3 of 3 columns are matched" in page(client, f"/imports/{intake.pk}/columns/")
    mapped(client, intake)
    text = page(client, f"/imports/{intake.pk}/")
    assert "accounts.csv would bring 2 new and 0 changed rows" in text
    assert "employees: “many” is no number." in text
    assert "Some values are not known" in text
    assert not Account.objects.exists()
    values = page(client, f"/imports/{intake.pk}/values/")
    assert "Is Technology" in values
    technology = values.split('value="map:')[1].split('"')[0]
    client.post(f"/imports/{intake.pk}/values/", {"v0": f"map:{technology}"})
    client.post(f"/imports/{intake.pk}/commit/")
    assert "accounts.csv brought 2 new and 0 changed rows" in page(client, f"/imports/{intake.pk}/")
    assert FacetAlias.objects.filter(key="technolgy", value__name="Technology").exists()
    assert "Acme,technolgy,many,3," in client.get(f"/imports/{intake.pk}/refused.csv").getvalue().decode()
    assert "can be taken back" in page(client, f"/imports/{intake.pk}/undo/")
    client.post(f"/imports/{intake.pk}/undo/")
    assert "Being undone" in page(client, "/imports/")


def test_ambiguous_dates_are_asked_on_the_page(client: Client) -> None:
    client.force_login(mia())
    intake = upload(client, "Name,Close Date\nA,03/04/2024\n", kind="opportunities")
    assert "Dates that may be read two ways" in page(client, f"/imports/{intake.pk}/columns/")
    answer = client.post(f"/imports/{intake.pk}/columns/", {"c1": "name", "c2": "close_date"})
    assert answer.status_code == 400
    assert "close_date may be read two ways" in answer.content.decode()
    mapped(client, intake, o2="dmy")


def test_the_mark_of_numbers_is_as_it_was_chosen_on_the_page(client: Client) -> None:
    client.force_login(mia())
    intake = upload(client, "Company;Employees\nNordbank;1,200\n")
    client.post(f"/imports/{intake.pk}/columns/", {"c1": "name", "c2": "employees", "d2": "."})
    intake.refresh_from_db()
    assert (intake.mapping["points"], intake.mapping["commas"]) == (["employees"], [])
    assert '<option value="." selected>' in page(client, f"/imports/{intake.pk}/columns/")


def test_one_column_of_ours_is_chosen_once(client: Client) -> None:
    client.force_login(mia())
    intake = upload(client, "Company,Other\nA,B\n")
    answer = client.post(f"/imports/{intake.pk}/columns/", {"c1": "name", "c2": "name"})
    assert (answer.status_code, "Name is chosen for 2 columns." in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.csv", b"\x89PNG\x00\x01\xff\x00" * 9, "This is no text file. Upload a CSV or XLSX file."),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "This is an old Excel file (.xls)."),
        ("x.csv", b"\n\n", "The file is empty."),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_the_page(client: Client, name: str, content: bytes, sentence: str) -> None:
    client.force_login(mia())
    answer = client.post("/imports/", {"kind": "accounts", "file": SimpleUploadedFile(name, content)})
    assert (answer.status_code, sentence in answer.content.decode(), Import.objects.count()) == (400, True, 0)


def test_a_larger_file_is_left_to_the_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SMALL", 1)
    client.force_login(mia())
    intake = upload(client, "Company\nA\nB\n")
    mapped(client, intake)
    text = page(client, f"/imports/{intake.pk}/")
    assert "Waiting for its turn" in text
    assert 'hx-trigger="every 1s"' in text
    intake.refresh_from_db()
    assert intake.preview_job is not None
    actions.run_here(intake.preview_job)
    client.post(f"/imports/{intake.pk}/commit/")
    assert "Stop import" in page(client, f"/imports/{intake.pk}/")
    client.post(f"/imports/{intake.pk}/stop/")
    assert "accounts.csv was stopped after 0 new and 0 changed rows" in page(client, f"/imports/{intake.pk}/")
    assert not Account.objects.exists()


def test_a_file_is_read_again_as_somebody_says(client: Client) -> None:
    client.force_login(mia())
    intake = upload(client, "Note;x\nCompany,Country\nA,Sweden\n")
    client.post(f"/imports/{intake.pk}/reading/", {"encoding": "utf-8", "delimiter": ",", "header_line": "2"})
    intake.refresh_from_db()
    assert intake.detected["headings"] == ["Company", "Country"]


def test_a_mapping_is_saved_and_used(client: Client) -> None:
    client.force_login(mia())
    intake = upload(client, "Company,Land\nA,Sweden\n")
    mapped(client, intake, c2="country")
    client.post(f"/imports/{intake.pk}/mapping/", {"name": "ERP"})
    other = upload(client, "Land,Company\nSweden,B\n")
    client.post(f"/imports/{other.pk}/mapping/", {"saved": SavedMapping.objects.get(name="ERP").pk})
    other.refresh_from_db()
    assert other.mapping["columns"] == {"name": 2, "country": 1}


PATHS = ["", "columns/", "values/", "undo/", "refused.csv"]
POSTS = ["columns/", "reading/", "mapping/", "values/", "commit/", "stop/", "undo/"]


def test_only_program_managers_import(client: Client) -> None:
    intake = uploaded("accounts", "Company\nA\n")
    for who in (eve, eli, adam):
        client.force_login(who())
        assert {client.get(path).status_code for path in ("/imports/", *(f"/imports/{intake.pk}/{path}" for path in PATHS))} == {403}
        assert {client.post(path).status_code for path in ("/imports/", *(f"/imports/{intake.pk}/{path}" for path in POSTS))} == {403}
    client.force_login(mia())
    assert client.get("/imports/").status_code == 200
    assert client.get("/imports/columns/accounts.csv").status_code == 200
    assert client.get("/imports/columns/nonsense.csv").status_code == 404
    assert client.get("/imports/999/").status_code == 404


def test_the_list_asks_the_same_with_one_import_and_with_three(client: Client) -> None:
    client.force_login(mia())
    imported("accounts", "Company\nA\n")
    page(client, "/imports/")
    with CaptureQueriesContext(connection) as one:
        page(client, "/imports/")
    imported("accounts", "Company\nB\n")
    uploaded("accounts", "Company\nC\n")
    with CaptureQueriesContext(connection) as three:
        page(client, "/imports/")
    assert len(one) == len(three)
