"""The permission table: what every route answers to whom.

Whoever adds a route adds its rows: one for each method it answers, and one more for a record that is not theirs where that
matters. `test_access.py` fails for a route without rows, and a method without a row has to answer 405.

Each room lists its rows in `access_table.py`, as `ROWS`; `test_access.py` joins them with the URLconf, tries every row as
everybody, and fails for a route that no row names.

    Access("references:hold", "POST", "in 404 403 302 302 403 404", lambda world: [world.reference.pk], data={...})

The answers stand in the order of `WHO`. `in` is the way to the sign-in page; a number is a status.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firsthand.testing.world import World

WHO = ("nobody", "eve", "sam", "ana", "mia", "eli", "ada")
SIGN_IN = "in"
ALL_TO_SIGN_IN = "in in in in in in in"
PUBLIC_GET = "200 200 200 200 200 200 200"
PUBLIC_404 = "404 404 404 404 404 404 404"


def no_arguments(world: World) -> list[Any]:
    del world
    return []


@dataclass(frozen=True)
class Access:
    """One route, one method, one record of the world. `data` may be a function of the world; `query` follows the address."""

    view: str
    method: str
    answers: str
    arguments: Callable[[World], list[Any]] = no_arguments
    data: Mapping[str, Any] | Callable[[World], Mapping[str, Any]] = field(default_factory=dict)
    query: str = ""
    note: str = ""

    @property
    def expected(self) -> dict[str, str]:
        return dict(zip(WHO, self.answers.split(), strict=True))

    def form(self, world: World) -> Mapping[str, Any]:
        return self.data(world) if callable(self.data) else self.data

    def __str__(self) -> str:
        return f"{self.method} {self.view}{' ' + self.note if self.note else ''}"


@dataclass(frozen=True)
class LinkAccess:
    """A route behind a signed link. `right` is the status with the link's own session; expired, tampered and another record's never pass.

    `make` gives the link for the world's own record, `other` the one for another record.
    """

    purpose: str
    method: str
    right: int
    make: Callable[[World], Any]
    other: Callable[[World], Any]
    data: Mapping[str, Any] | Callable[[World], Mapping[str, Any]] = field(default_factory=dict)

    def form(self, world: World) -> Mapping[str, Any]:
        return self.data(world) if callable(self.data) else self.data

    def __str__(self) -> str:
        return f"{self.method} link {self.purpose}"
