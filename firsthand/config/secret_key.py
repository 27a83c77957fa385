"""The secret of an installation that was given none."""

import os
import secrets
import time
from pathlib import Path


def kept_secret(path: Path) -> str:
    """Give the secret kept in a file only its owner can read; make it the first time.

    Two processes that start at once agree: the file appears whole or not at all, and only one of them can link it.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other one was first
        finally:
            draft.unlink()
    return path.read_text()
