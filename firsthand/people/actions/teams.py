"""Teams and who leads them."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague, Team
from firsthand.people.permissions import demand, why_not_teams


@dataclass(frozen=True)
class TeamFacts:
    """A team's name and who leads it."""

    name: str
    lead: Colleague | None = None


@deed
def add_team(facts: TeamFacts, *, by: Colleague) -> Team:
    """Add a team. Raises `Refused` when they may not, or another has that name."""
    demand(why_not_teams(by))
    team = Team(name=facts.name, lead=facts.lead)
    _save(team)
    record("team_added", team, by=by.actor)
    return team


@deed
def change_team(team: Team, facts: TeamFacts, *, by: Colleague) -> None:
    """Rename a team or give it another lead, as `add_team`."""
    demand(why_not_teams(by))
    team = locked(Team.objects.filter(pk=team.pk)).get()
    before = team.lead_id
    team.name, team.lead = facts.name, facts.lead
    team.revision += 1
    _save(team)
    record("team_changed", team, by=by.actor, lead=[before, team.lead_id])


@deed
def remove_team(team: Team, *, by: Colleague) -> None:
    """Dissolve a team; its members stay, without one."""
    demand(why_not_teams(by))
    record("team_removed", team, by=by.actor)
    team.delete()


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise Refused(f"There is a team called {team.name} already.") from None
