"""What happened on a request, in words. One table serves the timeline, the mails and the notices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from firsthand.core.words import counted, day_year, listed, number
from firsthand.deals.naming import shown_prospect
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.references.disclosure import shown_name
from firsthand.requests.guests import reads_addresses
from firsthand.requests.lifted import lifted_on
from firsthand.requests.models import Ask, Attendee, Debrief, ReferenceRequest
from firsthand.requests.told import is_close, reads_debrief, why_they_do_not

# verb: icon, what a colleague or the program did, what the reference did by their own link. `{name}` is the reference.
PHRASES: Mapping[str, tuple[str, str, str]] = {
    "file": ("circle", "wrote the request", ""),
    "submit": ("circle", "submitted the request", ""),
    "ask_info": ("message-circle-question-mark", "asked for information", ""),
    "give_info": ("reply", "answered the question", ""),
    "hand_over": ("user-round-cog", "put {to} in charge", ""),
    "change_wanted": ("pencil", "changed {parts}", ""),
    "ended": ("circle-x", "noted that what this was asked for has ended; nobody more is asked", ""),
    "new_requester": ("user-round", "made {to} the requester", ""),
    "remind": ("bell", "reminded {to}", ""),
    "remind_reference": ("bell", "reminded {name}", ""),
    "silence": ("bell", "told a manager that {to} has not answered", ""),
    "note": ("message-square", "wrote a note", ""),
    "propose": ("users-round", "proposed asking {name}", ""),
    "ask_along": ("users-round", "put {name} down for the time that is fixed", ""),
    "join": ("users", "asked {name} whether this request may share a time that is fixed", ""),
    "join_moved": ("calendar-clock", "moved the time with {name} that this request asked to share", "moved the time that was to be shared"),
    "along_moved": ("calendar-clock", "moved the time that {name} is asked to come to", ""),
    "stands": ("calendar-check", "kept the time that is fixed with {name}", "wants a rest from being asked; the time that is fixed stands"),
    "waits": ("hourglass", "asked for time with {name}, so this ask waits, too", "wants a rest from being asked; this ask waits, too"),
    "window": ("calendar-clock", "set when evaluators may call", ""),
    "show": ("list-checks", "recorded what may be shown of {name}", "chose what the reference sheet may show"),
    "places": ("users", "changed how many requests may share the time with {name}", ""),
    "lift": ("scale", "lifted a rule for asking {name}", ""),
    "approve": ("shield-check", "approved asking {name}", ""),
    "refuse": ("shield-x", "refused asking {name}", ""),
    "hand_on": ("skip-forward", "passed the answer about {name} on to {to}, after days of silence", ""),
    "hand_to_owner": ("skip-forward", "passed the answer about {name} on to {to}: the one before answers for the customer no more", ""),
    "hand_past": ("skip-forward", "passed the answer about {name} on to {to}, since whoever was to give it asks for it now", ""),
    "expire": ("timer-off", "gave the slot of {name} back: nobody decided in time, and the ask ended", ""),
    "send": ("send", "asked {name}", ""),
    "accept": ("circle-check", "recorded that {name} said yes", "said yes"),
    "decline": ("circle-x", "recorded that {name} declined", "declined"),
    "lapse": ("timer-off", "stopped waiting for {name}; a late yes still counts", ""),
    "offer": ("calendar-plus", "wrote down times of {name}", "offered times"),
    "withdraw_time": ("calendar-x", "took a time of {name} back", "took an offered time back"),
    "bring": ("user-round-plus", "brought somebody more to the time with {name}", ""),
    "take_off": ("user-round-x", "took somebody of the other side off the time with {name}", ""),
    "say_cannot": ("calendar-x", "{cannot}", ""),
    "release_times": ("send", "sent the prospect the times of {name}", ""),
    "schedule": ("calendar-check", "fixed the time with {name}", "took the time that is fixed"),
    "reschedule": ("calendar-clock", "moved the time with {name}", ""),
    "introduce": ("handshake", "introduced {name} by mail", "asked to be introduced by mail"),
    "hold": ("circle-check", "said that it happened with {name}", "said that it happened"),
    "miss": ("circle-x", "said that it did not happen with {name}", "said that it did not happen"),
    "held_after_all": ("circle-check", "corrected the outcome: it happened with {name} after all", ""),
    "not_held": ("circle-x", "corrected the outcome: it did not happen with {name}", ""),
    "count_back": ("rotate-ccw", "counted again: fewer references have happened than are wanted", ""),
    "say_outcome": ("message-square", "said whether it happened with {name}", "said whether it happened"),
    "cancel": ("circle-slash", "canceled asking {name}", "called it off"),
    "debrief": ("star", "told how it went with {name}", "told how it went"),
    "release_debrief": ("send", "asked the prospect how it went with {name}", ""),
    "write_note": ("mail", "wrote to {name} afterwards", ""),
    "advance": ("circle-check", "counted a reference that happened", ""),
    "fulfill": ("circle-check", "fulfilled the request", ""),
    "answer_with_content": ("book-open-text", "answered with content", ""),
    "confirm_content": ("circle-check", "said that the content did it", ""),
    "reopen": ("rotate-ccw", "still needs a person and reopened the request", ""),
    "withdraw": ("circle-slash", "withdrew the request", ""),
    "close": ("circle-slash", "closed the request short of what was wanted", ""),
}
WITHOUT_OWNER = ("shield-check", "goes ahead with asking {name}: the policy needs no answer of the account owner", "")
HAS_ENDED = ("timer-off", "gave the slot of {name} back: what this was asked for has ended, and so did the ask", "")
INSTEAD: Mapping[str, tuple[str, str, str]] = {"without_asking": WITHOUT_OWNER, "has_ended": HAS_ENDED}
SILENT = frozenset({"ask", "advance"})  # follow from another line at the same moment


@dataclass(frozen=True)
class Happened:
    """A line of the timeline."""

    icon: str
    who: str
    what: str
    detail: str
    at: datetime

    @property
    def sentence(self) -> str:
        """The line as one sentence without a full stop."""
        return f"{self.who} {self.what}"


class Teller:
    """Words events of one request for one reader, with every name fetched once."""

    def __init__(self, reader: Colleague | None, events: Iterable[Event], asks: Iterable[Ask]) -> None:
        self.reader = reader
        self.events = [event for event in events if event.verb in PHRASES and event.verb not in SILENT]
        self.asks = {ask.pk: ask for ask in asks}
        ids = {event.actor_id for event in self.events if event.actor_kind == "colleague" and event.actor_id}
        ids |= {event.facts["to"] for event in self.events if isinstance(event.facts.get("to"), int)}
        self.colleagues = dict(Colleague.objects.filter(pk__in=ids).values_list("pk", "name"))

    def tell(self) -> list[Happened]:
        """Every line, in the order of the events."""
        return [self.line(event) for event in self.events]

    def line(self, event: Event) -> Happened:
        ask = self.asks.get(event.subject_id) if event.subject_kind == "ask" else None
        name = shown_name(ask.reference, self.reader) if ask else "a reference"
        icon, done, answered = next((phrase for fact, phrase in INSTEAD.items() if event.facts.get(fact)), PHRASES[event.verb])
        who = self._who(event, name)
        phrase = answered if event.actor_kind == "contact" and answered else done
        return Happened(
            icon,
            who,
            phrase.format(
                name=name,
                to=self.colleagues.get(event.facts.get("to"), "the program managers"),
                parts=_parts(event),
                cannot=_cannot(event, name),
            ),
            self._detail(event, ask),
            event.at,
        )

    def _who(self, event: Event, name: str) -> str:
        if event.actor_kind == "colleague":
            return str(self.colleagues.get(event.actor_id or 0, "A colleague"))
        return {"contact": name, "prospect": "The prospect"}.get(event.actor_kind, "The program")

    def _detail(self, event: Event, ask: Ask | None) -> str:
        """Words that came along, for those who may read them: the owner's and the reference's reasons are for the close alone."""
        kept: Mapping[str, Callable[[Event, Ask], str]] = {
            "refuse": lambda _, row: row.refused_reason if is_close(row, self.reader) else "",
            "decline": lambda _, row: why_they_do_not(row, self.reader),
            "cancel": lambda _, row: " ".join(filter(None, [row.canceled_reason, why_they_do_not(row, self.reader)])),
            "debrief": self._told,
            "lift": self._lifted,
            "say_cannot": lambda happened, row: ": ".join(filter(None, [self._guest(happened, row), happened.said])),
        }
        return kept[event.verb](event, ask) if ask is not None and event.verb in kept else event.said

    def _guest(self, event: Event, ask: Ask) -> str:
        """Who of the other side it was, for those who know of whom it is."""
        guest = Attendee.objects.filter(pk=event.actor_id or 0).first()
        return guest.name if guest and self.reader and reads_addresses(ask, self.reader) else ""

    def _told(self, event: Event, ask: Ask) -> str:
        side = str(event.facts.get("side", ""))
        return self._debriefs.get((ask.pk, side), "") if reads_debrief(side, ask, self.reader) else ""

    def _lifted(self, event: Event, ask: Ask) -> str:
        rules = set(event.facts.get("rules", []))
        return "; ".join(f"{each.title}: {each.reason}" for each in lifted_on(ask, self.reader) if each.code in rules)

    @cached_property
    def _debriefs(self) -> dict[tuple[int, str], str]:
        """The words of every debrief of these asks, by ask and side."""
        given = Debrief.objects.filter(ask__in=self.asks).values_list("ask_id", "side", "words")
        return {(ask, side): words for ask, side, words in given}


def _cannot(event: Event, name: str) -> str:
    """What somebody of the other side said: "cannot come to the time with Rae Reference"."""
    return f"cannot come to the time with {name}" if event.facts.get("is_fixed") else f"said that none of the times of {name} suits"


def _parts(event: Event) -> str:
    """What of a request was changed: "the wish, the questions and the day it is needed by, from 20 March 2026 to 27 March 2026"."""
    names = {
        "wish": "the wish",
        "questions": "the questions",
        "criteria": "what they are matched by",
        "needed_by": "the day it is needed by",
    }
    parts = listed([words for part, words in names.items() if part in event.facts.get("changed", [])])
    was, now = (date.fromisoformat(event.facts[name]) if name in event.facts else None for name in ("day_was", "day_now"))
    return f"{parts}, from {day_year(was)} to {day_year(now)}" if was and now else parts


def heading(reference_request: ReferenceRequest, reader: Colleague | None) -> str:
    """What a request is called: "Reference call for Fennmark Bank"."""
    return f"{reference_request.activity_type.name} for {whom(reference_request, reader)}"


def whom(reference_request: ReferenceRequest, reader: Colleague | None) -> str:
    """Whom the request is for: the prospect, the outlet, or the purpose."""
    if reference_request.opportunity is not None:
        return shown_prospect(reference_request.opportunity, reader)
    return reference_request.outlet or reference_request.get_purpose_display().lower()


def unreached(ask: Ask, reader: Colleague | None) -> str:
    """What to do where no mail reaches the reference, who was asked in person; empty where one does."""
    if ask.reference.contact.email:
        return ""
    return f"There is no e-mail address of {shown_name(ask.reference, reader)}: neither file nor brief reaches them, so tell them the time."


def length(activity_type: ActivityType) -> str:
    """How long it takes a reference: "30 minutes", or by its effort where it has no fixed length."""
    if activity_type.minutes:
        return counted(activity_type.minutes, "minute")
    return f"about {number(activity_type.effort_hours)} h"


def questions_of(reference_request: ReferenceRequest) -> list[str]:
    """The questions the other side wants answered, each by itself."""
    return [line.strip() for line in reference_request.questions.splitlines() if line.strip()]


def named_why(ask: Ask) -> str:
    """Why the requester asks for this person in particular; empty where it is somebody else or nobody was named."""
    named = ask.reference_request.named_contact_id
    return ask.reference_request.named_why if named is not None and named == ask.reference.contact_id else ""
