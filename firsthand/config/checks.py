"""System checks: settings that start, but should not go on like that."""

import sqlite3
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  (Django's word for it)

SOUND_SQLITE = (3, 51, 3)


@register(Tags.database)
def sqlite_is_sound(**_: Any) -> list[CheckMessage]:
    """SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode under two writers."""
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if not on_sqlite or sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} can damage the database when two processes write at once.",
            hint="Install the `pysqlite3` wheel of requirements/base.txt, or use PostgreSQL.",
            id="firsthand.W001",
        )
    ]


@register(Tags.security, deploy=True)
def address_is_set(**_: Any) -> list[CheckMessage]:
    """In production people come in by an address of their own, over https."""
    if settings.IS_SECURE:
        return []
    return [
        Warning(
            f"People come in at {settings.BASE_URL}, without encryption.",
            hint="Set FIRSTHAND_BASE_URL to the https address people use.",
            id="firsthand.W002",
        )
    ]


@register(Tags.security, deploy=True)
def mail_is_set(**_: Any) -> list[CheckMessage]:
    """In production mail leaves the house."""
    if settings.MAIL_LEAVES_THE_HOUSE:
        return []
    return [
        Warning(
            "Mail stays in this installation: no mail server is set.",
            hint="Set FIRSTHAND_EMAIL_URL, for instance smtp://user:password@host:587.",
            id="firsthand.W003",
        )
    ]
