"""What people wrote leaves the facts of events for rows of its own; why a message was not sent becomes a code."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

BATCH = 500
CODES = {
    "The question went on to somebody else.": "passed_on",
    "The time was moved since; the newer mail tells it.": "moved",
    "They were never asked.": "never_asked",
    "They have told it already.": "told",
    "They do not see this request any more.": "unseen",
    "They do not work here any more.": "not_here",
    "What it was about is gone.": "gone",
    "The link was used, replaced or has ended.": "link_ended",
    "This version does not know this kind of message.": "unknown_kind",
}
# Words that the rules of that time used; what is found under none is told as a rule of an earlier version.
RULES = {"withdrew": "consent", "consent": "consent", "legal hold": "legal_hold", "unsubscribed": "unsubscribed"}


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    move_words(apps)
    code_reasons(apps)


def move_words(apps: Apps) -> None:
    event_model, words_model = apps.get_model("history", "Event"), apps.get_model("history", "Words")
    written = event_model.objects.filter(Q(facts__has_key="words") | Q(facts__has_key="via")).order_by("pk")
    while batch := list(written[:BATCH]):
        texts = [(event, event.facts.pop("words", "")) for event in batch]
        for event in batch:
            event.facts.pop("via", None)
        words_model.objects.bulk_create([words_model(event=event, text=text) for event, text in texts if text])
        event_model.objects.bulk_update(batch, ["facts"])


def code_reasons(apps: Apps) -> None:
    message_model = apps.get_model("history", "Message")
    for message in message_model.objects.exclude(reason="").iterator(chunk_size=BATCH):
        message.reason, message.reason_facts = coded(message.reason, message.state)
        message.save(update_fields=["reason", "reason_facts"])


def coded(sentence: str, state: str) -> tuple[str, dict[str, str]]:
    """The code and facts for a sentence of the old kind."""
    if sentence in CODES:
        return CODES[sentence], {}
    status = sentence.removesuffix(".").rpartition(" is ")[2].replace("waiting for owner", "proposed")
    if sentence.startswith("It is answered already"):
        return "answered", {"status": status}
    if sentence.startswith("The ask is "):
        return "ask", {"status": status}
    if sentence.startswith("There is no e-mail address"):
        return "no_address", {}
    if state == "dropped":
        return "barred", {"rule": next((rule for word, rule in RULES.items() if word in sentence), "")}
    return "error", {"words": sentence}


class Migration(migrations.Migration):
    dependencies = [("history", "0002_words")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
