"""Moves on many requests at once: what each would do, what is refused and why, and afterwards what was done. Each is the ordinary deed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from firsthand.core.refused import Refused
from firsthand.core.words import counted, listed
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_name
from firsthand.requests import actions
from firsthand.requests.actions.reminding import why_not_remind_any
from firsthand.requests.ask_rows import asks_of
from firsthand.requests.charge import managers, why_not_hand_over
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_not, why_not_request
from firsthand.requests.silence import Silence, name_of, reminders_of_each, silences_of_each, why_not_remind
from firsthand.requests.wording import heading
from firsthand.requests.workflow import AskMove, RequestMove

MOST = 100
HAND_OVER = "hand_over"


@dataclass
class Line:
    """One request, or one ask of it: `what` would happen, or `why_not`. After the deed `done` says what was done."""

    title: str
    sub: str
    url: str
    what: str
    why_not: str
    do: Callable[[Mapping[str, Any]], Event | None]
    done: str = ""


@dataclass(frozen=True)
class BulkMove:
    """`lines` are those of requests in their order; `asks_for` are the fields its form has; `label` stands on the button."""

    code: str
    label: str
    text: str
    lines: Callable[[Sequence[ReferenceRequest], Colleague], list[Line]]
    asks_for: tuple[str, ...] = ()
    is_danger: bool = False
    tells: bool = False


def moves() -> dict[str, BulkMove]:
    """What may be done with those ticked, by code; handing over once per manager."""
    return {move.code: move for move in (*_fixed(), *(_hand_over(each) for each in managers().order_by("name", "pk")))}


def _fixed() -> tuple[BulkMove, ...]:
    hours = "Mails go out in the working hours of whoever gets them."
    rules = "Each reference is asked by mail; the rules are read once more."
    ends = "Open asks end, their slots are given back, and whoever was asked is told."
    kept = "The reason is kept: the capacity plan stands on it. Open asks end."
    return (
        BulkMove("remind", "Remind whoever they wait for", hours, _reminding),
        BulkMove("send", "Send approved asks", rules, _sending),
        BulkMove("withdraw", "Withdraw requests", ends, _withdrawing, ("reason",), is_danger=True),
        BulkMove("close", "Close requests unfulfilled", kept, _closing, ("unfulfilled", "note"), is_danger=True),
    )


def _hand_over(to: Colleague) -> BulkMove:
    text = "Both managers read the reason, in one mail."
    return BulkMove(f"{HAND_OVER}:{to.pk}", f"Hand over to {to.name}", text, _handing_to(to), ("reason",), tells=True)


def plan(move: BulkMove, rows: "QuerySet[ReferenceRequest]", user: Colleague) -> list[Line]:
    """A line for everything the move would touch, the most urgent first."""
    related = ("activity_type", "opportunity__account", "requester", "manager")
    return move.lines(list(rows.select_related(*related).order_by("needed_by", "pk")[:MOST]), user)


def carry_out(move: BulkMove, lines: Sequence[Line], facts: Mapping[str, Any], *, by: Colleague) -> None:
    """Do what may be done, each line in its own transaction. What is refused now says why; the others go on."""
    events = do_each(lines, facts)
    if move.tells and events:
        actions.tell_handed_over(events, by=by)


def do_each(lines: Sequence[Line], facts: Mapping[str, Any]) -> list[Event]:
    """The same for lines of any kind: each line then says what was done, or why not. The events are those to be told together."""
    events = []
    for line in lines:
        if line.why_not:
            continue
        try:
            event = line.do(facts)
        except Refused as refusal:
            line.why_not = refusal.sentence
            continue
        line.done = line.what
        if event is not None:
            events.append(event)
    return events


def said(lines: Sequence[Line]) -> str:
    """What came of it, in one sentence."""
    done, refused = sum(bool(line.done) for line in lines), sum(bool(line.why_not) for line in lines)
    return f"{counted(done, 'move')} made" + (f", {refused} refused" if refused else "")


def _line(row: ReferenceRequest, user: Colleague, what: str, why: str | None, do: Callable[[Mapping[str, Any]], Event | None]) -> Line:
    sub = f"{row} · {row.requester.name}"
    return Line(heading(row, user), sub, reverse("desk:request", args=[row.pk]), what, why or "", do)


def _handing_to(to: Colleague) -> Callable[[Sequence[ReferenceRequest], Colleague], list[Line]]:
    def line(row: ReferenceRequest, user: Colleague) -> Line:
        def do(facts: Mapping[str, Any]) -> Event:
            return actions.hand_over(row, to=to, by=user, reason=facts["reason"], by_mail=False)

        before = row.manager.name if row.manager else "nobody"
        return _line(row, user, f"From {before} to {to.name}", why_not_hand_over(user, row, to), do)

    return lambda rows, user: [line(row, user) for row in rows]


def _reminding(rows: Sequence[ReferenceRequest], user: Colleague) -> list[Line]:
    found = silences_of_each(rows, in_force())
    written = reminders_of_each([silence for silences in found.values() for silence in silences])
    return [_remind_line(row, found[row.pk], written, user) for row in rows]


def _remind_line(row: ReferenceRequest, found: list[Silence], written: Mapping[str, list[Message]], user: Colleague) -> Line:
    def do(facts: Mapping[str, Any]) -> None:
        actions.remind(row, by=user)

    sentences = [why_not_remind(each, written[each.key], user) for each in found]
    names = [name_of(each, user) for each, sentence in zip(found, sentences, strict=True) if sentence is None]
    what = f"{listed(names)} {'is' if len(names) == 1 else 'are'} reminded"
    return _line(row, user, what, why_not_remind_any(row, sentences), do)


def _sending(rows: Sequence[ReferenceRequest], user: Colleague) -> list[Line]:
    approved = Ask.objects.filter(reference_request__in=rows, status=Ask.Status.APPROVED)
    some = set(approved.values_list("reference_request", flat=True))
    return [line for row in rows for line in (_send_lines(row, user) if row.pk in some else [_nothing_to_send(row, user)])]


def _nothing_to_send(row: ReferenceRequest, user: Colleague) -> Line:
    return _line(row, user, "", f"{row} has no approved ask to send.", lambda facts: None)


def _send_lines(row: ReferenceRequest, user: Colleague) -> list[Line]:
    return [_send_line(row, ask, user) for ask in asks_of(row) if ask.status == Ask.Status.APPROVED]


def _send_line(row: ReferenceRequest, ask: Ask, user: Colleague) -> Line:
    def do(facts: Mapping[str, Any]) -> None:
        actions.send(ask, by=user, seen=ask.status)

    return _line(row, user, f"{shown_name(ask.reference, user)} is asked", why_not(user, AskMove.SEND, ask), do)


def _withdrawing(rows: Sequence[ReferenceRequest], user: Colleague) -> list[Line]:
    def line(row: ReferenceRequest, ends: str) -> Line:
        def do(facts: Mapping[str, Any]) -> None:
            actions.withdraw(row, by=user, reason=facts["reason"])

        return _line(row, user, ends, why_not_request(user, RequestMove.WITHDRAW, row), do)

    return [line(row, ends) for row, ends in zip(rows, _ends(rows), strict=True)]


def _closing(rows: Sequence[ReferenceRequest], user: Colleague) -> list[Line]:
    def line(row: ReferenceRequest, ends: str) -> Line:
        def do(facts: Mapping[str, Any]) -> None:
            actions.close(row, by=user, reason=facts["unfulfilled"], note=facts["note"])

        return _line(row, user, ends, why_not_request(user, RequestMove.CLOSE, row), do)

    return [line(row, ends) for row, ends in zip(rows, _ends(rows), strict=True)]


def _ends(rows: Sequence[ReferenceRequest]) -> list[str]:
    """What ends with each request."""
    asks = Counter(Ask.objects.open().filter(reference_request__in=rows).values_list("reference_request", flat=True))
    ends = "It ends, and {} with it", "It ends; nobody is being asked"
    return [ends[0].format(counted(asks[row.pk], "open ask")) if asks[row.pk] else ends[1] for row in rows]
