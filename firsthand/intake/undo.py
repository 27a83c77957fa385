"""Take an import back, row by row, the newest first, as long as nothing else has touched what it wrote.

A row still has the revision the import left it at, or something else has changed it; and nothing that the import did not
write points at a row it made. What stands in the way is listed, and nothing is undone then. Each batch looks again under
the rows' locks: somebody may have touched them in the minutes since.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone

from firsthand.core import bulk, jobs, search
from firsthand.core.jobs import Next
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.customers import people_upserts, upserts
from firsthand.customers.models import Touch
from firsthand.deals import stages
from firsthand.deals import upserts as deal_upserts
from firsthand.deals.models import StageChange
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow, Event
from firsthand.history.upserts import EVENT, Table
from firsthand.intake import seen
from firsthand.intake.models import Import
from firsthand.people import upserts as colleague_upserts
from firsthand.program import upserts as value_upserts
from firsthand.program.models import FacetAlias
from firsthand.references import upserts as reference_upserts
from firsthand.references.models import Consent, ReferenceTopic
from firsthand.requests import upserts as request_upserts
from firsthand.requests.models import Use
from firsthand.stories import upserts as story_upserts
from firsthand.stories.actions import find_stories

BATCH = 200
SHOWN = 50
REST_STANDS = "What came after it is undone, the rest stands."
Model = type[models.Model]


@dataclass(frozen=True, kw_only=True)
class Undoable:
    """A model an import writes. `afresh` puts right what is derived from rows that were put back."""

    model: Model
    table: Table | None = None
    afresh: Callable[[Sequence[int]], None] | None = None

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)


def tracked(table: Table, afresh: Callable[[Sequence[int]], None] | None = None) -> Undoable:
    return Undoable(model=table.model, table=table, afresh=afresh)


UNDOABLE = {
    each.label: each
    for each in (
        tracked(upserts.ACCOUNTS, upserts.refresh),
        tracked(people_upserts.PEOPLE),
        tracked(people_upserts.CONTACTS, people_upserts.refresh),
        tracked(people_upserts.RELATIONSHIPS),
        tracked(people_upserts.SIGNALS),
        tracked(deal_upserts.OPPORTUNITIES),
        tracked(stages.STAGES),
        Undoable(model=StageChange),
        tracked(colleague_upserts.COLLEAGUES),
        tracked(colleague_upserts.TEAMS),
        tracked(value_upserts.VALUES),
        Undoable(model=FacetAlias),
        tracked(story_upserts.STORIES, find_stories),
        tracked(story_upserts.PEOPLE),
        tracked(story_upserts.ASSETS),
        tracked(story_upserts.METRICS),
        tracked(reference_upserts.STANDINGS),
        tracked(reference_upserts.OBLIGATIONS),
        tracked(reference_upserts.REFERENCES),
        tracked(reference_upserts.WILLINGNESS),
        Undoable(model=ReferenceTopic),
        Undoable(model=Touch),
        tracked(reference_upserts.ENGAGEMENTS),
        Undoable(model=Consent),
        tracked(request_upserts.REQUESTS),
        tracked(request_upserts.ASKS),
        Undoable(model=Use),
    )
}
# Parts of a record that come and go with it and leave no trace of their own: model -> the attribute of their owner.
PARTS = {
    "customers.accountvalue": "account",
    "deals.opportunityvalue": "opportunity",
    "stories.storyvalue": "story",
    "references.referencevalue": "reference",
    "references.consentscope": "consent",
    "requests.criterion": "reference_request",
    "stories.storyterm": "story",
}


def obstacles(change: Change) -> list[str]:
    """What stands in the way of the undo, in sentences; empty where nothing does."""
    found = [sentence for each in UNDOABLE.values() for sentence in (*touched(each, change), *pointed_at(each, change))]
    return found[:SHOWN]


def traces(change: Change, label: str) -> "models.QuerySet[ChangeRow]":
    return ChangeRow.objects.filter(change=change, model=label)


def touched(undoable: Undoable, change: Change) -> Iterator[str]:
    """Rows that somebody changed since, or removed."""
    if undoable.table is None:
        return
    every: models.QuerySet[Any] = models.QuerySet(undoable.model)
    left = traces(change, undoable.label).filter(object_id=OuterRef("pk")).order_by("-id").values("revision")[:1]
    rows = every.filter(pk__in=traces(change, undoable.label).values("object_id")).annotate(left=Subquery(left))
    for row in rows.exclude(revision=F("left"))[:SHOWN]:
        yield f"The {undoable.name} {row} was changed since."
    changed = traces(change, undoable.label).filter(before__isnull=False)
    gone = changed.exclude(Exists(every.filter(pk=OuterRef("object_id")))).order_by("object_id").values_list("object_id", flat=True)
    for pk in gone.distinct()[:SHOWN]:
        yield f"The {undoable.name} {pk} was removed since."


def pointed_at(undoable: Undoable, change: Change, made: "Collection[int] | models.QuerySet[Any, Any] | None" = None) -> Iterator[str]:
    """Rows the import made, all or those of the given ids, to which something else was attached since."""
    if made is None:
        made = traces(change, undoable.label).filter(before__isnull=True).values("object_id")
        if not made.exists():
            return
    for relation in undoable.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        field, other = relation.field, relation.field.model
        every: models.QuerySet[Any] = models.QuerySet(other)
        pointing = every.filter(**{f"{field.name}__in": made})
        label, own = other._meta.label_lower, "pk"
        if label in PARTS:
            own = PARTS[label]
            label = owner_label(other, own)
        pointing = pointing.exclude(Exists(traces(change, label).filter(object_id=OuterRef(own))))
        for row in pointing.select_related(field.name)[:SHOWN]:
            yield f"The {undoable.name} {getattr(row, field.name)} is used since ({other._meta.verbose_name})."


def owner_label(part: Model, name: str) -> str:
    owner = part._meta.get_field(name).related_model
    return str(owner._meta.label_lower) if isinstance(owner, type) else ""


@transaction.atomic
def undo(intake: Import, *, background: bool = True) -> Job:
    """Start taking the import back. Refused while it is still writing, when it was undone, or while anything stands in the way."""
    intake = Import.objects.select_for_update().get(pk=intake.pk)
    if intake.change is None or intake.ended_at is None:
        raise Refused("This import has not ended yet. Stop it first.")
    if intake.change.undone_at is not None:
        raise Refused("This import was undone already.")
    if running(intake) is not None:
        raise Refused("This import is being undone already.")
    found = obstacles(intake.change)
    if found:
        raise Refused(f"The import cannot be undone. {' '.join(found[:3])}")
    return jobs.start("undo", intake.pk, total=intake.change.rows.count(), background=background)


def running(intake: Import) -> Job | None:
    return Job.objects.filter(kind="undo", subject_id=intake.pk, state__in=jobs.OPEN).first()


def undo_step(job: Job) -> Next:
    """Batches of traces, the newest first, until the step's time is over."""
    intake = Import.objects.select_related("change").get(pk=job.subject_id)
    ends = time.monotonic() + jobs.STEP_SECONDS
    change = intake.change
    if change is None:
        return Next.DONE
    while True:
        with transaction.atomic():
            rows = list(change.rows.select_related("change").order_by("-id")[:BATCH])
            if not rows:
                Change.objects.filter(pk=change.pk).update(undone_at=timezone.now())
                seen.forget()
                return Next.DONE
            put_back(rows, by=Actor("import", intake.pk))
            ChangeRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
            jobs.advance(job, mark={"left": rows[-1].pk}, done=job.done + len(rows))
        if time.monotonic() > ends:
            return Next.MORE
        time.sleep(0.01)


def put_back(rows: Iterable[ChangeRow], *, by: Actor) -> None:
    """Undo traces in the order given: runs of the same model, made or changed, go together."""
    for (label, made), run in groupby(rows, key=lambda row: (row.model, row.before is None)):
        undoable = UNDOABLE[label]
        if made and undoable.model is Consent:
            take_back_consents(list(run), by=by)
        elif made:
            remove(undoable, list(run))
        elif undoable.table is None:
            for row in run:
                put_plainly(undoable, row)
        else:
            for row in run:
                restore(undoable, row, by=by)


def take_back_consents(rows: Sequence[ChangeRow], *, by: Actor) -> None:
    """A contact the import made goes with all entries; in any other ledger they are voided by a new one."""
    change = rows[0].change_id
    made = ChangeRow.objects.filter(change=change, model="customers.contact", before__isnull=True).values("object_id")
    ids = [row.object_id for row in rows]
    Consent.objects.filter(pk__in=ids, contact__in=made).delete()
    reference_upserts.void_consents(ids, by=by)


def remove(undoable: Undoable, rows: Sequence[ChangeRow]) -> None:
    """Rows the import made go, unless something happened to them since the undo was confirmed."""
    every: models.QuerySet[Any] = models.QuerySet(undoable.model)
    left = {row.object_id: row.revision for row in rows}
    if undoable.table is not None:
        held = every.select_for_update().filter(pk__in=left).order_by("pk").values_list("pk", "revision")
        for pk in [pk for pk, revision in held if revision != left[pk]]:
            raise Refused(f"The {undoable.name} {every.get(pk=pk)} was changed meanwhile. {REST_STANDS}")
    for sentence in pointed_at(undoable, rows[0].change, list(left)):
        raise Refused(f"{sentence} {REST_STANDS}")
    kind = str(undoable.model._meta.model_name)
    if kind in search.KINDS:
        search.drop(kind, list(left))
    for each in undoable.model._meta.concrete_fields:  # rows that go together may point at each other
        if each.related_model is undoable.model and each.null:
            every.filter(pk__in=left).update(**{each.name: None})
    every.filter(pk__in=left).delete()


def put_plainly(undoable: Undoable, trace: ChangeRow) -> None:
    """A row that counts no revisions and that nothing but imports writes: what it held before."""
    every: models.QuerySet[Any] = models.QuerySet(undoable.model)
    every.filter(pk=trace.object_id).update(**(trace.before or {}).get("fields", {}))


def restore(undoable: Undoable, trace: ChangeRow, *, by: Actor) -> None:
    """What the row held before, with the revision it had, so that an earlier import may be undone in turn."""
    every: models.QuerySet[Any] = models.QuerySet(undoable.model)
    row = every.select_for_update().filter(pk=trace.object_id).first()
    if row is None or row.revision != trace.revision:
        raise Refused(f"The {undoable.name} {row or trace.object_id} was changed meanwhile. {REST_STANDS}")
    for name, value in (trace.before or {}).get("fields", {}).items():
        setattr(row, name, bulk.field_of(undoable.model, name).to_python(value))
    row.revision = trace.revision - 1
    row.save()
    table = undoable.table
    if table is not None and table.uses is not None:
        restore_values(table, row.pk, (trace.before or {}).get("values", {}))
    if undoable.afresh is not None:
        undoable.afresh([row.pk])
    elif table is not None and table.entry is not None:
        search.put([search.Entry(table.kind, row.pk, *table.entry(vars(row)))])
    kind = str(undoable.model._meta.model_name)[:20]
    bulk.insert(Event, EVENT, [(timezone.now(), f"{kind}_put_back", kind, row.pk, kind, row.pk, by.kind, by.id, {})])


def restore_values(table: Table, pk: int, values: dict[str, list[int]]) -> None:
    if table.uses is None:
        return
    every: models.QuerySet[Any] = models.QuerySet(table.uses)
    for facet, ids in values.items():
        every.filter(**{table.owner: pk, "value__facet": int(facet)}).exclude(value__in=ids).delete()
        bulk.insert(table.uses, (table.owner, "value_id"), [(pk, value) for value in ids], ignore_conflicts=True)
