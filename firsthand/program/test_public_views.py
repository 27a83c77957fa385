from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from firsthand.people.builders import make_name, sam
from firsthand.people.models import Colleague
from firsthand.program.models import PolicyVersion
from firsthand.program.policy import in_force

ADA = {
    "name": "Ada First",
    "email": "ada@firsthand.example",
    "password": "horse-battery-staple",
    "company": "Brightwater",
    "base_currency": "nok",
    "time_zone": "Europe/Oslo",
}


@pytest.mark.django_db
def test_the_first_visitor_sets_up_the_program(client: Client) -> None:
    assert client.get("/first-run/").status_code == 200

    answer = client.post("/first-run/", ADA)

    assert answer["Location"] == "/colleagues/"
    page = client.get("/colleagues/").content.decode()
    assert "Whoever runs the program, you too, needs a sign-in as manager." in page
    assert 'href="/colleagues/new/"' in page
    ada = Colleague.objects.get()
    assert (ada.role, PolicyVersion.objects.get().author) == ("admin", ada)
    rules = in_force()
    assert (rules.company, rules.base_currency, rules.time_zone) == ("Brightwater", "NOK", "Europe/Oslo")


@pytest.mark.django_db
def test_the_door_is_closed_once_somebody_can_sign_in(client: Client) -> None:
    sam()
    assert client.get("/first-run/")["Location"] == "/sign-in/"
    assert client.post("/first-run/", ADA)["Location"] == "/sign-in/"
    assert Colleague.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"base_currency": "ABC"}, {"time_zone": "Mars"}, {"password": "short"}, {"email": "ada"}, {"name": ""}])
def test_what_cannot_be_is_told_and_nothing_is_made(client: Client, change: dict[str, str]) -> None:
    answer = client.post("/first-run/", ADA | change)
    assert answer.status_code == 400
    assert b"1 thing to fix" in answer.content
    assert not Colleague.objects.exists()


@pytest.mark.django_db
def test_an_address_that_a_name_has_already_is_told(client: Client) -> None:
    nora = make_name()
    Colleague.objects.filter(pk=nora.pk).update(email="ada@firsthand.example")
    assert client.post("/first-run/", ADA).status_code == 409
    assert not PolicyVersion.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_first_visitors_one_wins() -> None:
    start = Barrier(2)

    def visit(number: int) -> str:
        start.wait()
        try:
            return Client().post("/first-run/", ADA | {"email": f"v{number}@firsthand.example"})["Location"]
        except KeyError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(visit, range(2)))

    assert answers in (["/colleagues/", "refused"], ["/colleagues/", "/sign-in/"])
    assert Colleague.objects.count() == 1
