from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0019_whoever_was_told_comes"),
    ]

    operations = [
        migrations.RemoveField(model_name="attendee", name="taken_off_at"),
    ]
