from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0013_taking_people_off"),
    ]

    operations = [
        migrations.RenameField("ask", "takes_over", "comes_to"),
        migrations.AlterField(
            "ask",
            "comes_to",
            models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="asked_along", to="requests.ask"),
        ),
    ]
