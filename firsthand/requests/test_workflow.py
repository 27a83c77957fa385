"""The tables of moves are whole, and the manual prints them."""

from pathlib import Path

import pytest

from firsthand.requests.diagrams import as_markdown
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.who_may import MAY, MAY_REQUEST, WHOSE, WHOSE_REQUEST
from firsthand.requests.workflow import ASK_GLOSSARY, ASK_MOVES, BY_ITSELF, REQUEST_GLOSSARY, REQUEST_MOVES, AskMove, RequestMove

MANUAL = Path(__file__).resolve().parent.parent.parent / "docs" / "manual" / "workflows.md"
BOTH = [(ASK_MOVES, Ask.Status, AskMove), (REQUEST_MOVES, ReferenceRequest.Status, RequestMove)]


@pytest.mark.parametrize(("moves", "status", "move"), BOTH, ids=["ask", "request"])
def test_every_status_has_its_row_and_every_move_is_possible_somewhere(moves: dict, status: type, move: type) -> None:  # type: ignore[type-arg]
    assert set(moves) == set(status.values)  # type: ignore[attr-defined]
    assert {name for row in moves.values() for name in row} == set(move.values)  # type: ignore[attr-defined]
    assert {after for row in moves.values() for after in row.values()} <= set(status.values)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("moves", "status", "move"), BOTH, ids=["ask", "request"])
def test_every_status_is_reached(moves: dict, status: type, move: type) -> None:  # type: ignore[type-arg]
    first = next(iter(moves))
    reached, fresh = {first}, [first]
    while fresh:
        for after in moves[fresh.pop()].values():
            if after not in reached:
                reached.add(after)
                fresh.append(after)
    assert reached == set(status.values)  # type: ignore[attr-defined]


def test_an_open_ask_can_always_be_taken_back() -> None:
    assert {status for status, row in ASK_MOVES.items() if AskMove.CANCEL in row} == set(Ask.OPEN)


def test_an_open_request_can_always_be_withdrawn() -> None:
    assert {status for status, row in REQUEST_MOVES.items() if RequestMove.WITHDRAW in row} == {"draft", *ReferenceRequest.OPEN}


def test_every_move_says_whose_it_is() -> None:
    assert set(MAY) | (set(AskMove.values) & BY_ITSELF) == set(AskMove.values)
    assert set(MAY_REQUEST) | (set(RequestMove.values) & BY_ITSELF) == set(RequestMove.values)
    assert (set(WHOSE), set(WHOSE_REQUEST)) == (set(AskMove.values), set(RequestMove.values))


def test_every_status_is_explained() -> None:
    assert (set(ASK_GLOSSARY), set(REQUEST_GLOSSARY)) == (set(Ask.Status.values), set(ReferenceRequest.Status.values))


def test_the_manual_holds_the_workflows() -> None:
    assert MANUAL.read_text() == as_markdown(), "Run: firsthand manage workflows > docs/manual/workflows.md"
