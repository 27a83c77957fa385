"""The scripts around a checkout, where a mistake would cost everybody their first impression."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "scripts"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the bootstrap of an invented checkout, with its environment made and nothing installed."""
    bootstrap = script("bootstrap")
    for name, value in {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "VENV_BIN": tmp_path / ".venv" / "bin"}.items():
        monkeypatch.setattr(bootstrap, name, value)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "stamp")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    (tmp_path / "requirements").mkdir()
    for level in bootstrap.LEVELS:
        (tmp_path / "requirements" / f"{level}.txt").write_text(f"{level}==1\n")
    return bootstrap


def stamp(bootstrap: ModuleType, level: str, *, root: str | None = None) -> None:
    bootstrap.STAMP.write_text(f"{level} {bootstrap.digest(level)}\n{root or bootstrap.ROOT}\n")


def test_an_environment_stands_until_its_lock_changes(checkout: ModuleType) -> None:
    assert not checkout.stands("dev")
    stamp(checkout, "dev")
    assert checkout.stands("dev")
    (checkout.ROOT / "requirements" / "dev.txt").write_text("dev==2\n")
    assert not checkout.stands("dev")


def test_a_larger_set_holds_the_smaller_but_not_the_other_way_round(checkout: ModuleType) -> None:
    stamp(checkout, "test")
    assert [checkout.stands(level) for level in ("base", "test", "dev")] == [True, True, False]


def test_a_moved_checkout_gets_a_new_environment(checkout: ModuleType) -> None:
    stamp(checkout, "dev")
    checkout.drop_if_moved()
    assert checkout.VENV.exists()
    stamp(checkout, "dev", root="/elsewhere")
    checkout.drop_if_moved()
    assert not checkout.VENV.exists()


def test_an_old_python_is_told_what_is_needed(checkout: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(checkout.sys, "argv", ["bootstrap.py", "dev"])
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is 3\.9\."):
        checkout.main()


@pytest.mark.parametrize(
    "line",
    [
        "pip install --extra-index" + "-url https://packages.example/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        "open('/ho" + "me/mia/export.csv')",
        "cd /ro" + "ot/checkout",
    ],
)
def test_a_line_that_is_true_on_one_machine_only_is_refused(line: str) -> None:
    assert script("refuse_places").PLACES.search(line)


@pytest.mark.parametrize("line", ["see /l/token/", "https://example.com/home/page/", "a network/work/place", "~/root"])
def test_other_lines_are_left_alone(line: str) -> None:
    assert not script("refuse_places").PLACES.search(line)
