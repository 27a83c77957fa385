"""What this room's routes answer to whom."""

from collections.abc import Mapping
from typing import Any

from firsthand.program.forms import ActivityTypeForm
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.program.policy_form import PolicyForm
from firsthand.testing.access import ALL_TO_SIGN_IN, Access
from firsthand.testing.world import World


def facet(world: World) -> list[int]:
    return [world.value.facet_id]


def value(world: World) -> list[int]:
    return [world.value.pk]


def call(world: World) -> list[int]:
    return [world.call.pk]


def same_policy(world: World) -> dict[str, Any]:
    """The policy as its form shows it, with one figure changed."""
    form = PolicyForm(policy=in_force(), over=world.version, activity_types=list(ActivityType.objects.filter(retired_at=None)))
    return {**filled(form.initial), "limits__min_gap_days": 21, "reason": "People were tired"}


def same_call(world: World) -> dict[str, Any]:
    form = ActivityTypeForm(initial=vars(world.call))
    return filled({name: form.initial.get(name) for name in form.fields})


def filled(initial: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sends back of a form left as it was."""
    return {name: given for name, given in initial.items() if given is not None and given is not False}


ROWS = (
    Access("program:first_run", "GET", ALL_TO_SIGN_IN, note="once somebody can sign in"),
    Access("program:first_run", "POST", ALL_TO_SIGN_IN, note="once somebody can sign in"),
    Access("program:policy", "GET", "in 200 200 200 200 200 200"),
    Access("program:change_policy", "GET", "in 403 403 403 200 403 200"),
    Access("program:change_policy", "POST", "in 403 403 403 302 403 302", data=same_policy),
    Access("program:policy_versions", "GET", "in 200 200 200 200 200 200"),
    Access("program:facets", "GET", "in 200 200 200 200 200 200"),
    Access("program:new_facet", "GET", "in 403 403 403 200 403 200"),
    Access("program:new_facet", "POST", "in 403 403 403 302 403 302", data={"name": "Rival", "kind": "flat"}),
    Access("program:facet", "GET", "in 200 200 200 200 200 200", facet),
    Access("program:facet", "POST", "in 403 403 403 302 403 302", facet, {"name": "Trade"}),
    Access("program:facet_retirement", "POST", "in 403 403 403 302 403 302", facet),
    Access("program:new_value", "GET", "in 403 403 403 200 403 200", facet),
    Access("program:new_value", "POST", "in 403 403 403 302 403 302", facet, {"name": "Shipping"}),
    Access("program:facet_value", "GET", "in 403 403 403 200 403 200", value),
    Access("program:facet_value", "POST", "in 403 403 403 302 403 302", value, {"name": "Banks", "revision": 1}),
    Access("program:value_retirement", "POST", "in 403 403 403 302 403 302", value),
    Access("program:activity_types", "GET", "in 200 200 200 200 200 200"),
    Access("program:activity_type", "GET", "in 403 403 403 200 403 200", call),
    Access("program:activity_type", "POST", "in 403 403 403 302 403 302", call, same_call),
    Access("program:activity_type_retirement", "POST", "in 403 403 403 302 403 302", call),
)
