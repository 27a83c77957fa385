import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_a_living_process_says_so_without_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.both_engines
@pytest.mark.django_db
def test_it_is_ready_when_the_database_is_up_to_date(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready")


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_waits(client: Client) -> None:
    newest = MigrationLoader(connection).graph.leaf_nodes("core")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"The database is not up to date: run `firsthand prepare`.")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_only_asked_never_told(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_pages_say_where_they_may_load_from(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert settings.DEBUG is False
