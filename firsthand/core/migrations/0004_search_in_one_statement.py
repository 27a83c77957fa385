"""What is new comes into SQLite's indexes by `core.search.add`, all rows of a batch by one statement."""

from django.db import migrations

ADDED = (
    "CREATE TRIGGER core_search_added AFTER INSERT ON core_searchentry BEGIN"
    " INSERT INTO core_search_words(rowid, title, body) VALUES (new.id, new.title, new.body);"
    " INSERT INTO core_search_grams(rowid, title) VALUES (new.id, new.title); END"
)


def there(apps, schema_editor):
    run(schema_editor, "DROP TRIGGER core_search_added")


def back(apps, schema_editor):
    run(schema_editor, ADDED)


def run(schema_editor, statement):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_search")]
    operations = [migrations.RunPython(there, back)]
