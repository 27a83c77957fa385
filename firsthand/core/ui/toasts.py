"""Toasts are Django's messages, with at most one act: undo by POST, or see by link."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest


@dataclass(frozen=True)
class Act:
    """What a toast offers. `undo` is an address that takes a POST, `see` one that is opened."""

    undo: str = ""
    see: str = ""
    label: str = ""


def toast(request: HttpRequest, text: str, *, undo: str = "", see: str = "", label: str = "") -> None:
    """Tell what was done, with Undo where it can be."""
    messages.success(request, text, extra_tags=_tags(undo, see, label))


def complain(request: HttpRequest, text: str, *, see: str = "", label: str = "") -> None:
    """Tell what was not done, and why; it stays until closed."""
    messages.error(request, text, extra_tags=_tags("", see, label))


def act_of(extra_tags: str | None) -> Act | None:
    """The act written by `toast`; tags set otherwise are no act."""
    try:
        found = json.loads(extra_tags or "")
    except ValueError:
        return None
    return Act(**found) if isinstance(found, dict) and set(found) == {"undo", "see", "label"} else None


def _tags(undo: str, see: str, label: str) -> str:
    if not (undo or see):
        return ""
    return json.dumps({"undo": undo, "see": see, "label": label or ("Undo" if undo else "See")})
