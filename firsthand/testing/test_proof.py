import socket

import pytest
from django.db import connection

from firsthand.testing.proof import Proof


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


def test_no_test_reaches_beyond_this_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"tried to reach 192\.0\.2\.1"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


@pytest.mark.both_engines
@pytest.mark.django_db
def test_the_database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
