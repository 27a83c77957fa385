"""From one address to Django's database settings: SQLite made safe, PostgreSQL pooled."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

POOLED = "FIRSTHAND_POOLED"

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # deferred transactions fail with "database is locked" when two of them turn to writing
    "timeout": 20,
    # FULL: with NORMAL a power cut loses what was acknowledged. secure_delete: erased means erased.
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;",
}


def database_settings(address: str | None, *, data_dir: Path, pool: int, pooled: bool) -> dict[str, Any]:
    """Give the settings of the default database. Only web processes are `pooled`: the worker forks, a pool does not."""
    own_file = {"ENGINE": "django.db.backends.sqlite3", "NAME": data_dir / "firsthand.sqlite3"}
    settings: dict[str, Any] = dict(dj_database_url.parse(address)) if address else own_file
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"].endswith("sqlite3"):
        options.update(SQLITE_OPTIONS)
        settings["CONN_MAX_AGE"] = None  # a file needs no rest; opening it costs three pragmas
    elif pooled:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    else:
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


def is_pooled() -> bool:
    """Whether this process answers requests. `firsthand serve` marks the processes it starts."""
    return os.environ.get(POOLED) == "1"
