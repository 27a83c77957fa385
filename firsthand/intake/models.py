"""Imports, saved mappings and the rows that were refused."""

from typing import ClassVar

from django.db import models

from firsthand.core.models import Job, Record, empty
from firsthand.history.models import Change
from firsthand.people.models import Colleague


class Import(Record):
    """One uploaded file on its way in. Nothing outside this room is written before `confirmed_at`."""

    kind = models.CharField(max_length=20)
    file = models.FileField(upload_to="imports/")
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Colleague, null=True, on_delete=models.SET_NULL, related_name="+")
    detected = models.JSONField(default=empty)
    mapping = models.JSONField(default=empty)
    values = models.JSONField(default=empty)
    counts = models.JSONField(default=empty)
    preview_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    commit_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    change = models.ForeignKey(Change, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)


class SavedMapping(Record):
    """How the columns of a kind of file map to ours, under a name."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    mapping = models.JSONField(default=empty)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "name"], name="one_saved_mapping_per_name")]


class RefusedRow(models.Model):
    """A row that was not imported: its physical line, its cells as read, and why."""

    id = models.BigAutoField(primary_key=True)
    intake = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refused_rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    sentence = models.CharField(max_length=500)


class SeenRow(models.Model):
    """What an imported row said, as a digest, and the revision its record had then. `id` is a digest of who the row is."""

    id = models.BigIntegerField(primary_key=True)
    digest = models.BigIntegerField()
    object_id = models.BigIntegerField()
    revision = models.PositiveIntegerField()
