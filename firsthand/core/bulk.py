"""Rows in bulk on both engines: the only SQL of our own for writing.

SQLite takes `executemany`, PostgreSQL takes COPY, into a temporary table where rows may exist already. Nothing here
opens a transaction: the deed that calls does. Names are attribute names of the model (`owner_id`, not `owner`); values
are what the model's attributes hold. No signal is sent and nothing is validated.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

Prepare = Callable[[Any], Any]


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that no other row of the model will get, in ascending order."""
    table = model._meta.db_table
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [quoted(table), count])
            return sorted(row[0] for row in cursor.fetchall())
        # The write lock is held (transactions are IMMEDIATE), and inserting an explicit id moves the sequence along.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        start = row[0] if row else 0
        return list(range(start + 1, start + count + 1))


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, ignore_conflicts: bool = False) -> None:
    """Write rows whose values stand in the order of `names`. With `ignore_conflicts`, rows that exist are left alone."""
    ready = prepared(model, names, rows)
    if not ready:
        return
    table, columns = quoted(model._meta.db_table), column_list(model, names)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            verb = "INSERT OR IGNORE" if ignore_conflicts else "INSERT"
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"{verb} INTO {table} ({columns}) VALUES ({marks})", ready)
        elif ignore_conflicts:
            copy_into_temporary(cursor, table, columns, ready)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM bulk_rows ON CONFLICT DO NOTHING")  # noqa: S608
            cursor.execute("DROP TABLE bulk_rows")
        else:
            copy(cursor, f"{table} ({columns})", ready)


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `names[1:]` of the rows whose `names[0]` (a unique attribute, mostly `id`) is given first."""
    ready = prepared(model, names, rows)
    if not ready:
        return
    table, columns = quoted(model._meta.db_table), column_list(model, names)
    key, *others = (quoted(column_of(model, name)) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            sets = ", ".join(f"{column} = %s" for column in others)
            sql = f"UPDATE {table} SET {sets} WHERE {key} = %s"  # noqa: S608 - our own names
            cursor.executemany(sql, [(*row[1:], row[0]) for row in ready])
            return
        copy_into_temporary(cursor, table, columns, ready)
        sets = ", ".join(f"{column} = bulk_rows.{column}" for column in others)
        cursor.execute(f"UPDATE {table} SET {sets} FROM bulk_rows WHERE {table}.{key} = bulk_rows.{key}")  # noqa: S608
        cursor.execute("DROP TABLE bulk_rows")


def copy_into_temporary(cursor: Any, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    cursor.execute(f"CREATE TEMPORARY TABLE bulk_rows ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608
    copy(cursor, f"bulk_rows ({columns})", rows)


def copy(cursor: Any, target: str, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def prepared(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows with values as the database driver wants them, column by column: most columns need nothing done."""
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for place, name in enumerate(names):
        prepare = preparation(model, name)
        if columns and prepare:
            columns[place] = [None if value is None else prepare(value) for value in columns[place]]
    return list(zip(*columns, strict=True))


def preparation(model: type[models.Model], name: str) -> Prepare | None:
    """How a value of the field becomes what the driver takes; None where it is that already."""
    field = field_of(model, name)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, AS_THEY_ARE):
        return None
    if isinstance(target, models.JSONField):
        empty = target.get_db_prep_save({}, connection)
        return lambda value: target.get_db_prep_save(value, connection) if value or value != {} else empty
    known: dict[Any, Any] = {}

    def prepare(value: Any) -> Any:
        """The same moments, days and amounts come again and again."""
        if value not in known:
            known[value] = target.get_db_prep_save(value, connection)
        return known[value]

    return prepare


AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.AutoField, models.BooleanField)


def field_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def column_of(model: type[models.Model], name: str) -> str:
    return str(field_of(model, name).column)


def column_list(model: type[models.Model], names: Sequence[str]) -> str:
    return ", ".join(quoted(column_of(model, name)) for name in names)


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
