"""The parts of every page: `{% load ui %}`.

Values named here (Mark, Choice, Step, ...) are the frozen dataclasses of `core/ui/parts.py`; views make them.
[x] may be left out and is given by name (`kind="good"`), but for the second of `who`, `status`, `crumb`, `masked`.
Text is escaped everywhere; content between a block tag and its end is template.

| tag | arguments |
|---|---|
| icon | name [size="s|l"] [label] (names: `static/firsthand/vendor/icons.txt`) |
| status | mark (label, glyph, kind) [text] |
| tag | text [kind="brand|good|wait|bad|info"] [icon] |
| avatar | name [size="s|l"] [shape="company"] [label] |
| who | name [sub] [url] [size] [shape] |
| crumb | text [url]; without url it is the page itself |
| when | value [form="day|day_year|day_in|day_due|clock|day_clock|ago"]: a `<time>` |
| button | label [kind="primary|danger|ghost"] [icon] [href] [why_not] [dialog] [about] [size="sm|lg"] [name value] [form] [icon_only] |
| form_errors | form [done="submitted"] |
| once | in a form that makes something: the key by which it makes it once (`core.once`) |
| field | bound [label] [hint] [hide_label] [attributes of the control: hx_get=..., rows=3] |
| choices | bound cards=[Choice] [label] [hint] |
| seg | bound [label] [hide_label] |
| seg_links, tabs | links=[Link] label |
| chip | label [must] [remove_url] or [name value]: a submit button in a form |
| card ... endcard | [title] [sub] [id] [flush: no body padding, for tables and lists] [link] [link_url] [css] |
| next ... endnext | title [text] [icon] [eyebrow="Next for you"]; between: the buttons |
| note ... endnote | [kind="bad|wait|good|info"] [title] [icon] [role] |
| stepper | steps=[Step] label |
| slots | used reserved left [what] |
| slots_key | [left="left"] [end] |
| fit | parts=[Points] |
| why | reasons=[Reason] |
| share | value of [series] [label]: a thin bar of a part of a whole |
| fold ... endfold | title [sub] [count] [open] [id] |
| figures | figures=[Figure] |
| table ... endtable | columns=[Column] label [sort="-name"]; between: the rows (first cell `<th scope="row">`) |
| toolbar | bar=Toolbar: saved filters, search, filter selects, export links |
| pager | pager=Pager |
| empty ... endempty | title [text] [icon] [level=2]; between: the one act that fills it |
| log_row ... endlog_row | [icon] [at] [form]: an `<li>` of `<ol class="fh-log">` |
| msg ... endmsg | author [at] |
| quote | text [name] [sub] [url] [size="s"]: the marks are added |
| dialog ... enddialog | id title action submit keep [text] [danger] [name value]; a POST form, opened by `button dialog=id` |
| progress | value most text [url] [every=2] [id]: polls url for the same id until the answer has no url |
| skeleton | [lines=3] |
| masked | text [why]: give the masked text, never the real one |
| bars, columns | rows=[Bar] [unit: bars only] [label] |
| spark | values [label] [series="2"] |
| toasts | [oob]: Django's messages; `core.ui.toasts.toast(request, text, undo=url)` writes one with Undo |

| filter | gives |
|---|---|
| money:"EUR", money_short:"EUR" | €420,000; €6.8m |
| number[:digits], percent | 1,234.5; 74% (of 0.74) |
| counted:"call" or "reply,replies" | 2 calls |
| day, day_year, day_in, day_due | Fri 27 Nov; 27 Nov 2026; in 8 days; 1 day late |
| clock, day_clock | 15:30; Fri 27 Nov, 15:30 |
| ago, for_time | 40 min ago; 2 days |
| breakable | an e-mail address that wraps at its @ and its dots |
| initials, mask_email, mask_phone | ML; i•••••@o•••••.no; •••• 42 |

A missing value is "–" everywhere.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from firsthand.core.once import new_key
from firsthand.core.ui import charts, fields, filters, lists, markup
from firsthand.core.ui.blocks import register_blocks
from firsthand.core.ui.parts import Choice, Figure, Link, Pager, Reason, Step, Toolbar
from firsthand.core.words import Day

register = template.Library()
for filter_name, function in filters.ALL.items():
    register.filter(filter_name, function)
for simple in (
    markup.icon,
    markup.status,
    markup.avatar,
    markup.who,
    markup.chip,
    markup.slots,
    markup.crumb,
    markup.skeleton,
    charts.bars,
    charts.columns,
    charts.spark,
    charts.share,
    charts.fit,
):
    register.simple_tag(simple)
register.simple_tag(new_key, name="once")
register_blocks(register)

Parts = dict[str, Any]


@register.simple_tag
def tag(text: str, kind: str = "", icon: str = "") -> SafeString:
    return markup.tag(text, kind=kind, icon_name=icon)


@register.simple_tag
def when(value: Day | None, form: str = "day") -> SafeString | str:
    """A day or moment with its machine-readable form."""
    if value is None:
        return filters.day(None)
    exact = filters.local(value)
    iso = exact.isoformat(timespec="minutes") if isinstance(exact, dt.datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, filters.ALL[form](value))


@register.inclusion_tag("ui/_button.html")
def button(label: str, *, kind: str = "", icon: str = "", href: str = "", why_not: str | None = "", size: str = "", **more: Any) -> Parts:
    """With `why_not` it cannot be pressed, stays focusable, and the sentence stands beside it."""
    about = str(more.pop("about", ""))
    icon_only = bool(more.get("icon_only"))
    kinds = [f"btn-{part}" for part in (kind, size, "icon" if icon_only else "") if part]
    parts = {
        "label": label,
        "icon": icon,
        "href": href,
        "why_not": why_not,
        "css": " ".join(["btn", *kinds]),
        "voice": f"{label} {about}".strip() if about or icon_only else "",
        "sentence_id": markup.anchor(label, about, why_not or ""),
        "type": "button" if more.get("dialog") else "submit",
    }
    return parts | more


@register.inclusion_tag("ui/_form_errors.html")
def form_errors(form: BaseForm, done: str = "submitted") -> Parts:
    return {"complaints": fields.complaints(form) if form.is_bound else [], "done": done}


@register.inclusion_tag("ui/_form_errors.html")
def complaint(sentence: str, done: str = "submitted") -> Parts:
    """A refusal as a refused form says it, for a page whose form is plain; nothing without a sentence."""
    return {"complaints": [fields.Complaint("", sentence)] if sentence else [], "done": done}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, *, label: str = "", hint: str = "", hide_label: bool = False, **attrs: str) -> Parts:
    return {"field": fields.field(bound, label=label, hint=hint, hide_label=hide_label, attrs=attrs)}


@register.inclusion_tag("ui/_choices.html")
def choices(bound: BoundField, cards: Sequence[Choice], label: str = "", hint: str = "", *, shown: int = 0) -> Parts:
    """Rich radio buttons for a ChoiceField; a card that cannot be taken says why.

    With `shown` only so many stand open, the others in a fold that names them; it is open where one of them is chosen.
    """
    numbered, value = list(enumerate(cards)), str(bound.value() or "")
    most = shown if 0 < shown < len(cards) - 1 else len(cards)
    return {
        "field": fields.field(bound, label=label, hint=hint, is_boxed=False, attrs={}),
        "cards": numbered[:most],
        "others": numbered[most:],
        "is_other": any(card.value == value for _, card in numbered[most:]),
        "value": value,
    }


@register.inclusion_tag("ui/_seg.html")
def seg(bound: BoundField, *, label: str = "", hide_label: bool = False) -> Parts:
    """A segmented switch for a field with a RadioSelect of two to four short options."""
    return {"field": fields.field(bound, label=label, hide_label=hide_label, is_boxed=False, attrs={})}


@register.inclusion_tag("ui/_links.html")
def seg_links(links: Sequence[Link], label: str) -> Parts:
    return {"links": links, "label": label, "css": "fh-seg"}


@register.inclusion_tag("ui/_links.html")
def tabs(links: Sequence[Link], label: str) -> Parts:
    return {"links": links, "label": label, "css": "fh-tabs"}


@register.inclusion_tag("ui/_stepper.html")
def stepper(steps: Sequence[Step], label: str) -> Parts:
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/_slots_key.html")
def slots_key(*, left: str = "left", end: bool = False) -> Parts:
    return {"left": left, "end": end}


@register.inclusion_tag("ui/_why.html")
def why(reasons: Sequence[Reason]) -> Parts:
    return {"reasons": reasons}


@register.inclusion_tag("ui/_figures.html")
def figures(figures: Sequence[Figure]) -> Parts:
    return {"figures": figures}


@register.inclusion_tag("ui/_toolbar.html", takes_context=True)
def toolbar(context: Context, bar: Toolbar) -> Parts:
    request = context["request"]
    return {
        "bar": bar,
        "path": request.path,
        "kept": lists.kept(request.GET, bar),
        "query": lists.query(request.GET),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/_pager.html")
def pager(pager: Pager) -> Parts:
    return {"pager": pager}


@register.inclusion_tag("ui/_quote.html")
def quote(text: str, name: str = "", sub: str = "", url: str = "", size: str = "") -> Parts:
    """A customer's own words; the marks are added here, whatever marks the text came with."""
    return {"text": text.strip(' "“”'), "name": name, "sub": sub, "url": url, "size": size}


@register.inclusion_tag("ui/_progress.html")
def progress(value: float | None, most: float, text: str, *, url: str = "", every: int = 2, id: str = "progress") -> Parts:  # noqa: A002
    """Without a value it only says that something goes on."""
    return {"value": value, "most": most, "text": text, "url": url, "every": every, "id": id}


@register.inclusion_tag("ui/_masked.html")
def masked(text: str, why: str = "Shown once the reference accepts") -> Parts:
    return {"text": text, "why": why}


@register.inclusion_tag("ui/_toasts.html", takes_context=True)
def toasts(context: Context, *, oob: bool = False) -> Parts:
    return {"messages": context.get("messages") or [], "oob": oob, "csrf_token": context.get("csrf_token")}
