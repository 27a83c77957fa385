"""A reference is kept from being asked: what is fixed stands, what is under way waits, and whoever looks after either is told."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from firsthand.core.locks import deed
from firsthand.core.words import day_year
from firsthand.history.actions import Actor, record
from firsthand.program.models import ActivityType
from firsthand.references.models import Reference
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, AskQuerySet

RELATED = (
    *("approver", "occasion", "reference__contact__account__owner"),
    *("reference_request__activity_type", "reference_request__manager", "reference_request__requester"),
)


@deed
def tell_what_stands(
    reference: Reference, *, by: Actor, activity_types: Iterable[ActivityType] | None = None, from_day: date | None = None
) -> list[Ask]:
    """The times fixed with this reference that are still to come (of these activities only), the soonest first.

    They stand: a pause and a no keep from asking and take nothing back. The owner and the manager in charge read so by mail, the
    requester as a notice. What waits is told, too; `from_day` is the first day they may be asked again, where it is known.
    """
    kinds = {} if activity_types is None else {"reference_request__activity_type__in": list(activity_types)}
    theirs = Ask.objects.filter(reference=reference, **kinds).select_related(*RELATED)
    fixed = theirs.filter(status=Ask.Status.SCHEDULED, occasion__starts_at__gt=timezone.now())
    asks = list(fixed.order_by("occasion__starts_at", "pk"))
    for ask in asks:
        event = record("stands", ask, by=by, context=ask.reference_request)
        tell(event, ask, [ask.reference.account.owner, *managers_of(ask.reference_request)], by_mail=True)
        tell(event, ask, [ask.reference_request.requester])
    for ask in waiting(theirs):
        words = f"Not before {day_year(from_day)}." if from_day else ""
        event = record("waits", ask, by=by, context=ask.reference_request, words=words)
        ours = [ask.reference_request.requester, *managers_of(ask.reference_request), ask.reference.account.owner, ask.approver]
        tell(event, ask, ours, by_mail=True)
    return asks


def waiting(asks: AskQuerySet) -> list[Ask]:
    """Those of which no yes counts, or no time can be fixed, while the reference is kept from being asked."""
    under_way = asks.filter(status__in=[Ask.Status.SENT, Ask.Status.ACCEPTED]).select_related(*RELATED).order_by("pk")
    return [ask for ask in under_way if ask.status == Ask.Status.SENT or ask.reference_request.activity_type.has_time]
