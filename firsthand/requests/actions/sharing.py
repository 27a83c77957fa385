"""One occasion, several deals: who may still come to a fixed time, and how an ask takes part in it."""

from django.utils import timezone

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.history.actions import PROGRAM, record
from firsthand.people.models import Colleague
from firsthand.requests.invitations import send_calendar_files
from firsthand.requests.models import Ask, Occasion
from firsthand.requests.moving import lock, move_ask, refuse_with
from firsthand.requests.places import MOST_PLACES, taken, why_not_take_part, why_with_others
from firsthand.requests.who_may import Mover, who_may_not
from firsthand.requests.workflow import AskMove


def take_part(ask: Ask, *, by: Mover) -> None:
    """The reference agreed: the ask takes part in the time it joins. Raises `Refused` (409) when that is off, or full by now."""
    host = ask.joins
    if host is None or host.occasion is None:
        raise LookupError("It joins no fixed time.")
    occasion = locked(Occasion.objects.filter(pk=host.occasion.pk)).get()
    refuse_with(why_not_take_part(by, ask, occasion))
    ask.occasion = occasion
    ask.save(update_fields=["occasion"])
    move_ask(ask, AskMove.SCHEDULE, by=PROGRAM, facts={"starts_at": occasion.starts_at.isoformat()})
    send_calendar_files([ask], newly=[ask])


@deed
def set_places(ask: Ask, *, by: Colleague, places: int) -> Occasion:
    """How many requests may share the time of this ask. Raises `Refused`: 400 for a number that cannot be, 409 below those taken."""
    if not 1 <= places <= MOST_PLACES:
        raise Refused(f"Between 1 and {MOST_PLACES} requests may share a time.", status=400)
    fresh = lock(ask.reference_request).ask(ask)
    refuse_with(who_may_not(by, AskMove.RESCHEDULE, fresh), status=403)
    if fresh.occasion is None or fresh.status != Ask.Status.SCHEDULED or not fresh.reference_request.activity_type.is_shared:
        raise Refused("There is no time that could be shared.")
    refuse_with(why_with_others(fresh.occasion))
    occasion = locked(Occasion.objects.filter(pk=fresh.occasion.pk)).get()
    now_taken = taken(occasion)
    if places < now_taken:
        raise Refused(f"{now_taken} requests take part already. Cancel one of their asks first.")
    occasion.places = places
    occasion.save(update_fields=["places"])
    record("places", fresh, by=by.actor, context=fresh.reference_request, places=places, at=timezone.now().isoformat())
    return occasion
