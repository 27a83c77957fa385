"""What every room builds on: the base of a record, signed links, jobs, the search table."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Record(models.Model):
    """A row people change: knows when it was made, and counts its changes so that an undo can tell what is untouched."""

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Link(models.Model):
    """A signed link: one purpose, one subject, one person. No secret is stored; `core.links` makes the token.

    `holder_id` is the colleague, contact or attendee it was made for, where the subject does not say.
    """

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    holder_id = models.BigIntegerField(null=True, blank=True)
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["purpose", "subject_id"], name="link_by_subject")]


class Job(models.Model):
    """Long work, done in steps of at most 5 s by the worker: one row a job, one transaction a step."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    mark = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    sentence = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "subject_id"], name="job_by_subject"),
            models.Index(fields=["state", "id"], name="job_open", condition=Q(state__in=["waiting", "running"])),
        ]


class SentForm(models.Model):
    """A form that was sent and made something: the key its page carried, and the page it led to. See `core.once`."""

    key = models.UUIDField(primary_key=True)
    led_to = models.CharField(max_length=500)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)


class SearchEntry(models.Model):
    """One findable thing. Written by the rooms' deeds through `core.search`; a masked field is never in here."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry_per_thing")]


def empty() -> dict[str, Any]:
    """Default of a JSON object column."""
    return {}
