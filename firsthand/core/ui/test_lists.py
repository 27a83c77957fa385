"""What a list's address keeps."""

from django.http import QueryDict

from firsthand.core.ui.lists import Head, head, kept, query
from firsthand.core.ui.parts import Column, Filter, Toolbar

GIVEN = QueryDict("q=bank&sort=due&industry=3&after=x&empty=&f=mine")


def test_sorting_starts_the_list_anew_and_keeps_the_rest() -> None:
    assert head(Column("Name", sort="name"), "due", GIVEN).url == "?q=bank&sort=name&industry=3&f=mine"


def test_a_second_click_turns_the_order_round() -> None:
    column = Column("Due", sort="due")
    assert [(found.order, found.url[-11:]) for found in (head(column, "due", QueryDict("")), head(column, "-due", QueryDict("")))] == [
        ("ascending", "?sort=-due"),
        ("descending", "?sort=due"),
    ]


def test_a_column_without_an_order_has_no_link() -> None:
    assert head(Column("Status"), "due", GIVEN) == Head(Column("Status"))


def test_a_saved_filter_forgets_the_place_in_the_list() -> None:
    assert query(GIVEN) == "q=bank&sort=due&industry=3&f=mine"


def test_the_toolbar_carries_what_none_of_its_controls_shows() -> None:
    assert kept(GIVEN, Toolbar(filters=(Filter("industry", "Industry", ()),))) == [("sort", "due"), ("f", "mine")]
