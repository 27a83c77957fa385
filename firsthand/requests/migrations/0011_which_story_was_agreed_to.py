"""A tick for "the story" becomes one for the story that stood on the page when it was set; where that is not known, it goes."""

from datetime import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    name_stories(apps)


def name_stories(apps: Apps) -> None:
    ask_model, event_model = apps.get_model("requests", "Ask"), apps.get_model("history", "Event")
    ticked = [ask for ask in ask_model.objects.exclude(shows=[]).select_related("reference__contact") if "story" in ask.shows]
    for ask in ticked:
        event = event_model.objects.filter(verb="show", subject_kind="ask", subject_id=ask.pk).order_by("-pk").first()
        story = story_then(apps, ask.reference.contact.account_id, event.at) if event else None
        ask.shows = [code for code in ask.shows if code != "story"] + ([f"story:{story}"] if story else [])
        ask.save(update_fields=["shows"])


def story_then(apps: Apps, account: int, at: datetime) -> int | None:
    """The newest story of that customer that was there at that time."""
    stories = apps.get_model("stories", "Story").objects.filter(account_id=account, created_at__lte=at)
    found: int | None = stories.filter(disclosure__in=("public", "named", "")).order_by("-pk").values_list("pk", flat=True).first()
    return found


class Migration(migrations.Migration):
    dependencies = [("requests", "0010_count_the_queue"), ("history", "0003_move_words"), ("stories", "0002_form_key")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
