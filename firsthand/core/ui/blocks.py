"""Parts that hold other template: cards, notes, folds, tables, dialogs."""

from collections.abc import Callable, Sequence
from typing import Any

from django.template import Library, TemplateSyntaxError
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from firsthand.core.ui import lists
from firsthand.core.ui.markup import anchor
from firsthand.core.ui.parts import Column
from firsthand.core.words import Day

NOTE_ICONS = {"bad": "siren", "wait": "hand", "good": "circle-check", "info": "lightbulb", "": "info"}


def card(
    content: str,
    *,
    title: str = "",
    sub: str = "",
    id: str = "",  # noqa: A002  (templates write id=)
    flush: bool = False,
    link: str = "",
    link_url: str = "",
    css: str = "",
) -> SafeString:
    return _fill("card", locals() | {"title_id": f"{id}-title" if id else anchor("card", title)})


def next_act(content: str, *, title: str, text: str = "", icon: str = "", eyebrow: str = "Next for you") -> SafeString:
    """Exactly one per record: what the viewer does next, or who does."""
    return _fill("next", locals())


def note(content: str, *, kind: str = "", title: str = "", icon: str = "", role: str = "") -> SafeString:
    return _fill("note", locals() | {"icon": icon or NOTE_ICONS[kind]})


def fold(content: str, title: str, *, sub: str = "", count: int | None = None, open: bool = False, id: str = "") -> SafeString:  # noqa: A002
    return _fill("fold", locals())


def table(context: Context, content: str, columns: Sequence[Column], *, label: str, sort: str = "") -> SafeString:
    """Rows become cards under 768 px; a column with a sort links to it and back."""
    heads = [lists.head(column, sort, context["request"].GET if column.sort else None) for column in columns]
    return _fill("table", {"content": content, "heads": heads, "label": label})


def empty(content: str, title: str, *, text: str = "", icon: str = "inbox", level: int = 2) -> SafeString:
    return _fill("empty", locals())


def log_row(content: str, *, icon: str = "circle", at: Day | None = None, form: str = "day") -> SafeString:
    return _fill("log_row", {"content": content, "icon": icon, "at": at, "form": form})


def msg(content: str, author: str, at: Day | None = None) -> SafeString:
    return _fill("msg", {"content": content, "author": author, "at": at})


def dialog(context: Context, content: str, **parts: Any) -> SafeString:
    """Before what cannot be undone or needs a reason. Cancel is what stays: `keep="Keep request"`."""
    missing = [name for name in ("id", "title", "action", "submit", "keep") if not parts.get(name)]
    if missing:
        raise TemplateSyntaxError(f"dialog needs {', '.join(missing)}.")
    return _fill("dialog", parts | {"content": content} | {"csrf_token": context.get("csrf_token")})


BLOCKS: dict[str, Callable[..., SafeString]] = {
    "card": card,
    "next": next_act,
    "note": note,
    "fold": fold,
    "empty": empty,
    "log_row": log_row,
    "msg": msg,
}


def register_blocks(register: Library) -> None:
    for name, function in BLOCKS.items():
        register.simple_block_tag(function, name=name)
    register.simple_block_tag(table, takes_context=True)
    register.simple_block_tag(dialog, takes_context=True)


def _fill(name: str, parts: dict[str, Any]) -> SafeString:
    return SafeString(render_to_string(f"ui/_{name}.html", parts).strip())
