"""What happened, what was changed, what was said. Points at anything by kind and id, so it lies below every room but `core`."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from firsthand.core.models import empty


class Event(models.Model):
    """One thing that happened: who did what to which record. Holds ids, verbs and values, no names; worded when shown.

    `subject` is what it happened to; `context` is the bigger thing it belongs to (an ask's request), or the subject again.
    `actor_kind` is colleague, contact, prospect, import or program.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    context_kind = models.CharField(max_length=20)
    context_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True, blank=True)
    facts = models.JSONField(default=empty)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["context_kind", "context_id", "id"], name="event_by_context"),
        ]

    @property
    def said(self) -> str:
        """What somebody wrote with it, or nothing."""
        return self.words.text if hasattr(self, "words") else ""


class Words(models.Model):
    """What somebody wrote when an event happened. Beside the event, so that erasure clears the text and the event stays."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()

    class Meta:
        verbose_name_plural = "words"


class Change(models.Model):
    """A set of row changes that can be taken back together: an import, a merge, a bulk edit."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)


class ChangeRow(models.Model):
    """One row of a change: what it held before (null: it was created) and the revision the change left it at."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="rows")
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    revision = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["model", "object_id"], name="change_row_by_object")]


class Message(models.Model):
    """Something that has to reach a person: a row first, sent at least once by the worker. The body is rendered at send time.

    `recipient_kind` is colleague, contact or attendee. `reason` is the code of why it was not sent, worded with `reason_facts`
    when it is shown.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "Mail"
        NOTICE = "notice", "Notice"

    class State(models.TextChoices):
        DUE = "due", "Due"
        CLAIMED = "claimed", "Being sent"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not sent"
        FAILED = "failed", "Failed"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    recipient_kind = models.CharField(max_length=10)
    recipient_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=empty)
    unique_key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    reason_facts = models.JSONField(default=empty)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="message_waiting", condition=Q(state__in=["due", "claimed"])),
            models.Index(fields=["recipient_kind", "recipient_id", "id"], name="message_by_recipient"),
            models.Index(fields=["subject_kind", "subject_id"], name="message_by_subject"),
        ]


def new_message_id() -> str:
    """A Message-ID's local part, fixed when the row is written so that a second sending is recognisable."""
    return uuid.uuid4().hex
