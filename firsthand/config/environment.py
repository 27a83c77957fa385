"""Every setting a person may make, in one typed table. `settings.py` reads it, `docs/settings.md` is printed from it."""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

T = TypeVar("T")
PREFIX = "FIRSTHAND_"
NOT_OURS_TO_JUDGE = ("FIRSTHAND_TEST_", "FIRSTHAND_SAMPLE_DATA", "FIRSTHAND_REQUIRE_ALL")  # for those who develop Firsthand
DEMO_SIGN_INS = "demo-sign-ins.txt"  # in the data folder, once it holds a demo


class BadSetting(Exception):  # noqa: N818  (a sentence for whoever set it)
    """A variable that cannot be used. Its text is one sentence for the person who set it."""


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One `FIRSTHAND_*` variable: how its text is read, what holds when it is not set, and a sentence for the manual."""

    name: str
    kind: str
    parse: Callable[[str], T]
    default: T
    sentence: str
    default_shown: str = ""
    holds_secret: bool = False

    def read(self, environ: Mapping[str, str] = os.environ) -> T:
        """Give its value; an empty text counts as not set. Raises `BadSetting`."""
        text = environ.get(PREFIX + self.name, "").strip()
        if not text:
            return self.default
        try:
            return self.parse(text)
        except ValueError as error:
            given = "cannot be used" if self.holds_secret else f"is {text!r}"
            raise BadSetting(f"{PREFIX}{self.name} {given}: {error}.") from None


def port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("a port is a whole number from 1 to 65535")
    return int(text)


def whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise ValueError("a whole number from 1 to 1000 is needed")
    return int(text)


def yes_or_no(text: str) -> bool:
    if text.lower() not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError("it can only be 1 or 0")
    return text.lower() in {"1", "true", "yes", "on"}


def words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def web_address(text: str) -> str:
    parts = urlsplit(text)
    bare = not (parts.query or parts.fragment or parts.path.strip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or not bare or not has_sound_port(text):
        raise ValueError("an address such as https://references.example.com is needed, without a path")
    return text.rstrip("/")


def database_address(text: str) -> str:
    needed = "an address such as postgres://user:password@host:5432/name or sqlite:////folder/file is needed"
    parts = urlsplit(text)
    on_postgres = parts.scheme in {"postgres", "postgresql"} and has_sound_port(text)
    if not parts.path.strip("/") or not (on_postgres or parts.scheme == "sqlite"):
        raise ValueError(needed)
    return text


def has_sound_port(text: str) -> bool:
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False


def mail_address(text: str) -> str:
    parts = urlsplit(text)
    by_server = parts.scheme in {"smtp", "smtps"} and parts.hostname and has_sound_port(text)
    if parts.scheme == "console" or (parts.scheme == "file" and parts.path) or by_server:
        return text
    raise ValueError("it must be smtp://user:password@host:587, smtps://user:password@host:465, file:///folder or console:")


def time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):  # unknown names, and names that lead out of the list
        raise ValueError("a time zone such as Europe/Stockholm is needed") from None
    return text


def log_level(text: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if text.upper() not in levels:
        raise ValueError(f"it can only be one of {', '.join(levels)}")
    return text.upper()


def secret(text: str) -> str:
    if len(text) < 50:
        raise ValueError("a secret has at least 50 characters")
    return text


PORT = Variable("PORT", "port", port, 8000, "The port `firsthand serve` listens on.")
HOST = Variable("HOST", "text", str, "127.0.0.1", "The address it listens on; `0.0.0.0` lets other machines in.")
DATA_DIR = Variable(
    "DATA_DIR", "folder", Path, Path("var"), "Where the database, the secret, unsent mail and static files are kept.", "./var"
)
DATABASE_URL = Variable[str | None](
    "DATABASE_URL",
    "address",
    database_address,
    None,
    "The database: `postgres://user:password@host:5432/name`, or `sqlite:////folder/file`.",
    "firsthand.sqlite3 in the data folder",
    holds_secret=True,
)
DATABASE_POOL = Variable(
    "DATABASE_POOL", "number", whole_number, 8, "The most connections one web process keeps open to PostgreSQL; at least its threads."
)
BASE_URL = Variable[str | None](
    "BASE_URL",
    "address",
    web_address,
    None,
    "The address people use, as it stands in mails. With https, cookies and redirects become secure too.",
    "http://127.0.0.1 and the port",
)
ALLOWED_HOSTS = Variable[tuple[str, ...]](
    "ALLOWED_HOSTS", "list", words, (), "Further host names that requests may come in under, beside that of the base address."
)
TRUSTED_PROXIES = Variable[tuple[str, ...]](
    "TRUSTED_PROXIES",
    "list",
    words,
    (),
    "Addresses of the reverse proxy whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; `*` believes anyone who connects.",
)
SECRET_KEY = Variable[str | None](
    "SECRET_KEY",
    "secret",
    secret,
    None,
    "Signs sessions and links. Give every machine the same one.",
    "made once, kept in the data folder",
    True,
)
DEBUG = Variable("DEBUG", "0 or 1", yes_or_no, False, "Show errors with their code. Never where others can reach it.", "0")
EMAIL_URL = Variable[str | None](
    "EMAIL_URL",
    "address",
    mail_address,
    None,
    "How mail is sent: `smtp://user:password@host:587` (STARTTLS, but on port 25 and on this machine), `smtps://...:465`, "
    "`file:///folder` or `console:`.",
    "files in the data folder; an administrator reads them in the app",
    holds_secret=True,
)
EMAIL_FROM = Variable("EMAIL_FROM", "text", str, "Firsthand <firsthand@localhost>", "The sender of every mail.")
TIME_ZONE = Variable("TIME_ZONE", "time zone", time_zone, "UTC", "The program's time zone: limits per month, due days and mails follow it.")
LOG_LEVEL = Variable("LOG_LEVEL", "level", log_level, "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR.")
IMPORT_MB = Variable("IMPORT_MB", "number", whole_number, 200, "The largest file an import takes, in MB; of Excel at most 50.")
WEB_PROCESSES = Variable("WEB_PROCESSES", "number", whole_number, 2, "How many web processes `firsthand serve` starts.")
WEB_THREADS = Variable("WEB_THREADS", "number", whole_number, 4, "How many requests each web process answers at once.")

TABLE: tuple[Variable[Any], ...] = (
    PORT,
    HOST,
    BASE_URL,
    ALLOWED_HOSTS,
    TRUSTED_PROXIES,
    DATA_DIR,
    DATABASE_URL,
    DATABASE_POOL,
    SECRET_KEY,
    EMAIL_URL,
    EMAIL_FROM,
    TIME_ZONE,
    LOG_LEVEL,
    IMPORT_MB,
    WEB_PROCESSES,
    WEB_THREADS,
    DEBUG,
)


def check(environ: Mapping[str, str] = os.environ) -> None:
    """Read every variable once and look for misspelt ones. Raises `BadSetting` for the first that cannot be used."""
    for variable in TABLE:
        variable.read(environ)
    known = [PREFIX + variable.name for variable in TABLE]
    for name in environ:
        if name.startswith(PREFIX) and name not in known and not name.startswith(NOT_OURS_TO_JUDGE):
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else "docs/settings.md lists those there are."
            raise BadSetting(f"{name} is not a setting of Firsthand: {hint}")


def as_markdown() -> str:
    """Print the table as the manual's page."""
    rows = [
        f"| `{PREFIX}{variable.name}` | {variable.kind} | {variable.default_shown or shown(variable.default)} | {variable.sentence} |"
        for variable in TABLE
    ]
    return "\n".join([INTRODUCTION, "| variable | kind | when not set | what it does |", "|---|---|---|---|", *rows, ""])


def shown(default: object) -> str:
    return "none" if default in (None, ()) else f"`{default}`"


INTRODUCTION = """# Settings

Everything is set by environment variables; with none set, Firsthand runs on SQLite in its data folder. A value that cannot be
used stops the command with one sentence and exit status 2. `firsthand check --deploy` says whether the settings are fit for production.

<!-- Printed by `python -m firsthand.config.environment > docs/settings.md`; a test fails when it is stale. -->
"""


if __name__ == "__main__":
    import sys

    sys.stdout.write(as_markdown())
