"""Small charts as SVG made on the server: classes and geometry attributes, never a style.

Each carries its numbers in `aria-label`. Bars start at zero. Widths are natural (336), so text stays 11 px.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from firsthand.core import words
from firsthand.core.ui.markup import NONE, attr
from firsthand.core.ui.parts import Bar, Points

WIDTH = 336
ROW, NAME, TAIL = 32, 92, 112
FLOOR, TALLEST = 76, 60


def bars(rows: Sequence[Bar], *, unit: str = "", label: str = "") -> SafeString:
    """One row per bar, with its goal as an upright line; only a bar past its goal, or said to stand out, takes colour."""
    room = WIDTH - NAME - TAIL
    longest = max((max(row.value, row.goal or 0) for row in rows), default=0) or 1
    drawn = format_html_join("", "{}", ((_bar_row(row, 6 + place * ROW, room / longest, unit),) for place, row in enumerate(rows)))
    return _chart(len(rows) * ROW, label or _told(rows, unit), drawn)


def columns(rows: Sequence[Bar], *, label: str = "") -> SafeString:
    """One column per period from zero; the ones that stand out take colour, else the latest."""
    pitch = WIDTH / max(len(rows), 1)
    tallest = max((row.value for row in rows), default=0) or 1
    marked = any(row.stands_out for row in rows)
    drawn = format_html_join(
        "",
        "{}",
        (
            (
                _column(
                    row,
                    (place + 0.5) * pitch,
                    min(60.0, pitch - 8),
                    TALLEST / tallest,
                    tone="3" if row.stands_out else "" if not marked and row is rows[-1] else "q",
                ),
            )
            for place, row in enumerate(rows)
        ),
    )
    return _chart(96, label or _told(rows, ""), format_html('<path class="fh-axis" d="M0 {}H{}"/>{}', FLOOR, WIDTH, drawn))


def spark(values: Sequence[float], *, label: str = "", series: str = "") -> SafeString:
    """A small line with its last point; nothing below two values."""
    if len(values) < 2:
        return NONE
    low, high = min(values), max(values)
    step = 80 / (len(values) - 1)
    points = [(place * step, 18 - (value - low) * 16 / ((high - low) or 1)) for place, value in enumerate(values)]
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    tone = attr("data-s", series)
    return format_html(
        '<svg class="fh-spark" viewBox="0 0 80 20" role="img" aria-label="{}"><path class="fh-line"{} d="{}"/>'
        '<circle class="fh-dot"{} cx="{}" cy="{}" r="3"/></svg>',
        label or ", ".join(words.number(value) for value in values),
        tone,
        path,
        tone,
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


def share(value: float, of: float, *, series: str = "1", label: str = "") -> SafeString:
    """A thin bar of a part of a whole, as wide as its place; hidden from screen readers unless labelled."""
    part = min(100, max(0, round(value * 100 / of))) if of else 0
    voice = format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"')
    return format_html(
        '<svg class="fh-bar" height="6"{}><rect class="fh-bar-bg" width="100%" height="6" rx="3"/>'
        '<rect class="fh-bar-{}" width="{}%" height="6" rx="3"/></svg>',
        voice,
        series,
        part,
    )


def fit(parts: Sequence[Points]) -> SafeString:
    """The parts of a score: name, bar, "46 of 50"."""
    rows = ((part.name, share(part.points, part.of), f"{words.number(part.points, 0)} of {words.number(part.of, 0)}") for part in parts)
    return format_html('<dl class="fh-fit">{}</dl>', format_html_join("", '<dt>{}</dt><dd>{}<span class="fh-num">{}</span></dd>', rows))


def _bar_row(row: Bar, top: int, scale: float, unit: str) -> SafeString:
    past = row.stands_out or (row.goal is not None and row.value > row.goal)
    goal = format_html('<path class="fh-goal" d="M{} {}v22"/>', _px(NAME + row.goal * scale), top - 2) if row.goal is not None else NONE
    note = format_html('<text class="end" x="{}" y="{}">{}</text>', WIDTH, top + 13, row.note) if row.note else NONE
    return format_html(
        '<text class="t-ink" x="0" y="{y}">{name}</text>'
        '<rect class="fh-col" data-s="{tone}" x="{x}" y="{bar}" width="{width}" height="14" rx="2"/>{goal}'
        '<text class="t-strong" x="{end}" y="{y}">{text}</text>{note}',
        y=top + 13,
        name=row.label,
        tone="3" if past else "q",
        x=NAME,
        bar=top + 2,
        width=_px(row.value * scale),
        goal=goal,
        end=_px(NAME + 6 + max(row.value, row.goal or 0) * scale),
        text=_value(row, unit),
        note=note,
    )


def _column(row: Bar, middle: float, width: float, scale: float, *, tone: str) -> SafeString:
    height = row.value * scale
    return format_html(
        '<rect class="fh-col"{tone} x="{x}" y="{y}" width="{width}" height="{height}" rx="2"/>'
        '<text class="t-strong mid" x="{mid}" y="{above}">{text}</text>'
        '<text class="mid" x="{mid}" y="92">{name}</text>',
        tone=attr("data-s", tone),
        x=_px(middle - width / 2),
        y=_px(FLOOR - height),
        width=_px(width),
        height=_px(height),
        mid=_px(middle),
        above=_px(FLOOR - height - 6),
        text=_value(row, ""),
        name=row.label,
    )


def _chart(height: int, label: str, drawn: SafeString) -> SafeString:
    return format_html('<svg class="fh-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', WIDTH, height, label, drawn)


def _value(row: Bar, unit: str) -> str:
    return row.text or words.number(row.value) + (f" {unit}" if unit else "")


def _told(rows: Sequence[Bar], unit: str) -> str:
    goals = (f", goal {words.number(row.goal)}" if row.goal is not None else "" for row in rows)
    return "; ".join(f"{row.label} {_value(row, unit)}{goal}" for row, goal in zip(rows, goals, strict=True)) or "No values yet"


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
