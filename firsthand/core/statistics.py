"""What the database knows of its tables' sizes: without it, SQLite guesses and chooses plans that take twice as long."""

from django.db import connection

ALL_TABLES = 0x10002  # analyze what was never analyzed or has grown, whether or not this connection has read it


def refresh() -> None:
    """Count again what has changed much, after many rows at once. PostgreSQL also does it by itself, but later.

    0.4 s for a new program of 10,000 accounts, nothing where little has changed; outside a transaction each table is locked
    by itself. Looking at 20,000 rows of each index instead of all took a third and left the match as slow as before.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA optimize = {ALL_TABLES}" if connection.vendor == "sqlite" else "ANALYZE")
