"""The demo that the first visitor loads: once, part by part, and only into an empty installation."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from firsthand.core import jobs
from firsthand.core.models import Job
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.people.models import Colleague, Opening
from firsthand.requests.models import ReferenceRequest
from firsthand.upkeep.demo import loading
from firsthand.upkeep.demo.fill import PARTS, fill, working_day
from firsthand.upkeep.demo.test_fill import TINY
from firsthand.upkeep.demo.world import World
from firsthand.upkeep.steps import STEPS

ADDRESS = "/first-run/demo/"
MIA = {"login": "mia@calderfinch.example", "password": "firsthand-demo"}


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.setattr(loading, "SIZE", TINY)
    settings.DEMO_SIGN_INS = tmp_path / "sign-ins.txt"


def work() -> int:
    """Run the loading to its end, as the worker does. Says in how many steps."""
    steps = 1
    while jobs.run(Job.objects.get().pk, STEPS, background=False) == jobs.Next.MORE:
        steps += 1
    return steps


def break_part(monkeypatch: pytest.MonkeyPatch, number: int, error: Exception) -> None:
    def broken(_: World) -> None:
        raise error

    monkeypatch.setattr(loading, "PARTS", (*PARTS[:number], broken, *PARTS[number + 1 :]))


def h1(client: Client) -> str:
    return client.get(ADDRESS).content.decode().partition("<h1")[2].partition(">")[2].partition("<")[0]


@pytest.mark.django_db
def test_looking_loads_nothing(client: Client) -> None:
    assert client.get(ADDRESS)["Location"] == "/sign-in/"
    assert b"Look around with demo data" in client.get("/first-run/").content
    assert (Job.objects.count(), Colleague.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_first_visitor_loads_the_demo_and_signs_in(client: Client, settings: Settings) -> None:
    assert client.post(ADDRESS)["Location"] == ADDRESS
    assert h1(client) == "Loading the demo"
    assert b'http-equiv="refresh"' in client.get(ADDRESS).content
    assert client.get("/first-run/")["Location"] == "/sign-in/"

    assert work() == len(PARTS) + 1

    page = client.get(ADDRESS).content.decode()
    assert "The demo is ready" in page
    assert "http-equiv" not in page
    assert all(f"{name}@calderfinch.example" in page for name in ("mia", "sam", "ana", "eli", "ada", "dario"))
    assert "mia@calderfinch.example  (Mia Lindgren, program manager)" in settings.DEMO_SIGN_INS.read_text()

    assert client.post("/sign-in/", MIA).status_code == 302
    assert Client().get(ADDRESS)["Location"] == "/sign-in/"
    assert Client().post(ADDRESS)["Location"] == "/sign-in/"


@pytest.mark.django_db
def test_part_by_part_gives_the_rows_of_the_command(client: Client) -> None:
    def rows() -> list[tuple[object, ...]]:
        requests = ReferenceRequest.objects.order_by("pk").values_list("wish", "status", "requester__name", "opportunity__name")
        return [*Account.objects.order_by("pk").values_list("name", "owner__name", "employees"), *requests]

    with transaction.atomic():
        client.post(ADDRESS)
        work()
        by_the_page = rows()
        transaction.set_rollback(True)
    fill(size=TINY, seed=loading.SEED, today=working_day(timezone.now()))
    assert by_the_page == rows()


@pytest.mark.django_db
def test_pressing_twice_loads_it_once(client: Client) -> None:
    assert client.post(ADDRESS)["Location"] == Client().post(ADDRESS)["Location"] == ADDRESS
    work()
    assert client.post(ADDRESS)["Location"] == ADDRESS
    assert (Job.objects.get().state, Account.objects.count()) == ("done", TINY.accounts)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_load_it_once() -> None:
    start = Barrier(2)

    def press(_: int) -> str:
        start.wait()
        try:
            return Client().post(ADDRESS)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, range(2))) == [ADDRESS, ADDRESS]
    assert (Job.objects.count(), Opening.objects.count(), Colleague.objects.count()) == (1, 1, TINY.colleagues)


@pytest.mark.django_db
def test_an_installation_with_customers_is_left_alone(client: Client) -> None:
    make_account("Real customer")
    answer = client.post(ADDRESS)
    assert answer.status_code == 409
    assert b"This installation is in use already." in answer.content
    assert not Opening.objects.exists()
    assert client.get("/first-run/").status_code == 200  # and can still be set up


@pytest.mark.django_db
def test_a_failure_is_told_and_the_loading_goes_on_from_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post(ADDRESS)
    with monkeypatch.context() as patch:
        break_part(patch, 2, ValueError("the disk is full"))
        for _ in range(2):
            assert jobs.run(Job.objects.get().pk, STEPS, background=False) == jobs.Next.MORE
        for _ in range(jobs.MAX_ATTEMPTS):
            with pytest.raises(ValueError, match="the disk is full"):
                jobs.run(Job.objects.get().pk, STEPS, background=False)
        jobs.run(Job.objects.get().pk, STEPS, background=False)
    assert h1(client) == "The demo could not be loaded"
    assert f"did not get past 2 of {len(PARTS)}" in client.get(ADDRESS).content.decode()

    client.post(ADDRESS)
    assert work() == len(PARTS) - 1
    assert (h1(client), Account.objects.count()) == ("The demo is ready", TINY.accounts)


@pytest.mark.django_db
def test_a_worker_that_does_not_run_is_told(client: Client) -> None:
    client.post(ADDRESS)
    assert b"The worker has not begun" not in client.get(ADDRESS).content
    Job.objects.update(created_at=timezone.now() - timedelta(seconds=20))
    assert b"The worker has not begun" in client.get(ADDRESS).content
