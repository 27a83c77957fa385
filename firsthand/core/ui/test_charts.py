"""Capacity and small charts: what is drawn, what is told."""

from firsthand.core.ui.builders import drawn
from firsthand.core.ui.parts import Bar


def test_slots_are_boxes_up_to_twelve_and_a_bar_above() -> None:
    boxes, bar = drawn("{% slots 6 2 4 %}"), drawn("{% slots 7 2 4 what='Calls' %}")
    assert (boxes.count("fh-cap-used"), boxes.count("fh-cap-held"), boxes.count("fh-cap-left")) == (6, 2, 4)
    assert 'aria-label="6 used, 2 reserved, 4 left of 12"' in boxes
    assert 'aria-label="Calls: 7 used, 2 reserved, 4 left of 13"' in bar
    assert '<rect class="fh-cap-used" width="53.8%"' in bar


def test_a_bar_past_its_goal_takes_colour_and_the_label_tells_all() -> None:
    shown = drawn("{% bars rows unit='d' %}", rows=[Bar("Owner", 2.4, goal=1, note="6 open"), Bar("Matching", 0.6, goal=1)])
    assert 'aria-label="Owner 2.4 d, goal 1; Matching 0.6 d, goal 1"' in shown
    assert shown.count('data-s="3"') == 1
    assert '<rect class="fh-col" data-s="3" x="92" y="8" width="132" height="14" rx="2"/>' in shown


def test_the_latest_column_takes_colour_unless_one_stands_out() -> None:
    assert drawn("{% columns rows %}", rows=[Bar("Q1", 1), Bar("Q2", 2)]).count('data-s="q"') == 1
    assert drawn("{% columns rows %}", rows=[Bar("Q1", 1, stands_out=True), Bar("Q2", 2)]).count('data-s="3"') == 1


def test_charts_without_values_break_nothing() -> None:
    assert drawn("{% spark values %}", values=[3]) == ""
    assert 'aria-label="No values yet"' in drawn("{% bars rows %}{% columns rows %}", rows=[])
    assert 'width="0%"' in drawn("{% share 3 0 %}")
