"""What older databases hold is carried over."""

from importlib import import_module

import pytest
from django.apps import apps

from firsthand.history.actions import Actor, record
from firsthand.history.models import Event, Words
from firsthand.people.builders import sam
from firsthand.people.models import Colleague

move = import_module("firsthand.history.migrations.0003_move_words")


@pytest.mark.django_db
def test_words_leave_the_facts_for_a_row_of_their_own() -> None:
    record("accept", sam(), by=Actor("contact", 1), times=2)
    Event.objects.update(facts={"times": 2, "via": "over lunch with Kim", "words": "Tuesdays suit me"})
    record("file", Colleague.objects.get(), by=Actor("contact", 1))
    move.move_words(apps)
    assert list(Event.objects.order_by("pk").values_list("facts", flat=True)) == [{"times": 2}, {}]
    assert Words.objects.get().text == "Tuesdays suit me"
    assert [event.said for event in Event.objects.order_by("pk")] == ["Tuesdays suit me", ""]


@pytest.mark.parametrize(
    ("sentence", "state", "code", "facts"),
    [
        ("The ask is scheduled.", "dropped", "ask", {"status": "scheduled"}),
        ("It is answered already: the ask is waiting for owner.", "dropped", "answered", {"status": "proposed"}),
        ("They were never asked.", "dropped", "never_asked", {}),
        ("Rae Reference cannot be asked: they withdrew their consent on 1 Mar 2026.", "dropped", "barred", {"rule": "consent"}),
        ("Rae Reference cannot be asked: something else.", "dropped", "barred", {"rule": ""}),
        ("There is no e-mail address of Rae Reference.", "dropped", "no_address", {}),
        ("ConnectionRefusedError: refused", "due", "error", {"words": "ConnectionRefusedError: refused"}),
    ],
)
def test_a_sentence_becomes_a_code(sentence: str, state: str, code: str, facts: dict[str, str]) -> None:
    assert move.coded(sentence, state) == (code, facts)
