"""From one address to Django's mail settings."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
BACKENDS = "django.core.mail.backends"


@dataclass(frozen=True)
class Mail:
    """How mail is sent. `leaves_the_house` is false while it goes to files or the console."""

    backend: str
    folder: str | None = None
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    ssl: bool = False
    starttls: bool = False

    @property
    def leaves_the_house(self) -> bool:
        return self.backend.endswith("smtp.EmailBackend")


def read_mail(address: str | None, *, data_dir: Path) -> Mail:
    """Read an address; without one mail becomes files, so that nothing is lost or sent by mistake."""
    if address is None:
        return Mail(f"{BACKENDS}.filebased.EmailBackend", folder=str(data_dir / "mail"))
    parts = urlsplit(address)
    if parts.scheme == "console":
        return Mail(f"{BACKENDS}.console.EmailBackend")
    if parts.scheme == "file":
        return Mail(f"{BACKENDS}.filebased.EmailBackend", folder=unquote(parts.path))
    secure = parts.scheme == "smtps"
    return Mail(
        f"{BACKENDS}.smtp.EmailBackend",
        host=parts.hostname or "",
        port=parts.port or (465 if secure else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ssl=secure,
        # Port 25 is a relay inside the house, and what is said to this machine is overheard by nobody.
        starttls=not secure and parts.port != 25 and parts.hostname not in THIS_MACHINE,
    )
