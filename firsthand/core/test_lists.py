import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.http import QueryDict, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from firsthand.core import lists
from firsthand.core.lists import Choice, Column, Listing, Saved
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.core.ui.parts import Link

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def make_jobs(*kinds: str) -> list[Job]:
    return [Job.objects.create(kind=kind, subject_id=number) for number, kind in enumerate(kinds)]


def jobs(per_page: int = 2) -> Listing[Job, Job]:
    return Listing(
        name="jobs",
        one="job",
        many="jobs",
        rows=Job.objects.exclude(kind="secret"),
        items=lambda rows: rows,
        columns=(
            Column("kind", "Kind", lambda job: job.kind, sort="kind", is_head=True),
            Column("subject", "Subject", lambda job: job.subject_id, numeric=True),
            Column("open", "", lambda _: "Open", in_file=False),
            Column("started", "Started", lambda job: job.started_at, in_page=False),
        ),
        order="kind",
        choices=(Choice("state", "State", (("waiting", "Waiting"), ("done", "Done")), lambda rows, value: rows.filter(state=value)),),
        search=lambda rows, text: rows.filter(kind__startswith=text),
        per_page=per_page,
    )


def page(query: str = "", per_page: int = 2) -> lists.Page:
    return lists.page(jobs(per_page), QueryDict(query))


def names(found: lists.Page) -> list[str]:
    return [row[0].text for row in found.rows]


def test_pages_follow_each_other_by_key() -> None:
    make_jobs("c", "a", "b", "e", "d")
    first = page()
    assert (names(first), first.pager.previous) == (["a", "b"], "")
    second = page(first.pager.next[1:])
    assert (names(second), second.pager.first, second.pager.last) == (["c", "d"], 3, 4)
    third = page(second.pager.next[1:])
    assert (names(third), third.pager.next) == (["e"], "")
    back = page(third.pager.previous[1:])
    assert (names(back), back.pager.first, back.pager.last) == (["c", "d"], 3, 4)


def test_search_filter_and_order_stay_while_paging() -> None:
    make_jobs("xa", "xb", "xc", "y")
    first = page("q=x&state=waiting&sort=-kind")
    assert names(first) == ["xc", "xb"]
    assert names(page(first.pager.next[1:])) == ["xa"]


@pytest.mark.parametrize(
    "query",
    [
        "state=flying",
        "sort=subject",
        "sort=password",
        "after=999999",
        "after=x&at=1",
        "before=-1",
        "after=1&at=%00",
        "after=" + "9" * 40,
        "q=" + "x" * 300,
    ],
)
def test_what_is_unknown_gives_the_plain_list_and_one_sentence(query: str) -> None:
    make_jobs("b", "a")
    found = page(query)
    assert names(found) == ["a", "b"]
    assert found.complaint.endswith(".")


@pytest.mark.parametrize("bad", ["state=flying", "strange=1", "sort=password"])
def test_what_is_unknown_is_left_out_and_all_else_stands(bad: str) -> None:
    make_jobs("b", "a", "bc")
    found = page(f"q=b&{bad}")
    assert (names(found), found.query) == (["b", "bc"], "q=b&sort=kind")
    assert found.complaint.endswith((", so it is shown without it.", ", so the list is shown without it.", "in its usual order."))


@pytest.mark.parametrize("bad", ["state=flying", "strange=1", "sort=password", "q=" + "x" * 300])
def test_no_file_is_made_of_what_is_unknown(bad: str) -> None:
    make_jobs("b")
    with pytest.raises(Refused, match="No file was made") as refusal:
        lists.file(jobs(), QueryDict(bad), "csv")
    assert refusal.value.status == 400


@pytest.mark.parametrize("query", ["unknown=", "q=", "state=", "at=7"])
def test_what_says_nothing_is_no_complaint(query: str) -> None:
    make_jobs("a")
    assert (names(page(query)), page(query).complaint) == (["a"], "")


def test_what_one_may_not_see_is_in_no_count_page_or_file() -> None:
    _, hidden = make_jobs("a", "secret")
    assert Job.objects.count() == 2
    assert (page().count, names(page())) == ("1 job", ["a"])
    assert page(f"after={hidden.pk}").complaint
    response = lists.file(jobs(), QueryDict(), "csv")
    assert isinstance(response, StreamingHttpResponse)
    assert response.getvalue() == "\ufeffKind,Subject,Started\r\na,0,\r\n".encode()


def test_a_file_holds_all_pages_of_what_is_filtered() -> None:
    make_jobs("xb", "xa", "y", "xc")
    response = lists.file(jobs(per_page=1), QueryDict("q=x&sort=-kind&after=1"), "csv")
    assert isinstance(response, StreamingHttpResponse)
    assert response.getvalue().decode().split("\r\n")[1:-1] == ["xc,3,", "xb,0,", "xa,1,"]


def test_of_filters_that_give_one_list_only_the_saved_one_is_marked_and_can_be_deleted() -> None:
    links = (Link("All", "?"), Link("Waiting", "?state=waiting"), Link("Mine", "?state=waiting&sort=kind"), Link("Done", "?state=done"))
    listing = replace(jobs(), saved=Saved(links, delete_urls={"?state=waiting&sort=kind": "/filters/1/"}))
    found = lists.page(listing, QueryDict("state=waiting"))
    assert [link.label for link in found.toolbar.saved if link.is_current] == ["Mine"]
    assert found.delete_url == "/filters/1/"
    assert [link.label for link in lists.page(listing, QueryDict("q=x")).toolbar.saved if link.is_current] == []


def test_counting_stops_at_ten_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_TO", 2)
    make_jobs("a", "b")
    assert (page().count, page().pager.is_capped) == ("2 jobs", False)
    make_jobs("c", "d")
    assert (page().count, page().pager.is_capped, page().pager.total) == ("2+ jobs", True, 2)


def test_queries_do_not_grow_with_rows() -> None:
    counts = []
    for more in (["a"], ["b", "c"]):
        make_jobs(*more)
        with CaptureQueriesContext(connection) as queries:
            page(per_page=50)
        counts.append(len(queries))
    assert counts == [2, 2]
