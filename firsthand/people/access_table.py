"""What this room's routes answer to whom."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from firsthand.core.links import make_link
from firsthand.core.models import Link
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague, SavedFilter
from firsthand.testing.access import PUBLIC_GET, Access, LinkAccess
from firsthand.testing.world import World

PEOPLE = {"name": "New Colleague", "role": "member"}
SECRET = {"password": "correct-horse-battery"}


def colleague(world: World) -> list[int]:
    return [world.eve.pk]


def team(world: World) -> list[int]:
    return [world.team.pk]


def shared_by_a_leaver(world: World) -> list[int]:
    """A filter that is shown to everybody, of a colleague who has left."""
    leaver = make_colleague("Lea Leaver")
    Colleague.objects.filter(pk=leaver.pk).update(deactivated_at=timezone.now())
    return [SavedFilter.objects.create(colleague=leaver, list_name="accounts", name="Hers", query="q=b", is_shared=True).pk]


def link(purpose: str, who: str) -> Callable[[World], Link]:
    def make(world: World) -> Link:
        pk = getattr(world, who).pk
        return make_link(purpose, pk, holder_id=pk, expires_at=timezone.now() + timedelta(days=1))

    return make


ROWS = (
    Access("people:list", "GET", "in 200 200 200 200 200 200"),
    Access("people:new", "GET", "in 403 403 403 200 403 200"),
    Access("people:new", "POST", "in 403 403 403 302 403 302", data=PEOPLE),
    Access("people:colleague", "GET", "in 200 200 200 200 200 200", colleague),
    Access("people:colleague", "POST", "in 403 403 403 302 403 302", colleague, lambda world: {**PEOPLE, "revision": world.eve.revision}),
    Access("people:invite", "POST", "in 403 403 403 409 403 409", colleague, note="who can sign in already"),
    Access("people:deactivation", "POST", "in 403 403 403 302 403 302", colleague),
    Access("people:reactivation", "POST", "in 403 403 403 409 403 409", colleague, note="who is active"),
    Access("people:teams", "GET", "in 200 200 200 200 200 200"),
    Access("people:new_team", "GET", "in 403 403 403 200 403 200"),
    Access("people:new_team", "POST", "in 403 403 403 302 403 302", data={"name": "South"}),
    Access("people:team", "GET", "in 403 403 403 200 403 200", team),
    Access("people:team", "POST", "in 403 403 403 302 403 302", team, {"name": "North-east"}),
    Access("people:team_removal", "POST", "in 403 403 403 302 403 302", team),
    Access("people:settings", "GET", "in 200 200 200 200 200 200"),
    Access("people:settings", "POST", "in 302 302 302 302 302 302", data={"name": "Myself", "time_zone": "UTC", "theme": ""}),
    Access("people:password", "GET", "in 200 200 200 200 200 200"),
    Access("people:password", "POST", "in 400 400 400 400 400 400", data={"old": "wrong", "password": "x"}, note="wrong"),
    Access("account_login", "GET", "200 302 302 302 302 302 302"),
    Access("account_login", "POST", "200 302 302 302 302 302 302", data={"login": "a@b.example", "password": "wrong"}),
    Access("account_logout", "GET", "302 200 200 200 200 200 200"),
    Access("account_logout", "POST", "302 302 302 302 302 302 302"),
    Access("account_inactive", "GET", PUBLIC_GET),
    Access("account_reset_password", "GET", PUBLIC_GET),
    Access("account_reset_password", "POST", "302 302 302 302 302 302 302", data={"email": "sam@firsthand.example"}),
    Access("account_reset_password_done", "GET", PUBLIC_GET),
    LinkAccess("invitation", "GET", 200, link("invitation", "eve"), link("invitation", "sam")),
    LinkAccess("new_password", "GET", 200, link("new_password", "eve"), link("new_password", "sam")),
    LinkAccess("new_password", "POST", 302, link("new_password", "eve"), link("new_password", "sam"), SECRET),
    Access("filters:list", "POST", "in 302 302 302 302 302 302", lambda world: ["accounts"], {"name": "Mine", "query": "q=a"}),
    Access("filters:filter", "POST", "in 404 302 404 404 404 404", lambda world: [world.filter.pk], note="of Sam's"),
    Access("filters:filter", "POST", "in 403 403 403 302 403 403", shared_by_a_leaver, note="of somebody who has left"),
)
