"""The indexes behind `core.search`, which each engine keeps by itself from the rows of `core_searchentry`."""

from django.db import migrations

WORDS_OUT = "INSERT INTO core_search_words(core_search_words, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);"
WORDS_IN = "INSERT INTO core_search_words(rowid, title, body) VALUES (new.id, new.title, new.body);"
GRAMS_OUT = "INSERT INTO core_search_grams(core_search_grams, rowid, title) VALUES ('delete', old.id, old.title);"
GRAMS_IN = "INSERT INTO core_search_grams(rowid, title) VALUES (new.id, new.title);"

# With secure-delete, deleted text is really gone from the index: people may be erased.
SQLITE = [
    "CREATE VIRTUAL TABLE core_search_words USING fts5(title, body, content='core_searchentry', content_rowid='id',"
    " tokenize='unicode61', detail='column')",
    "CREATE VIRTUAL TABLE core_search_grams USING fts5(title, content='core_searchentry', content_rowid='id', tokenize='trigram', detail='none')",
    "INSERT INTO core_search_words(core_search_words, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO core_search_grams(core_search_grams, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO core_search_words(core_search_words) VALUES ('rebuild')",
    "INSERT INTO core_search_grams(core_search_grams) VALUES ('rebuild')",
    f"CREATE TRIGGER core_search_added AFTER INSERT ON core_searchentry BEGIN {WORDS_IN} {GRAMS_IN} END",
    f"CREATE TRIGGER core_search_dropped AFTER DELETE ON core_searchentry BEGIN {WORDS_OUT} {GRAMS_OUT} END",
    "CREATE TRIGGER core_search_words_changed AFTER UPDATE ON core_searchentry"
    f" WHEN old.title <> new.title OR old.body <> new.body BEGIN {WORDS_OUT} {WORDS_IN} END",
    "CREATE TRIGGER core_search_grams_changed AFTER UPDATE ON core_searchentry"
    f" WHEN old.title <> new.title BEGIN {GRAMS_OUT} {GRAMS_IN} END",
]
SQLITE_BACK = [
    "DROP TRIGGER core_search_added",
    "DROP TRIGGER core_search_dropped",
    "DROP TRIGGER core_search_words_changed",
    "DROP TRIGGER core_search_grams_changed",
    "DROP TABLE core_search_words",
    "DROP TABLE core_search_grams",
]
POSTGRES = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "ALTER TABLE core_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'D')) STORED",
    "CREATE INDEX search_by_word ON core_searchentry USING gin (words)",
    "CREATE INDEX search_by_trigram ON core_searchentry USING gin (title gin_trgm_ops)",
]
POSTGRES_BACK = [
    "DROP INDEX search_by_trigram",
    "DROP INDEX search_by_word",
    "ALTER TABLE core_searchentry DROP COLUMN words",
]


def there(apps, schema_editor):
    run(schema_editor, POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE)


def back(apps, schema_editor):
    run(schema_editor, POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK)


def run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_link_holder")]
    operations = [migrations.RunPython(there, back)]
