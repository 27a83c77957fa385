"""Lock the dependencies of pyproject.toml: for every platform, with hashes, without naming any registry."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def main() -> None:
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("`make lock` needs uv on the path; nothing else does.")
    # dev first: it holds everything, so the smaller locks cannot resolve to other versions.
    compile_lock(uv, "dev", "--extra", "test", "--extra", "dev")
    compile_lock(uv, "test", "--extra", "test", "-c", "requirements/dev.txt")
    compile_lock(uv, "base", "-c", "requirements/dev.txt")


def compile_lock(uv: str, name: str, *options: str) -> None:
    output = f"requirements/{name}.txt"
    subprocess.run([uv, *COMPILE, "pyproject.toml", *options, "-o", output], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
