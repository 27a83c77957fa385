"""What this room's routes answer to whom."""

from typing import Any

from firsthand.testing.access import Access
from firsthand.testing.world import World


def account(world: World) -> list[int]:
    return [world.account.pk]


def hidden(world: World) -> list[int]:
    return [world.hidden.account.pk]


def contact(world: World) -> list[int]:
    return [world.contact.pk]


def of_hidden(world: World) -> list[int]:
    return [world.hidden.contact_id]


def signal(world: World) -> list[int]:
    return [world.signal.pk]


def tie(world: World) -> list[int]:
    return [world.tie.pk]


def renamed(world: World) -> dict[str, Any]:
    return {"name": "Ostvik Group", "is_customer": "on", "revision": world.account.revision}


def reported(world: World) -> dict[str, Any]:
    return {"kind": "nps", "happened_on": world.today.isoformat(), "value": "9"}


def gone(world: World) -> dict[str, str]:
    return {"left_on": world.today.isoformat()}


def known_by_sam(world: World) -> dict[str, Any]:
    return {"colleague": world.sam.pk, "kind": "knows", "strength": "3"}


NEW = {"name": "New Customer", "is_customer": "on"}
PERSON = {"first_name": "Pat", "last_name": "New"}

ROWS = (
    Access("customers:list", "GET", "in 200 200 200 200 200 200"),
    Access("customers:names", "GET", "in 200 200 200 200 200 200", query="?account=ost"),
    Access("customers:new", "GET", "in 200 200 200 200 403 403"),
    Access("customers:new", "POST", "in 302 302 302 302 403 403", data=NEW),
    Access("customers:edit", "GET", "in 403 403 200 200 403 404", account),
    Access("customers:edit", "POST", "in 403 403 302 302 403 404", account, renamed),
    Access("customers:edit", "GET", "in 404 404 200 200 403 404", hidden, note="hidden"),
    Access("customers:values", "POST", "in 403 403 302 302 403 404", account, lambda world: {"add": world.value.pk}),
    Access("customers:values", "POST", "in 404 404 302 302 403 404", hidden, lambda world: {"add": world.value.pk}, note="hidden"),
    Access("customers:contacts", "GET", "in 200 200 200 200 200 404", account),
    Access("customers:contacts", "GET", "in 404 404 200 200 200 404", hidden, note="hidden"),
    Access("customers:new-contact", "GET", "in 200 200 200 200 403 404", account),
    Access("customers:new-contact", "POST", "in 302 302 302 302 403 404", account, PERSON),
    Access("customers:new-contact", "POST", "in 404 404 302 302 403 404", hidden, PERSON, note="hidden"),
    Access("customers:signals", "GET", "in 403 403 200 200 403 404", account),
    Access("customers:signals", "POST", "in 403 403 302 302 403 404", account, reported),
    Access("customers:signals", "POST", "in 404 404 302 302 403 404", hidden, reported, note="hidden"),
    Access("customers:resolution", "POST", "in 404 404 302 302 403 404", signal),
    Access("customers:contact", "GET", "in 403 403 200 200 403 404", contact),
    Access("customers:contact", "POST", "in 403 403 302 302 403 404", contact, PERSON),
    Access("customers:contact", "GET", "in 404 404 200 200 403 404", of_hidden, note="hidden"),
    Access("customers:leaving", "POST", "in 403 403 302 302 403 404", contact, gone),
    Access(
        "customers:leaving",
        "POST",
        "in 404 404 302 302 403 404",
        of_hidden,
        gone,
        note="hidden",
    ),
    Access("customers:ties", "GET", "in 200 200 200 200 403 404", contact),
    Access("customers:ties", "POST", "in 400 302 302 302 403 404", contact, known_by_sam, note="of Sam's"),
    Access("customers:ties", "GET", "in 404 404 200 200 403 404", of_hidden, note="hidden"),
    Access("customers:tie", "POST", "in 403 302 302 302 403 404", tie, note="of Sam's"),
)
