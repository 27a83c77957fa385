"""Older notes say what the deal had come to when they were sent, and their mails which note they bring."""

from datetime import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CLOSED = {"won", "lost"}


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    name_notes(apps)


def name_notes(apps: Apps) -> None:
    note_model, message_model = apps.get_model("requests", "PersonalNote"), apps.get_model("history", "Message")
    for note in note_model.objects.order_by("pk").iterator(chunk_size=500):
        if note.kind == "came_of_it":
            note.outcome = outcome_then(apps, note.ask_id, note.sent_at)
            note.save(update_fields=["outcome"])
        for mail in message_model.objects.filter(kind=note.kind, subject_kind="ask", subject_id=note.ask_id, channel="mail"):
            mail.facts["note"] = note.pk
            mail.save(update_fields=["facts"])


def outcome_then(apps: Apps, ask: int, at: datetime) -> str:
    """What the deal had come to by then; where no change of stage tells, what it stands at now, and nothing where that is open."""
    deal = apps.get_model("requests", "Ask").objects.get(pk=ask).reference_request.opportunity
    if deal is None:
        return ""
    changes = apps.get_model("deals", "StageChange").objects.filter(opportunity=deal, entered_at__lte=at)
    told = changes.order_by("-entered_at", "-pk").values_list("stage__outcome", flat=True).first()
    return next((each for each in (told, deal.outcome) if each in CLOSED), "")


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0016_told_once_more"),
        ("history", "0004_reason_code"),
        ("deals", "0003_told_apart"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
