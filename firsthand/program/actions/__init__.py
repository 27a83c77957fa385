"""The deeds of the program: set it up, keep its facets and activity types, save its policy."""

from firsthand.program.actions.activity_types import ActivityFacts, bring_back_activity_type, change_activity_type, retire_activity_type
from firsthand.program.actions.facets import add_facet, bring_back_facet, rename_facet, retire_facet
from firsthand.program.actions.policy import save_policy
from firsthand.program.actions.set_up import set_up
from firsthand.program.actions.values import ValueFacts, add_value, bring_back_value, change_value, retire_value

__all__ = [
    "ActivityFacts",
    "ValueFacts",
    "add_facet",
    "add_value",
    "bring_back_activity_type",
    "bring_back_facet",
    "bring_back_value",
    "change_activity_type",
    "change_value",
    "rename_facet",
    "retire_activity_type",
    "retire_facet",
    "retire_value",
    "save_policy",
    "set_up",
]
