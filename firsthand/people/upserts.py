"""The plural deed for colleagues. A name is enough; it never gives a role and never replaces an address."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from django.contrib.auth.hashers import make_password

from firsthand.core.words_key import key
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Refusal, Row, Table, upsert, write_all
from firsthand.people.models import Colleague, Team


class ColleagueRow(TypedDict, total=False):
    """`lead` names the lead of `team`; without a team's name, the lead names it. `part`: what is known of a name that is not whole."""

    external_id: str
    name: str
    part: str
    email: str
    title: str
    office: str
    time_zone: str
    team: str
    lead: str


FIELDS = ("external_id", "name", "title", "office", "time_zone")
COLLEAGUES = Table(model=Colleague)
TEAMS = Table(model=Team)


def upsert_colleagues(rows: Sequence[ColleagueRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make or change colleagues and their teams. Runs inside the caller's transaction; answers in the order of the rows.

    Somebody who has an address keeps it: an import must not hand a sign-in to another mailbox.
    """
    book = ColleagueBook()
    teams = upsert_teams(rows, book, by=by, change=change)
    given: list[Row | Refusal] = []
    for row in rows:
        found = book.find(row.get("external_id", ""), row.get("email", ""), row.get("name") or row.get("part", ""))
        if isinstance(found, Refusal):
            given.append(found)
            continue
        fields = {name: row[name] for name in FIELDS if name in row}  # type: ignore[literal-required]
        if found is None:
            fields.setdefault("name", row.get("part") or row.get("email", ""))
        if team := teams.get(team_name(row)):
            fields["team_id"] = team
        if row.get("email") and (found is None or not book.colleagues[found].email):
            fields["email"] = row["email"]
        given.append(Row(found, fields, first={"password": make_password(None)}))
    return write_all(COLLEAGUES, given, by=by, change=change)


def team_name(row: ColleagueRow) -> str:
    return row.get("team") or (f"Team {row['lead']}" if row.get("lead") else "")


def upsert_teams(rows: Sequence[ColleagueRow], book: "ColleagueBook", *, by: Actor, change: Change | None) -> dict[str, int]:
    """Team name -> id of the teams the rows name, made where absent."""
    leads = {team_name(row): row.get("lead", "") for row in rows if team_name(row)}
    there = dict(Team.objects.filter(name__in=leads).values_list("name", "id"))
    wanted = []
    for name, lead in leads.items():
        found = book.find("", "", lead) if lead else None
        fields = {"name": name} | ({"lead_id": found} if isinstance(found, int) else {})
        wanted.append(Row(there.get(name), fields))
    done = upsert(TEAMS, wanted, by=by, change=change)
    return {name: each.id for name, each in zip(leads, done, strict=True)}


class Known(NamedTuple):
    id: int
    name: str
    email: str | None
    external_id: str


class ColleagueBook:
    """All colleagues, to find one by id, address or name: they are few, and every kind of file names them."""

    def __init__(self) -> None:
        self.colleagues = {row[0]: Known(*row) for row in Colleague.objects.values_list(*Known._fields)}
        self.by_external = {each.external_id: each.id for each in self.colleagues.values() if each.external_id}
        self.by_email = {each.email: each.id for each in self.colleagues.values() if each.email}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for each in self.colleagues.values():
            self.by_name[key(each.name)].append(each.id)

    def find(self, external_id: str, email: str, name: str) -> int | Refusal | None:
        """Their id, None where nobody is meant yet, a refusal where the name alone means two. A name may be an address."""
        if external_id in self.by_external:
            return self.by_external[external_id]
        email = email or (name.strip().lower() if "@" in name else "")
        if email in self.by_email:
            return self.by_email[email]
        alike = self.by_name.get(key(name), []) if name else []
        alike = [each for each in alike if not self.contradicts(self.colleagues[each], external_id, email)]
        if len(alike) > 1:
            return Refusal(f"{len(alike)} colleagues are called {name}. Add the e-mail address.")
        return alike[0] if alike else None

    @staticmethod
    def contradicts(known: Known, external_id: str, email: str) -> bool:
        """Somebody of that name who has another id or another address is another person."""
        return bool((external_id and known.external_id) or (email and known.email))
