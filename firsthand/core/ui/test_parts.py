"""Every tag of `ui`: what it writes, to the letter where it matters, and that hostile text stays text."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django import forms

from firsthand.core.ui.builders import ESCAPED, EVE, drawn, icon, small
from firsthand.core.ui.components import SampleForm
from firsthand.core.ui.parts import Bar, Choice, Column, Figure, Link, Mark, Pager, Points, Reason, Step

NOW = dt.datetime(2026, 11, 19, 10, 42, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def on_a_thursday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


EXACT: list[tuple[str, dict[str, Any], str]] = [
    ('{% icon "search" %}', {}, icon("search")),
    (
        '{% icon "lock" size="s" label=eve %}',
        {},
        (
            f'<svg class="fh-icon" data-size="s" role="img" aria-label="{ESCAPED}"><title>{ESCAPED}</title>'
            '<use href="/static/firsthand/vendor/lucide.svg#lock"/></svg>'
        ),
    ),
    (
        "{% status mark %}",
        {"mark": Mark("Asking", "circle-dot", "info")},
        f'<span class="fh-status" data-kind="info">{icon("circle-dot")}Asking</span>',
    ),
    ("{% status mark eve %}", {"mark": Mark("", "x")}, f'<span class="fh-status">{icon("x")}{ESCAPED}</span>'),
    ("{% status None %}", {}, '<span class="fh-faint">–</span>'),
    ('{% tag eve kind="brand" %}', {}, f'<span class="fh-tag" data-kind="brand">{ESCAPED}</span>'),
    ('{% avatar "Mia Lindgren" %}', {}, '<span class="avatar" data-tone="4" aria-hidden="true">ML</span>'),
    (
        "{% who eve eve url=eve %}",
        {},
        (
            f'<div class="fh-who"><span class="avatar" data-tone="4" aria-hidden="true"></span><div><a href="{ESCAPED}">{ESCAPED}</a>'
            f"<small>{ESCAPED}</small></div></div>"
        ),
    ),
    ("{% crumb eve %}", {}, f'<li><span aria-current="page">{ESCAPED}</span></li>'),
    ('{% crumb "Deals" "/deals/" %}', {}, '<li><a href="/deals/">Deals</a></li>'),
    (
        '{% chip eve must=True name="remove" value=eve %}',
        {},
        (
            f'<span class="fh-chip" data-must>{ESCAPED}<button type="submit" formnovalidate name="remove" value="{ESCAPED}"'
            f' aria-label="Remove {ESCAPED}">{small("x")}</button></span>'
        ),
    ),
    ("{% when day %}", {"day": dt.date(2026, 11, 27)}, '<time datetime="2026-11-27">Fri 27 Nov</time>'),
    ('{% when now form="ago" %}', {"now": NOW - dt.timedelta(hours=5)}, '<time datetime="2026-11-19T05:42+00:00">5 h ago</time>'),
    ("{% when None %}", {}, "–"),
    (
        '{% button "Send ask" kind="primary" icon="send" %}',
        {},
        f'<button class="btn btn-primary" type="submit">{icon("send")}Send ask</button>',
    ),
    (
        '{% button "Refuse" dialog="refuse" about=eve size="sm" %}',
        {},
        f'<button class="btn btn-sm" type="button" command="show-modal" commandfor="refuse" aria-label="Refuse {ESCAPED}">Refuse</button>',
    ),
    ('{% button "Open" href=eve %}', {}, f'<a class="btn" href="{ESCAPED}">Open</a>'),
    (
        "{% slots 0 0 0 %}",
        {},
        (
            '<span class="fh-slots"><svg width="14" height="14" viewBox="0 0 14 14" role="img"'
            ' aria-label="0 used, 0 reserved, 0 left of 0">'
            "</svg></span>"
        ),
    ),
    (
        "{% seg_links links label=eve %}",
        {"links": [Link(EVE, "?a=1&b=2", is_current=True, count=1031)]},
        (
            f'<nav class="fh-seg" aria-label="{ESCAPED}"><a href="?a=1&amp;b=2" aria-current="page">{ESCAPED} '
            '<span class="fh-count">1,031</span></a></nav>'
        ),
    ),
    ("{% pager pager %}", {"pager": Pager(0, 0, 0)}, ""),
    ("{{ amount|money:'EUR' }} {{ amount|money_short:'USD' }}", {"amount": Decimal(420_000)}, "€420,000 $420k"),
    ("{{ n|number }} {{ n|counted:'reply,replies' }} {{ share|percent }}", {"n": 1200, "share": 0.74}, "1,200 1,200 replies 74%"),
    (
        "{{ day|day_in }}, {{ day|day_year }}, {{ late|day_due }}",
        {"day": dt.date(2026, 11, 27), "late": dt.date(2026, 11, 18)},
        "in 8 days, 27 Nov 2026, 1 day late",
    ),
    (
        "{{ at|day_clock }}, {{ at|for_time }}, {{ none|day_clock }}",
        {"at": NOW - dt.timedelta(days=2), "none": None},
        "Tue 17 Nov, 10:42, 2 days, –",
    ),
]


@pytest.mark.parametrize(("source", "context", "expected"), EXACT, ids=[source for source, *_ in EXACT])
def test_a_part_is_written_to_the_letter(source: str, context: dict[str, Any], expected: str) -> None:
    assert drawn(source, **context) == expected


HOSTILE = [
    "{% card title=eve sub=eve link=eve link_url=eve %}{{ eve }}{% endcard %}",
    "{% next title=eve text=eve eyebrow=eve %}{{ eve }}{% endnext %}",
    "{% note title=eve %}{{ eve }}{% endnote %}",
    "{% fold eve sub=eve %}{{ eve }}{% endfold %}",
    "{% empty eve text=eve %}{{ eve }}{% endempty %}",
    "{% log_row %}{{ eve }}{% endlog_row %}",
    "{% msg eve %}{{ eve }}{% endmsg %}",
    "{% quote eve eve eve %}",
    "{% dialog id='d' title=eve action=eve submit=eve keep=eve text=eve %}{{ eve }}{% enddialog %}",
    "{% progress 1 2 eve url=eve %}",
    "{% masked eve eve %}",
    "{% button eve why_not=eve about=eve %}",
    "{% stepper steps label=eve %}",
    "{% why reasons %}",
    "{% fit points %}",
    "{% figures figures %}",
    "{% bars rows unit=eve %}",
    "{% columns rows label=eve %}",
    "{% spark values label=eve %}",
    "{% share 1 2 label=eve %}",
    "{% slots 20 1 1 what=eve %}",
    "{% table columns label=eve %}<tr><td>{{ eve }}</td></tr>{% endtable %}",
    "{% form_errors form %}{% field form.wish label=eve hint=eve %}{% choices form.activity cards %}",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_stays_text(source: str) -> None:
    class Wish(SampleForm):
        def clean_wish(self) -> str:
            raise forms.ValidationError(EVE)

    shown = drawn(
        source,
        steps=[Step(EVE, "now", EVE)],
        reasons=[Reason(EVE), Reason(EVE, fits=False)],
        points=[Points(EVE, 1, 2)],
        figures=[Figure(EVE, EVE, EVE, EVE, (1, 2), Mark(EVE, EVE))],
        rows=[Bar(EVE, 1, EVE, 2, EVE)],
        values=[1, 2],
        columns=[Column(EVE, sort=EVE)],
        form=Wish({"wish": EVE}),
        cards=[Choice(EVE, EVE, EVE, EVE), Choice("b", "B", why_not=EVE)],
    )
    assert ESCAPED in shown
    assert "<script>" not in shown
