"""Lists, dialogs, toasts, the shell and the pages of errors."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.base import Message
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.urls import reverse

from firsthand.core.ui.builders import ESCAPED, EVE, drawn, icon
from firsthand.core.ui.components import components, samples
from firsthand.core.ui.parts import Column, Pager


def test_a_button_that_cannot_be_pressed_says_why_and_does_nothing() -> None:
    shown = drawn("{% button 'Propose ask' kind='primary' href='/x/' why_not=why %}", why="Claes Ek cannot be asked.")
    sentence = shown.split('aria-describedby="')[1].split('"')[0]
    assert shown == (
        f'<button class="btn btn-primary" type="button" aria-disabled="true" aria-describedby="{sentence}">'
        f"{icon('lock')}Propose ask</button>"
        f'<span class="fh-small fh-quiet" id="{sentence}">Claes Ek cannot be asked.</span>'
    )


def test_a_table_names_its_region_and_sorts_by_links() -> None:
    columns = [Column("Due", sort="due"), Column("Name", sort="name"), Column("Deal", numeric=True), Column("Actions", hidden=True)]
    shown = drawn("{% table columns label='Requests' sort='-due' %}<tr></tr>{% endtable %}", columns=columns)
    assert '<div class="fh-scroll" tabindex="0" role="group" aria-label="Requests"><table class="table fh-cards">' in shown
    assert '<th scope="col" aria-sort="descending"><a href="?q=bank&amp;sort=due">Due' in shown
    assert '<th scope="col"><a href="?q=bank&amp;sort=name">Name</a></th>' in shown
    assert '<th scope="col" class="fh-n">Deal</th><th scope="col"><span class="visually-hidden">Actions</span></th>' in shown


def test_the_toolbar_keeps_what_was_chosen() -> None:
    shown = drawn("{% toolbar toolbar %}", **samples())
    assert '<input class="form-control" type="search" name="q" value="bank"' in shown
    assert '<option value="call" selected>Activity: Call</option><option value="visit">Visit</option>' in shown
    assert '<option value="">Owner: any</option>' in shown
    assert '<a class="btn btn-ghost btn-sm" href="/list/">Clear</a>' in shown
    assert '<input type="hidden" id="save-filter-query" name="query" value="q=bank">' in shown


def test_the_pager_says_where_one_is() -> None:
    shown = drawn("{% pager pager %}", pager=Pager(51, 100, 10_000, is_capped=True, previous="?before=51"))
    assert '<span class="fh-num">51–100 of 10,000+</span>' in shown
    assert '<a class="btn btn-sm" rel="prev" href="?before=51">Previous</a>' in shown
    assert '<button class="btn btn-sm" type="button" disabled>Next</button>' in shown


def test_progress_asks_again_only_while_there_is_an_address() -> None:
    assert 'hx-get="/job/1/" hx-trigger="every 2s" hx-select="#progress" hx-swap="outerHTML"' in drawn(
        "{% progress 1 2 'Half' url='/job/1/' %}"
    )
    assert "hx-" not in drawn("{% progress 2 2 'Done' %}")


def test_a_dialog_without_its_words_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"dialog needs submit, keep\."):
        drawn("{% dialog id='d' title='T' action='/x/' %}{% enddialog %}")


def test_toasts_offer_undo_by_post_and_errors_stay() -> None:
    told = [Message(25, EVE, extra_tags='{"undo": "/undo/1/", "see": "", "label": "Undo"}'), Message(40, "Not sent.", extra_tags="urgent")]
    shown = drawn("{% toasts %}", messages=told)
    assert f'<div class="toast show" role="status">{icon("circle-check")}<p>{ESCAPED}</p><form method="post" action="/undo/1/">' in shown
    assert (
        f'<div class="toast show" role="alert" data-stays>{icon("circle-alert")}<p>Not sent.</p><button type="button" class="fh-close"'
        in shown
    )


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "410", "429", "500"])
def test_an_error_page_is_one_sentence_even_without_a_request(name: str) -> None:
    shown = engines["django"].get_template(f"{name}.html").render()
    assert shown.count("<h1>") == 1
    assert "write to the person who sent it" in shown


def test_a_refusal_shows_its_sentence() -> None:
    shown = engines["django"].get_template("ui/refused.html").render({"sentence": EVE, "status": 409})
    assert f"<h1>{ESCAPED}</h1>" in shown


def test_the_page_of_all_parts_has_one_heading_and_no_id_twice() -> None:
    request = RequestFactory().get("/components/")
    may = {"runs_program": True, "reads_everything": True, "sets_up": True, "sees_records": True}
    request.user = SimpleNamespace(is_authenticated=True, name="Mia Lindgren", letter_keys=False, **may)  # type: ignore[assignment]
    request.COOKIES["theme"] = "dark"
    shown = components(request).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert shown.count("<h1>") == 1
    assert sorted(ids) == sorted(set(ids))
    assert '<html lang="en" data-bs-theme="dark" data-keys="off">' in shown
    assert f'<form method="post" action="{reverse("account_logout")}"><input type="hidden" name="csrfmiddlewaretoken"' in shown


def test_the_palette_gets_options_it_can_walk() -> None:
    request = RequestFactory().get("/components/", headers={"HX-Request": "true"})
    request.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    shown = components(request).content.decode()
    assert '<a role="option" id="find-2-1" href="#2" tabindex="-1" aria-selected="false">' in shown
