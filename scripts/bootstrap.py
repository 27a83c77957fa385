"""Make the environment in `.venv` from a locked, hashed list of requirements; do nothing when it is there already.

Runs on a bare Python with the standard library alone: `python3 scripts/bootstrap.py [base|test|dev]`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = VENV_BIN / "python"
STAMP = VENV / "firsthand-lock"
LEVELS = ("base", "test", "dev")  # each holds the ones before it
OLDEST = (3, 11)


def main() -> None:
    level = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if level not in LEVELS:
        sys.exit(f"There is no set of requirements called {level!r}. There are: {', '.join(LEVELS)}.")
    if sys.version_info < OLDEST:
        have = "{}.{}".format(*sys.version_info)
        sys.exit(f"Firsthand needs Python 3.11 or newer, and this is {have}. Name a newer one: make PYTHON=python3.12")
    if VENV.is_symlink():
        return  # somebody else keeps that environment
    if stands(level):
        return
    uv = working_uv()
    drop_if_moved()
    make_environment(uv)
    install(level, uv)
    link_project()
    STAMP.write_text(f"{level} {digest(level)}\n{ROOT}\n")


def stands(level: str) -> bool:
    """Whether the environment already holds that level, from the lock as it is now."""
    if not STAMP.exists() or not VENV_PYTHON.exists():
        return False
    held, _, seen = STAMP.read_text().partition("\n")[0].partition(" ")
    return held in LEVELS[LEVELS.index(level) :] and seen == digest(held)


def digest(level: str) -> str:
    """Give a digest of the lock, of where the project stands and of what made the environment."""
    lock = (ROOT / "requirements" / f"{level}.txt").read_bytes()
    return hashlib.sha256(lock + str(ROOT).encode() + Path(__file__).read_bytes()).hexdigest()


def drop_if_moved() -> None:
    """Start anew in a checkout that was moved or copied: an environment's programs know where they were installed."""
    if STAMP.exists() and STAMP.read_text().splitlines()[1:] != [str(ROOT)]:
        shutil.rmtree(VENV)


def working_uv() -> "str | None":
    """Find uv, if there is one that runs: a shim of a version manager may be on the path and refuse."""
    uv = shutil.which("uv")
    if uv is None:
        return None
    tried = subprocess.run([uv, "--version"], capture_output=True, check=False)
    return uv if tried.returncode == 0 else None


def make_environment(uv: "str | None") -> None:
    if VENV_PYTHON.exists():
        return
    print("Making the environment in .venv ...", flush=True)
    if uv is not None:
        made = subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=False)
    else:
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "Python's venv module is missing or incomplete. On Debian and Ubuntu: apt-get install python3-venv. "
            "Then run the same command again."
        )


def install(level: str, uv: "str | None") -> None:
    """Install exactly what the lock names, each file checked against its hash."""
    print(f"Installing the locked requirements ({level}) ...", flush=True)
    lock = str(ROOT / "requirements" / f"{level}.txt")
    hashed = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    if uv is not None:
        done = subprocess.run([uv, "pip", *hashed, "--compile-bytecode", "--python", str(VENV_PYTHON)], check=False)
        if done.returncode == 0:
            return
        print("uv could not install them; trying pip.", flush=True)
        subprocess.run([str(VENV_PYTHON), "-m", "ensurepip"], capture_output=True, check=False)
    pip = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *hashed], check=False)
    if done.returncode != 0:
        sys.exit("The requirements could not be installed; the reason stands above. Nothing else was changed.")


def link_project() -> None:
    """Make `import firsthand` and the `firsthand` command work in the environment, without building anything."""
    packages = next((VENV / "lib").glob("python*/site-packages"), VENV / "Lib" / "site-packages")
    (packages / "firsthand.pth").write_text(f"{ROOT}\n")
    command = VENV_BIN / "firsthand"
    command.write_text(f"#!{VENV_PYTHON}\nfrom firsthand.cli import main\n\nmain()\n")
    command.chmod(0o755)
    # Once and now: where Python is told to write no bytecode, each start would compile all of it again, which takes a second.
    subprocess.run([str(VENV_PYTHON), "-m", "compileall", "-q", str(ROOT / "firsthand")], check=False)


if __name__ == "__main__":
    main()
