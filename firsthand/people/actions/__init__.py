"""The deeds about colleagues: who they are, how they get in, which team they belong to."""

from firsthand.people.actions.access import (
    change_password,
    deactivate,
    invite,
    open_installation,
    reactivate,
    request_new_password,
    set_password_by_link,
)
from firsthand.people.actions.colleagues import ColleagueFacts, OwnSettings, add_colleague, change_colleague, save_own_settings
from firsthand.people.actions.teams import TeamFacts, add_team, change_team, remove_team

__all__ = [
    "ColleagueFacts",
    "OwnSettings",
    "TeamFacts",
    "add_colleague",
    "add_team",
    "change_colleague",
    "change_password",
    "change_team",
    "deactivate",
    "invite",
    "open_installation",
    "reactivate",
    "remove_team",
    "request_new_password",
    "save_own_settings",
    "set_password_by_link",
]
