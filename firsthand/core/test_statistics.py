"""What the database knows of its tables."""

import pytest
from django.db import connection

from firsthand.core import statistics
from firsthand.core.models import Job


@pytest.mark.django_db
@pytest.mark.both_engines
def test_the_database_knows_a_table_that_was_filled() -> None:
    Job.objects.bulk_create(Job(kind="a", subject_id=number) for number in range(50))
    statistics.refresh()
    table = "pg_class WHERE reltuples >= 50 AND relname" if connection.vendor == "postgresql" else "sqlite_stat1 WHERE tbl"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table} = 'core_job'")
        assert cursor.fetchone()[0] > 0
