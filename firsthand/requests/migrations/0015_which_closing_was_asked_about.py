"""A draft of what came of it says for which closing of the deal it was written; older ones are given the last one before them."""

from datetime import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    name_closings(apps)


def name_closings(apps: Apps) -> None:
    ask_model, message_model = apps.get_model("requests", "Ask"), apps.get_model("history", "Message")
    drafts = message_model.objects.filter(kind="came_of_it_draft", subject_kind="ask").exclude(facts__has_key="closing")
    for draft in drafts.order_by("pk").iterator(chunk_size=500):
        deal = ask_model.objects.filter(pk=draft.subject_id).values_list("reference_request__opportunity", flat=True).first()
        closing = closing_then(apps, deal, draft.created_at) if deal else None
        if closing:
            draft.facts["closing"] = closing
            draft.save(update_fields=["facts"])


def closing_then(apps: Apps, deal: int, at: datetime) -> int | None:
    """The change of stage by which the deal had come to its outcome by then, from whatever else it was before."""
    changes = apps.get_model("deals", "StageChange").objects.filter(opportunity=deal, entered_at__lte=at)
    before, found = "", None
    for pk, outcome in changes.order_by("entered_at", "pk").values_list("pk", "stage__outcome"):
        if outcome != before:
            before, found = outcome, pk if outcome in {"won", "lost"} else found
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0014_come_to_a_time"),
        ("history", "0004_reason_code"),
        ("deals", "0003_told_apart"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
