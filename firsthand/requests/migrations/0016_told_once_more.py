"""What came of it is told once more where the deal came out otherwise; a note says what it told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0015_which_closing_was_asked_about")]
    operations = [
        migrations.RemoveConstraint(model_name="personalnote", name="one_note_of_a_kind_per_ask"),
        migrations.AddField(
            model_name="personalnote",
            name="outcome",
            field=models.CharField(blank=True, choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")], max_length=4),
        ),
        migrations.AddConstraint(
            model_name="personalnote",
            constraint=models.UniqueConstraint(condition=models.Q(("kind", "thanks")), fields=("ask",), name="one_thank_you_per_ask"),
        ),
    ]
