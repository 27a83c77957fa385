"""One page for each side before they meet: who, when, what is asked, what not to raise. As far as each side may know."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Q

from firsthand.core.words import counted, listed
from firsthand.customers.models import Contact
from firsthand.people.models import Colleague
from firsthand.references.disclosure import is_close_to, may_know, shown_company, shown_name
from firsthand.references.models import NoGo, Reference
from firsthand.requests.envelope import Receiver, also_speak, reader_of, took_back, who_speak, zone_of
from firsthand.requests.models import Ask, Attendee
from firsthand.requests.prospects import prospect_for
from firsthand.requests.wording import whom

SHORT = 20  # minutes; below, the first and last words are two minutes each


@dataclass(frozen=True)
class Brief:
    """What one side reads. `who` are pairs of a name and what they are; empty lists are left out of the page."""

    title: str
    when: str
    zone: str
    where: str
    who: list[tuple[str, str]]
    agenda: list[str]
    questions: list[str]
    leave_out: list[str] = field(default_factory=list)

    def as_lines(self) -> list[str]:
        """The same as paragraphs of a mail, each part under its name."""
        parts = [
            ("Who", [", ".join(filter(None, pair)) for pair in self.who]),
            ("Agenda", self.agenda),
            ("Questions", self.questions),
            ("Leave out", self.leave_out),
        ]
        return ["\n".join([f"{name}:", *(f"- {line}" for line in lines)]) for name, lines in parts if lines]


def brief_for(ask: Ask, to: Receiver) -> Brief:
    """The brief of an ask whose time is fixed, or that was introduced: then `when` and `where` are empty."""
    zone, asked, occasion = zone_of(to), ask.reference_request, ask.occasion
    minutes = occasion.minutes if occasion else asked.activity_type.minutes
    return Brief(
        title=f"{asked.activity_type.name} with {_other_side(ask, to)}",
        when=f"{occasion.starts_at.astimezone(ZoneInfo(zone)):%A %-d %B %Y, %H:%M}" if occasion else "",
        zone=zone,
        where=occasion.place if occasion else "",
        who=_who(ask, to),
        agenda=_agenda(minutes) if minutes else [],
        questions=[line.strip() for line in (asked.questions or asked.wish).splitlines() if line.strip()],
        leave_out=_leave_out(ask.reference, to) if isinstance(to, Contact) else _leave_out_of_panel(ask, to),
    )


def _other_side(ask: Ask, to: Receiver) -> str:
    return prospect_for(ask) if isinstance(to, Contact) else listed([_named(each, to)[0] for each in who_speak(ask)])


def _who(ask: Ask, to: Receiver) -> list[tuple[str, str]]:
    talks = ask.reference_request.activity_type.has_time
    coming = Attendee.objects.coming_to(ask).order_by("pk")
    others = [(each.name, each.role or "from the other side") for each in coming if each != to]
    if isinstance(to, Contact):
        besides = [(words, "who will speak as well")] if (words := also_speak(ask)) else []
        return [(prospect_for(ask), "whom you talk to" if talks else "whom it is for"), *besides, *others]
    references = [_named(each, to) for each in who_speak(ask)]
    if isinstance(to, Attendee):
        return [*references, *[(name, "with you") for name, _ in others]]
    return [*references, (whom(ask.reference_request, to), "whom they talk to" if talks else "whom it is for"), *others]


def _named(ask: Ask, to: Colleague | Attendee) -> tuple[str, str]:
    """A reference and what they are; of a panel, one who wants no more of it is not named any more."""
    reference, reader = ask.reference, reader_of(to)
    if took_back(ask, to):
        return "A customer", "the reference"
    known = [reference.contact.title, shown_company(reference, reader)] if may_know(reference, reader) else []
    return shown_name(reference, reader), ", ".join(filter(None, known)) or "the reference"


def _agenda(minutes: int) -> list[str]:
    ends = 2 if minutes < SHORT else 5
    return [
        f"Who is who, {counted(ends, 'minute')}",
        f"The questions below, {counted(max(1, minutes - 2 * ends), 'minute')}",
        f"Anything else, {counted(ends, 'minute')}",
    ]


def _leave_out_of_panel(ask: Ask, to: Colleague | Attendee) -> list[str]:
    """Of several references each says with whom; what is so with all of them is said once."""
    speakers = [(_named(each, to)[0], _leave_out(each.reference, to)) for each in who_speak(ask)]
    if len(speakers) == 1:
        return speakers[0][1]
    shared = [line for line in speakers[0][1] if all(line in lines for _, lines in speakers)]
    return [*shared, *[f"With {name}: {line}" for name, lines in speakers for line in lines if line not in shared]]


def _leave_out(reference: Reference, to: Receiver) -> list[str]:
    """Topics they refuse; for the house, whose people must not take part; what is said under NDA."""
    topics = reference.topics.filter(is_welcome=False).order_by("value__name").values_list("value__name", flat=True)
    if isinstance(to, Contact):
        return [f"{topic}: you said you would rather not speak of it" for topic in topics]
    lines = [str(topic) for topic in topics]
    if isinstance(to, Colleague) and is_close_to(to, reference):
        lines += [f"Nobody of {name}: they do not speak to them" for name in _no_go_names(reference)]
    if reference.reference_account.under_nda:
        lines.append("Anything to others: it is said under a non-disclosure agreement")
    return lines


def _no_go_names(reference: Reference) -> list[str]:
    theirs = NoGo.objects.filter(Q(reference=reference) | Q(reference_account=reference.reference_account_id)).select_related("account")
    return sorted({each.account.name if each.account else each.name for each in theirs})
