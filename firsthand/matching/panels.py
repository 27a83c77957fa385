"""What pages show of a match: what was understood, the ranked matches, and why not the others.

The page that shows them may let people be chosen: `form` is the id of its form, to which the checkboxes named `reference` belong.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from firsthand.core.clock import period_name
from firsthand.core.panels import Panel
from firsthand.core.words import counted, number
from firsthand.matching.exclusions import MUST
from firsthand.matching.match import Result
from firsthand.matching.rules import Kind
from firsthand.matching.wish import Criterion

IN_FULL = 5  # matches shown with everything; the others in a fold
SPAN = re.compile(r"(\d{1,5})-(\d{1,5})")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Chip:
    """A criterion as the page shows it: `read_as` says what was typed where it was read as something else."""

    label: str
    is_must: bool = False
    read_as: str = ""
    remove_url: str = ""


def title(result: Result) -> str:
    """The finding, for the head of the page."""
    fit = f"{counted(result.fits, 'reference')} {'fits' if result.fits == 1 else 'fit'}" if result.fits else "No reference fits"
    return f"{fit}, {number(result.barred)} {'does' if result.barred == 1 else 'do'} not" if result.barred else fit


def understood(result: Result, *, address: str = "", query: Iterable[tuple[str, str]] = (), change_url: str = "") -> Panel | None:
    """The criteria as chips. With an `address`, what was read out of the wish can be taken back there; `query` is kept.

    What is a criterion of the need besides stands wherever the wish was read: it is changed at `change_url`.
    """
    asked, stated = result.asked, {(each.value_id,) for each in result.need.criteria}
    read = [each for each in asked.understood.criteria if each.start < len(result.need.wish)]
    said = {each.value_ids for each in read}
    given = [Chip(asked.names(each), each.importance == "must") for each in asked.criteria if each.value_ids not in said]
    chips = [*given, *(_chip(result, each, "" if each.value_ids in stated else address, list(query)) for each in read)]
    data = {"chips": chips, "rest": asked.understood.rest, "restore": address if result.need.removed else "", "change_url": change_url}
    return Panel("matching/_understood.html", data) if chips or result.need.removed else None


def _chip(result: Result, criterion: Criterion, address: str, query: list[tuple[str, str]]) -> Chip:
    names = result.asked.vocabulary.by_id
    label = " or ".join(names[value].name for value in criterion.value_ids)
    taken_back = [*result.need.removed, (criterion.start, criterion.end)]
    kept = [(key, value) for key, value in query if key != "not"]
    url = f"{address}?{urlencode([*kept, *(('not', f'{start}-{end}') for start, end in taken_back)])}" if address else ""
    typed = criterion.matched_text
    return Chip(f"Not {label}" if criterion.avoid else label, read_as="" if typed.casefold() == label.casefold() else typed, remove_url=url)


def removed_spans(values: Iterable[str]) -> Spans:
    """The spans that the address takes back, as `need.removed`; what is no span is left out."""
    found = (SPAN.fullmatch(value) for value in values)
    return tuple(dict.fromkeys((int(each.group(1)), int(each.group(2))) for each in found if each))


def matches(result: Result, *, form: str = "", proposed: Collection[int] = (), ticked: Collection[int] = ()) -> Panel:
    """The ranked matches; `proposed` are references asked for this request already, `ticked` those a refused form named."""
    further = result.matches[IN_FULL:]
    data = {
        "matches": result.matches[:IN_FULL],
        "further": further,
        "further_title": f"{counted(len(further), 'more', 'more')}, scoring {further[0].score} to {further[-1].score}" if further else "",
        "beyond": result.fits - sum(1 + each.more_count for each in result.matches),
        "fits": result.fits,
        "is_untold": result.is_untold,
        "period": period_name(result.need.day, "year"),
        "form": form,
        "proposed": set(proposed),
        "ticked": set(ticked),
    }
    return Panel("matching/_matches.html", data)


def exclusions(
    result: Result,
    *,
    address: str = "",
    query: Iterable[tuple[str, str]] = (),
    why: str = "",
    form: str = "",
    ticked: Collection[int] = (),
) -> Panel | None:
    """Why not the others. `why` is the rule whose people have their sentences; with a `form` program bars can be lifted."""
    if not result.exclusions:
        return None
    kept = [(key, value) for key, value in query if key != "why"]
    rows = [
        {
            "exclusion": each,
            "is_open": each.rule == why,
            "url": f"{address}?{urlencode([*kept, ('why', each.rule)])}#why-{each.rule}"
            if address and each.rule not in {why, MUST}
            else "",
            "form": form if each.kind == Kind.PROGRAM else "",
        }
        for each in result.exclusions
    ]
    heading = f"Why not the other {number(result.barred)}" if result.barred else "Who lacks a must"
    return Panel("matching/_exclusions.html", {"rows": rows, "title": heading, "ticked": set(ticked)})


def _why_url(address: str, kept: list[tuple[str, str]], rule: str) -> str:
    return f"{address}?{urlencode([*kept, ('why', rule)])}#why-{rule}" if address else ""
