"""A change that spans rooms, written down row by row so that it can be taken back while nobody has touched it since.

A row that was changed keeps {"was": fields before, "is": fields after}; a row that was deleted keeps {"gone": all its fields};
a row that was added keeps nothing.
"""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Model

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.models import Change, ChangeRow
from firsthand.people.models import Colleague


class ChangeBook:
    """Writes rows and what they held before, inside the caller's transaction."""

    def __init__(self, kind: str, subject_id: int, by: Colleague) -> None:
        self.change = Change.objects.create(kind=kind, subject_id=subject_id, actor_id=by.pk)

    def set(self, row: Model, **fields: Any) -> None:
        """Change a row, by attribute names."""
        was = {name: getattr(row, name) for name in fields}
        if was == fields:
            return
        for name, value in fields.items():
            setattr(row, name, value)
        revision = _counted(row)
        row.save(update_fields=[*map(_field_name(row), fields), *(["revision"] if revision else [])])
        self._keep(row, {"was": was, "is": fields}, revision)

    def point(self, rows: "models.QuerySet[Any]", field: str, old: int, new: int) -> int:
        """Make rows whose `field` (an attribute name) is `old` hold `new`; say how many."""
        model = rows.model
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        changes: dict[str, Any] = {field: new}
        if has_revision(model):
            changes["revision"] = F("revision") + 1
        rows_now = _all(model).filter(pk__in=ids)
        rows_now.update(**changes)
        revisions = dict(rows_now.values_list("pk", "revision")) if has_revision(model) else {}
        told = {"was": {field: old}, "is": {field: new}}
        label = model._meta.label_lower
        ChangeRow.objects.bulk_create(
            [ChangeRow(change=self.change, model=label, object_id=pk, before=told, revision=revisions.get(pk, 0)) for pk in ids]
        )
        return len(ids)

    def add(self, row: Model) -> None:
        """Write a new row; it goes again when this is taken back."""
        row.save(force_insert=True)
        ChangeRow.objects.create(change=self.change, model=row._meta.label_lower, object_id=row.pk, before=None, revision=0)

    def delete(self, row: Model) -> None:
        """Delete a row and keep all of it."""
        fields = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
        self._keep(row, {"gone": fields}, 0)
        _all(type(row)).filter(pk=row.pk).delete()

    def _keep(self, row: Model, told: dict[str, Any], revision: int) -> None:
        plain = {part: {name: _plain(row, name, value) for name, value in fields.items()} for part, fields in told.items()}
        ChangeRow.objects.create(change=self.change, model=row._meta.label_lower, object_id=row.pk, before=plain, revision=revision)


@deed
def take_back(change: Change) -> None:
    """Put every row back, the last change first. Refused (409) when it was taken back already, or one row has changed since."""
    change = Change.objects.select_for_update().get(pk=change.pk)
    if change.undone_at is not None:
        raise Refused("This has been taken back already.")
    rows = list(change.rows.order_by("-pk"))
    newest = {(row.model, row.object_id): row for row in reversed(rows)}
    touched = sum(not _is_untouched(row) for row in newest.values())
    if touched:
        raise Refused(f"{touched} of the {len(newest)} records it changed have been changed since, so it cannot be taken back as a whole.")
    for row in rows:
        _put_back(row)


def has_revision(model: type[Model]) -> bool:
    return any(field.attname == "revision" for field in model._meta.concrete_fields)


def _is_untouched(row: ChangeRow) -> bool:
    told: dict[str, dict[str, Any]] = row.before or {}
    rows = _all(apps.get_model(row.model)).filter(pk=row.object_id)
    if row.before is None:
        return rows.exists()
    if "gone" in told:
        return not rows.exists()
    found = rows.first()
    if found is None or (row.revision and getattr(found, "revision", row.revision) != row.revision):
        return False
    return all(_plain(found, name, getattr(found, name)) == value for name, value in told["is"].items())


def _put_back(row: ChangeRow) -> None:
    told: dict[str, dict[str, Any]] = row.before or {}
    model = apps.get_model(row.model)
    if row.before is None:
        _all(model).filter(pk=row.object_id).delete()
        return
    if "gone" in told:
        model(**_read(model, told["gone"])).save(force_insert=True)
        return
    changes: dict[str, Any] = _read(model, told["was"])
    if has_revision(model):
        changes["revision"] = F("revision") + 1
    _all(model).filter(pk=row.object_id).update(**changes)


def _read(model: type[Model], fields: dict[str, Any]) -> dict[str, Any]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _target(by_name[name]).to_python(value) for name, value in fields.items()}


def _plain(row: Model, name: str, value: Any) -> Any:
    """A value as JSON holds it."""
    field = next(field for field in row._meta.concrete_fields if field.attname == name)
    if isinstance(field, models.JSONField) or value is None or isinstance(value, bool | int):
        return value
    return field.value_to_string(row) if getattr(row, name) == value else str(_target(field).to_python(value))


def _target(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _field_name(row: Model) -> Any:
    names = {field.attname: field.name for field in row._meta.concrete_fields}
    return names.__getitem__


def _counted(row: Model) -> int:
    """Count the row's revision up, where it has one; give it, or 0."""
    if not has_revision(type(row)):
        return 0
    revision = int(getattr(row, "revision", 0)) + 1
    setattr(row, "revision", revision)  # noqa: B010 - not every model has it
    return revision


def _all(model: type[Model]) -> "models.QuerySet[Any]":
    """Every row of the model, hidden by no manager."""
    return models.QuerySet(model)
