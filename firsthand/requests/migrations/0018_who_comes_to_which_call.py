import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0017_what_a_note_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "taken_off_at",
                    models.DateTimeField(blank=True, help_text="They do not come any more, or the address was wrong.", null=True),
                ),
                (
                    "ask",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attendances", to="requests.ask"),
                ),
                (
                    "attendee",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attendances", to="requests.attendee"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ask", "attendee"), name="somebody_attends_an_ask_once")],
            },
        ),
    ]
