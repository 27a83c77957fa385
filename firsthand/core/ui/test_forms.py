"""Fields, cards and switches of a form."""

import pytest

from firsthand.core.ui.builders import drawn, small
from firsthand.core.ui.components import SampleForm
from firsthand.core.ui.parts import Choice


def test_a_field_ties_label_control_help_and_error_together() -> None:
    assert drawn("{% field form.needed_by %}", form=SampleForm({"needed_by": "soon"})) == (
        '<div class="fh-field"><label class="form-label" for="id_needed_by">Needed by</label>'
        '<input type="date" name="needed_by" value="soon" aria-describedby="id_needed_by_helptext id_needed_by_error"'
        ' class="form-control is-invalid" required aria-invalid="true" id="id_needed_by">'
        '<span class="form-hint" id="id_needed_by_helptext">Calls take 5 days in the median.</span>'
        f'<p class="invalid-feedback" id="id_needed_by_error">{small("circle-alert")}Enter a valid date.</p></div>'
    )


def test_a_field_takes_attributes_and_says_what_is_optional() -> None:
    shown = drawn("{% field form.language hx_get='/preview/' %}", form=SampleForm())
    assert '<select name="language" hx-get="/preview/" class="form-select" id="id_language">' in shown
    assert 'Language of the call <span class="fh-opt">optional</span>' in shown


def test_a_group_is_a_fieldset_of_boxes() -> None:
    shown = drawn("{% field form.topics %}", form=SampleForm())
    assert '<legend>Topics <span class="fh-opt">optional</span></legend>' in shown
    assert (
        '<label class="form-check" for="id_topics_0">'
        '<input type="checkbox" name="topics" value="audit" class="form-check-input" id="id_topics_0">'
        "<span>Audit trail</span></label>" in shown
    )


def test_the_summary_links_each_error_to_its_control() -> None:
    shown = drawn("{% form_errors form done='sent' %}", form=SampleForm({"activity": "call", "wish": "x"}))
    assert shown == (
        '<div class="fh-errors" role="alert" tabindex="-1" autofocus><h2>2 things to fix before this can be sent</h2>'
        '<ul><li><a href="#id_needed_by">Needed by: This field is required.</a></li>'
        '<li><a href="#id_period_0">Period: This field is required.</a></li></ul></div>'
    )


def test_a_form_not_sent_yet_has_no_summary() -> None:
    assert drawn("{% form_errors form %}", form=SampleForm()) == ""


def test_a_card_that_cannot_be_chosen_says_why() -> None:
    cards = [Choice("call", "Call", "phone", "30 min"), Choice("slot", "Speaking slot", why_not="Opens at Negotiation.")]
    shown = drawn("{% choices form.activity cards %}", form=SampleForm({"activity": "call"}), cards=cards)
    assert '<input type="radio" name="activity" id="id_activity_0" value="call" checked required>' in shown
    assert (
        '<input type="radio" name="activity" id="id_activity_1" value="slot" disabled required>'
        "<b>Speaking slot</b><small>Opens at Negotiation.</small>" in shown
    )


@pytest.mark.parametrize(("chosen", "place", "opens"), [("call", 0, ' class="fh-fold">'), ("post", 3, ' class="fh-fold" open>')])
def test_of_many_cards_the_first_stand_open_and_a_fold_names_the_others(chosen: str, place: int, opens: str) -> None:
    cards = [Choice(name, name.capitalize()) for name in ("call", "visit", "quote", "post")]
    shown = drawn("{% choices form.activity cards shown=2 %}", form=SampleForm({"activity": chosen}), cards=cards)
    before, _, fold = shown.partition("<details")
    assert [before.count("<input"), fold.count("<input")] == [2, 2]
    assert fold.startswith(opens)
    assert '<span class="fh-quiet">Quote, Post</span>' in fold
    assert f'id="id_activity_{place}" value="{chosen}" checked' in shown


def test_one_card_alone_is_not_folded_away() -> None:
    cards = [Choice(name, name.capitalize()) for name in ("call", "visit", "quote")]
    assert "<details" not in drawn("{% choices form.activity cards shown=2 %}", form=SampleForm({"activity": "call"}), cards=cards)


def test_a_switch_is_made_of_radio_buttons() -> None:
    shown = drawn("{% seg form.period %}", form=SampleForm({"period": "month"}))
    assert '<label><input type="radio" name="period" value="month" id="id_period_0" required checked>Month</label>' in shown
