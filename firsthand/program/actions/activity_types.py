"""Keep the activity types."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils import timezone

from firsthand.core.locks import deed, guarded_update, locked
from firsthand.core.refused import Refused
from firsthand.core.words_key import key
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.permissions import demand


@dataclass(frozen=True)
class ActivityFacts:
    """`effort_hours` is the reference's whole effort, `minutes` the length of the meeting itself (0: there is none).

    `places` is how many requests may share one occasion.
    """

    name: str
    plural: str
    effort_hours: Decimal
    minutes: int
    places: int
    is_live: bool
    audience: str


@deed
def change_activity_type(activity_type: ActivityType, facts: ActivityFacts, *, by: Colleague, revision: int) -> None:
    """Write the facts over those of `revision`. Raises `Refused` when somebody was faster, or another type has that name."""
    demand(by)
    activity_type = locked(ActivityType.objects.filter(pk=activity_type.pk)).get()
    twin = next((row for row in ActivityType.objects.exclude(pk=activity_type.pk) if key(row.name) == key(facts.name)), None)
    if twin:
        raise Refused(f"There is an activity type called {twin.name} already.")
    changed = [name for name, value in asdict(facts).items() if getattr(activity_type, name) != value]
    if changed and not guarded_update(activity_type, before={"revision": revision}, after=asdict(facts)):
        raise Refused(f"Somebody changed {activity_type.name} meanwhile. Nothing of yours was saved; look at it again and save once more.")
    if changed:
        record("activity_type_changed", activity_type, by=by.actor, changed=changed)


@deed
def retire_activity_type(activity_type: ActivityType, *, by: Colleague) -> None:
    """Offer an activity type no more. What was done by it stays, and so do open requests."""
    demand(by)
    if guarded_update(activity_type, before={"retired_at": None}, after={"retired_at": timezone.now()}):
        record("activity_type_retired", activity_type, by=by.actor)


@deed
def bring_back_activity_type(activity_type: ActivityType, *, by: Colleague) -> None:
    """Offer a retired activity type again."""
    demand(by)
    if guarded_update(activity_type, before={"retired_at__isnull": False}, after={"retired_at": None}):
        record("activity_type_brought_back", activity_type, by=by.actor)
