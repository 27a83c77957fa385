"""The context processor of the shell: `shell` is there on every page rendered with a request."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from firsthand.core.ui.nav import NavSection, sections, url_of

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Shell:
    """What stands around a page; everything is computed only when a template asks for it."""

    request: HttpRequest

    @cached_property
    def nav(self) -> list[NavSection]:
        return sections(self.request) if self.is_signed_in else []

    @property
    def is_signed_in(self) -> bool:
        return bool(self.request.user.is_authenticated)

    @property
    def theme(self) -> str:
        """`light` or `dark` where the person chose, else nothing and the system decides."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def letter_keys(self) -> bool:
        return bool(getattr(self.request.user, "letter_keys", True))

    @property
    def find_url(self) -> str:
        return url_of("desk:find")

    @property
    def new_request_url(self) -> str:
        return url_of("requests:new") if getattr(self.request.user, "sees_records", False) else ""

    @property
    def settings_url(self) -> str:
        return url_of("people:settings")

    @property
    def sign_out_url(self) -> str:
        return url_of("account_logout")


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
