"""What a manager does with open asks that the policy in force bars: end them or let them stand. Each is the ordinary deed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from firsthand.matching.rules import Bar
from firsthand.people.models import Colleague
from firsthand.references.disclosure import shown_name
from firsthand.requests import actions
from firsthand.requests.bulk import Line
from firsthand.requests.judging import RELATED, barred_asks
from firsthand.requests.models import Ask
from firsthand.requests.permissions import bars_of
from firsthand.requests.wording import heading

__all__ = ["MOVES", "barred_asks", "barred_rows", "plan"]

FREE = "No rule of the program bars it any more; it goes on."


@dataclass(frozen=True)
class BarredRow:
    """An open ask with the sentence of each rule that bars it; `tick` is the ask and the status that stands on the page."""

    ask: Ask
    title: str
    sub: str
    url: str
    sentences: list[str]

    @property
    def tick(self) -> str:
        return f"{self.ask.pk}-{self.ask.status}"


def barred_rows(asks: "QuerySet[Ask]", user: Colleague) -> list[BarredRow]:
    """By ascending id, without those that nothing bars any more."""
    judged = ((ask, bars_on(ask, user)) for ask in asks.select_related(*RELATED).order_by("pk"))
    return [BarredRow(ask, *_words(ask, user), [bar.sentence for bar in bars]) for ask, bars in judged if bars]


def bars_on(ask: Ask, viewer: Colleague) -> list[Bar]:
    """Every bar of an ask, absolute ones first; empty unless a program rule without an exception is among them."""
    bars = bars_of(ask.reference_request, ask.reference, ask=ask, viewer=viewer)
    return bars if any(not bar.is_absolute for bar in bars) else []


def _words(ask: Ask, user: Colleague) -> tuple[str, str, str]:
    """Title, what stands below it, and address."""
    row = ask.reference_request
    sub = f"{row} · {heading(row, user)} · {row.requester.name}"
    return shown_name(ask.reference, user), sub, reverse("requests:ask", args=[ask.pk])


@dataclass(frozen=True)
class Decision:
    """One of the two moves; `what` is said of each row, `text` stands beside its button."""

    code: str
    label: str
    what: str
    is_danger: bool
    do: Callable[[Ask, Colleague, str, str], object]


def _end(ask: Ask, by: Colleague, reason: str, seen: str) -> object:
    return actions.cancel(ask, by=by, reason=reason, seen=seen)


def _let_stand(ask: Ask, by: Colleague, reason: str, seen: str) -> object:
    return actions.lift_bars(ask, by=by, reason=reason, seen=seen)


MOVES = {
    move.code: move
    for move in (
        Decision("stand", "Let them stand", "It stands, as an exception", is_danger=False, do=_let_stand),
        Decision("end", "End them", "It ends, and its slot is free again", is_danger=True, do=_end),
    )
}


def plan(move: Decision, ticked: Sequence[tuple[Ask, str]], user: Colleague) -> list[Line]:
    """A line for each ask with the status its manager saw; what nothing bars any more is left alone and says so."""
    return [_line(move, ask, seen, user) for ask, seen in ticked]


def _line(move: Decision, ask: Ask, seen: str, user: Colleague) -> Line:
    def do(facts: Mapping[str, Any]) -> None:
        move.do(ask, user, facts["reason"], seen)

    is_free = ask.status in Ask.OPEN and not bars_on(ask, user)
    return Line(*_words(ask, user), move.what, FREE if is_free else "", do)
