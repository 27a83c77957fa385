"""The two workflows as the manual shows them, printed from their tables.

`firsthand manage workflows > docs/manual/workflows.md`; a test fails when the page is stale.
"""

from collections.abc import Mapping

from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.workflow import ASK_GLOSSARY, ASK_MOVES, REQUEST_GLOSSARY, REQUEST_MOVES, AskMove, RequestMove


def as_markdown() -> str:
    """Both workflows: a diagram, what each status means, and which move leads where."""
    request_moves = {str(move): str(move.label) for move in RequestMove}
    ask_moves = {str(move): str(move.label) for move in AskMove}
    return "\n".join(
        [
            "# The two workflows",
            "",
            "Printed from the tables that decide which move is possible; nothing else moves a request or an ask.",
            "",
            *_chapter("A reference request", ReferenceRequest.Status, REQUEST_MOVES, request_moves, REQUEST_GLOSSARY),
            *_chapter("An ask", Ask.Status, ASK_MOVES, ask_moves, ASK_GLOSSARY),
        ]
    )


def _chapter(
    title: str, statuses: type, moves: Mapping[str, Mapping[str, str]], names: Mapping[str, str], meant: Mapping[str, str]
) -> list[str]:
    labels: dict[str, str] = dict(statuses.choices)  # type: ignore[attr-defined]
    first = next(iter(moves))
    drawn = [f"    {before} --> {after}: {names[move]}" for before, row in moves.items() for move, after in row.items()]
    ends = [f"    {status} --> [*]" for status, row in moves.items() if not row]
    rows = [f"| {labels[status]} | {meant[status]} | {_moves(row, names, labels)} |" for status, row in moves.items()]
    return [
        f"## {title}",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {first}",
        *drawn,
        *ends,
        "```",
        "",
        "| status | means | moves |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _moves(row: Mapping[str, str], names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    return "; ".join(f"{names[move]} → {labels[after]}" for move, after in row.items()) or "–"
