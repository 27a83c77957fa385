import socket

import pytest
from django.db import connection

from firsthand.testing.plugin import samples
from firsthand.testing.proof import Proof, Sample


def test_a_proof_does_a_tenth_of_its_rounds_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTHAND_TEST_PROOF_SCALE", "0.1")
    assert Proof("race").rounds(300) == 30
    monkeypatch.setenv("FIRSTHAND_TEST_PROOF_SCALE", "1")
    assert Proof("race").rounds(300) == 300


def test_a_proof_that_did_less_than_it_stated_says_so() -> None:
    proof = Proof("race")
    stated = proof.rounds(300)
    proof.count(rounds=stated - 1, winners=stated - 1)
    assert proof.shortfall() == f"race did {stated - 1} of its {stated} rounds."
    proof.count(rounds=1)
    assert proof.shortfall() is None


def test_a_sample_gives_each_thing_its_turn_and_says_how_many_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTHAND_TEST_PROOF_SCALE", "0.02")
    sample = Sample("some test")
    given = [sample.some("letters", "abcdefg", one_in=3) for _ in range(3)]
    assert sorted(given) == [["a", "d", "g"], ["b", "e"], ["c", "f"]]
    assert (sample.asked["letters"], sample.all["letters"]) == (7, 21)


def test_a_sample_is_everything_where_everything_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTHAND_TEST_PROOF_SCALE", "1")
    assert Sample("some test").some("letters", "abc", one_in=3) == ["a", "b", "c"]


def test_the_account_adds_the_samples_of_all_tests() -> None:
    assert samples([["pages", 400, 1200], ["mails", 1, 5], ["pages", 700, 2000]]) == ["mails: 1 of 5", "pages: 1,100 of 3,200"]


def test_no_test_reaches_beyond_this_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"tried to reach 192\.0\.2\.1"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


@pytest.mark.both_engines
@pytest.mark.django_db
def test_the_database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
