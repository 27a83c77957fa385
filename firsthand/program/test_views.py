from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.people.builders import adam, eli, eve, mia
from firsthand.program.builders import make_policy, make_program, make_value, value_named
from firsthand.program.models import ActivityType, Facet, FacetAlias, FacetValue, PolicyVersion
from firsthand.program.policy import in_force
from firsthand.program.policy_form import PolicyForm

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def policy_data(**changes: Any) -> dict[str, Any]:
    version = PolicyVersion.objects.order_by("-id").first()
    kinds = list(ActivityType.objects.filter(retired_at=None))
    form = PolicyForm(policy=in_force(), over=version.pk if version else 0, activity_types=kinds)
    return {name: form.initial.get(name, "") for name in form.fields} | {"reason": "For a test"} | changes


@pytest.mark.parametrize("path", ["/policy/", "/policy/versions/", "/facets/", "/activity-types/"])
def test_everybody_reads_the_program(client: Client, path: str) -> None:
    make_program()
    for who in (eve, eli, mia, adam):
        client.force_login(who())
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/policy/new/", "/facets/new/", "/facets/{facet}/values/new/", "/facets/values/{value}/", "/activity-types/{kind}/"]
)
def test_members_open_no_form(client: Client, path: str) -> None:
    make_program()
    value = value_named("Retail")
    path = path.format(facet=value.facet_id, value=value.pk, kind=ActivityType.objects.all()[0].pk)
    client.force_login(eve())
    assert (client.get(path).status_code, client.post(path, {}).status_code) == (403, 403)
    client.force_login(adam())
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/facets/{facet}/retirement/", "/facets/values/{value}/retirement/", "/activity-types/{kind}/retirement/"]
)
def test_members_retire_nothing(client: Client, path: str) -> None:
    make_program()
    value = value_named("Retail")
    client.force_login(eve())
    path = path.format(facet=value.facet_id, value=value.pk, kind=ActivityType.objects.all()[0].pk)
    assert (client.post(path).status_code, client.get(path).status_code) == (403, 405)


def test_pages_ask_the_same_of_the_database_however_much_there_is(client: Client) -> None:
    make_program()
    facet = make_value("One").facet
    client.force_login(mia())
    before = [queries(client, path) for path in ("/facets/", f"/facets/{facet.pk}/", "/policy/versions/")]
    for number in range(3):
        value = make_value(f"Value {number}", facet=facet)
        FacetAlias.objects.create(facet=facet, value=value, text=f"V{number}", key=f"v{number}")
        Facet.objects.create(code=f"f{number}", name=f"F{number}")
        PolicyVersion.objects.create(rules={}, difference={"ageing.wait": [2, 3]}, reason="r", author=None)
    assert [queries(client, path) for path in ("/facets/", f"/facets/{facet.pk}/", "/policy/versions/")] == before


def test_a_facet_is_added_and_renamed_in_the_browser(client: Client) -> None:
    make_program()
    client.force_login(mia())
    client.post("/facets/new/", {"name": "Business unit", "kind": "tree"})
    facet = Facet.objects.get(code="business_unit")

    client.post(f"/facets/{facet.pk}/", {"name": "Division"})
    facet.refresh_from_db()
    assert facet.name == "Division"

    answer = client.post(f"/facets/{facet.pk}/", {"name": "industry"})
    assert (answer.status_code, b"There is a facet called Industry already." in answer.content) == (400, True)


def test_a_value_is_added_moved_and_retired_in_the_browser(client: Client) -> None:
    make_program()
    finance, retail = value_named("Financial services"), value_named("Retail")
    client.force_login(mia())

    client.post(f"/facets/{finance.facet_id}/values/new/", {"name": "Payments", "parent": finance.pk, "aliases": "PSP\r\n\r\nPayment"})
    value = value_named("Payments")
    assert (value.parent, value.aliases.count()) == (finance, 2)
    assert b"Payments" in client.get(f"/facets/{finance.facet_id}/").content

    client.post(f"/facets/values/{value.pk}/", {"name": "Paying", "parent": retail.pk, "aliases": "PSP", "revision": value.revision})
    value.refresh_from_db()
    assert (value.name, value.parent, value.aliases.count()) == ("Paying", retail, 1)

    client.post(f"/facets/values/{value.pk}/retirement/")
    value.refresh_from_db()
    assert value.retired_at is not None
    client.post(f"/facets/values/{value.pk}/retirement/", {"back": "1"})
    value.refresh_from_db()
    assert value.retired_at is None


def test_a_clash_is_told_and_nothing_typed_is_lost(client: Client) -> None:
    make_program()
    client.force_login(mia())
    answer = client.post(f"/facets/{value_named('Retail').facet_id}/values/new/", {"name": "New", "aliases": "Banks"})
    assert answer.status_code == 400
    assert "“Banks” means Banking already. Take it away there first.".encode() in answer.content
    assert b'value="New"' in answer.content
    assert not FacetValue.objects.filter(name="New").exists()


def test_a_band_is_changed_in_the_browser(client: Client) -> None:
    make_program()
    value = value_named("More than 250")
    client.force_login(mia())
    client.post(f"/facets/values/{value.pk}/", {"name": "251-999", "low": 251, "high": 999, "revision": 1})
    value.refresh_from_db()
    assert (value.low, value.high) == (251, 999)
    assert client.post(f"/facets/values/{value.pk}/", {"name": "x", "low": "-1", "high": "x"}).status_code == 400


def test_an_activity_type_is_changed_and_retired_in_the_browser(client: Client) -> None:
    make_program()
    kind = ActivityType.objects.get(code="reference-call")
    client.force_login(mia())
    data = {"name": "Call", "plural": "Calls", "effort_hours": "0.5", "minutes": 20, "places": 1, "audience": "press", "revision": 1}
    client.post(f"/activity-types/{kind.pk}/", data)
    kind.refresh_from_db()
    assert (kind.name, kind.is_live, kind.minutes) == ("Call", False, 20)
    assert client.post(f"/activity-types/{kind.pk}/", data | {"name": "Other"}).status_code == 400

    client.post(f"/activity-types/{kind.pk}/retirement/")
    kind.refresh_from_db()
    assert kind.retired_at is not None
    assert b"Bring back" in client.get("/activity-types/").content


def test_the_policy_is_read_in_words(client: Client) -> None:
    make_program()
    client.force_login(eve())
    text = client.get("/policy/").content.decode()
    assert "<dt>Engagements of one reference</dt><dd>4 engagements per quarter</dd>" in text
    assert "<dt>Earliest stage</dt><dd>any stage</dd>" in text
    assert "Change policy" not in text


def test_the_policy_is_changed_in_the_browser(client: Client) -> None:
    make_program()
    client.force_login(mia())
    assert client.get("/policy/new/").status_code == 200
    change = {"limits__reference__count": "2", "activities__quote__routing": "self_service", "base_currency": "usd"}

    answer = client.post("/policy/new/", policy_data(**change))

    assert answer["Location"] == "/policy/open-asks/?saved=1"
    assert PolicyVersion.objects.order_by("-id")[0].difference == {
        "activities.quote.routing": ["manager", "self_service"],
        "base_currency": ["EUR", "USD"],
        "limits.reference.count": [4, 2],
    }
    assert "Engagements of one reference: 4 engagements → 2 engagements" in client.get("/policy/versions/").content.decode()
    assert "Quote: who proposes: A program manager → The requester" in client.get("/policy/versions/").content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"limits__reference__count": "many"}, "Engagements of one reference: Write a whole number of engagements from 0 to 1000."),
        ({"deadlines__reservation_days": "9"}, "Proposal: Write a whole number of working days from 1 to 3."),
        ({"weights__facets": "-1"}, "Facets: Write a number of points from 0 to 100."),
        ({"base_currency": "ABC"}, "ABC is not a currency. Write three letters, such as EUR or USD."),
        ({"deadlines__owner_days": "2"}, "Owner and lead together take fewer days than a proposal holds a slot: a manager needs one."),
        ({"deadlines__reservation_days": "2"}, "Owner and lead together take fewer days than a proposal holds a slot"),
        ({"ageing__late": "1"}, "Red comes after amber: write as many days or more."),
        ({"limits__asks__period": "week"}, "Select a valid choice."),
    ],
)
def test_a_rule_that_cannot_be_is_told_in_one_sentence(client: Client, change: dict[str, str], sentence: str) -> None:
    make_program()
    client.force_login(mia())
    answer = client.post("/policy/new/", policy_data(**change))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert b"1 thing to fix" in answer.content
    assert PolicyVersion.objects.count() == 1


def test_two_who_change_the_policy_at_once_lose_nothing(client: Client) -> None:
    make_program()
    client.force_login(mia())
    mine = policy_data(limits__reference__count="2")
    make_policy(company="Meanwhile Ltd", activities=in_force().model_dump()["activities"])
    PolicyVersion.objects.filter(reason="For a test.").update(difference={"company": ["Our company", "Meanwhile Ltd"]})

    answer = client.post("/policy/new/", mine)

    text = answer.content.decode()
    assert answer.status_code == 400
    assert "saved another version meanwhile" in text
    assert "Company: Our company → Meanwhile Ltd" in text
    again = answer.context["form"].data
    assert again["limits__reference__count"] == "2"
    assert client.post("/policy/new/", again)["Location"] == "/policy/open-asks/?saved=1"
    assert (in_force().limits.reference.count, in_force().company) == (2, "Our company")


def test_a_policy_without_a_reason_is_not_saved(client: Client) -> None:
    make_program()
    client.force_login(mia())
    assert client.post("/policy/new/", policy_data(limits__reference__count="2", reason="")).status_code == 400
    assert PolicyVersion.objects.count() == 1


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    client.force_login(mia())
    for path in ("/facets/9/", "/facets/values/9/", "/activity-types/9/", "/facets/9/values/new/"):
        assert client.get(path).status_code == 404
