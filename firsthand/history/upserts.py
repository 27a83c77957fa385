"""Write many rows of one model at once, with what every change leaves behind: history, undo, search.

The rooms' plural deeds (`customers.upserts.upsert_accounts`) say what a row holds and who it is; what they share stands
here. Everything runs inside the transaction of the deed that calls, in batches of at most some hundred rows.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from firsthand.core import bulk, search
from firsthand.core.models import Record
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow, Event

EVENT = ("at", "verb", "subject_kind", "subject_id", "context_kind", "context_id", "actor_kind", "actor_id", "facts")
CHANGE_ROW = ("change_id", "model", "object_id", "before", "revision")


class State(StrEnum):
    """What an upsert did to a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Done(NamedTuple):
    """A row that is in the database now, and what was done to it."""

    id: int
    state: State


class Refusal(NamedTuple):
    """A row that was not written, and why."""

    sentence: str


Answer = Done | Refusal


@dataclass(slots=True)
class Row:
    """`id` of the row to change, or None to make one. `fields` by attribute name: what is absent stays as it is.

    `first`: fields that only a new row takes. `values`: facet id -> ids of the values it has there; a facet that is
    absent stays as it is.
    """

    id: int | None
    fields: dict[str, Any]
    first: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[int, Collection[int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A model as upserts see it. `owner` is the attribute by which a row of `uses` points at it.

    `own_id` names fields in which a new row points at itself unless told otherwise. `entry` gives (title, body) for the
    search box from a full set of fields; None where it cannot be searched. History shows a row under its `context`, such
    as `account`, where it has one.
    """

    model: type[Record]
    uses: type[models.Model] | None = None
    owner: str = ""
    own_id: tuple[str, ...] = ()
    entry: Callable[[Mapping[str, Any]], tuple[str, str]] | None = None
    entry_from: tuple[str, ...] = ()
    context: str = ""

    @property
    def always(self) -> tuple[str, ...]:
        return (f"{self.context}_id",) if self.context else ()

    @property
    def kind(self) -> str:
        return str(self.model._meta.model_name)[:20]

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)


def upsert(table: Table, rows: Sequence[Row], *, by: Actor, change: Change | None = None) -> list[Done]:
    """Make or change the rows; the answer stands in their order. Rows that hold what is there already write nothing.

    Rows of the same id are written as one, so that one revision has one trace; each of them gets its answer.
    """
    ready = merged(rows)
    done = write(table, ready, by=by, change=change)
    if len(ready) == len(rows):
        return done
    of = {row.id: each for row, each in zip(ready, done, strict=True) if row.id is not None}
    new = (each for row, each in zip(ready, done, strict=True) if row.id is None)
    return [next(new) if row.id is None else of[row.id] for row in rows]


def merged(rows: Sequence[Row]) -> Sequence[Row]:
    """Each record once, at the place of its first row; the last row wins, field by field, and key by key in a JSON object."""
    ids = [row.id for row in rows if row.id is not None]
    if len(set(ids)) == len(ids):
        return rows
    known: dict[int | object, Row] = {}
    for row in rows:
        own = object() if row.id is None else row.id
        known[own] = over(known[own], row) if own in known else row
    return list(known.values())


def over(row: Row, later: Row) -> Row:
    fields = {**row.fields, **later.fields}
    for name in row.fields.keys() & later.fields.keys():
        if isinstance(row.fields[name], dict) and isinstance(later.fields[name], dict):
            fields[name] = {**row.fields[name], **later.fields[name]}
    return Row(row.id, fields, values={**row.values, **later.values})


def write(table: Table, rows: Sequence[Row], *, by: Actor, change: Change | None) -> list[Done]:
    """The same for rows of which each is another record."""
    there = [row.id for row in rows if row.id is not None]
    names = sorted({name for row in rows for name in row.fields} | {*table.entry_from, *table.always})
    current = read_current(table, there, names)
    uses = read_uses(table, there, {facet for row in rows for facet in row.values})
    new = [row for row in rows if row.id is None]
    changes = {row.id: differences(row, current[row.id], uses[row.id]) for row in rows if row.id is not None}
    changed = {pk: differs for pk, differs in changes.items() if differs.fields or differs.values is not None}
    ids = iter(write_new(table, new))
    write_changed(table, current, changed)
    done = [
        Done(next(ids), State.NEW) if row.id is None else Done(row.id, State.CHANGED if row.id in changed else State.UNCHANGED)
        for row in rows
    ]
    write_uses(table, rows, done, uses, changed)
    write_traces(table, rows, done=done, current=current, uses=uses, changed=changed, by=by, change=change)
    write_search(table, rows, done, current, changed)
    return done


@dataclass(slots=True)
class Difference:
    fields: dict[str, Any]
    values: dict[int, set[int]] | None


Current = dict[int, dict[str, Any]]
Uses = Mapping[int, Mapping[int, set[int]]]


def read_current(table: Table, ids: Sequence[int], names: Sequence[str]) -> Current:
    """The named fields and the revision of the rows, locked in ascending order of id."""
    if not ids:
        return {}
    wanted = ("id", "revision", *names)
    every: models.QuerySet[Record] = models.QuerySet(table.model)
    rows = every.filter(pk__in=ids).order_by("pk").select_for_update().values_list(*wanted)
    return {row[0]: dict(zip(wanted, row, strict=True)) for row in rows}


def read_uses(table: Table, ids: Sequence[int], facets: Collection[int]) -> Uses:
    """By row id and facet id, the value ids, for these facets alone."""
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    if table.uses is None or not ids or not facets:
        return found
    rows = uses_of(table).filter(**{f"{table.owner}__in": ids}, value__facet__in=facets)
    for owner, facet, value in rows.values_list(table.owner, "value__facet_id", "value_id"):
        found[owner][facet].add(value)
    return found


def uses_of(table: Table) -> "models.QuerySet[models.Model]":
    return models.QuerySet(table.uses)


def differences(row: Row, current: Mapping[str, Any], uses: Mapping[int, set[int]]) -> Difference:
    """What the row would change. A JSON object is merged key by key, so one import keeps another's custom fields."""
    fields = {}
    for name, value in row.fields.items():
        old = current[name]
        wanted = {**old, **value} if isinstance(value, dict) and isinstance(old, dict) else value
        if old != wanted:
            fields[name] = wanted
    values = {facet: set(wanted) for facet, wanted in row.values.items() if uses.get(facet, set()) != set(wanted)}
    return Difference(fields, values or None)


def write_new(table: Table, rows: Sequence[Row]) -> list[int]:
    if not rows:
        return []
    ids = bulk.reserve_ids(table.model, len(rows))
    fields = [each for each in table.model._meta.concrete_fields if not each.primary_key]
    names = [each.attname for each in fields]
    # Defaults that differ from row to row are called for each; all others once, the moment of creation included.
    constant = {each.attname: each.get_default() for each in fields}
    each_time = [each for each in fields if callable(each.default) and each.unique]
    chosen = itemgetter(*names)
    written = []
    for pk, row in zip(ids, rows, strict=True):
        values = {**constant, **row.first, **row.fields}
        for each in each_time:
            if each.attname not in row.first and each.attname not in row.fields:
                values[each.attname] = each.get_default()
        for name in table.own_id:
            values[name] = values[name] or pk
        written.append((pk, *chosen(values)))
    bulk.insert(table.model, ("id", *names), written)
    return ids


def write_changed(table: Table, current: Current, changed: Mapping[int, Difference]) -> None:
    """One statement for each set of changed fields; every change counts one revision."""
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for pk, differs in changed.items():
        names = tuple(sorted(differs.fields))
        alike[names].append((pk, current[pk]["revision"] + 1, *(differs.fields[name] for name in names)))
    for names, rows in alike.items():
        bulk.update(table.model, ("id", "revision", *names), rows)


def write_uses(table: Table, rows: Sequence[Row], done: Sequence[Done], uses: Uses, changed: Mapping[int, Difference]) -> None:
    if table.uses is None:
        return
    added: list[tuple[int, int]] = []
    gone: list[tuple[int, int]] = []
    for row, (pk, state) in zip(rows, done, strict=True):
        if state == State.NEW:
            added += [(pk, value) for values in row.values.values() for value in values]
        elif pk in changed:
            for facet, wanted in (changed[pk].values or {}).items():
                had = uses[pk].get(facet, set()) if pk in uses else set()
                added += [(pk, value) for value in wanted - had]
                gone += [(pk, value) for value in had - wanted]
    bulk.insert(table.uses, (table.owner, "value_id"), added, ignore_conflicts=True)
    for pk, value in gone:
        uses_of(table).filter(**{table.owner: pk}, value=value).delete()


def write_traces(
    table: Table,
    rows: Sequence[Row],
    *,
    done: Sequence[Done],
    current: Current,
    uses: Uses,
    changed: Mapping[int, Difference],
    by: Actor,
    change: Change | None,
) -> None:
    """One event for each row that is new or changed, and what it held before, for the undo."""
    at, kind, label = timezone.now(), table.kind, table.label
    events: list[tuple[Any, ...]] = []
    befores: list[tuple[Any, ...]] = []
    change_id = change.pk if change else None
    for row, (pk, state) in zip(rows, done, strict=True):
        of = (kind, pk)
        if table.context:
            of = (table.context, row.fields.get(f"{table.context}_id") or current[pk][f"{table.context}_id"])
        if state == State.NEW:
            events.append((at, f"{kind}_added", kind, pk, *of, by.kind, by.id, NOTHING))
            befores.append((change_id, label, pk, None, 1))
        elif state == State.CHANGED:
            differs = changed[pk]
            facts = {"fields": sorted(differs.fields), "facets": sorted(differs.values or {})}
            events.append((at, f"{kind}_changed", kind, pk, *of, by.kind, by.id, facts))
            befores.append((change_id, label, pk, before(differs, current[pk], uses.get(pk, {})), current[pk]["revision"] + 1))
    bulk.insert(Event, EVENT, events)
    if change is not None:
        bulk.insert(ChangeRow, CHANGE_ROW, befores)


NOTHING: dict[str, Any] = {}


def created_by(change: Change | None, table: Table, done: Sequence[Done]) -> list[Done]:
    """Rows the same change made a moment ago, as somebody's parent or account, are new rather than changed."""
    changed = [each.id for each in done if each.state == State.CHANGED]
    if change is None or not changed:
        return list(done)
    rows = ChangeRow.objects.filter(change=change, model=table.label, object_id__in=changed, before__isnull=True)
    made = set(rows.values_list("object_id", flat=True))
    return [Done(each.id, State.NEW) if each.id in made else each for each in done]


def write_all(table: Table, given: Sequence[Row | Refusal], *, by: Actor, change: Change | None) -> list[Answer]:
    """`upsert` for rows some of which are refused already; the answers stand in the same order."""
    ready = [row for row in given if isinstance(row, Row)]
    done = iter(created_by(change, table, upsert(table, ready, by=by, change=change)))
    return [row if isinstance(row, Refusal) else next(done) for row in given]


def whole(first: Answer, *others: Answer | None) -> Answer:
    """What became of a row that is written to several models: the first refusal, else new with the first, else changed."""
    parts = [first, *(other for other in others if other is not None)]
    for part in parts:
        if isinstance(part, Refusal):
            return part
    if isinstance(first, Refusal) or first.state == State.NEW:
        return first
    untouched = all(isinstance(part, Done) and part.state == State.UNCHANGED for part in parts)
    return Done(first.id, State.UNCHANGED if untouched else State.CHANGED)


def before(differs: Difference, current: Mapping[str, Any], uses: Mapping[int, set[int]]) -> dict[str, Any]:
    """What the undo puts back: the fields as JSON, and the values of each facet that changed."""
    held: dict[str, Any] = {"fields": {name: current[name] for name in differs.fields}}
    if differs.values:
        held["values"] = {facet: sorted(uses.get(facet, ())) for facet in differs.values}
    plain: dict[str, Any] = json.loads(json.dumps(held, cls=DjangoJSONEncoder))
    return plain


def write_search(table: Table, rows: Sequence[Row], done: Sequence[Done], current: Current, changed: Mapping[int, Difference]) -> None:
    if table.entry is None:
        return
    new, renamed = [], []
    for row, (pk, state) in zip(rows, done, strict=True):
        if state == State.NEW:
            new.append(search.Entry(table.kind, pk, *table.entry({**row.first, **row.fields})))
        elif pk in changed and any(name in changed[pk].fields for name in table.entry_from):
            renamed.append(search.Entry(table.kind, pk, *table.entry({**current[pk], **changed[pk].fields})))
    search.add(new)
    search.put(renamed)
