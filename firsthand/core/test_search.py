"""What is found, on both engines alike; in which order is each engine's own business."""

import pytest
from django.db import transaction

from firsthand.core import search
from firsthand.core.models import Job, SearchEntry
from firsthand.core.search import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

BANK, HEALTH, SONS, CODE = 1, 2, 3, 4


@pytest.fixture(autouse=True)
def entries() -> None:
    search.put(
        [
            Entry("account", BANK, "Østvik Sparebank", "ostvik.no Oslo, Norway"),
            Entry("account", HEALTH, "Meridale Health", "meridale.example"),
            Entry("account", SONS, "Clyde & Sons (U.K.) Ltd.", "plumbing"),
            Entry("account", CODE, "C++ guild"),
            Entry("contact", BANK, "Ingrid Solheim", "CFO, Østvik Sparebank"),
        ]
    )


def accounts(text: str) -> set[int]:
    return {hit.object_id for hits in search.find(text, ["account"]) for hit in hits} or {
        hit.object_id for hit in search.near(text, ["account"])
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ostvik", {BANK}),
        ("ØSTVIK", {BANK}),
        ("spare ost", {BANK}),
        ("ost", {BANK}),
        ("norway", {BANK}),
        ("ostvik.no", {BANK}),
        ("ostvik norway", {BANK}),
        ("ostvik plumbing", set()),
        ("clyde and sons", {SONS}),
        ("clyde & sons", {SONS}),
        ("uk", {SONS}),
        ("c++", {CODE, SONS}),
        ("ostvk", {BANK}),
        ("meridael", {HEALTH}),
        ("vikspar", set()),
        ("eridal", {HEALTH}),
        ("zzzzzz", set()),
        ("", set()),
        ("%", set()),
    ],
)
def test_things_are_found_by_how_their_words_begin_or_by_nearly_these_words(text: str, found: set[int]) -> None:
    assert accounts(text) == found


@pytest.mark.parametrize(
    "text",
    ['"', "'", "q\\", "NEAR(a b)", "title:x", "ost OR plumbing", "x & !y", "*", "(", "q:*", "\0", "ост", "a" * 500, "x " * 100],
)
def test_no_text_is_read_as_a_query_language(text: str) -> None:
    assert accounts(text) == set()


def test_kinds_are_kept_apart_and_may_share_ids() -> None:
    assert list(search.find("ostvik", ["account"])) == [[("account", BANK)]]
    assert list(search.find("ostvik", ["contact"])) == [[("contact", BANK)]]
    assert {hit for hits in search.find("ostvik", ["contact", "account"]) for hit in hits} == {("account", BANK), ("contact", BANK)}


@pytest.mark.parametrize("most_ranked", [1, 100])
def test_slices_hold_everything_once(monkeypatch: pytest.MonkeyPatch, most_ranked: int) -> None:
    monkeypatch.setattr(search, "SLICE", 2)
    monkeypatch.setattr(search, "MOST_RANKED", most_ranked)
    search.put([Entry("account", pk, f"Ostvik {pk}") for pk in range(10, 15)])
    slices = list(search.find("ostvik", ["account"]))
    assert [len(hits) for hits in slices] == [2, 2, 2]
    assert {hit.object_id for hits in slices for hit in hits} == {BANK, *range(10, 15)}


def test_what_changes_is_found_by_its_new_words_alone() -> None:
    search.put([Entry("account", BANK, "Fennmark Bank")])
    assert (accounts("ostvik"), accounts("norway"), accounts("fennmark")) == (set(), set(), {BANK})


def test_what_is_dropped_is_not_found() -> None:
    search.drop("account", [BANK])
    assert accounts("ostvik") == set()
    assert SearchEntry.objects.filter(kind="account", object_id=BANK).count() == 0


def test_what_is_rolled_back_is_not_found() -> None:
    with transaction.atomic():
        search.put([Entry("account", 9, "Fennmark Bank")])
        transaction.set_rollback(True)
    assert accounts("fennmark") == set()


def test_a_query_is_narrowed_to_what_is_found() -> None:
    first, second = (Job.objects.create(kind="test", subject_id=subject) for subject in (BANK, HEALTH))
    rows = Job.objects.all()
    assert list(search.narrow(rows, "account", "ostvik", through="subject_id")) == [first]
    assert list(search.narrow(rows, "account", "meridael", through="subject_id")) == [second]
    assert list(search.narrow(rows, "account", "?!", through="subject_id")) == []
