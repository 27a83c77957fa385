"""Pages that need no sign-in say so by name."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let people without an account in. Only for views in a `public_views.py`; a test lists them all."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
