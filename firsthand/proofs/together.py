"""Who meets at one time: several deals with one reference, or several references for one request. A second opinion, from the rows."""

from collections.abc import Iterable

from django.utils import timezone

from firsthand.customers.models import Contact
from firsthand.proofs.readers import Reader
from firsthand.requests.models import Ask

COMES = frozenset({"scheduled", "held", "missed"})


def met_with(ask: Ask, reader: Reader) -> list[Ask]:
    """Of whom somebody outside reads with an ask: a reference of every deal at their slot, a prospect of all who come for them."""
    if isinstance(reader, Contact):
        return [ask, *Ask.objects.on_slot(ask.slot)]
    others = Ask.objects.filter(occasion=ask.occasion_id or 0, reference_request=ask.reference_request_id, status__in=COMES)
    return [ask, *others.exclude(pk=ask.pk)]


def times_hold(asks: Iterable[Ask]) -> int:
    """Whoever has a time has it at its occasion, each reference with one slot. It serves several deals or references, never both."""
    coming: dict[int, list[Ask]] = {}
    for ask in asks:
        if ask.status == "scheduled" and ask.occasion is not None and ask.slot is not None:
            coming.setdefault(ask.occasion.pk, []).append(ask)
            assert ask.occasion.canceled_at is None, f"ask {ask.pk} comes to a time that is off"
            assert ask.slot.starts_at == ask.occasion.starts_at, f"the slot of ask {ask.pk} is at {ask.slot.starts_at}"
    for pk, together in coming.items():
        requests, people = ({getattr(ask, name) for ask in together} for name in ("reference_request_id", "reference_id"))
        slots = {ask.slot.pk for ask in together if ask.slot is not None}
        assert 1 in (len(requests), len(people)), f"occasion {pk} serves requests {requests} with references {people}"
        assert len(slots) == len(people), f"occasion {pk} has slots {slots} for references {people}"
        is_panel = len(people) > 1
        assert not is_panel or together[0].reference_request.activity_type.is_shared, f"occasion {pk} is a panel of calls for one"
        assert not is_panel or len(people) <= together[0].reference_request.n_wanted, f"occasion {pk} has more than are wanted"
    left_times_are_kept_for_somebody(asks, set(coming))
    return sum(len({ask.reference_id for ask in together}) > 1 for together in coming.values())


def left_times_are_kept_for_somebody(asks: Iterable[Ask], coming: set[int]) -> None:
    """A time ahead to which nobody comes any more is off, unless somebody is asked to take a place at it."""
    by_pk = {ask.pk: ask for ask in asks}
    hosts = [by_pk[ask.comes_to_id] for ask in asks if ask.comes_to_id and ask.status in Ask.OPEN]
    kept = {host.occasion_id for host in hosts if host.status == "canceled"}
    for ask in by_pk.values():
        if ask.status == "canceled" and ask.occasion is not None and ask.occasion.starts_at > timezone.now():
            is_left = ask.occasion.pk in coming | kept or ask.occasion.canceled_at is not None
            assert is_left, f"the time of ask {ask.pk} stands, and nobody comes"
