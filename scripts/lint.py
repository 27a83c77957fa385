"""Everything a machine can say about the code without running it. Says each verdict; fails when one is bad."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent

FOLDERS = [name for name in ("firsthand", "scripts", "e2e", "benchmarks") if (ROOT / name).is_dir()]
CHECKS = {
    "types (mypy --strict)": [BIN / "mypy", "--no-error-summary", *FOLDERS],
    "style (ruff check)": [BIN / "ruff", "check", "--quiet", "."],
    "format (ruff format)": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "order of rooms (import-linter)": [BIN / "lint-imports"],
    "templates (djlint)": [BIN / "djlint", "--lint", "--quiet", "firsthand"],
    "migrations (makemigrations --check)": [PYTHON, "-m", "firsthand", "manage", "makemigrations", "--check"],
    "no registries, no machine paths": [PYTHON, "scripts/refuse_places.py"],
}


def main() -> None:
    with ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = list(pool.map(run, CHECKS, CHECKS.values()))
    sys.exit(0 if all(verdicts) else 1)


def run(name: str, command: list[str | Path]) -> bool:
    started = time.monotonic()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode == 0:
        print(f"ok    {name}  {seconds:.1f} s", flush=True)
        return True
    print(f"BAD   {name}  {seconds:.1f} s\n{done.stdout}{done.stderr}", flush=True)
    return False


if __name__ == "__main__":
    main()
