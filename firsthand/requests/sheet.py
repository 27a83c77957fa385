"""The reference sheet of a tender: whoever said yes to it, with exactly what each agreed to show, read anew each time it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from firsthand.core.clock import today as today_in
from firsthand.core.pdf import Section, pdf
from firsthand.core.words import day_year
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import Outsider, description, may_know
from firsthand.references.models import Disclosure, Reference
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import WITHDRAWN, bars_of
from firsthand.requests.wording import whom
from firsthand.stories.models import Story

ON_SHEET = (Ask.Status.ACCEPTED, Ask.Status.HELD)
OFF_SHEET = frozenset({*WITHDRAWN, "disclosure", "legal_hold", "no_go"})


def logo(reference: Reference) -> str:
    """Whether the company's logo may be shown outside now."""
    account = reference.reference_account
    is_over = account.logo_right_until is not None and account.logo_right_until < today_in(in_force().time_zone)
    return "may be shown" if account.logo_right == "public" and not is_over else ""


# What a reference may tick besides a story: its label, and what it would show; nothing to show, nothing to tick.
ITEMS: Mapping[str, tuple[str, Callable[[Reference], str]]] = {
    "company": ("Company", lambda reference: reference.account.name),
    "name": ("Name", lambda reference: reference.contact.person.name),
    "title": ("Title", lambda reference: reference.contact.title),
    "phone": ("Phone", lambda reference: reference.contact.phone),
    "email": ("E-mail", lambda reference: reference.contact.email),
    "logo": ("Logo", logo),
}
STORY = "story:"  # and its id: a yes to one story is none to those that are written later


def offered(ask: Ask) -> list[tuple[str, str]]:
    """What this reference may agree to show: code, and label with value. A customer not named outside is only described."""
    return [(code, f"{label}: {value}") for code, label, value in _showable(ask)]


def _showable(ask: Ask) -> list[tuple[str, str, str]]:
    """Code, label and value of all there is to show of them now."""
    if not may_know(ask.reference, Outsider.PROSPECT):
        return []
    found = [(code, label, value) for code, (label, show) in ITEMS.items() if (value := show(ask.reference))]
    return found + [(f"{STORY}{each.pk}", "Story", each.headline) for each in _stories(ask)]


def _stories(ask: Ask) -> list[Story]:
    """The newest story that a prospect may read, and what they ticked before, while it stands."""
    outside = (Disclosure.PUBLIC, Disclosure.NAMED, "")
    standing = Story.objects.filter(account=ask.reference.contact.account_id, retired_at=None, disclosure__in=outside)
    ticked = [code.removeprefix(STORY) for code in ask.shows if code.startswith(STORY)]
    return list(standing.filter(Q(pk__in=standing.order_by("-pk").values("pk")[:1]) | Q(pk__in=ticked)).order_by("-pk"))


@dataclass(frozen=True)
class Entry:
    """One reference on the sheet: label and value of each line."""

    ask: Ask
    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """The whole sheet. `waiting` asks are still to answer, and not on it."""

    title: str
    opening: tuple[str, ...]
    entries: tuple[Entry, ...]
    waiting: int

    def text(self) -> str:
        """As plain text."""
        blocks = [[self.title, *self.opening]]
        blocks += [[entry.heading, *(f"{label}: {value}" for label, value in entry.lines)] for entry in self.entries]
        return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"

    def pdf(self) -> bytes:
        """As a PDF. Raises `Refused` (409) for letters its font does not draw."""
        sections = [Section(entry.heading, tuple(f"{label}: {value}" for label, value in entry.lines)) for entry in self.entries]
        return pdf(self.title, self.opening, sections)


def why_not_sheet(reference_request: ReferenceRequest, user: Colleague) -> str | None:
    """The sheet leaves the house, so it is the requester's and the managers'."""
    if user.runs_program or user.pk == reference_request.requester_id:
        return None
    return "The requester and the program managers take the sheet."


def sheet(reference_request: ReferenceRequest, reader: Colleague) -> Sheet:
    """The sheet as it stands now: withdrawn items, consents and names are gone from it."""
    related = ("reference__reference_account", "reference__contact__person", "reference__contact__account__owner", "engagement")
    asks = list(reference_request.asks.select_related(*related).order_by("pk"))
    for ask in asks:
        ask.reference_request = reference_request
    agreed = [ask for ask in asks if ask.status in ON_SHEET and not _is_barred(ask)]
    window = ""
    if reference_request.window_from and reference_request.window_until:
        window = f"They may be called from {day_year(reference_request.window_from)} to {day_year(reference_request.window_until)}."
    return Sheet(
        f"Customer references of {in_force().company}",
        tuple(filter(None, [f"For {whom(reference_request, reader)}.", window])),
        tuple(_entry(ask, n) for n, ask in enumerate(agreed, start=1)),
        sum(ask.status in Ask.OPEN and ask.status not in ON_SHEET for ask in asks),
    )


def _entry(ask: Ask, number: int) -> Entry:
    shown = {code: (label, value) for code, label, value in _showable(ask) if code in ask.shows}
    lines = [line for code, line in shown.items() if code != "company"]
    heading = shown["company"][1] if "company" in shown else description(ask.reference, Outsider.PROSPECT)
    return Entry(ask, f"{number}. {heading[0].upper()}{heading[1:]}", tuple(lines))


def _is_barred(ask: Ask) -> bool:
    """Whether they took it back, or may not be named to this prospect any more. What keeps from asking leaves who agreed on the sheet."""
    return any(bar.rule.code in OFF_SHEET for bar in bars_of(ask.reference_request, ask.reference, ask=ask))
