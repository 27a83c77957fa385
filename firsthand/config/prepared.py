"""Whether the database and the static files are what this version needs, and how they become so."""

import hashlib
import logging
import pkgutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from firsthand.core import statistics
from firsthand.upkeep.worker import ensure_schedule

log = logging.getLogger(__name__)


def why_not_ready() -> str | None:
    """Say what keeps requests from being answered, or give None.

    Leaves no connection open, since the web process forks afterwards.
    """
    try:
        waiting = migrations_waiting()
    except DatabaseError as error:
        log.warning("The database does not answer yet: %s", error)
        return None  # it may be starting too; until it answers, /readyz says so
    finally:
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    return "The database is not up to date: `firsthand prepare` brings it there." if waiting else None


def migrations_waiting() -> set[tuple[str, str]]:
    """Which (app, migration) the database has not seen, by name alone: reading all of them takes a start 60 ms.

    Raises `DatabaseError` when the database does not answer.
    """
    folders = {app.label: f"{app.path}/migrations" for app in apps.get_app_configs()}
    known = {(label, module.name) for label, folder in folders.items() for module in pkgutil.iter_modules([folder])}
    return known - MigrationRecorder(connection).applied_migrations().keys()


def prepare_database() -> None:
    """Bring tables, the cache's table, the worker's schedule and what the database knows of sizes up to date."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    ensure_schedule()
    statistics.refresh()


def gather_static_files() -> None:
    """Copy the static files of all rooms into one folder, under names with a digest, when one of them has changed."""
    root = Path(settings.STATIC_ROOT)
    stamp, seen = root / ".gathered", digest_of_static_files()
    if stamp.exists() and stamp.read_text() == seen:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen)


def digest_of_static_files() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
