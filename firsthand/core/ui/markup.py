"""Small parts made in Python, because lists show hundreds of them: icons, statuses, tags, avatars, slots."""

from zlib import crc32

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from firsthand.core import words
from firsthand.core.ui.parts import HasMark

SPRITE = "firsthand/vendor/lucide.svg"
BOX, GAP = 14, 4
MOST_BOXES = 12
NONE = SafeString("")


def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """A lucide icon; without a label it is hidden from screen readers."""
    voice = format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"')
    title = format_html("<title>{}</title>", label) if label else NONE
    return format_html('<svg class="fh-icon"{}{}>{}<use href="{}#{}"/></svg>', attr("data-size", size), voice, title, static(SPRITE), name)


def status(mark: HasMark | None, text: str = "") -> SafeString:
    """Glyph and word; nothing known is a dash."""
    if not mark:
        return mark_safe('<span class="fh-faint">–</span>')
    return format_html('<span class="fh-status"{}>{}{}</span>', attr("data-kind", mark.kind), icon(mark.glyph), text or mark.label)


def tag(text: str, *, kind: str = "", icon_name: str = "") -> SafeString:
    glyph = icon(icon_name, size="s") if icon_name else NONE
    return format_html('<span class="fh-tag"{}>{}{}</span>', attr("data-kind", kind), glyph, text)


def avatar(name: str, *, size: str = "", shape: str = "", label: str = "") -> SafeString:
    """Initials on a tint that stays with the name; hidden from screen readers unless it has a label of its own."""
    voice = format_html(' role="img" aria-label="{}" title="{}"', label, label) if label else mark_safe(' aria-hidden="true"')
    return format_html(
        '<span class="avatar" data-tone="{}"{}{}{}>{}</span>',
        words.tone(name),
        attr("data-size", size),
        attr("data-shape", shape),
        voice,
        words.initials(name),
    )


def who(name: str, sub: str = "", *, url: str = "", size: str = "", shape: str = "") -> SafeString:
    """A person or company: avatar, name (linked where there is a page), one line."""
    title = format_html('<a href="{}">{}</a>', url, name) if url else format_html("<b>{}</b>", name)
    line = format_html("<small>{}</small>", sub) if sub else NONE
    return format_html('<div class="fh-who">{}<div>{}{}</div></div>', avatar(name, size=size, shape=shape), title, line)


def chip(label: str, *, must: bool = False, remove_url: str = "", name: str = "", value: str = "") -> SafeString:
    """A facet value, filled where it is a must. It is removed by a link, or by submitting its form with `name=value`."""
    cross = icon("x", size="s")
    end = NONE
    if remove_url:
        end = format_html('<a class="fh-chip-end" href="{}" aria-label="Remove {}">{}</a>', remove_url, label, cross)
    elif name:
        end = format_html(
            '<button type="submit" formnovalidate name="{}" value="{}" aria-label="Remove {}">{}</button>', name, value, label, cross
        )
    return format_html('<span class="fh-chip"{}>{}{}</span>', mark_safe(" data-must") if must else NONE, label, end)


def crumb(text: str, url: str = "") -> SafeString:
    """A step of the way here; without an address it is the page itself."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, text)
    return format_html('<li><span aria-current="page">{}</span></li>', text)


def skeleton(lines: int = 3) -> SafeString:
    """Where something loads for more than 300 ms."""
    return mark_safe(f'<div class="fh-skel" aria-hidden="true">{"<span></span>" * lines}</div>')  # noqa: S308  (a number)


def slots(used: int, reserved: int, left: int, *, what: str = "") -> SafeString:
    """Capacity drawn one box per slot up to twelve, as a bar above."""
    if used + reserved + left > MOST_BOXES:
        return _slot_bar(used, reserved, left, what)
    return _slot_boxes(used, reserved, left, what)


def attr(name: str, value: str) -> SafeString:
    """` name="value"`, or nothing without a value. The name is ours, never a person's input."""
    return format_html(' {}="{}"', mark_safe(name), value) if value else NONE  # noqa: S308


def anchor(*parts: str) -> str:
    """An id that two parts of a page share only where they say the same."""
    return f"u{crc32(' '.join(parts).encode()):08x}"


def _slot_words(used: int, reserved: int, left: int, what: str) -> str:
    lead = f"{what}: " if what else ""
    total = words.number(used + reserved + left)
    return f"{lead}{words.number(used)} used, {words.number(reserved)} reserved, {words.number(left)} left of {total}"


def _slot_boxes(used: int, reserved: int, left: int, what: str) -> SafeString:
    kinds = [_used_box] * used + [_reserved_box] * reserved + [_left_box] * left
    width = max(len(kinds), 1) * (BOX + GAP) - GAP
    boxes = format_html_join("", "{}", ((draw(place * (BOX + GAP)),) for place, draw in enumerate(kinds)))
    return format_html(
        '<span class="fh-slots"><svg width="{0}" height="14" viewBox="0 0 {0} 14" role="img" aria-label="{1}">{2}</svg></span>',
        width,
        _slot_words(used, reserved, left, what),
        boxes,
    )


def _used_box(x: int) -> SafeString:
    return format_html('<rect class="fh-cap-used" x="{}" y="0" width="14" height="14" rx="3"/>', x)


def _reserved_box(x: int) -> SafeString:
    return format_html(
        '<rect class="fh-cap-held" x="{}.5" y=".5" width="13" height="13" rx="2.5"/>'
        '<path class="fh-cap-hatch" d="M{}.5 9.5l7 -7M{} 12l7 -7"/>',
        x,
        x + 2,
        x + 5,
    )


def _left_box(x: int) -> SafeString:
    return format_html('<rect class="fh-cap-left" x="{}.5" y=".5" width="13" height="13" rx="2.5"/>', x)


def _slot_bar(used: int, reserved: int, left: int, what: str) -> SafeString:
    total = used + reserved + left
    hatch = anchor("hatch", what, str(used), str(reserved), str(left))
    return format_html(
        '<svg class="fh-bar" height="10" role="img" aria-label="{0}"><defs>'
        '<pattern id="{1}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="fh-cap-hatch" d="M1 0V5"/></pattern></defs>'
        '<rect class="fh-cap-left" x="0.5" y="0.5" width="99.6%" height="9" rx="3"/>'
        '<rect class="fh-cap-used" width="{2}%" height="10" rx="3"/>'
        '<rect x="{2}%" width="{3}%" height="10" fill="url(#{1})"/></svg>',
        _slot_words(used, reserved, left, what),
        hatch,
        round(used * 100 / total, 1),
        round(reserved * 100 / total, 1),
    )
