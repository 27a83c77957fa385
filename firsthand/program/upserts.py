"""The plural deeds for facet values and their aliases, as imports call them."""

from collections.abc import Sequence
from typing import Any, TypedDict

from firsthand.core.words_key import key
from firsthand.history.actions import Actor
from firsthand.history.models import Change, ChangeRow
from firsthand.history.upserts import Answer, Done, Refusal, Row, State, Table, upsert
from firsthand.program.models import Facet, FacetAlias, FacetValue

VALUES = Table(model=FacetValue)


class ValueRow(TypedDict, total=False):
    """`parent` is made where absent. `aliases` are added, never taken away."""

    name: str
    parent: str
    aliases: Sequence[str]


def upsert_values(facet: Facet, rows: Sequence[ValueRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make values of a facet or move them under another parent. Runs inside the caller's transaction."""
    if any(row.get("parent") for row in rows) and facet.kind == Facet.Kind.FLAT:
        facet.kind = Facet.Kind.TREE
        facet.save(update_fields=["kind"])
    parents = list(dict.fromkeys(row["parent"] for row in rows if row.get("parent")))
    write_values(facet, [{"name": name} for name in parents], by=by, change=change)
    answers = write_values(facet, rows, by=by, change=change)
    return [
        add_aliases(facet, row.get("aliases", ()), answer, change=change) if isinstance(answer, Done) else answer
        for row, answer in zip(rows, answers, strict=True)
    ]


def write_values(facet: Facet, rows: Sequence[ValueRow], *, by: Actor, change: Change | None) -> list[Answer]:
    known = values_by_key(facet)
    given: list[Row | Refusal] = []
    for row in rows:
        folded = key(row["name"])[:120]
        parent = known.get(key(row.get("parent", ""))[:120])
        if not folded:
            given.append(Refusal(f"“{row['name']}” holds no letter and no digit."))
            continue
        old = known.get(folded)
        named = old is None or old.key == folded
        fields: dict[str, Any] = {"parent_id": parent.pk} if parent and named and (old is None or parent.pk != old.pk) else {}
        if old is None:
            fields |= {"facet_id": facet.pk, "name": row["name"], "key": folded}
        given.append(Row(old.pk if old else None, fields))
    ready = [row for row in given if isinstance(row, Row)]
    done = upsert(VALUES, ready, by=by, change=change)
    set_paths(facet, [each.id for each in done if each.state != State.UNCHANGED])
    answers = iter(done)
    return [row if isinstance(row, Refusal) else next(answers) for row in given]


def values_by_key(facet: Facet) -> dict[str, FacetValue]:
    """The facet's values by name and by alias, a name before an alias."""
    aliases = FacetAlias.objects.filter(facet=facet).select_related("value")
    named = {value.key: value for value in FacetValue.objects.filter(facet=facet)}
    return {alias.key: alias.value for alias in aliases} | named


def set_paths(facet: Facet, ids: Sequence[int]) -> None:
    """Paths of the values and of all below them, from the top down."""
    if not ids:
        return
    values = {value.pk: value for value in FacetValue.objects.filter(facet=facet)}
    moved = []
    for value in values.values():
        steps, at = [value.pk], value.parent_id
        while at is not None and at not in steps:
            steps.append(at)
            at = values[at].parent_id if at in values else None
        path = "/" + "".join(f"{step}/" for step in reversed(steps))
        if path != value.path:
            value.path = path
            moved.append(value)
    FacetValue.objects.bulk_update(moved, ["path"], batch_size=200)


def add_aliases(facet: Facet, texts: Sequence[str], answer: Done, *, change: Change | None = None) -> Done:
    """Let these spellings mean the value, where they mean nothing yet."""
    wanted = {key(text)[:120]: text[:120] for text in texts if key(text)}
    taken = set(FacetAlias.objects.filter(facet=facet, key__in=wanted).values_list("key", flat=True))
    taken |= set(FacetValue.objects.filter(facet=facet, key__in=wanted).values_list("key", flat=True))
    new = [FacetAlias(facet=facet, value_id=answer.id, text=text, key=each) for each, text in wanted.items() if each not in taken]
    if not new:
        return answer
    made = FacetAlias.objects.bulk_create(new)
    if change is not None:
        label = FacetAlias._meta.label_lower
        ChangeRow.objects.bulk_create(ChangeRow(change=change, model=label, object_id=each.pk, before=None, revision=0) for each in made)
    return answer if answer.state == State.NEW else Done(answer.id, State.CHANGED)
