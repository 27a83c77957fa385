from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firsthand.history.models import Message
from firsthand.people.builders import adam, eve, make_name, make_team, mia, sam
from firsthand.people.models import Colleague, Invitation, Team

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def form_of(colleague: Colleague, **changes: Any) -> dict[str, Any]:
    return {"name": colleague.name, "email": colleague.email or "", "role": colleague.role, "revision": colleague.revision} | changes


def test_the_list_asks_the_same_of_the_database_however_long_it_is(client: Client) -> None:
    client.force_login(mia())
    client.get("/colleagues/")
    one = queries(client, "/colleagues/")
    for number in range(3):
        team = make_team(f"Team {number}")
        colleague = Colleague.objects.create(name=f"Name {number}", team=team)
        Invitation.objects.create(colleague=colleague)
    assert queries(client, "/colleagues/") <= one + 1  # teams are prefetched once there is one


def test_teams_ask_the_same_of_the_database_however_many_there_are(client: Client) -> None:
    client.force_login(mia())
    make_team("Zero", lead=sam())
    one = queries(client, "/teams/")
    for number in range(3):
        make_team(f"Team {number}")
    assert queries(client, "/teams/") == one


def test_the_list_is_searched_and_filtered(client: Client) -> None:
    client.force_login(mia())
    seller, team = sam(), make_team()
    Colleague.objects.filter(pk=seller.pk).update(team=team)
    make_name("Nora Name")
    gone = make_name("Gone Girl")
    Colleague.objects.filter(pk=gone.pk).update(deactivated_at=timezone.now())
    waiting = make_name("Ina Invited")
    Invitation.objects.create(colleague=waiting)

    def names(query: str) -> list[str]:
        page = client.get(f"/colleagues/?{query}").context["list"]
        return [name for name in ("Sam", "Nora", "Mia", "Gone", "Ina") if any(name in row[0].text for row in page.rows)]

    assert names("q=nora") == ["Nora"]
    assert names("q=nobody") == []
    assert names("role=manager") == ["Mia"]
    assert names(f"team={team.pk}") == ["Sam"]
    assert names("state=active") == ["Sam", "Mia"]
    assert names("state=name") == ["Nora"]
    assert names("state=invited") == ["Ina"]
    assert names("state=deactivated") == ["Gone"]


def test_a_manager_adds_and_invites_a_colleague(client: Client) -> None:
    client.force_login(mia())
    answer = client.post("/colleagues/new/", {"name": "Nora Name", "email": "nora@firsthand.example", "role": "member"})
    colleague = Colleague.objects.get(name="Nora Name")
    assert answer["Location"] == f"/colleagues/{colleague.pk}/"

    client.post(f"/colleagues/{colleague.pk}/invitation/")

    assert Message.objects.get().kind == "invitation"
    assert b"Invite again" in client.get(f"/colleagues/{colleague.pk}/").content


def test_a_taken_address_is_told_and_nothing_typed_is_lost(client: Client) -> None:
    client.force_login(mia())
    sam()
    answer = client.post("/colleagues/new/", {"name": "Samuel", "email": "sam@firsthand.example", "role": "member"})
    assert answer.status_code == 400
    assert b"sam@firsthand.example belongs to Sam Seller already." in answer.content
    assert b'value="Samuel"' in answer.content


def test_a_manager_changes_a_colleague(client: Client) -> None:
    client.force_login(mia())
    seller, team = sam(), make_team()
    client.post(f"/colleagues/{seller.pk}/", form_of(seller, team=team.pk, is_marketer="on"))
    seller.refresh_from_db()
    assert (seller.team, seller.is_marketer) == (team, True)


def test_a_member_looks_at_colleagues_but_changes_none(client: Client) -> None:
    client.force_login(eve())
    seller, team = sam(), make_team()
    assert client.get(f"/colleagues/{seller.pk}/").status_code == 200
    assert b"Save colleague" not in client.get(f"/colleagues/{seller.pk}/").content
    assert client.get("/colleagues/new/").status_code == 403
    assert client.post(f"/colleagues/{seller.pk}/", form_of(seller, name="Hacked")).status_code in {400, 403}
    assert client.get(f"/teams/{team.pk}/").status_code == 403
    for path in (f"/colleagues/{seller.pk}/deactivation/", f"/colleagues/{seller.pk}/invitation/", f"/teams/{team.pk}/removal/"):
        assert client.post(path).status_code == 403
    seller.refresh_from_db()
    assert seller.name == "Sam Seller"


def test_a_manager_cannot_take_over_an_administrator(client: Client) -> None:
    client.force_login(mia())
    boss = adam()
    assert client.post(f"/colleagues/{boss.pk}/", form_of(boss, email="mine@firsthand.example")).status_code == 403
    boss.refresh_from_db()
    assert boss.email == "adam@firsthand.example"


def test_deactivation_and_back(client: Client) -> None:
    client.force_login(mia())
    seller = sam()
    client.post(f"/colleagues/{seller.pk}/deactivation/")
    seller.refresh_from_db()
    assert not seller.is_active
    assert b"Reactivate" in client.get(f"/colleagues/{seller.pk}/").content
    assert client.post(f"/colleagues/{seller.pk}/deactivation/").status_code == 409
    client.post(f"/colleagues/{seller.pk}/reactivation/")
    seller.refresh_from_db()
    assert seller.is_active


def test_teams_are_kept(client: Client) -> None:
    client.force_login(mia())
    seller = sam()
    client.post("/teams/new/", {"name": "Nordics", "lead": seller.pk})
    team = Team.objects.get()
    assert client.post("/teams/new/", {"name": "Nordics"}).status_code == 400
    assert client.get(f"/teams/{team.pk}/").status_code == 200
    client.post(f"/teams/{team.pk}/", {"name": "North"})
    team.refresh_from_db()
    assert (team.name, team.lead) == ("North", None)
    client.post(f"/teams/{team.pk}/removal/")
    assert not Team.objects.exists()


def test_own_settings_are_saved_and_the_theme_stays_in_the_browser(client: Client) -> None:
    seller = sam()
    client.force_login(seller)
    client.post("/settings/", {"name": "Samuel", "time_zone": "Europe/Oslo", "theme": "dark"})
    seller.refresh_from_db()
    assert (seller.name, seller.time_zone, seller.letter_keys) == ("Samuel", "Europe/Oslo", False)
    assert client.cookies["theme"].value == "dark"
    assert client.post("/settings/", {"name": "", "time_zone": "Mars/Base"}).status_code == 400


def test_a_password_is_changed_by_whoever_knows_the_old_one(client: Client) -> None:
    other = Client()
    seller = sam()
    client.force_login(seller)
    other.force_login(seller)

    assert client.post("/settings/password/", {"current": "wrong", "password": "another-battery"}).status_code == 400
    assert client.post("/settings/password/", {"current": "horse-battery-staple", "password": "another-battery"}).status_code == 302

    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


def test_changing_the_password_is_throttled(client: Client) -> None:
    client.force_login(sam())
    answers = [client.post("/settings/password/", {"current": "wrong", "password": "x"}).status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    client.force_login(mia())
    assert client.get("/colleagues/999/").status_code == 404
    assert client.post("/teams/999/removal/").status_code == 404
