import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from firsthand.config import checks
from firsthand.config.database import database_settings
from firsthand.config.mail import read_mail
from firsthand.config.secret_key import kept_secret

PRODUCTION = {
    "FIRSTHAND_BASE_URL": "https://references.example.com",
    "FIRSTHAND_SECRET_KEY": "r8Vd0kq-zQpL2xw7YtBn5mJc_uEo4hGf9sAi1lKvXy6TbNe3WjRz",
    "FIRSTHAND_EMAIL_URL": "smtp://user:password@mail.example.com:587",
}


def firsthand(*arguments: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the console command as a person would, in a data folder of its own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTHAND_")}
    return subprocess.run(
        [sys.executable, "-m", "firsthand", *arguments],
        env={**others, "FIRSTHAND_DATA_DIR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_every_deployment_check(tmp_path: Path) -> None:
    checked = firsthand("manage", "check", "--deploy", "--fail-level", "WARNING", folder=tmp_path, **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_settings_for_one_machine_are_warned_about_before_deployment(tmp_path: Path) -> None:
    checked = firsthand("manage", "check", "--deploy", "--fail-level", "WARNING", folder=tmp_path)
    assert checked.returncode == 1
    assert "Set FIRSTHAND_BASE_URL to the https address people use." in checked.stderr
    assert "Set FIRSTHAND_EMAIL_URL" in checked.stderr


def test_a_bad_value_ends_the_command_with_one_sentence_and_status_2(tmp_path: Path) -> None:
    ended = firsthand("serve", folder=tmp_path, FIRSTHAND_PORT="eighty")
    assert (ended.returncode, ended.stderr) == (2, "FIRSTHAND_PORT is 'eighty': a port is a whole number from 1 to 65535.\n")


def test_an_unknown_command_ends_with_the_list_and_status_2(tmp_path: Path) -> None:
    ended = firsthand("sreve", folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("There is no command `firsthand sreve`.\nusage: firsthand COMMAND ...")


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    secret = kept_secret(path)
    assert len(secret) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(path) == secret
    assert list(tmp_path.iterdir()) == [path]


def test_sqlite_begins_for_writing_and_loses_nothing_in_a_power_cut(tmp_path: Path) -> None:
    options = database_settings(None, data_dir=tmp_path, pool=6, pooled=True)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]
    assert "secure_delete=ON" in options["init_command"]


def test_only_web_processes_pool_their_connections(tmp_path: Path) -> None:
    address = "postgres://me:secret@db.example:5433/references?sslmode=require"
    web = database_settings(address, data_dir=tmp_path, pool=6, pooled=True)
    worker = database_settings(address, data_dir=tmp_path, pool=6, pooled=False)
    assert web["OPTIONS"] == {"sslmode": "require", "pool": {"min_size": 1, "max_size": 6, "timeout": 10}}
    assert worker["OPTIONS"] == {"sslmode": "require"}
    assert (web["HOST"], web["PORT"], web["NAME"]) == ("db.example", 5433, "references")


@pytest.mark.parametrize(
    ("address", "port", "ssl", "starttls"),
    [
        ("smtp://u:p%40ss@mail.example", 587, False, True),
        ("smtps://u:p%40ss@mail.example", 465, True, False),
        ("smtp://u:p%40ss@mail.example:25", 25, False, False),
        ("smtp://u:p%40ss@127.0.0.1:2525", 2525, False, False),
    ],
)
def test_mail_is_encrypted_unless_it_goes_to_a_relay(address: str, port: int, *, ssl: bool, starttls: bool, tmp_path: Path) -> None:
    mail = read_mail(address, data_dir=tmp_path)
    assert (mail.port, mail.ssl, mail.starttls, mail.password) == (port, ssl, starttls, "p@ss")
    assert mail.leaves_the_house


def test_mail_stays_in_the_house_until_a_server_is_named(tmp_path: Path) -> None:
    mail = read_mail(None, data_dir=tmp_path)
    assert mail.folder == str(tmp_path / "mail")
    assert not mail.leaves_the_house


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is in use here")
def test_an_unsound_sqlite_is_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.sqlite_is_sound() == []
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    assert [warning.id for warning in checks.sqlite_is_sound()] == ["firsthand.W001"]


def test_a_page_loads_nothing_from_elsewhere() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
