from pathlib import Path

import pytest

from firsthand.config import environment

MANUAL = Path(__file__).resolve().parent.parent.parent / "docs" / "settings.md"


def test_with_nothing_set_every_variable_has_its_default() -> None:
    environment.check({})
    assert environment.PORT.read({}) == 8000
    assert environment.HOST.read({}) == "127.0.0.1"


def test_an_empty_text_counts_as_not_set() -> None:
    assert environment.PORT.read({"FIRSTHAND_PORT": " "}) == 8000


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("PORT", "80a", "FIRSTHAND_PORT is '80a': a port is a whole number from 1 to 65535."),
        ("PORT", "70000", "FIRSTHAND_PORT is '70000': a port is a whole number from 1 to 65535."),
        ("PORT", "²", "FIRSTHAND_PORT is '²': a port is a whole number from 1 to 65535."),
        ("DEBUG", "maybe", "FIRSTHAND_DEBUG is 'maybe': it can only be 1 or 0."),
        ("TIME_ZONE", "Mars/Base", "FIRSTHAND_TIME_ZONE is 'Mars/Base': a time zone such as Europe/Stockholm is needed."),
        ("TIME_ZONE", "../etc", "FIRSTHAND_TIME_ZONE is '../etc': a time zone such as Europe/Stockholm is needed."),
        ("LOG_LEVEL", "loud", "FIRSTHAND_LOG_LEVEL is 'loud': it can only be one of DEBUG, INFO, WARNING, ERROR."),
        (
            "BASE_URL",
            "https://a.example/x",
            "FIRSTHAND_BASE_URL is 'https://a.example/x': an address such as https://references.example.com is needed, without a path.",
        ),
        ("WEB_THREADS", "0", "FIRSTHAND_WEB_THREADS is '0': a whole number from 1 to 1000 is needed."),
    ],
)
def test_a_value_that_cannot_be_used_gives_one_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(environment.BadSetting) as refused:
        environment.check({f"FIRSTHAND_{name}": text})
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "mysql://me:hunter2@host/name"),
        ("DATABASE_URL", "postgres://me:hunter2@host:x/name"),
        ("DATABASE_URL", "postgres://me:hunter2@host"),
        ("EMAIL_URL", "imap://me:hunter2@host"),
        ("SECRET_KEY", "hunter2"),
    ],
)
def test_a_secret_is_not_repeated_in_the_sentence(name: str, text: str) -> None:
    with pytest.raises(environment.BadSetting) as refused:
        environment.check({f"FIRSTHAND_{name}": text})
    assert "hunter2" not in str(refused.value)
    assert str(refused.value).startswith(f"FIRSTHAND_{name} cannot be used: ")


def test_a_misspelt_variable_is_named_with_the_one_meant() -> None:
    with pytest.raises(environment.BadSetting, match=r"FIRSTHAND_PROT is not a setting of Firsthand: did you mean FIRSTHAND_PORT\?"):
        environment.check({"FIRSTHAND_PROT": "80"})


def test_the_manual_lists_the_settings_there_are() -> None:
    assert MANUAL.read_text() == environment.as_markdown(), "Run: python -m firsthand.config.environment > docs/settings.md"
