"""The plural deed for what references like to speak about and what they refuse, as imports call it."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from firsthand.core import bulk
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow, Event
from firsthand.history.upserts import CHANGE_ROW, EVENT, NOTHING, Done, State
from firsthand.references.models import ReferenceTopic

LABEL = ReferenceTopic._meta.label_lower


def upsert_topics(pairs: Sequence[tuple[int, Mapping[int, bool]]], *, by: Actor, change: Change | None) -> dict[int, Done]:
    """Reference -> what became of its topics, each a facet value's id and whether it is welcome. A no is never taken back by a file."""
    wanted: dict[tuple[int, int], bool] = {}
    for reference, topics in pairs:
        for value, is_welcome in topics.items():
            wanted[reference, value] = is_welcome and wanted.get((reference, value), True)
    rows = ReferenceTopic.objects.filter(reference__in={reference for reference, _ in wanted})
    there = {
        (reference, value): (pk, yes) for pk, reference, value, yes in rows.values_list("id", "reference_id", "value_id", "is_welcome")
    }
    new = {place: is_welcome for place, is_welcome in wanted.items() if place not in there}
    refused = {there[place][0]: place for place, is_welcome in wanted.items() if not is_welcome and there.get(place, (0, False))[1]}
    ids = bulk.reserve_ids(ReferenceTopic, len(new))
    names = ("id", "reference_id", "value_id", "is_welcome")
    bulk.insert(ReferenceTopic, names, [(pk, *place, yes) for pk, (place, yes) in zip(ids, new.items(), strict=True)])
    ReferenceTopic.objects.filter(pk__in=refused).update(is_welcome=False)
    if change is not None:
        before = {"fields": {"is_welcome": True}}
        traces = [*((change.pk, LABEL, pk, None, 0) for pk in ids), *((change.pk, LABEL, pk, before, 0) for pk in refused)]
        bulk.insert(ChangeRow, CHANGE_ROW, traces)
    touched = {reference: pk for pk, (reference, _) in refused.items()} | {place[0]: pk for pk, place in zip(ids, new, strict=True)}
    at = timezone.now()
    bulk.insert(Event, EVENT, [(at, "topics_recorded", "reference", pk, "reference", pk, by.kind, by.id, NOTHING) for pk in touched])
    return {reference: Done(pk, State.CHANGED) for reference, pk in touched.items()}
