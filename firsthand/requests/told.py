"""What references and prospects told in words, and who of ours reads it."""

from dataclasses import dataclass

from firsthand.core.words import number
from firsthand.people.models import Colleague
from firsthand.references.disclosure import is_close_to
from firsthand.requests.models import Ask, Debrief

Side = Debrief.Side


@dataclass(frozen=True)
class Told:
    """How it went, as one side told it: "4 of 5", their words, and "1.5 h" where they said how long it took."""

    side: str
    grade: str
    words: str
    hours: str
    found_own: bool


def is_close(ask: Ask, reader: Colleague | None) -> bool:
    """Whether they are on the owner's side or read everything; None is the program itself."""
    return reader is None or is_close_to(reader, ask.reference)


def why_they_do_not(ask: Ask, reader: Colleague | None) -> str:
    """Why the reference declined or called it off, and whom they name in their place, as they put it; empty for all but the close."""
    if not is_close(ask, reader):
        return ""
    better = f"Better ask {ask.colleague_suggested}" if ask.colleague_suggested else ""
    return ". ".join(filter(None, [ask.declined_reason.rstrip("."), better]))


def reads_debrief(side: str, ask: Ask, reader: Colleague | None) -> bool:
    """The reference speaks to the owner's side and those who run the program; our side and the prospect to the requester, too."""
    if is_close(ask, reader):
        return True
    return side != Side.REFERENCE and reader is not None and reader.pk == ask.reference_request.requester_id


def debriefs_for(ask: Ask, reader: Colleague) -> list[Told]:
    """What each side told of how it went, as far as this reader may know it."""
    given = [each for each in ask.debriefs.order_by("pk") if reads_debrief(each.side, ask, reader)]
    return [
        Told(
            side=f"The {each.get_side_display().lower()}",
            grade=f"{each.grade} of 5",
            words=each.words,
            hours="" if each.hours is None else f"{number(each.hours)} h",
            found_own=bool(each.facts.get("found_own")),
        )
        for each in given
    ]
