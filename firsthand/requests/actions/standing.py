"""A reference wants a rest from being asked: what is fixed stands, and whoever looks after them is told what that is."""

from collections.abc import Iterable

from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.history.actions import Actor, record
from firsthand.program.models import ActivityType
from firsthand.references.models import Reference
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask


@deed
def tell_what_stands(reference: Reference, *, by: Actor, activity_types: Iterable[ActivityType] | None = None) -> list[Ask]:
    """The times fixed with this reference that are still to come (of these activities only), the soonest first.

    They stand: a pause and a no keep from asking and take nothing back. The owner and the manager in charge read so by mail, the
    requester as a notice.
    """
    fixed = Ask.objects.filter(reference=reference, status=Ask.Status.SCHEDULED, occasion__starts_at__gt=timezone.now())
    if activity_types is not None:
        fixed = fixed.filter(reference_request__activity_type__in=list(activity_types))
    related = ("occasion", "reference_request__activity_type", "reference_request__requester", "reference__contact__account__owner")
    asks = list(fixed.select_related(*related).order_by("occasion__starts_at", "pk"))
    for ask in asks:
        event = record("stands", ask, by=by, context=ask.reference_request)
        tell(event, ask, [ask.reference.account.owner, *managers_of(ask.reference_request)], by_mail=True)
        tell(event, ask, [ask.reference_request.requester])
    return asks
