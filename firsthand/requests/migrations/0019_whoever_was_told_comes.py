"""Who of the other side comes is known of each call: to the asks they were written to about, else to all of their request."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    let_come(apps)


def let_come(apps: Apps) -> None:
    attendance_model, message_model = apps.get_model("requests", "Attendance"), apps.get_model("history", "Message")
    for each in apps.get_model("requests", "Attendee").objects.order_by("pk").iterator(chunk_size=500):
        written = message_model.objects.filter(recipient_kind="attendee", recipient_id=each.pk, subject_kind="ask")
        asks = apps.get_model("requests", "Ask").objects.filter(reference_request=each.reference_request_id).order_by("pk")
        told = asks.filter(pk__in=written.values("subject_id"))
        rows = [attendance_model(attendee=each, ask=ask, taken_off_at=each.taken_off_at) for ask in told or asks]
        attendance_model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0018_who_comes_to_which_call"),
        ("history", "0004_reason_code"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
